"""What is committed is what the source builds."""

import re
from pathlib import Path

import nbformat
import pytest

from authoring import lesson

ROOT = Path(__file__).resolve().parents[2]
LESSONS = sorted((ROOT / "lessons").glob("*.py"))
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))


def test_every_lesson_has_a_notebook_and_every_notebook_a_lesson() -> None:
    names = [path.stem for path in LESSONS]
    assert names == [path.stem for path in NOTEBOOKS]
    assert all(re.fullmatch(r"\d\d_[a-z0-9_]+", name) for name in names)
    assert len({name[:2] for name in names}) == len(names) > 0


@pytest.mark.parametrize("source", LESSONS, ids=lambda path: path.stem)
def test_the_notebook_says_what_its_lesson_says(source: Path) -> None:
    expected = lesson.to_notebook(lesson.read(source)[1])
    committed = nbformat.read(ROOT / "notebooks" / f"{source.stem}.ipynb", as_version=4)
    for cell in committed.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    hint = f"run `python lab.py build {source.stem[:2]}`, or `sync` if the notebook was edited"
    assert committed == expected, hint
