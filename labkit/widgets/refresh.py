"""When panels look again: after each cell, which may have sent and processed too, and, where something goes on without
anybody's click, by a thread of their own.

That thread must not be noticed by a cell: it does not read AWS while one runs, nor in the moments between the cells of
a "Run All", and what it prints is part of no cell's output.
"""

from __future__ import annotations

import contextlib
import sys
import threading
import time
import weakref
from typing import Any, Protocol

from IPython import get_ipython

QUIET = 1.0  # seconds since the last cell; the pauses of "Run All" are hundredths of that
_PATIENCE = 2.0  # seconds that a cell waits, at most, for a reading that is under way


class Refreshable(Protocol):
    """What can be followed: the panel."""

    def refresh(self) -> None:
        """Look again. Raises nothing."""

    def close(self) -> None:
        """Never look again."""


class Refresher:
    """Refreshes a panel every so many seconds, from a thread, between `start` and `stop`; while no cell runs.

    The thread ends with the panel when that is collected, and with the kernel.
    """

    def __init__(self, panel: Refreshable, seconds: float) -> None:
        self._panel, self._seconds = weakref.ref(panel), seconds
        self._stop = threading.Event()
        self._stop.set()

    def start(self) -> None:
        """Begin, if it has not begun already."""
        if not self._stop.is_set():
            return
        self._stop = threading.Event()
        if panel := self._panel():
            weakref.finalize(panel, self._stop.set)
        arguments = (self._panel, self._stop, self._seconds)
        threading.Thread(target=_keep_fresh, args=arguments, name="labkit-panel", daemon=True).start()

    def stop(self) -> None:
        """End, at once or after the reading that is under way."""
        self._stop.set()


def _keep_fresh(panel: weakref.ref[Refreshable], stop: threading.Event, seconds: float) -> None:
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(AttributeError):  # outside of Jupyter there are no cells to keep free of it
            stream.set_thread_parent({})  # type: ignore[union-attr]
    while not stop.wait(seconds):
        with _cells.reading:
            still_there = panel()
            if still_there is None:
                return
            if _cells.are_quiet():
                still_there.refresh()
            del still_there


class _Cells:
    """The cells of this kernel: whether one runs, and which panels each has made."""

    def __init__(self) -> None:
        self.reading = threading.Lock()  # held by a thread while it reads AWS
        self._running = self._are_watched = False
        self._ended = 0.0
        self._panels: dict[str | None, weakref.WeakSet[Any]] = {}

    def follow(self, panel: Refreshable, shell: Any) -> None:
        if not self._are_watched:
            self._are_watched = True
            shell.events.register("pre_run_cell", self._begin)
            shell.events.register("post_run_cell", self._end)
        request = shell.get_parent() if hasattr(shell, "get_parent") else {}
        self._running = request.get("msg_type") == "execute_request"
        cell = request.get("metadata", {}).get("cellId") or request.get("content", {}).get("code")
        self._panels.setdefault(cell, weakref.WeakSet()).add(panel)

    def are_quiet(self) -> bool:
        return not self._running and time.monotonic() - self._ended >= QUIET

    def _begin(self, info: Any) -> None:
        self._running = True
        if self.reading.acquire(timeout=_PATIENCE):
            self.reading.release()
        # A cell that runs again makes its panels anew, and the old ones have no place to be seen any more.
        for panel in list(self._panels.pop(info.cell_id or info.raw_cell, ())):
            panel.close()

    def _end(self, result: Any) -> None:
        for panels in list(self._panels.values()):
            for panel in list(panels):
                panel.refresh()
        self._running, self._ended = False, time.monotonic()


_cells = _Cells()


def follow_cells(panel: Refreshable) -> None:
    """Refresh this panel after each cell, and close it when the cell that made it runs again."""
    shell = get_ipython()
    if shell is not None:
        _cells.follow(panel, shell)
