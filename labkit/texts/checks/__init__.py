"""What every check says. What one exercise says is in `NN.toml`, what several say in `common.toml`."""

NUMBER_IS_BAD = (
    'check() takes the number of an exercise first, for example check("7.2", process_messages); this is {number!r}.'
)
NO_SUCH_EXERCISE = "There is no exercise {number}."
NEEDS_START = "There is no lab yet. Run the cell with labkit.start() first, then this one."
NEEDS_FUNCTION = (
    "Exercise {number} is a function: check({number!r}, {name}) without brackets behind its name; this is {kind}."
)
NOT_WRITTEN = "{number} not written yet"
HOLDS = "✔ {text}"
DOES_NOT_HOLD = "✘ {text}"
SOLVED = "{number} solved."
CUT_SHORT = "Time was up after {runs} runs of your function; not every order of events was tried."
SOLUTION = "To see one solution, type in the exercise's cell: %load solutions/{file}"
NOT_KEPT = "Your progress could not be kept ({error})."
REPLAY = "To go through this step by step: check({number!r}, {name}).replay()"

PROGRESS_COLUMNS = ("exercise", "what", "state")
PROGRESS_OPEN = "–"
PROGRESS_TRIED = "tried, {tries}×"
PROGRESS_SOLVED = "✔ solved"
RESET = "Exercise {number} is as new."

REPLAY_BACK = "Back"
REPLAY_NEXT = "Next"
REPLAY_STEP = "Step {step} of {all}"
NOTHING_TO_REPLAY = (
    "There is nothing to go through here: only what was tried with a crash or a second consumer can be replayed."
)
