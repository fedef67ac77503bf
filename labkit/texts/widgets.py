"""What the panel says. Templates for `str.format`; the names in braces are the same in every language."""

TEXT_LABEL = "Message"
PLACEHOLDER = "what is to be done"
SEND = "Send message"
PROCESS = "Process messages"
AUTOMATIC = "Process automatically"
AUTOMATIC_IS_ON = "Messages are processed automatically."
BUTTON_IS_OFF = "“{button}” is off: {why}"
WAITING = "Waiting"
IN_FLIGHT = "In flight"
COLUMNS = {"id": "id", "text": "message", "state": "state", "reason": "why it failed"}
CAPTION = "All messages and their state"
CAPTION_OF_LIST = "Messages {first:,} to {last:,} of {total:,}, newest first"
CAPTION_OF_PAGE = "Page {number:,} of the messages, newest first"
NEWER = "Newer messages"
OLDER = "Older messages"
NO_NEWER = "These are the newest messages."
NO_OLDER = "There are no older messages."
NO_MESSAGES = "No messages yet."
SENT = "Sent."
PROCESSED = "Processed: {number}."
STATIC = "A picture of the panel. Run the cell to use it."
ROW_IS_ODD = "The list function must return messages with id, text and state; it returned {row}."
LIST_IS_NONE = "The list function returned None; it must return the messages."
PAGE_IS_ODD = 'A page must have "messages" and "next"; the list function returned {page}.'
IS_STALE = "The panel could not be brought up to date: {error}"

# panel_for
URL_IS_BAD = 'panel_for() takes the address of a server, for example "http://127.0.0.1:8000"; this is {url}.'
SERVER_IS_GONE = "The server at {url} does not answer. Start it again if it has ended, or try again in a moment."
SERVER_IS_ANOTHER = "What answers at {url} is not the application: it does not speak as labkit.web does."
