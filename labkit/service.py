"""The application as a process of its own. What it does there is set by its environment, as on a server:

    ROLE=web | worker | monolith    serve HTTP, poll the queue, or both
    QUEUE_URL, TABLE_NAME           what it works on
    PROCESS_AUTOMATICALLY           as in `labkit.automatic`

One program, one build, three ways of running it: the process types of the Twelve-Factor App (12factor.net, "VIII.
Concurrency" and "III. Config"). `start` runs it as a child of this process, with which it ends.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING

import boto3

from labkit.automatic import SETTING, Automatic
from labkit.aws_time import AwsTime
from labkit.background import replace
from labkit.errors import LabError, in_words
from labkit.messages import Messages
from labkit.texts import service as texts

if TYPE_CHECKING:
    from labkit.background import Server

ROLES = ("web", "worker", "monolith")
STOP_TIMEOUT = 5.0  # seconds


@dataclass(frozen=True)
class Service:
    """A running process: its `role`, its `pid`, and its `url`, which is empty where nothing is served."""

    role: str
    pid: int
    url: str
    _process: subprocess.Popen[str]

    def stop(self) -> None:
        """Let it end its round and its requests, and wait until it is gone."""
        _end(self._process)


def start(role: str, queue_url: str, table_name: str, *, automatically: str = "on", name: str = "") -> Service:
    """Run the application in this role; `automatically` is its PROCESS_AUTOMATICALLY.

    Started again under the same name, which is the role unless told otherwise, it takes the place of the one before.
    Raises LabError if there is no such role or the process does not come up.
    """
    if role not in ROLES:
        raise LabError(texts.ROLE_IS_ODD.format(role=repr(role)[:50], roles=", ".join(ROLES)))
    environ = {"ROLE": role, "QUEUE_URL": queue_url, "TABLE_NAME": table_name, SETTING: automatically}
    return replace(f"service {name or role}", lambda: _run(role, {**os.environ, **environ}))


def _run(role: str, environ: dict[str, str]) -> Service:
    with tempfile.TemporaryFile() as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "labkit.service"],
            env=environ,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
        )
        assert process.stdout is not None
        line = process.stdout.readline()  # its address once it is up; nothing if it has ended
        if not line:
            _end(process)
            raise LabError(texts.SERVICE_DID_NOT_START.format(why=_last_line(log)))
    return Service(role, process.pid, json.loads(line), process)


def _end(process: subprocess.Popen[str]) -> None:
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.close()
    try:
        process.wait(STOP_TIMEOUT)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    process.stdout.close()


def _last_line(log: IO[bytes]) -> str:
    log.seek(0)
    lines = log.read().decode(errors="replace").split("\n")
    return next((line.strip().rstrip(".") for line in reversed(lines) if line.strip()), "")


def work(environ: Mapping[str, str]) -> None:
    """What the process does: come up in its role, say so, and work until its parent ends or closes its input."""
    sqs, dynamodb = boto3.client("sqs"), boto3.client("dynamodb")
    messages = Messages(
        sqs,
        dynamodb,
        environ["QUEUE_URL"],
        environ["TABLE_NAME"],
        AwsTime(sqs, dynamodb).now,
        lambda: uuid.uuid4().hex,
        owner=environ["ROLE"],
    )
    messages.counts()  # better to fail now than at the first request; and it tells the time
    automatic = Automatic(messages.process)
    server = _serve(messages, automatic) if environ["ROLE"] != "worker" else None
    if environ["ROLE"] != "web":
        automatic.start()
    print(json.dumps(server.url if server else ""), flush=True)
    sys.stdin.read()
    automatic.stop(STOP_TIMEOUT / 2)
    if server:
        server.stop()


def _serve(messages: Messages, automatic: Automatic) -> Server:
    # Imported here: a worker needs no web framework, and to load it takes as long as all the rest of its start.
    from labkit.background import serve
    from labkit.web import make_app

    return serve(make_app(messages, automatic))


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # meant for the notebook's cell, not for its servers
    try:
        work(os.environ)
    except Exception as error:  # noqa: BLE001 (one line of it is shown to whoever started this)
        sys.exit(in_words(error))
