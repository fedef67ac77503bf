"""What looking into a dead-letter queue says."""

NOT_THERE = (
    "There is no message {id} to be had now. It may have been sent back already, or somebody else is looking at it: "
    "look again."
)
NO_SOURCE = "It cannot be told which queue message {id} came from. Send it back with send_back(id, queue_url)."
THROWS_OUT = (
    "This queue has a dead-letter queue of its own, and each look is a receive: a look too many would throw messages out "
    "of it. Look into its dead-letter queue instead."
)

# The widget
LOOK = "Look again"
SEND_ONE = "Send one back"
SEND_ALL = "Send all back"
CHOOSE = "Message"
EMPTY = "Nothing is in the dead-letter queue."
NONE_CHOSEN = "No message was chosen."
CAPTION = (
    "In the dead-letter queue, at the last look ({most} at most). Each look is a receive: it counts as one, and hides the "
    "letters from everybody else for a moment."
)
COLUMNS = {"received": "received, looks too", "came_from": "from", "group": "group", "body": "message", "id": "id"}
SENT_ONE = "Sent back: {body}"
SENT_ALL = "SQS is moving all of them back. “Look again” shows what is left."
GONE = (
    "This queue is not there any more: the notebook's last cell removes it. To use the viewer, run the cells from the top "
    "down to it."
)
STATIC = "A picture of the viewer. Run the cell to use it."
