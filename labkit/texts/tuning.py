"""What `labkit.tuning` says to a student."""

NO_DICT = 'Settings are a dict, such as {{"VisibilityTimeout": "60"}}; this is {kind}.'
NOT_FILLED_IN = "{name} is not filled in yet: put a text in place of the three dots."
NO_TEXT = 'boto3 takes settings as texts, such as "60"; {name} is {value}.'
REFUSED = "SQS refuses these settings: {reason}"
ASKED, FOUND = "the shop asks for", "these settings give"
TWICE = "orders worked on twice, of 600"
GAP = "wait for a second worker where one died, at most"
REQUESTS = "requests of one worker in an hour without orders"
EARLIEST = "the earliest start of work on an order"
USUAL = "half of the orders are begun within"
LOST = "orders lost over a weekend of 63 hours"
STALE = "orders worked on when older than a week"
AT_MOST, AT_MOST_SECONDS, AT_LEAST_SECONDS = "at most {}", "at most {} s", "at least {} s"
SECONDS = "{:.0f} s"
NEVER = "never in three hours"
