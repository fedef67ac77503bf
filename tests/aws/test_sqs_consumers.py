"""SQS: many consumers at once. With moto's own queues this lost messages and delivered some twice."""

import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import boto3
import pytest
from behaviours import behaviour
from botocore.config import Config
from sqs_calls import API, GUIDE, MakeQueue, QueueUnderTest

MESSAGES = 150
CONSUMERS = 16


def fill(sqs: Any, queue: QueueUnderTest, messages: int, groups: int | None) -> None:
    for first in range(0, messages, 10):
        entries = [{"Id": str(number), "MessageBody": str(number)} for number in range(first, first + 10)]
        if groups:
            for entry in entries:
                entry["MessageGroupId"] = f"g{int(entry['Id']) % groups}"
        sqs.send_message_batch(QueueUrl=queue.url, Entries=entries)


def consume(queue: QueueUnderTest, messages: int) -> tuple[list[str], Counter[str]]:
    """What sixteen consumers delete, in that order, and how often each message was received while it was in flight."""
    client = boto3.client("sqs", config=Config(max_pool_connections=CONSUMERS))
    guard = threading.Lock()
    in_flight: set[str] = set()
    twice: Counter[str] = Counter()
    done: list[str] = []

    def work() -> None:
        while len(set(done)) < messages:
            answer = client.receive_message(QueueUrl=queue.url, MaxNumberOfMessages=3, WaitTimeSeconds=1)
            for message in answer.get("Messages", []):
                with guard:
                    twice.update({message["Body"]} & in_flight)
                    in_flight.add(message["Body"])
            for message in answer.get("Messages", []):
                with guard:
                    in_flight.discard(message["Body"])
                    done.append(message["Body"])
                client.delete_message(QueueUrl=queue.url, ReceiptHandle=message["ReceiptHandle"])

    with ThreadPoolExecutor(CONSUMERS) as threads:
        for worker in [threads.submit(work) for _ in range(CONSUMERS)]:
            worker.result()
    return done, twice


@behaviour(
    "std.consumers",
    "Of many consumers, one at a time has a message; none is lost, none is left over (AWS: at least once)",
    source=GUIDE + "sqs-visibility-timeout.html",
)
@behaviour(
    "fifo.consumers",
    "And the order within each group holds",
    source=API + "ReceiveMessage.html",
)
@pytest.mark.parametrize("groups", [None, 10], ids=["standard", "fifo"])
def test_sixteen_consumers(sqs: Any, queue: MakeQueue, groups: int | None) -> None:
    jobs = queue(fifo=True, ContentBasedDeduplication="true") if groups else queue()
    fill(sqs, jobs, MESSAGES, groups)
    done, twice = consume(jobs, MESSAGES)
    assert twice == {}
    assert sorted(map(int, done)) == list(range(MESSAGES))
    assert jobs.counts() == (0, 0, 0)
    for group in range(groups or 0):
        of_group = [int(body) for body in done if int(body) % (groups or 1) == group]
        assert of_group == sorted(of_group)
