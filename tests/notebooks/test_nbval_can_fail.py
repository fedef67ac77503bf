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

# The panel has the form of labkit's: what is live is not compared, what stands beside it for a code host is.
LESSON = """\
# %% good
class Panel:
    def _repr_mimebundle_(self, include=None, exclude=None):
        return {"text/html": "<table><tr><td>no messages</td></tr></table>", "text/plain": "Panel: no messages"}

Panel()

# %% wrong output
6 * 7

# %% failing cell
x = 1

# %% failing callback
x = 2

# %% missing panel
Panel()

# %% not run
6 * 7

# %% good too
print("the end")
"""
FAILING_CALLBACK = "import ipywidgets\nb = ipywidgets.Button()\nb.on_click(lambda _: 1 / 0)\nb.click()"


@pytest.fixture(scope="module")
def spoilt(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A notebook that was built and run, and then spoilt in five ways."""
    path = tmp_path_factory.mktemp("notebooks") / "spoilt.ipynb"
    notebook = lesson.to_notebook(lesson.parse(LESSON, "spoilt")[1])
    execute.run(notebook, "spoilt", path.parent)
    cell = {cell.id: cell for cell in notebook.cells}
    cell["wrong-output"].outputs[0].data["text/plain"] = "54"
    cell["failing-cell"].source = "x = 1 / 0"
    cell["failing-callback"].source = FAILING_CALLBACK
    cell["missing-panel"].source = "_ = Panel()"
    cell["not-run"].update(source="6 * 9", outputs=[], execution_count=None)  # and it would be wrong if it were
    write(notebook, path)
    return path


@pytest.fixture(scope="module")
def failures(spoilt: Path) -> dict[str, str]:
    """What pytest says of the spoilt notebook: cell id → why it failed."""
    report = spoilt.with_name("report.xml")
    command = ["-m", "pytest", "-c", str(ROOT / "pyproject.toml"), f"--junitxml={report}", "--color=no", str(spoilt)]
    run = subprocess.run([sys.executable, *command], cwd=ROOT, capture_output=True, text=True, check=False)
    assert run.returncode == 1, run.stdout + run.stderr
    cells: list[NotebookNode] = nbformat.read(spoilt, as_version=4).cells
    cases = list(ElementTree.parse(report).iter("testcase"))
    outcomes = {cell.id: case.find("failure") for cell, case in zip(cells, cases, strict=True)}
    return {cell_id: failure.text or "" for cell_id, failure in outcomes.items() if failure is not None}


@pytest.mark.parametrize(
    ("cell", "reason"),
    [
        ("wrong-output", "54"),
        ("failing-cell", "ZeroDivisionError"),
        ("failing-callback", "ZeroDivisionError"),
        ("missing-panel", "Missing output fields"),
    ],
)
def test_nbval_turns_red(failures: dict[str, str], cell: str, reason: str) -> None:
    assert reason in failures[cell]


def test_only_what_is_spoilt_turns_red(failures: dict[str, str]) -> None:
    assert failures.keys() & {"good", "good-too"} == set()


def test_a_cell_that_was_not_run_is_caught_by_the_guard_alone(failures: dict[str, str], spoilt: Path) -> None:
    assert "not-run" not in failures  # if nbval learns to see it, the guard may forget it
    (finding,) = guard.findings(nbformat.read(spoilt, as_version=4))
    assert "not run once each" in finding


def test_what_is_taught_is_not_masked() -> None:
    taught = "31 seconds later, at 10:00 on 2026-01-31: 600 of 1000 received, 0.4 ms and 1700000000 requests, m-12"
    assert masked(taught, patterns()) == taught
