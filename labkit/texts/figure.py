"""What stands below every figure."""

IN_WORDS = "This figure in words"
