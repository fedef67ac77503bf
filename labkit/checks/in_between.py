"""What a student's function does, and what somebody else does at any moment between two of its calls."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from typing import Any

from labkit.checks.trial import Experiment, Trial, W
from labkit.explore import Bounds

ONCE = Bounds(crashes=0, switches=1)


def in_between(
    trial: Trial, make_world: Callable[[], W], work: Callable[[W], Any], other: Callable[[W], Any]
) -> Iterator[Experiment[W]]:
    """Let A do `work` in a fresh world, and B the `other` thing: after it, and in between any two of its calls."""
    turns: Iterator[Callable[[W], Any]]

    def fresh() -> W:
        nonlocal turns
        turns = itertools.chain([work, other], itertools.repeat(work))
        return make_world()

    return trial.explore(fresh, lambda world: next(turns)(world), bounds=ONCE)
