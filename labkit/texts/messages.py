"""What labkit.messages says. Templates for `str.format`, as in `labkit.texts`."""

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

PAGE_SIZE_IS_BAD = "A page holds from 1 to {largest} messages; size was {value}."
PAGE_IS_FOREIGN = "This is no page of this list. Begin again without after, and take the next from each answer."
LEASE_IS_BAD = "A lease is a timedelta of whole seconds, from 1 to {longest} of them; this is {value}."
