"""AWS's time, which can be moved: in the embedded AWS's own process, and nowhere else."""

import math
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import time_machine

MINUTE = 60  # seconds


def machine_time() -> float:
    """This computer's own time in epoch seconds, however far this process's clock was moved, if at all."""
    hatch = time_machine.escape_hatch
    return hatch.time.time() if hatch.is_travelling() else time.time()


class MovableClock:
    """This process's clock. It ticks as always, and `move` takes it forward in no time.

    `time.time`, `datetime.now` and all that read them follow; `time.monotonic` does not, so whatever waits inside the
    process waits for real, and has to be told that the clock was moved: see `when_moved`.
    """

    def __init__(self) -> None:
        # One traveller for the life of the process, shifted again and again: if it were stopped and started anew,
        # other threads would see the real time in between.
        self._journey = time_machine.travel(datetime.now(UTC), tick=True)
        self._traveller = self._journey.start()
        # Held as a bare lock: a thread that is ended from outside could leave a Condition's `with`, which is Python, locked.
        self._turn = threading.RLock()
        self._moving = threading.Condition(self._turn)
        self._listeners: list[Callable[[], None]] = []
        self._each_minute: Callable[[float], None] | None = None
        self._next_needed: Callable[[], float] = lambda: math.inf
        self._last_minute = 0

    def when_moved(self, listener: Callable[[], None]) -> None:
        """Call `listener` after each move, for example to wake a long poll whose message is due now."""
        self._listeners.append(listener)

    def every_minute(
        self, listener: Callable[[float], None], *, next_needed: Callable[[], float], by_itself: bool = True
    ) -> None:
        """Call `listener` at each full minute, with its epoch seconds, whether time passes `by_itself` or is moved.

        A move stops at each minute for it: there the clock shows that minute. `next_needed` says which is the next
        full minute in which anything can happen (infinity: none); a move skips those before it. To be called once.
        """
        self._each_minute, self._next_needed = listener, next_needed
        self._last_minute = int(time.time() // MINUTE)
        if by_itself:
            threading.Thread(target=self._tick, name="minutes", daemon=True).start()

    def move(self, by: timedelta) -> None:
        with self._turn:
            end = time.time() + by.total_seconds()
            while (minute := self._next_needed()) <= end:
                self._traveller.shift(minute - time.time())
                self._last_minute = int(minute // MINUTE) - 1
                self._pass_minutes()
            self._traveller.shift(max(0.0, end - time.time()))
            self._last_minute = int(end // MINUTE)
            for listener in self._listeners:
                listener()
            self._moving.notify_all()

    def now(self) -> datetime:
        """AWS's time, in UTC."""
        return datetime.now(UTC)

    def stop(self) -> None:
        """Give this process its real time back."""
        self._journey.stop()

    def _tick(self) -> None:
        with self._turn:
            while True:
                self._pass_minutes()
                self._moving.wait(MINUTE - time.time() % MINUTE)

    def _pass_minutes(self) -> None:
        assert self._each_minute
        while self._last_minute < int(time.time() // MINUTE):
            self._last_minute += 1
            self._each_minute(float(self._last_minute * MINUTE))
