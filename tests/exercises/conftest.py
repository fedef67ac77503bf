"""Every answer is tried in a lab that was started, as in a notebook."""

import pytest

import labkit


@pytest.fixture(autouse=True)
def _in_a_lab(lab: labkit.Lab) -> None:
    """Checks take the keys that the lab gave out."""
