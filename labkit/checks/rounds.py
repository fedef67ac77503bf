"""What a poller is tried in: a clock that moves while it waits, an event that is set at a known second, and rounds."""

from __future__ import annotations

import threading
import time
from collections.abc import Collection, Mapping

from labkit.embedded.in_process import InProcessAws

_TOO_OFTEN = 2000  # questions without a pause between them, or rounds
_TOO_LATE = 300  # seconds after the event was set
_PATIENCE = 0.2  # real seconds for which the first rounds in a thread wait for another one beside them, and later ones
_LESS_PATIENCE = 0.02


class Ended(SystemExit):
    """The poller is ended from outside. A SystemExit, because that ends a thread without a word."""


class Rounds(threading.Event):
    """Time, the rounds in it, and the event, which it is. Seconds count from when this was made, by the AWS's clock."""

    def __init__(
        self, aws: InProcessAws, stops_at: float, takes: Mapping[int, float] | None = None, fails: Collection[int] = ()
    ) -> None:
        """`takes`: how long the n-th round takes, others no time; `fails`: the rounds that raise an exception."""
        super().__init__()
        self._aws, self._start, self._really_started = aws, aws.now(), time.monotonic()
        self.stops_at, self._takes, self._fails = stops_at, takes or {}, fails
        self.begun: list[float] = []
        self.at_work = self.most_at_once = 0
        self.is_busy = self.never_stops = self.is_over = False
        self._asked = 0
        self._changed = threading.Condition()

    def now(self) -> float:
        """How much time was moved. What really passes meanwhile is the machine's business."""
        passed = (self._aws.now() - self._start).total_seconds() - (time.monotonic() - self._really_started)
        return round(passed, 2)

    def clock(self) -> float:
        """`now`, for the poller."""
        self._ask()
        return self.now()

    def process(self) -> None:
        """A round. In a thread of its own it goes on until another one has begun beside it, or none has for a while."""
        with self._changed:
            self._end_if_late()
            number = len(self.begun)
            print("round", number)  # the trial sees by it that something is done, in whatever thread
            self.begun.append(self.now())
            self.at_work += 1
            self.most_at_once = max(self.most_at_once, self.at_work)
            self._asked = 0
            self._changed.notify_all()
            # The check calls a student's function in such a thread; one of the student's own has another name.
            if not threading.current_thread().name.startswith("consumer"):
                patience = _PATIENCE if number < 2 else _LESS_PATIENCE
                self._changed.wait_for(lambda: len(self.begun) > number + 1, patience)
        try:
            if number in self._takes:
                self._aws.wait(self._takes[number])
            if number in self._fails:
                raise ConnectionError("the table cannot be reached")
        finally:
            with self._changed:
                self.at_work -= 1

    def is_set(self) -> bool:
        self._ask()
        return self.now() >= self.stops_at

    def wait(self, timeout: float | None = None) -> bool:
        left = max(0.0, self.stops_at - self.now())
        pause = left if timeout is None else min(timeout, left)
        if pause > 0:
            self._aws.wait(pause)
            self._asked = 0
        return self.is_set()

    def set(self) -> None:
        self.stops_at = self.now()

    def _ask(self) -> None:
        if not self._asked:
            print("asked")
        self._asked += 1
        self._end_if_late()
        if self._asked > _TOO_OFTEN:
            self.is_busy = True
            raise Ended

    def _end_if_late(self) -> None:
        if self.now() > self.stops_at + _TOO_LATE or len(self.begun) > _TOO_OFTEN:
            self.never_stops = True
        if self.never_stops or self.is_over:
            raise Ended
