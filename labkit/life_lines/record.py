"""Listens to boto3's clients through botocore's event hooks, and writes down what they did with messages."""

from __future__ import annotations

import functools
import itertools
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from labkit.life_lines.events import SETTINGS, Event, Reader, Settings
from labkit.life_lines.line import LifeLine
from labkit.life_lines.lines import fold
from labkit.texts import life_lines as texts

if TYPE_CHECKING:
    from labkit.lab import Lab

_numbers = itertools.count(1)
_running: Record | None = None


def record(lab: Lab, *clients: Any, **named: Any) -> Record:
    """Note from now on what happens to messages, until `Record.stop` or the next `record`.

    Seen are the calls of these SQS clients, and of those that boto3's default session makes from now on: whatever a
    plain `boto3.client("sqs")` gives. A client given by name, as in `record(lab, A=sqs_of_a, B=sqs_of_b)`, has its name
    beside what it receives. Threads may share a client. What other processes do is not seen.
    """
    global _running
    if _running is not None:
        _running.stop()
    _running = Record(lab)
    _running.listen(boto3.DEFAULT_SESSION)
    for client in clients:
        _running.listen(client.meta)
    for name, client in named.items():
        _running.listen(client.meta, consumer=name)
    return _running


class Record:
    """What happened since `record`: call by call in `events`, message by message from `lines`."""

    def __init__(self, lab: Lab) -> None:
        self.events: list[Event] = []
        self._lab = lab
        self._key = f"labkit-life-lines-{next(_numbers)}"
        self._stopped = False
        self._writing = threading.Lock()
        self._sqs = boto3.client("sqs")  # reads the queues' settings; the default session is there from here on
        self._settings: dict[str, Settings] = {}  # by the queue's URL
        self._reader = Reader(self._settings_of, lab.now)

    def __repr__(self) -> str:
        return texts.RECORD.format(events=len(self.events), messages=len(self.lines()))

    def listen(self, source: Any, *, consumer: str = "") -> None:
        """Hear the calls of what has `events`: a session, or a client's `meta`. What is heard twice is noted once."""
        note = functools.partial(self._note, consumer=consumer)
        source.events.unregister("after-call.sqs", unique_id=f"{self._key}-note")  # from the session, without a name
        source.events.register("after-call.sqs", note, unique_id=f"{self._key}-note")
        source.events.register("before-parameter-build.sqs", self._begin, unique_id=f"{self._key}-begin")

    def stop(self) -> None:
        """Note nothing more. What was noted stays."""
        self._stopped = True

    def lines(self, name: Callable[[str], str] | None = None) -> list[LifeLine]:
        """The life of each message, in order of appearance. `name` makes a label of a message's body.

        Without it the label is the body, or the `id` in it if it is JSON with one.
        """
        with self._writing:
            events = list(self.events)
        return fold(events, self._lab.now(), name)

    def _begin(self, params: dict[str, Any], context: dict[str, Any], **_: Any) -> None:
        """Before boto3 asks: when was that?"""
        if not self._stopped:
            context[self._key] = (dict(params), self._lab.now())

    def _note(
        self, http_response: Any, parsed: dict[str, Any], model: Any, context: dict[str, Any], consumer: str, **_: Any
    ) -> None:
        """After AWS's last answer, before the caller has it."""
        if self._stopped or self._key not in context or http_response.status_code >= 300:
            return
        if http_response.raw is None:  # not from the wire: the AWS of a check answered, which is no business of ours
            return
        request, asked_at = context[self._key]
        if model.name == "SetQueueAttributes":
            self._settings.pop(request["QueueUrl"], None)
        events = self._reader.read(model.name, request, parsed, asked_at)
        with self._writing:
            self.events += [replace(event, consumer=consumer) for event in events]

    def _settings_of(self, url: str) -> Settings:
        """A queue's settings in seconds, read once; nothing if they cannot be read."""
        if url not in self._settings:
            try:
                found = self._sqs.get_queue_attributes(QueueUrl=url, AttributeNames=SETTINGS)["Attributes"]
            except (BotoCoreError, ClientError):
                return {}
            self._settings[url] = {name: timedelta(seconds=int(value)) for name, value in found.items()}
        return self._settings[url]
