"""The clock of the embedded AWS: it moves, and what it moves moves with it."""

import threading
import time
from datetime import timedelta
from typing import Any

import boto3
import pytest

import labkit

pytestmark = pytest.mark.usefixtures("empty_lab")  # days pass here


@pytest.fixture
def queue_url(lab: labkit.Lab) -> str:
    sqs = boto3.client("sqs")
    url: str = sqs.create_queue(QueueName=f"wait-{time.monotonic_ns()}")["QueueUrl"]
    return url


@pytest.mark.parametrize(
    ("given", "moved"),
    [
        ({"seconds": 31}, timedelta(seconds=31)),
        ({"minutes": 5}, timedelta(minutes=5)),
        ({"hours": 0.5, "seconds": 1.5}, timedelta(seconds=1801.5)),
        ({"days": 4}, timedelta(days=4)),
    ],
    ids=str,
)
def test_time_passes_for_aws_and_not_for_us(lab: labkit.Lab, given: dict[str, float], moved: timedelta) -> None:
    before, here = lab.now(), time.monotonic()
    lab.wait(**given)
    passed = lab.now() - before
    assert moved <= passed < moved + timedelta(seconds=time.monotonic() - here + 0.5)


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({}, "some time"),
        ({"seconds": 0}, "some time"),
        ({"minutes": 5, "seconds": -300}, "some time"),
        ({"seconds": -1}, "forward only"),
        ({"hours": "2"}, "takes numbers"),
        ({"seconds": None}, "takes numbers"),
        ({"days": float("nan")}, "takes numbers"),
        ({"days": float("inf")}, "at most 400 days"),
        ({"days": 401}, "at most 400 days"),
        ({"days": 10**400}, "at most 400 days"),
    ],
    ids=lambda value: str(value)[:24],
)
def test_other_waits_are_refused_in_a_sentence_and_the_clock_stays(
    lab: labkit.Lab, given: dict[str, Any], says: str
) -> None:
    before = lab.now()
    with pytest.raises(labkit.LabError, match=says):
        lab.wait(**given)
    assert lab.now() - before < timedelta(seconds=10)


def test_visibility_follows(lab: labkit.Lab, queue_url: str) -> None:
    sqs = boto3.client("sqs")
    sqs.send_message(QueueUrl=queue_url, MessageBody="order")
    sqs.receive_message(QueueUrl=queue_url)
    assert "Messages" not in sqs.receive_message(QueueUrl=queue_url)
    lab.wait(seconds=31)
    assert len(sqs.receive_message(QueueUrl=queue_url)["Messages"]) == 1


def test_retention_follows(lab: labkit.Lab, queue_url: str) -> None:
    sqs = boto3.client("sqs")
    sqs.send_message(QueueUrl=queue_url, MessageBody="order")
    lab.wait(days=4, seconds=1)
    assert "Messages" not in sqs.receive_message(QueueUrl=queue_url)


def test_the_deduplication_window_follows(lab: labkit.Lab) -> None:
    sqs = boto3.client("sqs")
    attributes = {"FifoQueue": "true"}
    url = sqs.create_queue(QueueName=f"w-{time.monotonic_ns()}.fifo", Attributes=attributes)["QueueUrl"]
    for _ in range(2):
        for _ in range(2):
            sqs.send_message(QueueUrl=url, MessageBody="x", MessageGroupId="g", MessageDeduplicationId="same")
        lab.wait(minutes=5, seconds=1)
    assert len(sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10)["Messages"]) == 2


def test_a_long_poll_that_waits_wakes(lab: labkit.Lab, queue_url: str) -> None:
    sqs = boto3.client("sqs")
    sqs.send_message(QueueUrl=queue_url, MessageBody="late", DelaySeconds=900)
    answers: list[Any] = []

    def poll() -> None:
        answers.append(sqs.receive_message(QueueUrl=queue_url, WaitTimeSeconds=20))

    poller = threading.Thread(target=poll)
    start = time.monotonic()
    poller.start()
    time.sleep(0.3)
    lab.wait(minutes=15)
    poller.join(15)
    assert [m["Body"] for m in answers[0]["Messages"]] == ["late"]
    assert time.monotonic() - start < 15


def test_requests_signed_with_this_machines_clock_stay_valid(lab: labkit.Lab) -> None:
    lab.wait(days=399)
    assert boto3.client("sts").get_caller_identity()["Account"] == lab.account


def test_waits_at_the_same_time_add_up(lab: labkit.Lab) -> None:
    before = lab.now()
    waits = [threading.Thread(target=lab.wait, kwargs={"hours": 1}) for _ in range(8)]
    for thread in waits:
        thread.start()
    for thread in waits:
        thread.join()
    assert timedelta(hours=8) <= lab.now() - before < timedelta(hours=8, minutes=1)
