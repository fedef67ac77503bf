"""A build is repeatable, and stops at what a student must not meet."""

import json
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_output

from authoring import lesson
from authoring.__main__ import main
from authoring.build import keep_outputs, write

UUIDS = ["11111111-1111-4111-8111-111111111111", "22222222-2222-4222-8222-222222222222"]
MASK_UUID = [(r"\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b", "<uuid>")]


def test_two_builds_are_the_same_byte_for_byte(house: Path, capsys: pytest.CaptureFixture[str]) -> None:
    notebook = house / "notebooks" / "00_tiny.ipynb"
    assert main(["build", "0"], house) == 0
    first = notebook.read_bytes()
    notebook.unlink()  # so that nothing can be kept from the first build
    assert main(["build"], house) == 0
    assert notebook.read_bytes() == first
    assert capsys.readouterr().out.count("00_tiny: built, ") == 2

    book = nbformat.reads(first.decode(), as_version=4)
    assert [cell.id for cell in book.cells] == [
        "does-it-add-up",
        "print-one-flush-true",
        "exercise-0-1",
        "and-a-panel",
        "a-panel",
    ]
    assert book.cells[1].outputs == [new_output("stream", text="one\ntwo\n")]
    assert book.cells[1].source.splitlines()[1] == "# copy this line as it is"
    assert book.cells[2].metadata == {"tags": ["exercise"]}
    assert list(book.cells[4].outputs[0].data) == ["text/plain"]
    assert b"maintainers" not in first


@pytest.mark.parametrize(
    ("code", "sentence"),
    [
        ("1 / 0", "00_tiny, cell trouble: ZeroDivisionError: division by zero"),
        ("import sys\nprint('oh', file=sys.stderr)", "00_tiny, cell trouble: it wrote to stderr: oh"),
        (
            "import ipywidgets\nb = ipywidgets.Button()\nb.on_click(lambda _: 1 / 0)\nb.click()",
            "00_tiny, cell trouble: a widget's callback raised ZeroDivisionError: division by zero",
        ),
        ("import os\nos._exit(1)", "00_tiny, cell trouble: the kernel ended while it ran"),
    ],
)
def test_trouble_in_a_cell_ends_the_build(
    house: Path, capsys: pytest.CaptureFixture[str], code: str, sentence: str
) -> None:
    (house / "lessons" / "00_tiny.py").write_text(f"# %% trouble\n{code}\n", encoding="utf-8")
    assert main(["build", "00"], house) == 1
    assert capsys.readouterr().err.strip() == sentence
    assert not list((house / "notebooks").iterdir())


def test_an_error_that_is_the_lesson_is_kept(house: Path) -> None:
    (house / "lessons" / "00_tiny.py").write_text('# %% tags=["raises-exception"]\n1 / 0\n', encoding="utf-8")
    assert main(["build", "00"], house) == 0


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "there is no cell"),
        ("print(1)\n", "there is no cell"),
        ("# %% [markdown]\n# Hello\n# %%\n\n", "the cell '# %%' is empty"),
        ('# %% [markdown]\n"""\n"""\n', "is empty"),
        ('# %% jupyter={"source_hidden": true}\nx = 1\n', "more in its header than a name and a list of tags"),
        ('# %% tags="exercise"\nx = 1\n', "is malformed: 'exercise' is not"),
    ],
)
def test_a_malformed_lesson_is_refused(
    house: Path, capsys: pytest.CaptureFixture[str], text: str, sentence: str
) -> None:
    (house / "lessons" / "00_tiny.py").write_text(text, encoding="utf-8")
    assert main(["build", "00"], house) == 1
    error = capsys.readouterr().err
    assert error.startswith("00_tiny: ")
    assert sentence in error


def test_a_lesson_that_is_not_there(house: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["build", "99"], house) == 1
    assert capsys.readouterr().err == "99: there is no file lessons/99_*.py\n"


def test_ids_stay_when_a_cell_is_put_in_elsewhere() -> None:
    before = "# %% [markdown]\n# # Wait\n# %%\nwait()\n# %%\nwait()\n"
    ids = [cell.id for cell in lesson.parse(before, "")[1]]
    more = [cell.id for cell in lesson.parse("# %%\nimport boto3\n" + before + "# %% [markdown]\n# ¿Qué?\n", "")[1]]
    assert ids == ["wait", "wait-2", "wait-3"]
    assert more == ["import-boto3", *ids, "que"]


def test_a_notebook_with_edits_is_not_built_over(house: Path, capsys: pytest.CaptureFixture[str]) -> None:
    notebook = house / "notebooks" / "00_tiny.ipynb"
    book = lesson.to_notebook(lesson.read(house / "lessons" / "00_tiny.py")[1])
    book.cells[0].source += " edited"
    write(book, notebook)
    there = notebook.read_bytes()
    assert main(["build", "00"], house) == 1
    assert "take them back with `python lab.py sync 00`" in capsys.readouterr().err
    assert notebook.read_bytes() == there


def printing(*lines: str) -> nbformat.NotebookNode:
    """A notebook whose cells printed these lines."""
    notebook = lesson.to_notebook(lesson.parse("# %%\nsend()\n" * len(lines), "")[1])
    for cell, line in zip(notebook.cells, lines, strict=True):
        cell.outputs = [new_output("stream", text=line)]
    return notebook


def test_outputs_stay_when_only_what_is_masked_differs() -> None:
    before, now = printing(UUIDS[0], "sent"), printing(UUIDS[1], "sent")
    keep_outputs(now, before, MASK_UUID)
    assert json.dumps(now) == json.dumps(before)


def test_outputs_are_new_throughout_when_anything_else_differs() -> None:
    before, now = printing(UUIDS[0], "sent"), printing(UUIDS[1], "not sent")
    keep_outputs(now, before, MASK_UUID)
    assert [cell.outputs[0].text for cell in now.cells] == [UUIDS[1], "not sent"]
