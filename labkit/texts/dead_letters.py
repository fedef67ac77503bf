"""What looking into a dead-letter queue says."""

NOT_THERE = (
    "There is no message {id} to be had now. It may have been sent back already, or somebody else is looking at it: "
    "look again."
)
NO_SOURCE = "It cannot be told which queue message {id} came from. Send it back with send_back(id, queue_url)."

# The widget
LOOK = "Look again"
SEND_ONE = "Send one back"
SEND_ALL = "Send all back"
CHOOSE = "Message"
EMPTY = "Nothing is in the dead-letter queue."
CAPTION = "In the dead-letter queue"
COLUMNS = {"received": "received", "body": "message", "id": "id"}
SENT_ONE = "Sent back: {body}"
SENT_ALL = "SQS is moving all of them back."
STATIC = "A picture of the viewer. Run the cell to use it."
