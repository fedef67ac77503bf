"""What was edited in JupyterLab goes back, and what was not stays to the letter."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell

from authoring import lesson
from authoring.__main__ import main
from authoring.build import write
from authoring.sync import join, taken_back

# What ruff would format otherwise, and py:percent can say in two ways: kept as it is where nobody edits it.
ODD = '''\
# %%    set-up
import boto3 ;  import labkit



# %%  [markdown]
"""
# A heading in quotes
"""
# %%
receive( )
# %% [markdown]
# The end
'''


def built(house: Path, text: str | None = None) -> NotebookNode:
    """The notebook of the house's lesson (with `text` put in its place), as if built and opened."""
    source = house / "lessons" / "00_tiny.py"
    if text is not None:
        source.write_text(text, encoding="utf-8")
    return lesson.to_notebook(lesson.read(source)[1])


def saved_and_synced(house: Path, book: NotebookNode) -> str:
    """Save `book` in the house, sync it without complaint, and return the lesson's text."""
    write(book, house / "notebooks" / "00_tiny.ipynb")
    assert main(["sync", "00"], house) == 0
    return (house / "lessons" / "00_tiny.py").read_text(encoding="utf-8")


@pytest.mark.parametrize("text", [None, ODD, "# A note\n" + ODD + "\n\n"])
def test_build_and_sync_give_the_same_lesson(house: Path, capsys: pytest.CaptureFixture[str], text: str | None) -> None:
    book = built(house, text)
    before = (house / "lessons" / "00_tiny.py").read_text(encoding="utf-8")
    assert saved_and_synced(house, book) == before
    assert capsys.readouterr().out == "00_tiny: nothing to take back\n"


def test_each_kind_of_edit_goes_back(house: Path, capsys: pytest.CaptureFixture[str]) -> None:
    book = built(house, "# A note.\n" + ODD)
    setup, heading, _, end = book.cells
    setup.source += "\nlab = labkit.start()"
    setup.metadata.tags = ["start"]
    heading.metadata.update(trusted=True, editable=True, slideshow={"slide_type": ""})
    heading.source += "!"
    book.cells = [setup, end, heading, new_markdown_cell("New, *here*.", id="0a1b"), new_code_cell("", id="empty")]
    assert saved_and_synced(house, book) == (
        "# A note.\n"
        '# %% set-up tags=["start"]\nimport boto3 ;  import labkit\nlab = labkit.start()\n\n\n\n'
        "# %% [markdown]\n# The end\n\n"
        "# %%  [markdown]\n# # A heading in quotes!\n"
        "# %% [markdown]\n# New, *here*.\n"
    )
    said = "edited set-up, a-heading-in-quotes; added 0a1b; removed receive; put in another order"
    assert capsys.readouterr().out == f"00_tiny: {said}\n"
    assert main(["sync", "00"], house) == 0
    assert capsys.readouterr().out == "00_tiny: nothing to take back\n"


SOURCES = st.text(alphabet="ab #%!?'\"\\\n=(é", max_size=20).filter(lambda text: text.strip())
KINDS = st.sampled_from([new_markdown_cell, new_code_cell])


@settings(deadline=None, max_examples=60)
@given(data=st.data())
def test_any_edit_goes_back_or_is_refused(data: st.DataObject) -> None:
    _, old = lesson.parse(ODD, "odd")
    book = lesson.to_notebook(old)
    book.cells = data.draw(st.permutations(book.cells))[: data.draw(st.integers(1, 4))]
    for position in data.draw(st.sets(st.integers(0, len(book.cells)), max_size=3)):
        cell = data.draw(KINDS)(
            data.draw(SOURCES), metadata={"tags": data.draw(st.lists(st.text("x y", min_size=1), max_size=1))}
        )
        book.cells.insert(position, cell)
    try:
        new = taken_back(book, "odd")
        text = join(old, new, "odd")
    except lesson.AuthoringError:
        return
    kept = {cell.id: cell.content for cell in new}
    assert all(cell.text.rstrip() in text for cell in old if cell.content == kept.get(cell.id))
    assert [cell.content for cell in lesson.parse(text, "odd")[1]] == [cell.content for cell in new]


