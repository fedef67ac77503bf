"""The words of the figure of partitions under load."""

ALT = "Heat map: a row for each load, a square for each partition, with its write units per second. {rows}"
ROW = "{name}: at most {most:,} in one partition, {over} of {all} over the limit of {limit:,}."
PARTITION = "partition"
OVER = "framed, on red: more than {limit:,} write units a second, and writes are refused"
