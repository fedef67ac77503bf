"""What the page says around its panel."""

TITLE = "What became of my message?"
INTRODUCTION = (
    "Send a message, and process it by hand or automatically. Any order will do, but a refund fails. "
    "This tab has a queue and a table of its own; they end when you close it."
)
NO_REFUNDS = "refunds are not for this machine"
