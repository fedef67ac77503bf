"""From a notebook that was edited in JupyterLab back to its lesson."""

import ast
import warnings
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from nbformat import NotebookNode

from authoring import lesson
from authoring.lesson import AuthoringError, Cell

# What JupyterLab and its like write into a cell by themselves: how it was looked at, not what it says.
VIEW_STATE = {"ExecuteTime", "collapsed", "execution", "jupyter", "scrolled", "trusted"}
DEFAULTS = {"deletable": True, "editable": True, "slideshow": {"slide_type": ""}}


@dataclass(frozen=True)
class Changes:
    """What `sync` took back, as cell ids."""

    edited: list[str]
    added: list[str]
    removed: list[str]
    reordered: bool

    def __str__(self) -> str:
        parts = [f"{word} {', '.join(ids)}" for word, ids in vars(self).items() if word != "reordered" and ids]
        return "; ".join(parts + ["put in another order"] * self.reordered) or "nothing to take back"


def sync(notebook: Path, source: Path) -> Changes:
    """Take into the lesson `source` what was edited in `notebook`: text, code, tags, order, new and removed cells.

    Cells that were not edited keep their piece of the lesson to the letter. Outputs play no part, and empty cells
    are left behind.

    Raises AuthoringError, and writes nothing, if lesson and notebook were both edited since the last build, or if
    the notebook holds something that a lesson cannot.
    """
    book = lesson.read_notebook(notebook)
    note, old = lesson.read(source)
    new = taken_back(book, source.stem)
    built_from = book.metadata.get("lesson", {}).get("fingerprint")
    if lesson.fingerprint(new) in (lesson.fingerprint(old), built_from):
        return Changes([], [], [], False)  # the lesson says it already, or only the lesson was edited
    if lesson.fingerprint(old) != built_from:
        raise AuthoringError(
            f"{source.stem}: the lesson was edited too since this notebook was built; put one of the two back"
        )
    if not new:
        raise AuthoringError(f"{source.stem}: the notebook has no cells left; build it anew")
    text = note + join(old, new, source.stem)
    source.write_text(text, encoding="utf-8", newline="\n")
    return compare(old, new)


def taken_back(book: NotebookNode, name: str) -> list[Cell]:
    """The cells of a notebook as a lesson knows them.

    Raises AuthoringError for attachments, metadata other than tags, and code that is not plain Python.
    """
    cells = []
    for node in book.cells:
        source = node.source.strip("\n")
        if not source.strip():
            continue
        if node.get("attachments"):
            raise AuthoringError(f"{name}, cell {node.id}: a pasted image cannot go back; save it as a file, link that")
        odd = [key for key, value in node.metadata.items() if not expected(key, value)]
        if odd:
            raise AuthoringError(f"{name}, cell {node.id}: the cell's metadata {odd} cannot go back, only tags can")
        if node.cell_type == "code":
            check_python(source, f"{name}, cell {node.id}")
        cells.append(Cell(node.id, node.cell_type, source, tuple(node.metadata.get("tags", []))))
    return cells


def expected(key: str, value: Any) -> bool:
    return key == "tags" or key in VIEW_STATE or (key in DEFAULTS and DEFAULTS[key] == value)


def check_python(source: str, where: str) -> None:
    try:
        with warnings.catch_warnings(action="ignore"):
            compile(source, where, "exec", flags=ast.PyCF_ONLY_AST | ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
    except (SyntaxError, ValueError) as error:
        raise AuthoringError(f"{where}: a lesson is plain Python, without %magic and !command: {error}") from None


def join(old: Sequence[Cell], new: Sequence[Cell], name: str) -> str:
    """The text of the `new` cells, in which what did not change since `old` stays to the letter."""
    before = {cell.id: cell for cell in old}
    pieces = []
    for cell in new:
        was = before.pop(cell.id, None)  # a second cell with the same id, a copy, counts as new
        piece = lesson.to_text(cell, name) + "\n" if was is None else rewritten(was, cell, name)
        if was is old[-1]:
            piece += "\n"  # it may not be the last any more
        pieces.append(piece)
    return "".join(pieces).rstrip("\n") + "\n"


def rewritten(was: Cell, cell: Cell, name: str) -> str:
    """The piece of the lesson `name` for `cell`, which is an edited `was`."""
    if cell.content == was.content:
        return was.text
    text = lesson.to_text(replace(cell, title=was.title), name)
    if (cell.kind, cell.tags) == (was.kind, was.tags):
        text = was.text.splitlines(keepends=True)[0] + text.split("\n", 1)[1]
    return text + was.text[len(was.text.rstrip("\n")) + 1 :]


def compare(old: Sequence[Cell], new: Sequence[Cell]) -> Changes:
    before, after = {cell.id: cell for cell in old}, {cell.id: cell for cell in new}
    stayed = [cell.id for cell in old if cell.id in after]
    return Changes(
        edited=[i for i in stayed if before[i].content != after[i].content],
        added=[i for i in after if i not in before],
        removed=[i for i in before if i not in after],
        reordered=stayed != [i for i in after if i in before],
    )
