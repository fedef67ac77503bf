"""Nothing is committed in a notebook that a student should not meet, or that nbval would pass unread."""

import re
from collections.abc import Callable
from pathlib import Path

import nbformat
import pytest
from nbformat import NotebookNode
from nbformat.v4 import new_output

from authoring import lesson
from authoring.guard import findings

NOTEBOOKS = sorted((Path(__file__).resolve().parents[2] / "notebooks").glob("*.ipynb"))


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_committed_notebook_is_fit_to_be_seen(path: Path) -> None:
    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    assert findings(notebook) == []


def clean() -> NotebookNode:
    """A notebook that the guard lets pass: four code cells and two pictures, each with its text."""
    notebook = lesson.to_notebook(
        lesson.parse("# %% [markdown]\n# ![A queue](queue.png)\n# %%\nx = 1\n# %%\nx\n# %%\ny\n# %%\nz\n", "")[1]
    )
    for count, cell in enumerate(notebook.cells[1:], start=1):
        cell.execution_count = count
    picture = {"data": {"image/png": "AAAA"}, "metadata": {"image/png": {"alt": "one message waits"}}}
    notebook.cells[2].outputs = [new_output("display_data", **picture), new_output("stream", text="1\n")]
    return notebook


def test_a_clean_notebook_passes() -> None:
    assert findings(clean()) == []


def not_run(notebook: NotebookNode) -> None:
    notebook.cells[1].execution_count, notebook.cells[1].outputs = None, []


def run_twice(notebook: NotebookNode) -> None:
    notebook.cells[2].execution_count = 3


def failed(notebook: NotebookNode) -> None:
    notebook.cells[1].outputs = [new_output("error", ename="KeyError", evalue="'Messages'", traceback=[])]


def warned(notebook: NotebookNode) -> None:
    notebook.cells[1].outputs = [new_output("stream", name="stderr", text="DeprecationWarning: soon\n")]


def timed(notebook: NotebookNode) -> None:
    notebook.cells[1].metadata["execution"] = {"shell.execute_reply": "2026-01-01T00:00:00Z"}


def widget_state(notebook: NotebookNode) -> None:
    notebook.metadata["widgets"] = {"application/vnd.jupyter.widget-state+json": {}}


def live_widget(notebook: NotebookNode) -> None:
    view = {"application/vnd.jupyter.widget-view+json": {"model_id": "1"}, "text/plain": "Panel"}
    notebook.cells[1].outputs = [new_output("display_data", data=view)]


def ignored_by_tag(notebook: NotebookNode) -> None:
    notebook.cells[1].metadata["tags"] = ["nbval-ignore-output"]


def ignored_by_comment(notebook: NotebookNode) -> None:
    notebook.cells[1].source = "# NBVAL_SKIP\nx = 1"


def long_cells(notebook: NotebookNode) -> None:
    for cell in notebook.cells[2:]:
        cell.source = "\n".join("abcde")


def one_huge_cell(notebook: NotebookNode) -> None:
    notebook.cells[1].source = "\n\n".join("x" * 20)


def home_in_output(notebook: NotebookNode) -> None:
    notebook.cells[2].outputs[1].text = "reading /home/ana/lab/data/prices.csv\n"


def home_in_source(notebook: NotebookNode) -> None:
    notebook.cells[1].source = 'open("C:\\\\Users\\\\Ana\\\\x.csv")'


def picture_without_text(notebook: NotebookNode) -> None:
    notebook.cells[2].outputs[0].metadata = {}


def markdown_picture_without_text(notebook: NotebookNode) -> None:
    notebook.cells[0].source = "![](queue.png)"


def html_picture_without_text(notebook: NotebookNode) -> None:
    notebook.cells[2].outputs[1] = new_output("display_data", data={"text/html": '<p><img src="q.png" alt=""></p>'})


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        (not_run, "not run once each"),
        (run_twice, "not run once each"),
        (failed, "x-1: .*KeyError"),
        (warned, "x-1: it wrote to stderr: DeprecationWarning: soon"),
        (timed, "x-1: timings"),
        (widget_state, "state of widgets"),
        (live_widget, "x-1: a live widget"),
        (ignored_by_tag, "x-1: the comparison of its outputs is turned off"),
        (ignored_by_comment, "x-1: the comparison of its outputs is turned off"),
        (long_cells, "half of the code cells"),
        (one_huge_cell, "a tenth of the code cells"),
        (home_in_output, "x: /home/ana"),
        (home_in_source, "x-1: C:.*Users.*Ana"),
        (picture_without_text, "x: an image has no text"),
        (markdown_picture_without_text, "queue-png: an image has no text"),
        (html_picture_without_text, "x: an image has no text"),
    ],
)
def test_what_should_not_be_committed_is_found(spoil: Callable[[NotebookNode], None], reason: str) -> None:
    notebook = clean()
    spoil(notebook)
    (finding,) = findings(notebook)
    assert re.search(reason, finding)
