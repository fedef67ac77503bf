"""What labkit says about real AWS. Templates for `str.format`, as in `labkit.texts`."""

STARTED = (
    "Real AWS · region {region} · account {account} · what you make is named {prefix}… and costs money "
    "until lab.tear_down()"
)

# Which AWS, and with what
NO_SUCH_TARGET = 'labkit.start() knows "embedded" and "aws"; this is {value}.'
CREDENTIALS_FOR_EMBEDDED = (
    'Credentials and a region are for real AWS: labkit.start("aws", …). The embedded AWS needs neither.'
)
NO_CREDENTIALS = (
    "For real AWS there are no credentials yet. Run labkit.credentials.ask() in a cell, paste them there, "
    "and run this cell again."
)
CREDENTIALS_IN_A_CELL = (
    "Credentials do not belong in a cell: it is saved with the notebook. "
    "Run labkit.credentials.ask() in a cell of its own and paste them there."
)
SAMPLE_REFUSED = (
    "These are the samples of AWS's documentation, which open nothing. Paste your own with labkit.credentials.ask()."
)
NO_SUCH_REGION = (
    "AWS has no region {region}. Regions are written like us-east-1; an availability zone has a letter more."
)

# What AWS refused: sentences for labkit's own calls, and for start
EXPIRED = (
    "The session has ended: its credentials are no longer good. Start it again, paste the three new ones with "
    "labkit.credentials.ask(), then run lab.renew() and the cell once more."
)
EXPIRED_HINT = (
    "{message}. Paste the three new ones with labkit.credentials.ask(), then run lab.renew() and this cell again; what you made "
    "is still there."
)
INVALID = (
    "AWS does not know these credentials: the id or the token is not one of today's. Copy all three anew from one place, "
    "with labkit.credentials.ask(). If the region is one that must be switched on first, use us-east-1."
)
WRONG_SECRET = (
    "The secret access key does not belong to this id, or a character of it was lost: the signatures do not match. "
    "Copy all parts anew, with labkit.credentials.ask()."
)
WRONG_CLOCK = (
    "This computer's clock is wrong by more than the 15 minutes that AWS allows. Let the system set it, then try again."
)
NOT_ALLOWED = (
    "AWS knows you, but these credentials may not call {operation} here. In a teaching account some services and most "
    "regions are closed: ask which are open."
)
THROTTLED = "AWS answers this account slowly just now. Wait a minute and run the cell again."
NO_NETWORK = (
    "AWS cannot be reached. Is there a network, and is {region} written right? Without one, labkit.start() works all the "
    "same, with the embedded AWS."
)
NO_TLS = (
    "The connection to AWS is not safe: somebody in between, often a school's proxy, shows a certificate of its own. "
    "Use another network, or ask for the proxy's certificate (AWS_CA_BUNDLE)."
)
REFUSED = "AWS refused {operation}: {code}."

# Going on with new credentials
RENEWED = "Renewed. Clients that you made before go on with the new credentials."
RENEW_IS_FOR_AWS = "The embedded AWS's keys do not end; lab.renew() is for real AWS."
OTHER_ACCOUNT = (
    "These credentials belong to another account than the one this lab began with, and what you made is not there. "
    'Run labkit.start("aws") again for a fresh beginning.'
)

# Waiting
WAITING = "Waiting: {passed:.0f} of {total:.0f} s"
WAITED = "Waited {total:.0f} s."
WAIT_STOPPED = "Stopped after {passed:.0f} of {total:.0f} seconds. What comes next counts on the rest of them."
WAIT_IS_TOO_LONG = (
    "On real AWS this would really take {time}. Skip this cell here and read on: on the embedded AWS, which labkit.start() "
    "gives, it takes no time."
)
WAIT_SHOWN = "How much of the waiting is done"

# What only the embedded AWS does
NO_TROUBLE_HERE = (
    "Trouble on request is for the embedded AWS: real AWS cannot be made to fail. Run labkit.start() to try it."
)
NO_SPENDING_HERE = "lab.spend() is for the embedded AWS: on real AWS money is spent by what you do."

# Tear-down
LEFT_FROM_BEFORE = (
    "Earlier runs of yours left {number}: {names}. To remove these too: lab.tear_down(earlier_runs=True)."
)
NOT_REMOVED = "Not removed, since AWS refused: {names}."
NAMES_MORE = "{names} and {number} more"
