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
WAIT_NEEDS_NUMBERS = "wait() takes numbers, for example lab.wait(minutes=5)."
WAIT_FOR_NOTHING = "wait() needs some time to wait, for example lab.wait(seconds=31) or lab.wait(minutes=5)."
WAIT_BACKWARDS = "Time moves forward only: wait() got {seconds:g} seconds. Run labkit.start() again for a clean AWS."
WAIT_TOO_LONG = "wait() moves the clock by at most {days} days at once."

# Lab.spend
SPEND_NEEDS_DOLLARS = "spend() takes an amount in dollars above 0 and below {most:,}, for example lab.spend(12.50)."

# Lab.fill
ITEM_IS_NOT_TYPED = (
    "A value is neither text nor bytes. Items are filled in as a client's put_item takes them: a number is "
    'text with its type, {"N": "9.99"}.'
)

# Lab.name
NAME_IS_BAD = "{name!r} cannot name a queue, topic or table: use letters, digits, - and _, at most {longest} of them."

# labkit.faults
TROUBLE_ON = "Trouble on: {faults} · seed {seed}"
TROUBLE_OFF = "Trouble off."
TROUBLE_DUPLICATE = "{percent:g}% of messages delivered twice"
TROUBLE_REORDER = "{percent:g}% of messages overtake others"
TROUBLE_MISS = "{percent:g}% of short polls find nothing"
TROUBLE_THROTTLE = "{percent:g}% of calls throttled"
TROUBLE_SLOW = "{percent:g}% of calls answered {seconds:g} s late"
TROUBLE_LOSE_RESPONSE = "{percent:g}% of calls done but never answered"
TROUBLE_CALLS = "calls: {calls}"
RATE_IS_BAD = "{name} is a rate from 0 (never) to 1 (always), for example {name}=0.2; this is {value}."
SLOW_SECONDS_IS_BAD = (
    "slow_seconds is a number of seconds above 0 and at most {longest}, after which boto3 gives up; this is {value}."
)
SEED_IS_BAD = "seed is a whole number, for example seed=1; this is {value}."
SERVICES_ARE_BAD = 'services names one or more of {known}, for example services=("sqs",); this is {value}.'
OPERATIONS_ARE_BAD = (
    'operations names calls of {services} as AWS writes them, for example operations=("{example}",); this is {value}.'
)

# labkit.setup_check
CHECK_PYTHON = "Python is one that the lab was tested with"
CHECK_PYTHON_BAD = (
    "this is Python {found}, the lab needs {oldest} to {newest}. "
    "Close JupyterLab and type, in the lab's folder: {command} lab.py"
)
CHECK_PACKAGES = "the lab's packages are there"
CHECK_PACKAGES_BAD = (
    "missing or of another version: {names}. Close JupyterLab and type, in the lab's folder: python lab.py"
)
CHECK_FOLDER = "your work can be saved"
CHECK_FOLDER_BAD = (
    "the folder of the notebooks cannot be written to ({why}). Copy the whole lab to a folder of your own, "
    "for example under Documents, and type there: python lab.py"
)
CHECK_AWS = "the embedded AWS answers"
CHECK_REAL_AWS = "AWS answers"
CHECK_AWS_BAD = "it does not ({why}). Choose Kernel, Restart Kernel in the menu above and run this cell again."
CHECK_CLOCK = "its clock can be moved"
CHECK_CLOCK_BAD = "it did not move. Close JupyterLab and type, in the lab's folder: python lab.py"
CHECK_ALL_GOOD = "Everything is in place."
CHECK_PUT_RIGHT = "Put right what has a ✘, from the top, then run this cell again."
