"""What is said about the lives of messages, in words and in figures."""

RECORD = "{messages} messages, {events} things that happened to them"

# The figure
NOTHING = "Nothing was sent or received yet."
TIME_AXIS = "AWS's time since the first event; short moments are widened"
TIME_AXIS_CUT = "AWS's time since the first event; short moments are widened, long ones cut (≈)"
LEFT_OUT = "{shown} of {total} messages; left out: {stories}"
STATES = {"delayed": "delayed", "waiting": "waiting", "in flight": "in flight"}
SIGNS = {
    "sent": "sent",
    "sent again": "sent again, a duplicate",
    "received": "received",
    "received again": "received again",
    "received after it was deleted": "received after the delete",
    "extended": "timeout extended",
    "given back": "given back",
    "moved": "moved by SQS",
    "deleted": "deleted",
    "removed": "removed with its queue's others",
    "expired": "expired",
}
SECONDS, MINUTES, HOURS, DAYS = "{:.0f} s", "{:.3g} min", "{:.3g} h", "{:.3g} d"

# Its text alternative
ALT = "Life lines of {total} messages. {stories}"
ALT_ONE = "The life line of a message. {stories}"
STORY = "{names}: {steps}."
ONE_MESSAGE, MESSAGES = "1 message", "{number} messages"
AND_MORE = "{names} and {number} more"
OTHERS = "{number} others have stories of their own."
SAID = {
    "sent": "sent",
    "sent again": "sent again and recognised as a duplicate",
    "received": "received",
    "received again": "received again",
    "received after it was deleted": "received after it was deleted",
    "timed out": "not deleted within {timeout} and so waiting again",
    "extended": "kept in flight for {timeout} more",
    "given back": "given back and so waiting again",
    "moved": "moved by SQS",
    "deleted": "deleted",
    "removed": "removed with all others of its queue",
    "expired": "expired",
}
NOT_SEEN_SENT = "not seen being sent"
BY, FROM_QUEUE, TO_QUEUE = "{said} by {consumer}", "{said} from {queue}", "{said} to {queue}"
STILL = {"delayed": "still delayed", "waiting": "still waiting", "in flight": "still in flight"}
