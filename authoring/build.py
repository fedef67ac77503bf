"""From lesson to notebook."""

import copy
import os
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode
from nbval.plugin import get_sanitize_patterns

from authoring import execute, lesson
from authoring.lesson import AuthoringError
from authoring.sync import taken_back

SANITIZER = Path(__file__).resolve().parents[1] / "tests" / "sanitize.cfg"
Patterns = Sequence[tuple[str, str]]


def build(source: Path, target: Path) -> bool:
    """Build the notebook `target` from the lesson `source` and execute it; say whether the file changed.

    Two builds of one lesson give the same bytes: ids come from names and first words, there are no timings and no
    widget state, and lessons print nothing volatile. Should something volatile be printed after all that
    tests/sanitize.cfg masks (and so nbval does not compare), and nothing else differ from the notebook that is there,
    the outputs that are there stay: they were really seen, once, and all together.

    Raises AuthoringError if the lesson cannot be read, a cell may not be committed (see `execute.run`), or the
    notebook holds edits that are not in the lesson. Nothing is written then.
    """
    _, cells = lesson.read(source)
    notebook = lesson.to_notebook(cells)
    before = lesson.read_notebook(target) if target.exists() else None
    if before is not None and has_edits(before, cells, target.name):
        raise AuthoringError(
            f"{source.stem}: {target.name} holds edits that are not in the lesson; take them back with "
            f"`python lab.py sync {source.stem[:2]}`, or delete the notebook and build again"
        )
    target.parent.mkdir(exist_ok=True)
    execute.run(notebook, source.stem, target.parent)
    if before is not None:
        keep_outputs(notebook, before, patterns())
    return write(notebook, target)


def has_edits(notebook: NotebookNode, cells: Sequence[lesson.Cell], name: str) -> bool:
    """Whether someone edited `notebook` since it was built, and the lesson's `cells` do not say the same."""
    there = lesson.fingerprint(taken_back(notebook, name))
    return there not in (notebook.metadata.get("lesson", {}).get("fingerprint"), lesson.fingerprint(cells))


def keep_outputs(notebook: NotebookNode, before: NotebookNode, mask: Patterns) -> None:
    """Put the outputs of `before` into `notebook`, if the two differ in nothing that nbval would see."""
    old, new = ([cell for cell in copy.deepcopy(book.cells) if cell.cell_type == "code"] for book in (before, notebook))
    for cell in old:
        execute.forget_live_widgets(cell)
    if [seen(cell, mask) for cell in old] == [seen(cell, mask) for cell in new]:
        kept = iter(old)
        for cell in notebook.cells:
            if cell.cell_type == "code":
                cell.outputs = next(kept).outputs


def patterns() -> Patterns:
    """What nbval masks: pairs of a regular expression and what takes its place."""
    found: Patterns = get_sanitize_patterns(SANITIZER.read_text(encoding="utf-8"))
    return found


def seen(cell: NotebookNode, mask: Patterns) -> tuple[Any, ...]:
    return cell.source, cell.execution_count, masked(cell.outputs, mask)


def masked(value: Any, mask: Patterns) -> Any:
    """`value` with the patterns of `mask` applied to every string in it, as nbval does."""
    if isinstance(value, dict):
        return {key: masked(item, mask) for key, item in value.items()}
    if isinstance(value, list):
        return [masked(item, mask) for item in value]
    if isinstance(value, str):
        for regex, replacement in mask:
            value = re.sub(regex, replacement, value)
    return value


def write(notebook: NotebookNode, target: Path) -> bool:
    """Write `notebook` in one step, the same bytes on every system; say whether the file changed."""
    data = (nbformat.writes(notebook).rstrip("\n") + "\n").encode()
    if target.exists() and target.read_bytes() == data:
        return False
    draft = target.with_suffix(".part")
    draft.write_bytes(data)
    os.replace(draft, target)
    return True
