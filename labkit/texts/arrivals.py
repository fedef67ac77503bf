"""What the figures of arriving messages say."""

ORDER_AXIS = "order of arrival, from left to right; the number is the place in which it was sent"
OVERTOOK = "overtook an earlier one"
AGAIN = "arrived before"
ORDER_ALT = "Messages in their order of arrival, each with the number under which it was sent. {rows}"
ORDER_ROW = "{name}: {numbers} (pairs turned round: {inversions}; came again: {again})."
ORDER_ROW_CLEAN = "{name}: {first} to {last} in order, each once."

RUNS_AXIS = "run"
RUNS_HEIGHT = "how many"
INVERSIONS = "pairs turned round"
DUPLICATES = "came again"
RUNS_ALT = (
    "Two bars for each run. Pairs turned round: {inversions}. Messages that came again: {duplicates}. "
    "Of the {runs} runs {disordered} are out of order, {doubled} have a duplicate, and {clean} have neither."
)

GROUPS_AXIS = "order of arrival"
GROUPS_ALT = (
    "One lane for each message group, in order of arrival: {sequence}. Within each lane the numbers {verdict}; "
    "between the lanes there is no fixed order."
)
GROUPS_IN_ORDER = "only grow"
GROUPS_NOT_IN_ORDER = "do not always grow"
