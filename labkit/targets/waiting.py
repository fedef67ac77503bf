"""Waiting that takes as long as it says, with a bar to look at, and that can be stopped."""

from __future__ import annotations

import html
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from IPython import get_ipython
from IPython.display import display

from labkit.errors import LabError
from labkit.texts import targets as texts

LONGEST = timedelta(minutes=15)  # what somebody may sit through
UNSEEN = timedelta(seconds=2)  # shorter waits need no bar
_STEP = 0.5  # seconds between two pictures of the bar

Show = Callable[[str, float, bool], None]
"""Shows a line and how much of the bar is full, from 0 to 1; the last says that it will not change any more."""


def sleep(duration: timedelta, *, clock: Callable[[], float] = time.monotonic, show: Show | None = None) -> None:
    """Sleep so long. Raises LabError if it is more than `LONGEST`, and if it is interrupted (■ in the notebook)."""
    if duration > LONGEST:
        raise LabError(texts.WAIT_IS_TOO_LONG.format(time=duration))
    total = duration.total_seconds()
    if show is None:
        show = _bar() if duration > UNSEEN and get_ipython() is not None else _nothing
    start = clock()
    passed = 0.0
    try:
        while passed < total:
            show(texts.WAITING.format(passed=passed, total=total), passed / total, False)
            time.sleep(min(_STEP, total - passed))
            passed = clock() - start
    except KeyboardInterrupt:
        stopped = texts.WAIT_STOPPED.format(passed=passed, total=total)
        show(stopped, passed / total, True)
        raise LabError(stopped) from None
    show(texts.WAITED.format(total=total), 1, True)


def _nothing(line: str, share: float, done: bool) -> None:
    pass


def _bar() -> Show:
    handle: Any = None

    def show(line: str, share: float, done: bool) -> None:
        nonlocal handle
        bar = (
            ""
            if done
            else f'<progress max="1" value="{share:.3f}" aria-label="{html.escape(texts.WAIT_SHOWN)}"></progress> '
        )
        data = {"text/html": f'<div role="status">{bar}{html.escape(line)}</div>', "text/plain": line}
        if handle is None:
            handle = display(data, raw=True, display_id=True)  # type: ignore[no-untyped-call]
        else:
            handle.update(data, raw=True)

    return show
