"""What labkit.plots.session_life says."""

MINUTES = "minutes since the first session began"
ACCEPTED = "call accepted"
REFUSED = "call refused"
EXPIRES = "expires"
ALT = "Time from left to right, one bar for each session. {sessions}"
ALT_SESSION = "{name}: from minute {begins:g} to {ends:g}; calls accepted at {accepted}, refused at {refused}."
NEVER = "no time"
