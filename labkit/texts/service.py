"""What labkit.service says. Templates for `str.format`, as in `labkit.texts`."""

ROLE_IS_ODD = "There is no role {role}; there are {roles}."
SERVICE_DID_NOT_START = "The process did not come up: {why}."
