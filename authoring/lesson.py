"""A lesson's source: one py:percent file, read into cells and written back.

What stands before the first `# %%` is a note to maintainers and does not go into the notebook. A code cell says in
the lesson exactly what it says in the notebook: lessons are plain Python, without IPython's `%magic` and `!command`.
"""

import json
import re
import unicodedata
import zlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jupytext
import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_raw_cell

# Without comment_magics=False, jupytext would make a command of a comment that begins with "copy" or "echo".
FORMAT = {"extension": ".py", "format_name": "percent", "comment_magics": False}
LAYOUT = {"cell_marker", "lines_to_next_cell"}  # what jupytext notes of how a cell stands in its file
MARKER = re.compile(r"^# %%", re.MULTILINE)
NEW_CELL: dict[str, Callable[..., NotebookNode]] = {
    "code": new_code_cell,
    "markdown": new_markdown_cell,
    "raw": new_raw_cell,
}
KERNEL = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}


class AuthoringError(Exception):
    """One sentence: which lesson, which cell, what is wrong, what to do."""


@dataclass(frozen=True)
class Cell:
    """One cell; `text` is its piece of the lesson, verbatim, with its header and the blank lines that follow."""

    id: str
    kind: str  # "code", "markdown" or "raw"
    source: str
    tags: tuple[str, ...] = ()
    title: str = ""  # the name in `# %% name`, where it has one
    text: str = ""

    @property
    def content(self) -> tuple[str, str, tuple[str, ...]]:
        """What lesson and notebook must agree on; the id follows from it."""
        return self.kind, self.source, self.tags


def find(folder: Path, number: str, suffix: str = ".py") -> Path:
    """The lesson (or notebook) that a person means by "7", "07" or "07_pending_to_complete".

    Raises AuthoringError if there is none, or more than one.
    """
    pattern = f"{int(number):02d}_*{suffix}" if number.isdecimal() else Path(number).stem + suffix
    found = sorted(folder.glob(pattern))
    if len(found) != 1:
        what = "no file" if not found else "more than one file"
        raise AuthoringError(f"{number}: there is {what} {folder.name}/{pattern}")
    return found[0]


def read(path: Path) -> tuple[str, list[Cell]]:
    """The note before the first cell, and the cells of the lesson at `path`."""
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise AuthoringError(f"{path.stem}: {path.name} is not UTF-8; save it as UTF-8") from None
    return parse(text, path.stem)


def read_notebook(path: Path) -> NotebookNode:
    """The notebook at `path`.

    Raises AuthoringError if it is none, for example because a merge left its marks in it.
    """
    try:
        notebook: NotebookNode = nbformat.read(path, as_version=4)
        nbformat.validate(notebook)
    except (nbformat.reader.NotJSONError, nbformat.ValidationError, AttributeError, TypeError, ValueError) as error:
        reason = str(error).splitlines()[0][:80]
        raise AuthoringError(f"{path.stem}: {path.name} is not a notebook ({reason}); build it anew") from None
    return notebook


def parse(text: str, name: str) -> tuple[str, list[Cell]]:
    """Read a lesson's text; `name` is for error messages.

    Raises AuthoringError for a lesson without cells, an empty cell, or cell metadata other than tags.
    """
    starts = [match.start() for match in MARKER.finditer(text)]
    if not starts:
        raise AuthoringError(f"{name}: there is no cell; a lesson's cells begin with '# %%' or '# %% [markdown]'")
    pieces = [text[start:end] for start, end in zip(starts, [*starts[1:], len(text)], strict=True)]
    cells: list[Cell] = []
    taken: set[str] = set()
    for piece in pieces:
        header = piece.splitlines()[0]
        try:
            inner = jupytext.reads(piece, FORMAT).cells
        except nbformat.ValidationError as error:
            raise AuthoringError(f"{name}: the cell {header!r} is malformed: {error.args[0]}") from None
        if len(inner) != 1 or not inner[0].source.strip():
            raise AuthoringError(f"{name}: the cell {header!r} is empty; give it something to say, or remove it")
        source = inner[0].source.strip("\n")
        metadata = {key: value for key, value in inner[0].metadata.items() if key not in LAYOUT}
        title, tags = metadata.pop("title", ""), metadata.pop("tags", [])
        if metadata:
            raise AuthoringError(f"{name}: the cell {header!r} has more in its header than a name and a list of tags")
        cell_id = unused(slug(title or source), taken)
        cells.append(Cell(cell_id, inner[0].cell_type, source, tuple(tags), title, piece))
    return text[: starts[0]], cells


def slug(text: str) -> str:
    """The first line of `text` that has words, as a cell id (at most 48 characters)."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    words = next((found for line in plain.splitlines() if (found := re.findall(r"[a-z0-9]+", line))), ["cell"])
    short = words[0][:48]
    for word in words[1:]:
        if len(short) + 1 + len(word) > 48:
            break
        short += f"-{word}"
    return short


def unused(wish: str, taken: set[str]) -> str:
    """`wish`, or `wish-2`, `wish-3` … if it is taken; noted in `taken`."""
    found, count = wish, 1
    while found in taken:
        count += 1
        found = f"{wish}-{count}"
    taken.add(found)
    return found


def fingerprint(cells: Iterable[Cell]) -> int:
    """A number that changes when the content of a cell or the order of the cells does."""
    return zlib.crc32(json.dumps([cell.content for cell in cells]).encode())


def to_notebook(cells: Sequence[Cell]) -> NotebookNode:
    """The notebook of these cells, not executed.

    Its metadata keeps the lesson's fingerprint, by which `build` and `sync` see who was edited since.
    """
    nodes = []
    for cell in cells:
        about = {"tags": list(cell.tags)} if cell.tags else {}
        nodes.append(NEW_CELL[cell.kind](cell.source, id=cell.id, metadata=about))
    metadata = {
        "kernelspec": KERNEL,
        "language_info": {"name": "python"},
        "lesson": {"fingerprint": fingerprint(cells)},
    }
    notebook: NotebookNode = new_notebook(cells=nodes, metadata=metadata)
    notebook.nbformat_minor = 5
    nbformat.validate(notebook)
    return notebook


def to_text(cell: Cell, name: str) -> str:
    """The piece of the lesson `name` that says what `cell` says: header, body, newline.

    Raises AuthoringError if py:percent cannot say it.
    """
    metadata: dict[str, Any] = {"title": cell.title} if cell.title else {}
    if cell.tags:
        metadata["tags"] = list(cell.tags)
    node = NEW_CELL[cell.kind](cell.source, metadata=metadata)
    filters = {"notebook_metadata_filter": "-all", "cell_metadata_filter": "title,tags,-all"}
    text: str = jupytext.writes(new_notebook(cells=[node], metadata={"jupytext": filters}), FORMAT)
    text = text.rstrip("\n") + "\n"
    try:
        same = [again.content for again in parse(text, name)[1]] == [cell.content]
    except AuthoringError:
        same = False
    if not same:
        raise AuthoringError(
            f"{name}, cell {cell.id}: a lesson cannot hold this text; a line that begins with '%%', or a first line "
            "that is indented, would be read as something else"
        )
    return text
