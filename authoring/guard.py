"""What a committed notebook may not hold. nbval cannot see it: a cell without an execution count passes it unread."""

import re
from collections.abc import Iterator
from statistics import median, quantiles
from typing import Any

from nbformat import NotebookNode

from authoring.execute import WIDGET_VIEW, complaint

MEDIAN_LINES, NINETIETH_PERCENTILE_LINES = 4, 12
COMPARISON_OFF = re.compile(
    r"nbval-(skip|ignore-output)|#\s*(NBVAL_(SKIP|IGNORE_OUTPUT)|PYTEST_VALIDATE_IGNORE_OUTPUT)"
)
HOME = re.compile(r"/home/\w+|/Users/\w+|/root\b|[A-Z]:\\+Users\\+\w+")
IMAGE_WITHOUT_TEXT = re.compile(r"!\[\s*\]\(|<img\b(?![^>]*\balt=[\"'][^\"'])", re.IGNORECASE)


def findings(notebook: NotebookNode) -> list[str]:
    """Every reason why `notebook` may not be committed, one sentence each."""
    return [*about_execution(notebook), *about_size(notebook), *about_content(notebook)]


def code_cells(notebook: NotebookNode) -> list[NotebookNode]:
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def about_execution(notebook: NotebookNode) -> Iterator[str]:
    cells = code_cells(notebook)
    if [cell.execution_count for cell in cells] != list(range(1, len(cells) + 1)):
        yield "the cells were not run once each, top to bottom, in a fresh kernel"
    if "widgets" in notebook.metadata:
        yield "the state of widgets is stored, which makes a panel blank where no kernel runs"
    for cell in cells:
        if trouble := complaint(cell):
            yield f"{cell.id}: {trouble}"
        if "execution" in cell.metadata:
            yield f"{cell.id}: timings are stored"
        if any(WIDGET_VIEW in output.get("data", {}) for output in cell.outputs):
            yield f"{cell.id}: a live widget is stored, which shows an error until the cell is run"
        if COMPARISON_OFF.search(f"{cell.metadata.get('tags', [])}\n{cell.source}"):
            yield f"{cell.id}: the comparison of its outputs is turned off"


def about_size(notebook: NotebookNode) -> Iterator[str]:
    lines = [sum(bool(line.strip()) for line in cell.source.splitlines()) for cell in code_cells(notebook)]
    if lines and median(lines) > MEDIAN_LINES:
        yield f"half of the code cells have more than {MEDIAN_LINES} lines"
    if len(lines) > 1 and quantiles(lines, n=10, method="inclusive")[-1] > NINETIETH_PERCENTILE_LINES:
        yield f"a tenth of the code cells have more than {NINETIETH_PERCENTILE_LINES} lines"


def about_content(notebook: NotebookNode) -> Iterator[str]:
    for cell in notebook.cells:
        for text in [cell.source, *strings(cell.get("outputs", []))]:
            if home := HOME.search(text):
                yield f"{cell.id}: {home.group()} is somebody's own folder"
            if IMAGE_WITHOUT_TEXT.search(text):
                yield f"{cell.id}: an image has no text alternative"
        for output in cell.get("outputs", []):
            for kind in output.get("data", {}):
                if kind.startswith("image/") and not output.metadata.get(kind, {}).get("alt"):
                    yield f"{cell.id}: an image has no text alternative (metadata={{'{kind}': {{'alt': …}}}})"


def strings(value: Any) -> Iterator[str]:
    """Every string in nested lists and dictionaries, but not what is an image."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for item in value:
            yield from strings(item)
    elif isinstance(value, dict):
        for key, item in value.items():
            if not key.startswith("image/"):
                yield from strings(item)
