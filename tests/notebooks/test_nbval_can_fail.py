"""nbval, with this repository's own settings, turns red when it must; where it cannot, the guard does."""

import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import nbformat
import pytest
from nbformat import NotebookNode

from authoring import execute, guard, lesson
from authoring.build import masked, patterns, write

ROOT = Path(__file__).resolve().parents[2]

# A panel in the form of labkit's: what is live is not compared, what stands beside it for a code host is.
LESSON = """\
# %% a number
6 * 7

# %% nothing
x = 1

# %% a panel class
class Panel:
    def _repr_mimebundle_(self, include=None, exclude=None):
        return {"text/html": "<table><tr><td>no messages</td></tr></table>", "text/plain": "Panel: no messages"}

# %% a panel
Panel()
"""


def good(notebook: NotebookNode) -> None:
    """As it was built."""


def wrong_output(notebook: NotebookNode) -> None:
    notebook.cells[0].outputs[0].data["text/plain"] = "54"


def failing_cell(notebook: NotebookNode) -> None:
    notebook.cells[1].source = "x = 1 / 0"


def failing_callback(notebook: NotebookNode) -> None:
    notebook.cells[1].source = "import ipywidgets\nb = ipywidgets.Button()\nb.on_click(lambda _: 1 / 0)\nb.click()"


def missing_panel(notebook: NotebookNode) -> None:
    notebook.cells[3].source = "_ = Panel()"


def not_run(notebook: NotebookNode) -> None:
    """Never executed, and wrong if it were: nbval says nothing."""
    notebook.cells[0].source, notebook.cells[0].outputs, notebook.cells[0].execution_count = "6 * 9", [], None


VARIANTS = [good, wrong_output, failing_cell, failing_callback, missing_panel, not_run]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One notebook for each variant, in a folder of its own."""
    folder = tmp_path_factory.mktemp("notebooks")
    notebook = lesson.to_notebook(lesson.parse(LESSON, "tiny")[1])
    execute.run(notebook, "tiny", folder)
    for spoil in VARIANTS:
        variant = nbformat.from_dict(notebook)
        spoil(variant)
        write(variant, folder / f"{spoil.__name__}.ipynb")
    return folder


@pytest.fixture(scope="module")
def failures(folder: Path) -> dict[str, dict[str, str]]:
    """Notebook → cell → what pytest says, for the cells that failed in a run of them all."""
    report = folder / "report.xml"
    command = ["-m", "pytest", "-c", str(ROOT / "pyproject.toml"), f"--junitxml={report}", "--color=no", str(folder)]
    run = subprocess.run([sys.executable, *command], cwd=ROOT, capture_output=True, text=True, check=False)
    assert run.returncode == 1, run.stdout + run.stderr
    found: dict[str, dict[str, str]] = {spoil.__name__: {} for spoil in VARIANTS}
    cases = list(ElementTree.parse(report).iter("testcase"))
    assert len(cases) == 4 * len(VARIANTS)
    for case in cases:
        if (failure := case.find("failure")) is not None:
            name = case.attrib["classname"].removesuffix(".ipynb").split(".")[-1]
            found[name][case.attrib["name"]] = failure.text or ""
    return found


def test_what_was_built_passes(failures: dict[str, dict[str, str]]) -> None:
    assert failures["good"] == {}


@pytest.mark.parametrize(
    ("variant", "cell", "reason"),
    [
        ("wrong_output", "Cell 0", "54"),
        ("failing_cell", "Cell 1", "ZeroDivisionError"),
        ("failing_callback", "Cell 1", "ZeroDivisionError"),
        ("missing_panel", "Cell 3", "Missing output fields"),
    ],
)
def test_nbval_turns_red(failures: dict[str, dict[str, str]], variant: str, cell: str, reason: str) -> None:
    assert list(failures[variant]) == [cell]
    assert reason in failures[variant][cell]


def test_what_is_taught_is_not_masked() -> None:
    taught = "31 seconds later, at 10:00 on 2026-01-31: 600 of 1000 received, 0.4 ms and 1700000000 requests, m-12"
    assert masked(taught, patterns()) == taught


def test_a_cell_that_was_not_run_is_caught_by_the_guard_alone(
    failures: dict[str, dict[str, str]], folder: Path
) -> None:
    assert failures["not_run"] == {}  # if nbval learns to see it, the guard may forget it
    (finding,) = guard.findings(nbformat.read(folder / "not_run.ipynb", as_version=4))
    assert "not run once each" in finding
