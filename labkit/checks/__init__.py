"""Exercises and what answers them: `check("7.2", process_messages)`. One module `lesson_NN` for each notebook."""

from labkit.checks.answer import check
from labkit.checks.progress import progress, reset

__all__ = ["check", "progress", "reset"]
