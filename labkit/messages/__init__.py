"""The lecture's application on one queue and one table: send a message, process what waits, list them with their state.

`message` says what a message is, `table` how the table is laid out and listed, `claims` who may work on a message,
`app` does the work.
"""

from labkit.messages.app import Messages
from labkit.messages.message import LARGEST_TEXT, Message, State, TextTooLongError, check_text
from labkit.messages.table import LARGEST_PAGE, LOOKS_BACK, Page, create_table

__all__ = [
    "LARGEST_PAGE",
    "LARGEST_TEXT",
    "LOOKS_BACK",
    "Message",
    "Messages",
    "Page",
    "State",
    "TextTooLongError",
    "check_text",
    "create_table",
]
