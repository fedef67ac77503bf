"""How moto's other services (EventBridge, S3 notifications) reach our queues.

They go through `moto.sqs.models.sqs_backends[account][region]`; `install` puts our backend there. That is the only
seam; `tests/embedded/test_sqs_moto_seams.py` says when a new moto breaks it.
"""

import base64
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from moto.core.base_backend import BaseBackend
from moto.sqs.exceptions import QueueDoesNotExist
from moto.sqs.models import SQSBackend, sqs_backends

from labkit.embedded.access.callers import Caller
from labkit.embedded.sqs.context import STUDENT, Context
from labkit.embedded.sqs.errors import SqsError
from labkit.embedded.sqs.queue import Queue
from labkit.embedded.sqs.service import Sqs

_sender: ContextVar[Caller] = ContextVar("sender", default=STUDENT)


@contextmanager
def sending_as(caller: Caller) -> Iterator[None]:
    """What moto sends to queues inside this block comes from `caller`; queue policies and SenderId go by it."""
    token = _sender.set(caller)
    try:
        yield
    finally:
        _sender.reset(token)


class QueueForMoto:
    """As much of moto's Queue as its other services look at."""

    def __init__(self, queue: Queue):
        self.name = queue.name
        self.queue_arn = queue.arn
        self.fifo_queue = queue.attributes.fifo
        self.tags = queue.tags
        self.attributes = queue.attributes.shown()
        self.lambda_event_source_mappings: dict[str, Any] = {}


class SqsForMoto(SQSBackend):  # type: ignore[misc]
    """moto's SQS backend, with the queues of `sqs`."""

    sqs: Sqs

    def __init__(self, region_name: str, account_id: str):
        BaseBackend.__init__(self, region_name, account_id)

    @property
    def queues(self) -> dict[str, QueueForMoto]:
        with self.sqs.lock:
            return {queue.name: QueueForMoto(queue) for queue in self.sqs.queues(self.region_name)}

    def get_queue(self, queue_name: str) -> QueueForMoto:
        with self.sqs.lock:
            return QueueForMoto(self._queue(queue_name))

    def get_queue_attributes(self, queue_name: str, attribute_names: list[str]) -> dict[str, str]:
        attributes = self.get_queue(queue_name).attributes
        return {k: v for k, v in attributes.items() if "All" in attribute_names or k in attribute_names}

    def send_message(
        self,
        queue_name: str,
        message_body: str,
        message_attributes: Mapping[str, Any] | None = None,
        delay_seconds: int | None = None,
        deduplication_id: str | None = None,
        group_id: str | None = None,
        system_attributes: Mapping[str, Any] | None = None,
        validate_group_id: bool = True,
    ) -> dict[str, Any]:
        """Raises moto's QueueDoesNotExist for a missing queue, SqsError if the queue refuses the message."""
        fifo = self.get_queue(queue_name).fifo_queue
        request = {
            "QueueUrl": queue_name,
            "MessageBody": message_body,
            "MessageAttributes": {name: _decoded(a) for name, a in (message_attributes or {}).items()},
            "MessageSystemAttributes": system_attributes or {},
            "DelaySeconds": delay_seconds,
            "MessageGroupId": group_id,
            "MessageDeduplicationId": deduplication_id if fifo else None,  # a FIFO topic may feed a standard queue
        }
        context = Context("SendMessage", region=self.region_name, caller=_sender.get())
        return self.sqs.call(context, {name: value for name, value in request.items() if value is not None})

    def _queue(self, name: str) -> Queue:
        try:
            return self.sqs.queue_by_name(self.region_name, name)
        except SqsError:
            raise QueueDoesNotExist from None


def _decoded(attribute: Mapping[str, Any]) -> dict[str, Any]:
    """moto's SNS leaves binary values in base64."""
    binary = attribute.get("BinaryValue")
    return {**attribute, "BinaryValue": base64.b64decode(binary)} if isinstance(binary, str) else dict(attribute)


def install(sqs: Sqs) -> None:
    """From now on, in this process, moto's services find the queues of `sqs`. May be called again with another."""
    sqs_backends.backend = type("SqsForMoto", (SqsForMoto,), {"sqs": sqs})
    sqs_backends.clear()
