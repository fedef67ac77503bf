"""An AWS inside this process, for a moment: what boto3 asks in the threads that belong to it is answered right here.

It takes over no more than it needs. Clients stay as they are, whichever address they were made for: it is their
requests that are answered elsewhere. To it belong the thread that makes it and those that begin from there; they end with
it. Others (a panel that polls, a web server) still reach the AWS that they reached before; the time, though, is moved
for the whole process, as long as this lasts.
"""

from __future__ import annotations

import os
import threading
import time
import weakref
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any, Self
from unittest import mock

import boto3
import botocore.auth
import botocore.httpsession
import botocore.loaders
from moto.core.base_backend import BackendDict

from labkit.embedded import threads
from labkit.embedded.aws import Aws
from labkit.embedded.clock import MovableClock, machine_time
from labkit.embedded.descriptions import read_once
from labkit.embedded.faults import CallTrouble
from labkit.embedded.sqs.trouble import Trouble
from labkit.embedded.wsgi import answer


class InProcessAws:
    """A fresh, private AWS while its `with` block lasts. In its threads, time is moved rather than slept through."""

    def __init__(self, access_key_id: str, secret_access_key: str, session_token: str | None = None) -> None:
        """The keys are those that the callers' clients sign with, on real AWS with a token."""
        self._keys, self._token = (access_key_id, secret_access_key), session_token
        self._clients: dict[str, Any] = {}
        self._undo = ExitStack()

    def __enter__(self) -> Self:
        self._insiders = weakref.WeakSet([threading.current_thread()])
        self._owner = threading.current_thread()
        BackendDict.reset()  # moto keeps what it holds in its modules, and so from one AWS to the next
        self._clock = MovableClock()
        self._undo.callback(self._clock.stop)
        self._aws = Aws(pass_time=self.wait, idle=lambda _, seconds: self.wait(seconds))
        self._clock.when_moved(self._aws.clock_moved)
        self._clock.every_minute(self._aws.minute_passed, next_needed=self._aws.next_needed_minute, by_itself=False)
        self._aws.keys.accept_administrator("student", *self._keys)
        if self._token:
            self._aws.keys.demand_token(self._keys[0], self._token)
        self._aws.seed(0)
        # Requests are signed with this computer's own time, against which the gate judges them, here as over HTTP.
        for what, name, replacement in (
            (botocore.httpsession.URLLib3Session, "send", self._send),
            (botocore.auth, "get_current_datetime", _machine_datetime),
            (botocore.loaders.JSONFileLoader, "load_file", read_once),
            (time, "sleep", self._sleep),
            (threading.Thread, "start", self._start),
        ):
            self._undo.enter_context(_replaced(what, name, replacement))
        return self

    def __exit__(self, *_: object) -> None:
        # A thread that goes on would go on with the AWS that was there before. It ends while this one is still there.
        for thread in list(self._insiders):
            if thread is not self._owner:
                threads.end(thread)
        self._undo.close()

    def wait(self, seconds: float) -> None:
        """Let so much of AWS's time pass at once."""
        self._clock.move(timedelta(seconds=seconds))

    def now(self) -> datetime:
        return self._clock.now()

    def client(self, service: str) -> Any:
        """A boto3 client of this process, the same each time: to make one takes longer than many calls."""
        if service not in self._clients:
            self._clients[service] = boto3.client(service)  # type: ignore[call-overload]
        return self._clients[service]

    def make_table(self, table_name: str, *keys: str) -> None:
        """A table whose key is one attribute, or two, all of them text; like the next two, a hundred times as fast as calls."""
        self._aws.make_table(self._region, table_name, *keys)

    def fill_table(self, table_name: str, items: list[dict[str, Any]]) -> None:
        """Put these items, as PutItem takes them."""
        self._aws.fill_table(self._region, table_name, items)

    def items(self, table_name: str) -> list[dict[str, Any]]:
        """All items of a table, as Scan returns them."""
        return self._aws.items(self._region, table_name)

    @property
    def _region(self) -> str:
        """That of the clients, which the environment says."""
        return os.environ["AWS_DEFAULT_REGION"]

    def make_trouble(self, queues: Trouble, calls: CallTrouble) -> None:
        """Let this go wrong from now on, instead of what went wrong until now."""
        self._aws.make_trouble(queues, calls)

    def is_inside(self) -> bool:
        """Whether the calling thread is one of those that this AWS answers."""
        return threading.current_thread() in self._insiders

    def _start(self, original: Callable[[threading.Thread], None]) -> Callable[[threading.Thread], None]:
        def start(thread: threading.Thread) -> None:
            if self.is_inside():
                self._insiders.add(thread)
            original(thread)

        return start

    def _send(self, original: Callable[..., Any]) -> Callable[..., Any]:
        def send(session: Any, request: Any) -> Any:
            return answer(self._aws, request) if self.is_inside() else original(session, request)

        return send

    def _sleep(self, original: Callable[[float], None]) -> Callable[[float], None]:
        def sleep(seconds: float) -> None:
            if self.is_inside() and seconds > 0:
                self.wait(seconds)
            else:
                original(seconds)

        return sleep


@contextmanager
def _replaced(what: Any, name: str, make: Callable[[Any], Any]) -> Iterator[None]:
    with mock.patch.object(what, name, make(getattr(what, name))):
        yield


def _machine_datetime(_: Callable[..., datetime]) -> Callable[..., datetime]:
    def get_current_datetime(remove_tzinfo: bool = True) -> datetime:
        now = datetime.fromtimestamp(machine_time(), UTC)
        return now.replace(tzinfo=None) if remove_tzinfo else now

    return get_current_datetime
