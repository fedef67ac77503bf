"""Where moto's other services reach our queues. When a new moto breaks one of these, `moto_backend` is the place."""

import inspect
from collections.abc import Iterator
from typing import Any

import pytest
from moto.core.base_backend import BackendDict
from moto.sqs.exceptions import QueueDoesNotExist
from moto.sqs.models import SQSBackend, sqs_backends
from sqs_kit import Queues

from labkit.embedded.access.callers import Caller
from labkit.embedded.sqs import moto_backend

ACCOUNT = "123456789012"


@pytest.fixture
def queues() -> Iterator[Queues]:
    queues = Queues()
    moto_backend.install(queues.sqs)
    yield queues
    sqs_backends.backend = SQSBackend
    sqs_backends.clear()


@pytest.fixture
def backend(queues: Queues) -> Any:
    return sqs_backends[ACCOUNT]["us-east-1"]


def test_moto_still_makes_backends_from_the_class_that_we_set() -> None:
    assert "backend" in inspect.signature(BackendDict.__init__).parameters
    assert "self.backend" in inspect.getsource(BackendDict._create_account_specific_backend), (
        "BackendDict no longer takes its backends' class from the attribute `backend`, which `install` sets"
    )


@pytest.mark.parametrize("method", ["get_queue", "get_queue_attributes", "send_message"])
def test_moto_still_calls_a_backend_as_ours_can_be_called(method: str) -> None:
    theirs = inspect.signature(getattr(SQSBackend, method)).parameters
    ours = inspect.signature(getattr(moto_backend.SqsForMoto, method)).parameters
    assert list(ours) == list(theirs), f"SQSBackend.{method} has other parameters than SqsForMoto.{method}"


def test_moto_finds_our_queues(queues: Queues, backend: Any) -> None:
    url = queues.make(fifo=True)
    found = backend.get_queue("q1.fifo")
    assert (found.name, found.fifo_queue, found.queue_arn) == ("q1.fifo", True, queues.arn(url))
    assert list(backend.queues) == ["q1.fifo"]
    assert backend.get_queue_attributes("q1.fifo", ["ContentBasedDeduplication"]) == {
        "ContentBasedDeduplication": "true"
    }


def test_moto_gets_its_own_exception_for_a_queue_that_is_missing(backend: Any) -> None:
    for call in (lambda: backend.get_queue("missing"), lambda: backend.send_message("missing", "body")):
        with pytest.raises(QueueDoesNotExist):
            call()


def test_what_moto_sends_arrives(queues: Queues, backend: Any) -> None:
    url = queues.make()
    attributes = {
        "name": {"DataType": "String", "StringValue": "value"},
        "data": {"DataType": "Binary", "BinaryValue": "AAE="},
    }
    caller = Caller.for_service("s3.amazonaws.com", source_arn=f"arn:aws:s3:::{ACCOUNT}:bucket")
    with moto_backend.sending_as(caller):
        backend.send_message("q1", "body", message_attributes=attributes)
    (message,) = queues.receive(url, MessageAttributeNames=["All"])
    assert message["Body"] == "body"
    assert message["MessageAttributes"]["data"]["BinaryValue"] == b"\x00\x01"
    assert message["Attributes"]["SenderId"] == caller.principal_id


def test_a_fifo_topic_may_feed_a_standard_queue(queues: Queues, backend: Any) -> None:
    url = queues.make()
    backend.send_message("q1", "body", deduplication_id="id", group_id="g", validate_group_id=False)
    assert queues.bodies(url) == ["body"]


def test_regions_are_apart(queues: Queues, backend: Any) -> None:
    queues.make()
    with pytest.raises(QueueDoesNotExist):
        sqs_backends[ACCOUNT]["eu-west-1"].get_queue("q1")
