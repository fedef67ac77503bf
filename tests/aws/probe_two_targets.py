"""What `test_two_targets` runs against an AWS that it cannot control. Not collected by itself."""

from collections.abc import Callable
from typing import Any

from behaviours import behaviour

import labkit


@behaviour("probe.runs", "what was sent can be received", source="SQS API, ReceiveMessage")
def test_runs(sqs: Any, make_queue: Callable[..., str]) -> None:
    url = make_queue()
    sqs.send_message(QueueUrl=url, MessageBody="x")
    assert len(sqs.receive_message(QueueUrl=url)["Messages"]) == 1


@behaviour("probe.differs", "what differs here is as AWS does it there", source="", differs="for this test")
def test_differs() -> None:
    pass


@behaviour("probe.waits", "a day is not waited for", source="")
def test_waits(lab: labkit.Lab) -> None:
    lab.wait(days=1)


def test_is_no_behaviour() -> None:
    raise AssertionError("only behaviours run against real AWS")
