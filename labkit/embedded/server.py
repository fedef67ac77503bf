"""The embedded AWS's own process: answers AWS requests over HTTP on loopback, and the lab over standard input.

    python -m labkit.embedded.server PORT PARENT

It prints one line of JSON when it is ready, then one for each line of JSON that it reads. It ends when its standard
input closes, that is, when its parent has ended in whatever way.
"""

import json
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import Any

from moto.moto_api._internal import mock_random
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, MotoRequestHandler, create_backend_app
from werkzeug.serving import BaseWSGIServer, make_server

from labkit.embedded.clock import MovableClock

ACCOUNT = "123456789012"

WsgiApp = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


class OneAtATime:
    """moto has no locks: two requests at once can both win a conditional write, or lose an update.

    Its work is done by one CPU core in any case, so requests in turn cost no throughput.
    """

    def __init__(self, app: WsgiApp) -> None:
        self._app = app
        self._turn = threading.Lock()

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        with self._turn:
            return self._app(environ, start_response)


class Handler(MotoRequestHandler):  # type: ignore[misc]
    """Keeps connections open, and keeps quiet."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # or a kept connection waits 40 ms for each answer
    wbufsize = -1

    def log_request(self, *_: object) -> None:
        """Every call of every lesson would end in a log that nobody reads."""


class EmbeddedServer:
    """All there is in the process: the clock, the AWS, its HTTP server, and the lab's commands."""

    def __init__(self, port: int) -> None:
        self.clock = MovableClock()
        aws = OneAtATime(DomainDispatcherApplication(create_backend_app))
        self._http = _listen(port, aws)
        self.port = self._http.server_port

    def serve(self) -> None:
        threading.Thread(target=self._http.serve_forever, name="http", daemon=True).start()

    def move_clock(self, seconds: float) -> dict[str, Any]:
        self.clock.move(timedelta(seconds=seconds))
        return {}

    def tell_time(self) -> dict[str, Any]:
        return {"now": self.clock.now().isoformat()}

    def seed(self, number: int) -> dict[str, Any]:
        """Make the ids that AWS gives out the same on every run."""
        mock_random.seed(number)
        return {}


COMMANDS = (EmbeddedServer.move_clock, EmbeddedServer.tell_time, EmbeddedServer.seed)


def _listen(port: int, app: WsgiApp) -> BaseWSGIServer:
    try:
        return make_server("127.0.0.1", port, app, threaded=True, request_handler=Handler)
    except (OSError, SystemExit):  # werkzeug exits where a port is taken
        return make_server("127.0.0.1", 0, app, threaded=True, request_handler=Handler)


def _end_with(parent: int) -> None:
    """The closed pipe is not enough where a fork of the parent lives on and holds the other end."""
    while os.getppid() == parent:
        time.sleep(1)
    os._exit(0)


def main(port: int, parent: int) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    answers, sys.stdout = sys.stdout, sys.stderr  # a stray print must not look like an answer
    if os.name != "nt":
        threading.Thread(target=_end_with, args=(parent,), daemon=True).start()
    server = EmbeddedServer(port)
    server.serve()
    commands = {command.__name__: command for command in COMMANDS}

    def answer(what: dict[str, Any]) -> None:
        print(json.dumps(what), file=answers, flush=True)

    answer({"port": server.port, "account": ACCOUNT})
    for line in sys.stdin:
        request = json.loads(line)
        try:
            answer(commands[request.pop("do")](server, **request))
        except Exception as error:  # noqa: BLE001 (whatever it is, the lab is told and the AWS lives on)
            answer({"error": f"{type(error).__name__}: {error}"})
    os._exit(0)  # requests that still wait must not keep the process


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
