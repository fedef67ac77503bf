"""Every answer is tried in a lab that was started, as in a notebook."""

from pathlib import Path

import pytest

import labkit


@pytest.fixture(autouse=True)
def _in_a_lab(lab: labkit.Lab) -> None:
    """Checks take the keys that the lab gave out."""


@pytest.fixture(autouse=True)
def _nothing_solved(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is solved here must not show in the map of 00, which is tested after this."""
    monkeypatch.setenv("LABKIT_PROGRESS", str(tmp_path / "progress"))
