"""What one client does, in a process of its own, for `clients`."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Mapping
from typing import Any

from benchmarks.serve import BODY
from benchmarks.servers import client

_meeting: Mapping[int, Any] = {}  # by the number of clients, the barrier at which they wait for each other
_producers_done: Any = None  # an event


def join(meeting: Mapping[int, Any], producers_done: Any) -> None:
    """To be called once in each process."""
    global _meeting, _producers_done
    _meeting, _producers_done = meeting, producers_done


def work_on_queue(clients: int, seconds: float, endpoint_url: str, url: str) -> int:
    """Send, receive, delete, again and again; the number of calls."""
    sqs = client("sqs", endpoint_url)

    def cycle() -> int:
        sqs.send_message(QueueUrl=url, MessageBody=BODY)
        received = sqs.receive_message(QueueUrl=url).get("Messages", [])
        for message in received:
            sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
        return 2 + len(received)

    return _repeat(clients, seconds, cycle)


def work_on_table(clients: int, seconds: float, endpoint_url: str, table: str) -> int:
    """Put and get, again and again; the number of calls."""
    dynamodb = client("dynamodb", endpoint_url)
    key = {"pk": {"S": str(os.getpid())}, "sk": {"S": "own"}}  # one for all would be throttled

    def cycle() -> int:
        dynamodb.put_item(TableName=table, Item=key)
        dynamodb.get_item(TableName=table, Key=key)
        return 2

    return _repeat(clients, seconds, cycle)


def produce(clients: int, endpoint_url: str, url: str, first: int, count: int) -> float:
    """Send the numbers from `first` on, in batches of ten; when this began."""
    sqs = client("sqs", endpoint_url)
    _meeting[clients].wait()
    start = time.monotonic()  # the same for all processes
    for number in range(first, first + count, 10):
        entries = [{"Id": str(n), "MessageBody": str(n)} for n in range(number, number + 10)]
        sqs.send_message_batch(QueueUrl=url, Entries=entries)
    return start


def consume(clients: int, endpoint_url: str, url: str) -> tuple[list[int], float]:
    """Receive and delete until the producers are done and nothing comes any more; what came, and until when."""
    sqs = client("sqs", endpoint_url)
    came: list[int] = []
    _meeting[clients].wait()
    last = time.monotonic()
    while True:
        done = _producers_done.is_set()
        received = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10, WaitTimeSeconds=1).get("Messages", [])
        if received:
            came += [int(message["Body"]) for message in received]
            handles = [{"Id": m["MessageId"], "ReceiptHandle": m["ReceiptHandle"]} for m in received]
            sqs.delete_message_batch(QueueUrl=url, Entries=handles)
            last = time.monotonic()
        elif done:
            return came, last


def _repeat(clients: int, seconds: float, cycle: Callable[[], int]) -> int:
    cycle()  # opens the connection, and makes boto3 read what it reads once
    _meeting[clients].wait()
    calls = 0
    end = time.perf_counter() + seconds
    while time.perf_counter() < end:
        calls += cycle()
    return calls
