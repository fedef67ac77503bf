"""Finds access keys, secrets and session tokens in texts, files, and notebooks with their outputs.

    labkit.leaks.find(text)                → where, what kind, and a masked form of each
    python -m labkit.leaks [FILE …]        → for a hook: names them and ends with 1; without files all that git has

AWS's documentation's own samples, which have EXAMPLE in them, are allowed. The embedded AWS's throw-away keys are not:
nobody could tell them from real ones.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from labkit.credentials.masking import sightings
from labkit.errors import LabError
from labkit.texts import credentials as credentials_texts
from labkit.texts import leaks as texts

LARGEST = 20_000_000  # bytes of a file that is looked at; a larger one is data
_NOT_OURS = {".git", ".venv", ".lab", "__pycache__", "node_modules", ".mypy_cache", ".ruff_cache", ".pytest_cache"}


@dataclass(frozen=True)
class Finding:
    """One value that should not be there."""

    where: str  # "line 3" or "cell 4, output"; in files with the path before it
    kind: str  # "access key id", "secret access key", "session token"
    masked: str  # what may be shown of it


def find(text_or_path: str | os.PathLike[str]) -> list[Finding]:
    """All that looks like an access key id, a secret access key or a session token, in the order in which it stands.

    A `str` is a text. A `pathlib.Path` is a file, or a folder with all its files; notebooks are read cell by cell.
    Raises LabError if there is nothing at the path.
    """
    if isinstance(text_or_path, str):
        return list(_in_text(text_or_path))
    path = Path(text_or_path)
    if path.is_dir():
        return [finding for file in _files_under(path) for finding in _in_file(file)]
    if not path.exists():
        raise LabError(texts.NO_SUCH_PATH.format(path=path))
    return list(_in_file(path))


def _in_text(text: str, where: str = texts.LINE, **place: Any) -> Iterator[Finding]:
    for found in sightings(text):
        if not found.is_made_up:
            line = text.count("\n", 0, found.start) + 1
            kind = credentials_texts.PARTS[found.part]
            yield Finding(where.format(line=line, **place), kind, found.masked)


def _in_file(path: Path) -> Iterator[Finding]:
    """Those of a file, with its path before them; none of one that is no text, or far too large for a text."""
    try:
        content = path.read_bytes() if path.stat().st_size <= LARGEST else b""
    except OSError:  # a link to nowhere, a socket
        return
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):  # as Windows' own programs save
        text = content.decode("utf-16", "replace")
    elif b"\0" in content[:8192]:
        return
    else:
        text = content.decode("utf-8", "replace")
    findings = list(_in_text(text))
    if findings and path.suffix == ".ipynb":
        findings = list(_in_notebook(text)) or findings  # where to look; that there is something is known already
    for finding in findings:
        yield Finding(texts.IN_FILE.format(path=path, where=finding.where), finding.kind, finding.masked)


def _in_notebook(text: str) -> Iterator[Finding]:
    try:
        notebook = json.loads(text)
        cells = list(notebook["cells"])
        for number, cell in enumerate(cells, 1):
            yield from _in_text(_joined(cell.get("source")), texts.CELL_LINE, cell=number)
            for output in cell.get("outputs", []):
                yield from _in_text("\n".join(_strings(output)), texts.CELL_OUTPUT, cell=number)
        rest = {key: value for key, value in notebook.items() if key != "cells"}
        yield from _in_text("\n".join(_strings(rest)), texts.NOTEBOOK)
    except (ValueError, LookupError, TypeError, AttributeError):  # no notebook, or one that was written by hand
        return


def _joined(source: Any) -> str:
    return "".join(source) if isinstance(source, list) else str(source or "")


def _strings(value: Any) -> Iterator[str]:
    """All texts in an output, those in lines put together."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list) and all(isinstance(line, str) for line in value):
        yield "".join(value)
    elif isinstance(value, (list, dict)):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from _strings(inner)


def _files_under(folder: Path) -> Iterator[Path]:
    for where, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if name not in _NOT_OURS)
        yield from (Path(where, name) for name in sorted(files))


def files_in_git(folder: Path) -> list[Path]:
    """What git has there, or would take with the next `git add`."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    listed = subprocess.run(command, cwd=folder, capture_output=True, check=True).stdout.decode()
    return [path for name in sorted(set(listed.split("\0"))) if name and (path := folder / name).is_file()]


def main(names: Iterable[str]) -> int:
    """Name what is found in these files, or in all that git has; 1 if there is anything."""
    files = [Path(name) for name in names] or files_in_git(Path())
    findings = [finding for file in files for finding in find(file)]
    for finding in findings:
        print(texts.FOUND.format(where=finding.where, kind=finding.kind, masked=finding.masked))
    if findings:
        print(texts.REFUSED)
    return bool(findings)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