def attachment(cell: Any) -> None:
    cell.attachments = {"image.png": {"image/png": "AAAA"}}


def other_metadata(cell: Any) -> None:
    cell.metadata["slideshow"] = {"slide_type": "slide"}


def cell_marker(cell: Any) -> None:
    cell.source = "x = '''\n# %% not a cell\n'''"
    cell.cell_type, cell.outputs, cell.execution_count = "code", [], None


def magic(cell: Any) -> None:
    cell.source = "%load solutions/00_add.py"
    cell.cell_type, cell.outputs, cell.execution_count = "code", [], None


@pytest.mark.parametrize(
    ("spoil", "sentence"),
    [
        (attachment, "00_tiny, cell does-it-add-up: a pasted image cannot go back"),
        (other_metadata, "00_tiny, cell does-it-add-up: the cell's metadata ['slideshow'] cannot go back"),
        (cell_marker, "00_tiny, cell does-it-add-up: a lesson cannot hold this text"),
        (magic, "00_tiny, cell does-it-add-up: a lesson is plain Python, without %magic"),
    ],
)
def test_what_cannot_go_back_is_refused(
    house: Path, capsys: pytest.CaptureFixture[str], spoil: Any, sentence: str
) -> None:
    book = built(house)
    spoil(book.cells[0])
    write(book, house / "notebooks" / "00_tiny.ipynb")
    before = (house / "lessons" / "00_tiny.py").read_bytes()
    assert main(["sync", "00"], house) == 1
    assert capsys.readouterr().err.startswith(sentence)
    assert (house / "lessons" / "00_tiny.py").read_bytes() == before


def test_an_emptied_notebook_does_not_empty_the_lesson(house: Path, capsys: pytest.CaptureFixture[str]) -> None:
    book = built(house)
    book.cells = [new_code_cell("")]
    write(book, house / "notebooks" / "00_tiny.ipynb")
    assert main(["sync", "00"], house) == 1
    assert capsys.readouterr().err.startswith("00_tiny: the notebook has no cells left")


def test_edits_on_both_sides_are_not_lost(house: Path, capsys: pytest.CaptureFixture[str]) -> None:
    book = built(house)
    book.cells[0].source += " In the notebook."
    write(book, house / "notebooks" / "00_tiny.ipynb")
    text = (house / "lessons" / "00_tiny.py").read_text(encoding="utf-8") + "# in the lesson\n"
    (house / "lessons" / "00_tiny.py").write_text(text, encoding="utf-8")
    assert main(["sync", "00"], house) == 1
    assert "the lesson was edited too" in capsys.readouterr().err
    assert (house / "lessons" / "00_tiny.py").read_text(encoding="utf-8") == text


def test_an_edited_lesson_is_not_set_back_by_an_old_notebook(house: Path) -> None:
    book = built(house)
    text = (house / "lessons" / "00_tiny.py").read_text(encoding="utf-8") + "# in the lesson\n"
    (house / "lessons" / "00_tiny.py").write_text(text, encoding="utf-8")
    assert saved_and_synced(house, book) == text


@pytest.mark.parametrize("content", ["", "<<<<<<< HEAD\n{}", '{"cells": [1], "nbformat": 4, "nbformat_minor": 5}'])
def test_a_broken_notebook_is_one_sentence(house: Path, capsys: pytest.CaptureFixture[str], content: str) -> None:
    (house / "notebooks" / "00_tiny.ipynb").write_text(content, encoding="utf-8")
    assert main(["sync", "00"], house) == 1
    assert capsys.readouterr().err.startswith("00_tiny: 00_tiny.ipynb is not a notebook (")
