"""What `lab.py` stands on: it makes the lab's environment and starts JupyterLab, with the standard library and pip."""

import os
import sys
from pathlib import Path
from typing import NoReturn

ROOT = Path(__file__).resolve().parents[1]
LOCKS = ROOT / "requirements"
VENV = ROOT / ".venv"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
STATE = ROOT / ".lab"  # the installer, notes, JupyterLab's settings and open tabs: this lab's, not the student's


def say(sentence: str) -> None:
    print("lab:", sentence, file=sys.stderr, flush=True)


def stop(sentence: str) -> NoReturn:
    raise SystemExit(f"lab: {sentence}")
