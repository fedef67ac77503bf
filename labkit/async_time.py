"""asyncio on AWS's time: where nothing is left to do but to wait, the clock is moved.

    async_time.run(lab, every_five_seconds())

So `await asyncio.sleep(5)` lets five seconds pass for AWS and takes no time, and whoever sleeps wakes in the right order.
"""

from __future__ import annotations

import asyncio
import selectors
import threading
from collections.abc import Coroutine
from typing import Any, Protocol, TypeVar

_T = TypeVar("_T")


class Waits(Protocol):
    """What is needed of a lab."""

    def wait(self, *, seconds: float) -> None: ...


def run(lab: Waits, main: Coroutine[Any, Any, _T]) -> _T:
    """What the coroutine returns. Tasks that still run when it has ended are cancelled, as by `asyncio.run`."""
    results: list[_T] = []
    errors: list[BaseException] = []

    def in_thread() -> None:
        try:
            with asyncio.Runner(loop_factory=lambda: _Loop(lab)) as runner:
                results.append(runner.run(main))
        except BaseException as error:  # noqa: BLE001 (raised again where it belongs)
            errors.append(error)

    # A notebook's own thread has a loop already, and only one can run in a thread.
    thread = threading.Thread(target=in_thread, name="asyncio on AWS's time", daemon=True)
    thread.start()
    thread.join()
    if errors:
        raise errors[0]
    return results[0]


class _Loop(asyncio.SelectorEventLoop):
    """A loop whose time goes by nothing but the waiting in it."""

    def __init__(self, lab: Waits) -> None:
        self._passed = 0.0
        self._lab = lab
        super().__init__(_Selector(self))

    def time(self) -> float:
        return self._passed

    def pass_time(self, seconds: float) -> None:
        self._lab.wait(seconds=seconds)
        self._passed += seconds


class _Selector(selectors.DefaultSelector):
    """Where a loop would wait until its next timer is due, it moves the clock there."""

    def __init__(self, loop: _Loop) -> None:
        super().__init__()
        self._loop = loop

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        events: list[tuple[selectors.SelectorKey, int]] = super().select(timeout if timeout is None else 0)
        if not events and timeout and timeout > 0:
            self._loop.pass_time(timeout)
        return events
