"""What SQS's answers tell about messages: each call, read into events."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from labkit.inventory import short_name

if TYPE_CHECKING:
    from mypy_boto3_sqs.literals import QueueAttributeNameType

Settings = dict[str, timedelta]
SETTINGS: tuple[QueueAttributeNameType, ...] = (
    "VisibilityTimeout",
    "DelaySeconds",
    "MessageRetentionPeriod",
    "ReceiveMessageWaitTimeSeconds",
)


class Step(StrEnum):
    """What a call did to a message."""

    SENT = "sent"
    ASKED = "asked"  # its queue was, for messages
    RECEIVED = "received"
    CHANGED = "changed"  # its visibility timeout was
    DELETED = "deleted"
    REMOVED = "removed"  # with all the others of its queue: by a purge, or with the queue itself


@dataclass(frozen=True)
class Event:
    """One thing that happened to one message, or to all of a queue (`message_id` is empty then). AWS's time."""

    at: datetime
    step: Step
    queue: str  # its name
    message_id: str = ""
    body: str = ""  # of what was sent or received
    hidden_until: datetime | None = None  # nobody receives it before: a delay, a visibility timeout; None: not known
    keeps: timedelta | None = None  # the retention period of what was sent or received there; None: not known
    consumer: str = ""  # who received it, where `record` was told names


class Reader:
    """Reads calls, one after the other. `settings` tells those of a queue, by its URL; `now` AWS's time."""

    def __init__(self, settings: Callable[[str], Settings], now: Callable[[], datetime]) -> None:
        self._settings = settings
        self._now = now
        self._message_ids: dict[str, str] = {}  # by receipt handle
        self._read: dict[str, Callable[[Any, Any, datetime], Iterator[Event]]] = {
            "SendMessage": lambda request, answer, at: self._sent(request["QueueUrl"], request, answer, at),
            "SendMessageBatch": self._sent_batch,
            "ReceiveMessage": self._received,
            "ChangeMessageVisibility": lambda request, _, at: self._changed(request["QueueUrl"], request, at),
            "ChangeMessageVisibilityBatch": self._batch(self._changed),
            "DeleteMessage": lambda request, _, at: self._deleted(request["QueueUrl"], request, at),
            "DeleteMessageBatch": self._batch(self._deleted),
            "PurgeQueue": self._removed,
            "DeleteQueue": self._removed,
        }

    def read(self, operation: str, request: dict[str, Any], answer: dict[str, Any], at: datetime) -> list[Event]:
        """What this call did, which was asked at this time and was not refused; nothing, for calls of other kinds."""
        read = self._read.get(operation)
        return list(read(request, answer, at)) if read else []

    def _sent(self, url: str, entry: dict[str, Any], answer: dict[str, Any], at: datetime) -> Iterator[Event]:
        settings = self._settings(url)
        delay = entry.get("DelaySeconds")
        hidden = settings.get("DelaySeconds") if delay is None else timedelta(seconds=delay)
        yield Event(
            at,
            Step.SENT,
            short_name(url),
            answer["MessageId"],
            entry["MessageBody"],
            _later(at, hidden),
            settings.get("MessageRetentionPeriod"),
        )

    def _sent_batch(self, request: dict[str, Any], answer: dict[str, Any], at: datetime) -> Iterator[Event]:
        entries = {entry["Id"]: entry for entry in request["Entries"]}
        for accepted in answer.get("Successful", []):
            yield from self._sent(request["QueueUrl"], entries[accepted["Id"]], accepted, at)

    def _received(self, request: dict[str, Any], answer: dict[str, Any], at: datetime) -> Iterator[Event]:
        settings, queue = self._settings(request["QueueUrl"]), short_name(request["QueueUrl"])
        # A long poll gets what comes while it waits; a short one is done when it is asked, however late its answer is.
        long = request.get("WaitTimeSeconds", settings.get("ReceiveMessageWaitTimeSeconds"))
        at = self._now() if long else at
        yield Event(at, Step.ASKED, queue)
        timeout = request.get("VisibilityTimeout")
        hidden = settings.get("VisibilityTimeout") if timeout is None else timedelta(seconds=timeout)
        keeps = settings.get("MessageRetentionPeriod")
        for message in answer.get("Messages", []):
            self._message_ids[message["ReceiptHandle"]] = message["MessageId"]
            body = message.get("Body", "")
            yield Event(at, Step.RECEIVED, queue, message["MessageId"], body, _later(at, hidden), keeps)

    def _changed(self, url: str, entry: dict[str, Any], at: datetime) -> Iterator[Event]:
        if message_id := self._message_ids.get(entry["ReceiptHandle"]):
            until = at + timedelta(seconds=entry.get("VisibilityTimeout", 0))
            yield Event(at, Step.CHANGED, short_name(url), message_id, hidden_until=until)

    def _deleted(self, url: str, entry: dict[str, Any], at: datetime) -> Iterator[Event]:
        if message_id := self._message_ids.get(entry["ReceiptHandle"]):
            yield Event(at, Step.DELETED, short_name(url), message_id)

    @staticmethod
    def _batch(
        one: Callable[[str, dict[str, Any], datetime], Iterator[Event]],
    ) -> Callable[[dict[str, Any], dict[str, Any], datetime], Iterator[Event]]:
        def several(request: dict[str, Any], answer: dict[str, Any], at: datetime) -> Iterator[Event]:
            entries = {entry["Id"]: entry for entry in request["Entries"]}
            for accepted in answer.get("Successful", []):
                yield from one(request["QueueUrl"], entries[accepted["Id"]], at)

        return several

    def _removed(self, request: dict[str, Any], answer: dict[str, Any], at: datetime) -> Iterator[Event]:
        yield Event(at, Step.REMOVED, short_name(request["QueueUrl"]))


def _later(at: datetime, time: timedelta | None) -> datetime | None:
    return None if time is None else at + time
