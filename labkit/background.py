"""A web application served from a thread of this very process, beside the cells: on loopback, on a free port.

    server = serve(app)
    httpx.get(server.url)

A cell can be run again: what is served, or started by `replace`, under a name takes the place of what was there before.
All of it runs in daemon threads, so it ends with the kernel. Nothing is written to the cells' output; what the server
has to complain about is in `Server.log`.
"""

from __future__ import annotations

import logging
import socket
import threading
from collections import deque
from collections.abc import Callable
from typing import Any, Protocol, TypeVar

import uvicorn

from labkit.errors import LabError
from labkit.texts import background as texts

LOOPBACK = "127.0.0.1"
START_TIMEOUT = 10.0  # seconds
GRACE = 1  # seconds that requests have to end in when the server stops
_LOGGERS = ("uvicorn.error", "asyncio")  # where complaints of a server go


class Stoppable(Protocol):
    def stop(self) -> object: ...


_Started = TypeVar("_Started", bound=Stoppable)
_running: dict[str, Stoppable] = {}
_replacing = threading.RLock()


def replace(name: str, start: Callable[[], _Started]) -> _Started:
    """Stop what runs under this name, if anything, then start what takes its place."""
    with _replacing:
        if before := _running.pop(name, None):
            before.stop()
        _running[name] = started = start()
        return started


def serve(app: Any, name: str = "app") -> Server:
    """Serve an ASGI application, such as FastAPI's, until `stop`, the end of the kernel, or the next of this name.

    Raises LabError if it does not start, in one sentence; nothing runs under the name then.
    """
    if not callable(app):
        raise LabError(texts.SERVER_NEEDS_AN_APP.format(kind=type(app).__name__))
    return replace(name, lambda: Server(app))


class Server:
    """A running server: its `url`, and `log`, the newest of what it had to complain about."""

    def __init__(self, app: Any) -> None:
        self.log: deque[str] = deque(maxlen=100)
        self._failure: BaseException | None = None
        self._decided = threading.Event()  # it runs, or it never will
        listener = socket.create_server((LOOPBACK, 0))
        self.url = f"http://{LOOPBACK}:{listener.getsockname()[1]}"
        config = uvicorn.Config(app, loop="asyncio", log_config=None, access_log=False, timeout_graceful_shutdown=GRACE)
        self._uvicorn = _Uvicorn(config, self._decided)
        self._thread = threading.Thread(target=self._run, args=(listener,), name=f"server {self.url}", daemon=True)
        self._thread.start()
        in_time = self._decided.wait(START_TIMEOUT)
        if not (in_time and self._uvicorn.started):
            self._uvicorn.should_exit = True
            listener.close()
            why = self._why() if in_time else texts.SERVER_TAKES_TOO_LONG.format(seconds=START_TIMEOUT)
            raise LabError(texts.SERVER_DID_NOT_START.format(why=why))

    def __repr__(self) -> str:
        return f"<Server {self.url}>"

    def stop(self) -> None:
        """Take no more requests, let those under way end, for `GRACE`, and return. One that hangs is left to itself.

        It goes on in its daemon thread, since no thread can be ended from outside; its answer reaches nobody.
        """
        self._uvicorn.should_exit = True
        self._thread.join(GRACE + 1)

    def _run(self, listener: socket.socket) -> None:
        keeper = _Keeper(self.log)
        for name in _LOGGERS:
            logging.getLogger(name).addFilter(keeper)
        try:
            self._uvicorn.run(sockets=[listener])
        except BaseException as failure:  # noqa: BLE001 (also SystemExit, with which uvicorn gives up)
            self._failure = failure
        finally:
            for name in _LOGGERS:
                logging.getLogger(name).removeFilter(keeper)
            self._decided.set()

    def _why(self) -> str:
        """What was said first before it ended, in one line; a traceback's last line says most."""
        said = self.log[0] if self.log else str(self._failure)
        return next((line.strip() for line in reversed(said.splitlines()) if line.strip()), "").rstrip(".")


class _Uvicorn(uvicorn.Server):
    """uvicorn, which says when it has started."""

    def __init__(self, config: uvicorn.Config, started: threading.Event) -> None:
        super().__init__(config)
        self._started = started

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._started.set()


class _Keeper(logging.Filter):
    """Takes what this thread logs out of the loggers, which are the same for all servers, and keeps the complaints.

    Python writes what nobody handles to stderr, and that would be in whichever cell runs.
    """

    def __init__(self, lines: deque[str]) -> None:
        super().__init__()
        self._lines = lines
        self._thread = threading.get_ident()
        self._format = logging.Formatter().format

    def filter(self, record: logging.LogRecord) -> bool:
        if record.thread != self._thread:
            return True
        if record.levelno >= logging.WARNING:
            self._lines.append(self._format(record))
        return False
