"""Names on an account that others use too: a prefix for each student and each run."""

from __future__ import annotations

import contextlib
import re
import secrets
from pathlib import Path

import platformdirs

_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # without those that look like others
_STUDENT = re.compile(rf"[{_LETTERS}]{{4}}")


def student_prefix(file: Path | None = None) -> str:
    """`lab-k3f9-`: the same on every run of this user on this computer.

    Where it cannot be kept it is another on each run, and then earlier runs' things are not known as this student's.
    """
    file = file or platformdirs.user_data_path("messaging-lab", appauthor=False) / "student"
    with contextlib.suppress(OSError, UnicodeDecodeError):
        kept = file.read_text(encoding="ascii").strip()
        if _STUDENT.fullmatch(kept):
            return f"lab-{kept}-"
    student = _random()
    with contextlib.suppress(OSError):
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(student, encoding="ascii")
    return f"lab-{student}-"


def run_prefix(student: str) -> str:
    """`lab-k3f9-7q2x-`: this student's, and of one run only."""
    return f"{student}{_random()}-"


def _random() -> str:
    return "".join(secrets.choice(_LETTERS) for _ in range(4))
