"""AWS's time, which can be moved: in the embedded AWS's own process, and nowhere else."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import time_machine


class MovableClock:
    """This process's clock. It ticks as always, and `move` takes it forward in no time.

    `time.time`, `datetime.now` and all that read them follow; `time.monotonic` does not, so whatever waits inside the
    process waits for real, and has to be told that the clock was moved: see `when_moved`.
    """

    def __init__(self) -> None:
        # One traveller for the life of the process, shifted again and again: if it were stopped and started anew,
        # other threads would see the real time in between.
        self._traveller = time_machine.travel(datetime.now(UTC), tick=True).start()
        self._moving = threading.Lock()
        self._listeners: list[Callable[[], None]] = []

    def when_moved(self, listener: Callable[[], None]) -> None:
        """Call `listener` after each move, for example to wake a long poll whose message is due now."""
        self._listeners.append(listener)

    def move(self, by: timedelta) -> None:
        with self._moving:
            self._traveller.shift(by)
            for listener in self._listeners:
                listener()

    def now(self) -> datetime:
        """AWS's time, in UTC."""
        return datetime.now(UTC)
