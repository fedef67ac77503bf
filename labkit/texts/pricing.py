"""What `labkit.pricing` says to a student."""

AMOUNT_IS_BAD = "{name} is a number from 0 on, for example {name}={example}; this is {value}."
WHOLE_IS_BAD = "{name} is a whole number from {least:,} to {most:,}; this is {value}."
WHOLE_IS_BAD_OPEN = "{name} is a whole number from {least:,} on; this is {value}."
BATCH_IS_TOO_LARGE = (
    "{batch} messages of {size:,} bytes are {total:,} bytes; one call carries {largest:,} at most. "
    "Send fewer at once, or smaller ones."
)
PRICE_IS_UNKNOWN = "There is no price called {name}. There are: {known}."
FILE_IS_MISSING = "The prices are not where they should be: {path}. Start the lab from the folder that it came in."

COLUMNS = {"what": "what", "price": "price", "free": "free each month", "sources": "who says so", "checked": "checked"}
PRICE_OF_ONE = "${dollars} per {unit}"
PRICE_OF_MANY = "${dollars} per {per:,} {unit}s"
NOTHING_FREE = "–"
FREE_IS_SHARED = "{free}, shared with {other}"
