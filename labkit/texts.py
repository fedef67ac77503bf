"""All that labkit says to a student, in one place, so that another language needs only another such file.

Each is a template for `str.format`; the names in braces are the same in every language.
"""

# labkit.start
STARTED = "Embedded AWS on this computer · region {region} · account {account} · nothing here costs money"
EMBEDDED_DID_NOT_START = (
    "The embedded AWS did not start. Run the cell again; if it happens again, restart the kernel.\n{details}"
)
EMBEDDED_ENDED = "The embedded AWS has ended, and with it what it held. Run the cell with labkit.start() again."
REAL_AWS_REFUSED = (
    "A call to {host} was stopped: this lab talks to the embedded AWS, and nothing may reach the real one. "
    "Make the client again without endpoint_url, after labkit.start()."
)

# Lab.wait
WAIT_NEEDS_NUMBERS = "wait() takes numbers, for example lab.wait(minutes=5); it got {given}."
WAIT_FOR_NOTHING = "wait() needs some time to wait, for example lab.wait(seconds=31) or lab.wait(minutes=5)."
WAIT_BACKWARDS = "Time moves forward only: wait() got {seconds:g} seconds. Run labkit.start() again for a clean AWS."
WAIT_TOO_LONG = "wait() moves the clock by at most {days} days at once; it got {asked:g} days."

# Lab.name
NAME_IS_BAD = "{name!r} cannot name a queue, topic or table: use letters, digits, - and _, at most {longest} of them."

# labkit.messages
TEXT_IS_NO_TEXT = "A message is a piece of text; this is {kind}."
TEXT_IS_EMPTY = "The message is empty. Type something first."
TEXT_IS_TOO_LONG = (
    "This message has {size:,} bytes; {largest:,} fit, because its item in the table may have 400 KB at most. "
    "Put large things into S3 and send the key."
)
TEXT_HAS_BAD_CHARACTER = (
    "The character {character} at position {position} cannot be sent: SQS takes the characters that XML 1.0 allows."
)
ID_IS_TAKEN = "There is a message with the id {id} already; it stays as it is."
BODY_IS_UNREADABLE = "The body is not one of ours: it is no JSON object with an id and a text."
