"""Many consumers on one queue: none lost, none delivered twice while it is in flight, none left over."""

import sys
import threading
from collections.abc import Iterator

import pytest
from sqs_kit import Queues, in_threads

MESSAGES = 600
CONSUMERS = 16


@pytest.fixture(autouse=True)
def _restless_threads() -> Iterator[None]:
    """Let threads interrupt each other all the time."""
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(interval)


@pytest.mark.parametrize("fifo", [False, True], ids=["standard", "fifo"])
def test_sixteen_consumers(fifo: bool) -> None:
    queues = Queues()
    url = queues.make(fifo=fifo)
    for number in range(MESSAGES):
        queues.send(url, str(number), group=f"g{number % 20}" if fifo else None)
    queues.sqs.lock.release()
    guard = threading.Lock()
    in_flight: set[str] = set()
    done: list[int] = []
    faults: list[str] = []

    def consume() -> None:
        while len(done) < MESSAGES:
            received = queues.receive(url, 3)
            with guard:
                bodies = {message["Body"] for message in received}
                faults.extend(f"{body} delivered twice while in flight" for body in bodies & in_flight)
                in_flight.update(bodies)
            for message in received:
                with guard:
                    in_flight.discard(message["Body"])
                    done.append(int(message["Body"]))
                queues.call("DeleteMessage", url, ReceiptHandle=message["ReceiptHandle"])

    in_threads(CONSUMERS, consume)
    assert faults == []
    assert sorted(done) == list(range(MESSAGES))
    assert queues.counts(url) == (0, 0, 0)
    if fifo:
        for group in range(20):
            of_group = [number for number in done if number % 20 == group]
            assert of_group == sorted(of_group)
