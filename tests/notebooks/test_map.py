"""Every notebook is on both maps, and every link of the maps leads to a notebook."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
NOTEBOOKS = {path.name for path in (ROOT / "notebooks").glob("[0-9][0-9]_*.ipynb")}


@pytest.mark.parametrize(
    ("source", "itself"), [("README.md", set()), ("lessons/00_start_here.py", {"00_start_here.ipynb"})]
)
def test_map(source: str, itself: set[str]) -> None:
    text = (ROOT / source).read_text(encoding="utf-8")
    rows = [line for line in text.splitlines() if re.match(r"(# )?\| \d\d \|", line)]
    linked = set(re.findall(r"\(?(?:notebooks/)?(\d\d_\w+\.ipynb)\)", "\n".join(rows)))
    assert linked == NOTEBOOKS - itself


@pytest.mark.parametrize("path", sorted((ROOT / "notebooks").glob("[0-9][0-9]_*.ipynb")), ids=lambda path: path.name)
def test_links_between_notebooks_lead_somewhere(path: Path) -> None:
    linked = set(re.findall(r"\]\((\d\d_\w+\.ipynb)\)", path.read_text(encoding="utf-8")))
    assert linked <= NOTEBOOKS
