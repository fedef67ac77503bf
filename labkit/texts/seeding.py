"""What is said while a table is filled."""

DONE = "{done:,} of {count:,} items written"
LABEL = "items written"
