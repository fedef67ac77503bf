"""What labkit.sqsd says."""

DELETED = "deleted"
BACK_LATER = "back in {seconds:g} s"
BACK_NOW = "back at once"
TOO_OLD = "deleted, too old"
