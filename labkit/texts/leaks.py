"""What `labkit.leaks` says. Templates for `str.format`, as in `labkit.texts`."""

LINE = "line {line}"
CELL_LINE = "cell {cell}, line {line}"
CELL_OUTPUT = "cell {cell}, output"
NOTEBOOK = "the notebook's own data"
IN_FILE = "{path}: {where}"
NO_SUCH_PATH = "There is no file or folder {path}."
FOUND = "{where}: {kind} {masked}"
REFUSED = (
    "Keys, secrets or tokens stand in these places. Take them out, clear the outputs, and save again; those that are real "
    "and were committed before are to be made invalid at once, since git keeps them."
)
