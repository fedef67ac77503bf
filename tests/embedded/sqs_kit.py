"""Queues for tests: no server, no threads, and time that moves when told."""

import itertools
import random
import threading
from typing import Any

from labkit.embedded.sqs.context import Context
from labkit.embedded.sqs.service import Sqs


class Clock:
    def __init__(self) -> None:
        self.time = 1_800_000_000.0

    def __call__(self) -> float:
        return self.time


class Queues:
    """An `Sqs` whose calls look like boto3's: `queues.call("SendMessage", url, MessageBody="hello")`.

    The lock is held throughout, so that tests may also use a queue directly.
    """

    def __init__(self, **settings: Any) -> None:
        self.clock = Clock()
        self.sqs = Sqs(now=self.clock, rng=random.Random(0), **settings)
        self.sqs.lock.acquire()
        self._numbers = itertools.count(1)

    def wait(self, seconds: float) -> None:
        self.clock.time += seconds
        self.sqs.clock_moved()

    def call(self, action: str, url: str | None = None, **parameters: Any) -> dict[str, Any]:
        if url is not None:
            parameters["QueueUrl"] = url
        return self.sqs.call(Context(action), parameters)

    def make(self, *, fifo: bool = False, **attributes: object) -> str:
        if fifo:
            attributes = {"FifoQueue": "true", "ContentBasedDeduplication": "true", **attributes}
        name = f"q{next(self._numbers)}" + ".fifo" * fifo
        values = {key: str(value) for key, value in attributes.items()}
        return str(self.call("CreateQueue", QueueName=name, Attributes=values)["QueueUrl"])

    def arn(self, url: str) -> str:
        return str(self.call("GetQueueAttributes", url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"])

    def send(self, url: str, body: str, group: str | None = None, **more: Any) -> dict[str, Any]:
        if group is not None:
            more["MessageGroupId"] = group
        return self.call("SendMessage", url, MessageBody=body, **more)

    def receive(self, url: str, count: int = 10, **more: Any) -> list[dict[str, Any]]:
        answer = self.call("ReceiveMessage", url, MaxNumberOfMessages=count, AttributeNames=["All"], **more)
        return list(answer.get("Messages", []))

    def bodies(self, url: str, count: int = 10, **more: Any) -> list[str]:
        return [message["Body"] for message in self.receive(url, count, **more)]

    def counts(self, url: str) -> tuple[int, int, int]:
        """Visible, in flight, delayed."""
        attributes = self.call("GetQueueAttributes", url, AttributeNames=["All"])["Attributes"]
        kinds = ("", "NotVisible", "Delayed")
        visible, in_flight, delayed = (int(attributes[f"ApproximateNumberOfMessages{kind}"]) for kind in kinds)
        return visible, in_flight, delayed


def in_threads(number: int, work: Any) -> None:
    """Run `work()` in so many threads at once, and raise what any of them raised."""
    failures: list[Exception] = []

    def run() -> None:
        try:
            work()
        except Exception as error:  # noqa: BLE001 (raised below, where the test sees it)
            failures.append(error)

    threads = [threading.Thread(target=run, daemon=True) for _ in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
        assert not thread.is_alive(), "a thread hangs"
    if failures:
        raise failures[0]
