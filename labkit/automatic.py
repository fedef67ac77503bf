"""Processing without a button: a round every five seconds, while an environment variable says so.

    automatic = Automatic(app.process)
    automatic.run(lab, minutes=1)    # twelve rounds here and now: AWS's time is moved
    automatic.start()                # in a thread beside the cells, as on a server: time passes

The variable is read before each round and at each request to process by hand, so a change takes effect at once for the
one and within an interval for the other. Rounds never overlap, neither with each other nor with work by hand: there is
one lock, and whoever holds it ends what it began.
"""

from __future__ import annotations

import math
import os
import threading
import time
import traceback
from collections import deque
from collections.abc import Callable, Mapping, MutableMapping
from datetime import datetime, timedelta
from typing import Protocol, Self, TypeVar

from labkit.background import replace
from labkit.errors import LabError
from labkit.texts import automatic as texts

SETTING = "PROCESS_AUTOMATICALLY"
ON = ("1", "true", "yes", "on")
OFF = ("0", "false", "no", "off", "")  # not set at all is off, too
INTERVAL = timedelta(seconds=5)
_T = TypeVar("_T")


class TimedLab(Protocol):
    """What `run` needs of a lab: AWS's time, and a way to let it pass."""

    def now(self) -> datetime: ...
    def wait(self, *, seconds: float) -> None: ...


class ManualIsOffError(LabError):
    """Somebody wanted to process by hand while messages are processed automatically."""


def is_on(environ: Mapping[str, str]) -> bool:
    """What the environment variable says; capitals and spaces around it do not matter.

    Raises LabError for a value that is neither on nor off: a slip of the pen must not decide.
    """
    value = environ.get(SETTING, "")
    if (plain := value.strip().lower()) in ON:
        return True
    if plain in OFF:
        return False
    names = {"on": ", ".join(ON), "off": ", ".join(filter(None, OFF))}
    raise LabError(texts.SETTING_IS_ODD.format(name=SETTING, value=repr(value)[:50], **names))


class Automatic:
    """The rounds of a program's automatic processing.

    `process` is one round's work; `environ` is where the variable is read, this process's environment unless told
    otherwise. `rounds` counts the rounds that were begun; `errors` has the newest exceptions that rounds met, which
    do not keep the next round from coming.
    Raises LabError for a variable that is neither on nor off, and for an interval that is none.
    """

    def __init__(
        self,
        process: Callable[[], object],
        *,
        interval: timedelta = INTERVAL,
        environ: MutableMapping[str, str] = os.environ,
    ) -> None:
        if interval <= timedelta():
            raise LabError(texts.INTERVAL_IS_BAD.format(value=interval))
        self._process, self._interval, self._environ = process, interval, environ
        self._at_work = threading.Lock()
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None
        self.rounds = 0
        self.errors: deque[BaseException] = deque(maxlen=20)
        is_on(environ)

    @property
    def is_on(self) -> bool:
        """Whether messages are processed automatically now. Raises LabError as `is_on` does."""
        return is_on(self._environ)

    @property
    def reason(self) -> str:
        """Why work by hand is refused now, for a person; empty while it is not."""
        try:
            on = self.is_on
        except LabError as odd:
            return str(odd)
        seconds = self._interval.total_seconds()
        return texts.PROCESSED_AUTOMATICALLY.format(seconds=seconds, name=SETTING) if on else ""

    def switch(self, on: bool) -> None:
        """Set the variable, as whoever runs the program does by changing its environment."""
        self._environ[SETTING] = "on" if on else "off"

    def by_hand(self, work: Callable[[], _T]) -> _T:
        """Do this work between two rounds, and return its result.

        Raises ManualIsOffError, with the reason, while messages are processed automatically.
        """
        self._refuse_if_on()  # at once, however long the round at work takes
        with self._at_work:
            self._refuse_if_on()  # it may have been switched on while a round kept us waiting
            return work()

    def _refuse_if_on(self) -> None:
        if reason := self.reason:
            raise ManualIsOffError(reason)

    def round(self) -> None:
        """One round, if the variable says so; nothing if one is at work already. An exception of it is kept."""
        if not self._at_work.acquire(blocking=False):
            return
        try:
            if self.is_on:
                self.rounds += 1
                self._process()
        except Exception as error:  # noqa: BLE001 (whatever a round meets, the next comes)
            self._keep(error)
        finally:
            self._at_work.release()

    def run(self, lab: TimedLab, **how_long: float) -> None:
        """Rounds for `minutes=…`, `seconds=…` of AWS's time, here in the foreground. Nobody waits: time is moved."""
        end = lab.now().timestamp() + timedelta(**how_long).total_seconds()
        self._rounds(lambda: lab.now().timestamp(), lambda seconds: lab.wait(seconds=seconds), end)

    def start(self, name: str = "automatic") -> Self:
        """Rounds in a thread beside the cells until `stop`, the end of the kernel, or the next start of this name."""
        return replace(name, self._start)

    def stop(self, timeout: float = 10) -> bool:
        """Begin no more rounds; wait until the one at work is over, `timeout` seconds at most, and say whether it is."""
        self._stopping.set()
        if self._thread:
            self._thread.join(timeout)
        return not (self._thread and self._thread.is_alive())

    def _keep(self, error: BaseException) -> None:
        traceback.clear_frames(error.__traceback__)  # where it was raised, but not the messages that were at hand there
        self.errors.append(error)

    def _start(self) -> Self:
        self.stop()
        self._stopping = threading.Event()  # a new one: a thread that hangs in its last round keeps its own, set
        rounds = threading.Thread(target=self._run_in_thread, args=(self._stopping,), name="automatic", daemon=True)
        self._thread = rounds
        rounds.start()
        return self

    def _run_in_thread(self, stopping: threading.Event) -> None:
        while not stopping.is_set():
            try:
                self._rounds(time.monotonic, stopping.wait, math.inf, stopping)
            except BaseException as error:  # noqa: BLE001 (a handler that calls sys.exit() ends its round, not us)
                self._keep(error)
                stopping.wait(self._interval.total_seconds())

    def _rounds(
        self,
        clock: Callable[[], float],
        sleep: Callable[[float], object],
        end: float,
        stopping: threading.Event | None = None,
    ) -> None:
        """A round now, and each next one an interval after the last began, or at once if that took longer.

        So a slow round delays those after it; none overlaps it, and none is made up for.
        """
        while (began := clock()) < end and not (stopping and stopping.is_set()):
            self.round()
            left = began + self._interval.total_seconds() - clock()
            if left > 0:
                sleep(left)
