"""What labkit.background says. Templates for `str.format`, as in `labkit.texts`."""

SERVER_NEEDS_AN_APP = "serve() takes an application such as FastAPI(); this is {kind}."
SERVER_DID_NOT_START = "The server did not start: {why}."
SERVER_TAKES_TOO_LONG = "its start is not over after {seconds:g} seconds"
