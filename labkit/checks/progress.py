"""Which exercises were tried and solved, kept on this machine: one small file for each, outside of the lab's folder.

So nothing is lost when the lab is downloaded anew, and two notebooks that check at once do not get in each other's way.
"""

from __future__ import annotations

import html
import json
import os
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import platformdirs

from labkit.checks.exercise import exercise, exercises
from labkit.texts import checks as texts

FOLDER = "LABKIT_PROGRESS"  # an environment variable: keep it there instead


@dataclass
class Tries:
    """What is known of one exercise. `broken` counts, by property, how often it was the first that did not hold."""

    tries: int = 0
    solved: bool = False
    broken: Counter[str] = field(default_factory=Counter)


def folder() -> Path:
    return Path(os.environ.get(FOLDER) or platformdirs.user_data_path("messaging-lab", appauthor=False) / "progress")


def tries_of(number: str) -> Tries:
    """What is known of this exercise; a file that cannot be read counts as none."""
    try:
        known = json.loads(_file(number).read_text(encoding="utf-8"))
        return Tries(int(known["tries"]), bool(known["solved"]), Counter(known["broken"]))
    except (OSError, ValueError, TypeError, KeyError):
        return Tries()


def keep(number: str, tries: Tries) -> None:
    """Raises OSError if it cannot be written."""
    file = _file(number)
    file.parent.mkdir(parents=True, exist_ok=True)
    unfinished = file.with_suffix(f".{os.getpid()}")
    unfinished.write_text(json.dumps(vars(tries)), encoding="utf-8")
    unfinished.replace(file)


def reset(number: str) -> None:
    """Forget what was tried of an exercise. Raises LabError if there is none with this number."""
    _file(exercise(number).number).unlink(missing_ok=True)
    print(texts.RESET.format(number=number))


class Progress:
    """A table of all exercises and how far one is with each."""

    def __init__(self) -> None:
        self._rows = [(one.number, one.title, _state(tries_of(one.number))) for one in exercises()]

    def __repr__(self) -> str:
        return "\n".join(f"{number:<5} {title:<48} {state}" for number, title, state in self._rows)

    def _repr_html_(self) -> str:
        from labkit.widgets.stylesheet import stylesheet  # brings all widgets, which a check does without

        head = "".join(f'<th scope="col">{html.escape(label)}</th>' for label in texts.PROGRESS_COLUMNS)
        body = "".join(
            "<tr>" + "".join(f"<td>{html.escape(value)}</td>" for value in row) + "</tr>" for row in self._rows
        )
        return (
            f'<div class="lk-panel">{stylesheet()}<table class="lk-table">'
            f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
        )


def progress() -> Progress:
    """All exercises, and how far one is with each, to be shown as the last line of a cell."""
    return Progress()


def _state(tries: Tries) -> str:
    if tries.solved:
        return texts.PROGRESS_SOLVED
    return texts.PROGRESS_TRIED.format(tries=tries.tries) if tries.tries else texts.PROGRESS_OPEN


def _file(number: str) -> Path:
    return folder() / f"{number}.json"
