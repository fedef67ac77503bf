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
from datetime import timedelta
from typing import Any

from werkzeug.serving import BaseWSGIServer, make_server

from labkit.embedded.access.gate import WsgiApp
from labkit.embedded.aws import Aws
from labkit.embedded.clock import MovableClock
from labkit.embedded.faults import CallTrouble
from labkit.embedded.http_handler import Handler
from labkit.embedded.sqs.context import ACCOUNT
from labkit.embedded.sqs.trouble import Trouble
from labkit.embedded.tables.errors import TableError


class EmbeddedServer:
    """All there is in the process: the clock, the AWS, its HTTP server, and the lab's commands."""

    def __init__(self, port: int) -> None:
        self.clock = MovableClock()
        self.aws = Aws(pass_time=lambda seconds: self.clock.move(timedelta(seconds=seconds)))
        self.clock.when_moved(self.aws.clock_moved)
        self.clock.every_minute(self.aws.minute_passed, next_needed=self.aws.next_needed_minute)
        self._http = _listen(port, self.aws)
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
        self.aws.seed(number)
        return {}

    def accept_keys(self, access_key_id: str, secret_access_key: str) -> dict[str, Any]:
        """Let an IAM user `student`, who may do everything, use these keys. Without any, nobody gets in."""
        self.aws.keys.accept_administrator("student", access_key_id, secret_access_key)
        return {}

    def record_spend(self, dollars: float) -> dict[str, Any]:
        """Let the account have spent so much just now: nothing costs anything here by itself."""
        self.aws.record_spend(dollars)
        return {}

    def make_trouble(self, queues: dict[str, Any], calls: dict[str, Any]) -> dict[str, Any]:
        """Let go wrong what these settings of `Trouble` and `CallTrouble` say, and no more. Both empty: nothing."""
        self.aws.make_trouble(Trouble(**queues), CallTrouble(**calls))
        return {}

    def fill_table(self, region: str, table_name: str, items: list[dict[str, Any]]) -> dict[str, Any]:
        """Put many items into a table at once, for lessons that need a large one. `refused`: what DynamoDB has to say."""
        try:
            self.aws.fill_table(region, table_name, items)
        except TableError as error:
            return {"refused": {"Code": error.code, "Message": error.message}}
        return {}


COMMANDS = (
    EmbeddedServer.move_clock,
    EmbeddedServer.tell_time,
    EmbeddedServer.seed,
    EmbeddedServer.accept_keys,
    EmbeddedServer.record_spend,
    EmbeddedServer.make_trouble,
    EmbeddedServer.fill_table,
)


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
