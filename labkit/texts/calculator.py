"""What the calculator of a queue's price says to a student."""

MESSAGES = "Messages a month"
SIZE = "Bytes in each"
BATCH = "Messages in a call"
EMPTY_RECEIVES = "Empty receives a month"
QUEUE = "Queue"
QUEUES = {"sqs_standard": "standard", "sqs_fifo": "FIFO"}

CAPTION = "What a month costs"
ROWS = {
    "send": "requests to send",
    "receive": "requests to receive",
    "delete": "requests to delete",
    "empty_receive": "receives that find nothing",
    "requests": "requests together",
    "free": "of these free",
    "price": "price",
    "cost": "a month",
}
STATIC = "A picture of the calculator. Run the cell to use it."
SOURCE = "Prices of {checked}, us-east-1, by {sources}; look at AWS's page before you plan."
