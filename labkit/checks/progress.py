"""Which exercises were tried and solved, kept on this machine: one small file for each, outside of the lab's folder.

So nothing is lost when the lab is downloaded anew, and two notebooks that check at once do not get in each other's way.
"""

from __future__ import annotations

import json
import os
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import platformdirs

from labkit.checks.exercise import exercise, exercises
from labkit.texts import checks as texts

if TYPE_CHECKING:
    import pandas as pd

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


def progress() -> pd.DataFrame:
    """A table of all exercises and how far one is with each."""
    import pandas as pd

    rows = [(one.number, one.title, _state(tries_of(one.number))) for one in exercises()]
    table = pd.DataFrame(rows, columns=list(texts.PROGRESS_COLUMNS.values()))
    return table.set_index(texts.PROGRESS_COLUMNS["number"])


def _state(tries: Tries) -> str:
    if tries.solved:
        return texts.PROGRESS_SOLVED
    return texts.PROGRESS_TRIED.format(tries=tries.tries) if tries.tries else texts.PROGRESS_OPEN


def _file(number: str) -> Path:
    return folder() / f"{number}.json"
