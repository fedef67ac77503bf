"""The repository's lessons and notebooks, and a small house of one lesson to try things in."""

from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

TINY = '''\
# This line is for maintainers: it does not go into the notebook.

# %% [markdown]
# # Does it add up?
#
# A line with `code`, and ten *stars*.

# %%
print("one", flush=True)
# copy this line as it is
print("two", flush=True)


# %% exercise 0.1 tags=["exercise"]
def add(a, b):
    """Return the sum."""
    ...


# %% [markdown]
# And a panel:

# %% a panel
import ipywidgets
ipywidgets.Button(description="Send")
'''


@pytest.fixture
def house(tmp_path: Path) -> Path:
    """A folder with `lessons/00_tiny.py`, and `notebooks/` empty."""
    (tmp_path / "lessons").mkdir()
    (tmp_path / "notebooks").mkdir()
    (tmp_path / "lessons" / "00_tiny.py").write_text(TINY, encoding="utf-8")
    return tmp_path
