"""What labkit.web says. Templates for `str.format`, as in `labkit.texts`."""

BODY_IS_NO_JSON = 'The body is no JSON object; send one such as {"text": "two tickets"}.'
BODY_IS_TOO_LARGE = "The body has more than {largest:,} bytes, which no message needs."
TEXT_IS_MISSING = 'The body has no "text"; send one such as {"text": "two tickets"}.'
PARAMETER_IS_BAD = "{name} cannot be {value}: it is a whole number, for example {name}=50."
NO_SUCH_MESSAGE = "There is no message with this id."
NO_SUCH_ADDRESS = "There is nothing at this address."
METHOD_IS_WRONG = "This address does not take {method}."
AWS_REFUSED = "AWS refused: {code}. Try again in a moment."
SERVER_FAILED = "The server met something unforeseen: {kind}. Its log has the rest."
