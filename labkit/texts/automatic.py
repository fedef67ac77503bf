"""What labkit.automatic says. Templates for `str.format`, as in `labkit.texts`."""

SETTING_IS_ODD = "{name} is {value}, which is neither on ({on}) nor off ({off}). Set it to one of these."
PROCESSED_AUTOMATICALLY = "Messages are processed automatically, every {seconds:g} seconds, because {name} is on."
INTERVAL_IS_BAD = "The interval between rounds is a timedelta above zero; this is {value}."
