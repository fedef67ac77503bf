"""What `labkit.credentials` says. No template has room for a value: lengths and kinds are all that is told of one."""

# What a part is called, by its field.
PARTS = {
    "access_key_id": "access key id",
    "secret_access_key": "secret access key",
    "session_token": "session token",
}

# How credentials are shown
CREDENTIALS = "Credentials({kind}: {parts})"
KINDS = {"long-term": "long-term, two parts", "temporary": "temporary, three parts"}
SHOWN_ID = "id {masked}"
SHOWN_SECRET = "secret ({length} characters)"
SHOWN_TOKEN = "token ({length} characters)"
SHOWN_REGION = "region {region}"
SHOWN_EXPIRY = "until {time:%Y-%m-%d %H:%M} UTC"
NOT_TO_PICKLE = "Credentials are not pickled: a file or another process would have them in plain text."

# What was pasted
NOT_A_TEXT = "Credentials are read from a text, or from an answer of STS; this is {kind}."
TOO_LONG = "This has {length:,} characters; credentials have some hundreds. Copy the block with the three lines only."
NOTHING_FOUND = (
    "There are no credentials in this. Copy the whole block, from the line with the access key id "
    "to the end of the session token."
)
NO_ID = "The access key id is missing: the line that begins with aws_access_key_id."
NO_SECRET = "The secret access key is missing: the line that begins with aws_secret_access_key."
NO_TOKEN = (
    "The session token is missing: an id that begins with ASIA is temporary and works only together with its token. "
    "Copy the third line too."
)
TOKEN_NOT_WANTED = (
    "There is a session token with a long-term id (AKIA), which has none: these parts come from two places. "
    "Copy all of them from one."
)
ID_IS_WRONG = (
    "The access key id is damaged: it is AKIA or ASIA and 16 capital letters and digits, 20 characters in all; "
    "this one has {length}. Copy it again."
)
ID_HAS_BAD_CHARACTERS = (
    "The access key id is damaged: it is AKIA or ASIA and 16 capital letters and digits; this one has others. "
    "Copy it again."
)
ID_IS_A_PRINCIPAL = (
    "What stands as the access key id names a user or a role, and is no key: a key begins with AKIA or ASIA."
)
SECRET_IS_WRONG = "The secret access key has 40 characters; this one has {length}. Copy it again, from end to end."
SECRET_HAS_BAD_CHARACTERS = (
    "The secret access key has a character that no secret has: letters, digits, / and + only. Copy it again."
)
ID_IN_PLACE_OF_SECRET = "Where the secret access key should be is an access key id. The secret is the second line."
SECRET_IN_PLACE_OF_ID = "Where the access key id should be is something that looks like a secret access key."
TOKEN_IN_PLACE = "Where the {part} should be is something that looks like a session token."
TOKEN_IS_CUT = (
    "The session token is not whole: of some hundred characters {length} are here. "
    "Copy the line to its very end; it may be wider than the window."
)
TOKEN_HAS_BAD_CHARACTERS = "The session token has a character that no token has. Copy it again, from end to end."
PLACEHOLDER = "The {part} is a placeholder, not a value yet. Put your own in its place."
EXPIRED = "These credentials ended at {time:%Y-%m-%d %H:%M} UTC. Start the session again and copy all three new ones."
TWO_DIFFERENT = (
    "There are two different values for the {part} in this. Copy one block only, the newest: its parts belong together."
)
SEVERAL_PROFILES = "There are several profiles in this and none is called default. Copy the block of one."

# Files
NO_FILE = "There is no file {path}. Make it beside the notebooks, with the three lines in it; git does not take it."
FILE_IS_UNREADABLE = "{path} cannot be read ({why})."
FILE_IS_NO_TEXT = "{path} is no text file."
NOTHING_ON_MACHINE = "This computer has no AWS credentials of its own: boto3 found none in its usual places."
MACHINE_FAILED = "This computer's own AWS credentials cannot be used ({why})."
NO_SUCH_PROFILE = "This computer has no AWS profile of that name."

# The form
FORM_LABEL = "Credentials"
FORM_PLACEHOLDER = "paste the whole block here"
FORM_BUTTON = "Use them"
FORM_HELP = "All lines at once. They stay in this notebook's memory and are not saved with it."
FORM_EMPTY = "Nothing was pasted yet."
FORM_TAKEN = 'Taken: {credentials}. Now run the cell with labkit.start("aws"); to go on with a lab, lab.renew().'
FORM_STATIC = "A form for pasting credentials. Run the cell to use it."
