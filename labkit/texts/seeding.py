"""What is said while a table is filled."""

DONE = "{done:,} items written"
LABEL = "items written"
