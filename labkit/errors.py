"""What went wrong, in one sentence for a student."""


class LabError(Exception):
    """A slip with a clear sentence: what happened, what to do next. The sentences come from `labkit.texts`.

    In a notebook it shows as that sentence alone. A traceback through labkit's insides would bury it, and where the
    student's own line is, the cell itself shows.
    """

    def _render_traceback_(self) -> list[str]:  # IPython's own hook
        return [f"{type(self).__name__}: {self}"]


def in_words(error: BaseException) -> str:
    """What an exception says, for a person: a slip's sentence alone; with its kind before it, anything else."""
    return str(error) if isinstance(error, LabError) else f"{type(error).__name__}: {error}"
