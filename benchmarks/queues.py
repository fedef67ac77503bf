"""What a call on a queue costs, by the number of messages that wait in it."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

from benchmarks.costs import Costs, Cycles, Plan, in_rounds
from benchmarks.serve import BODY
from benchmarks.servers import Server, both, client

WAITING = (100, 1_000, 10_000, 50_000)
GROUPS = {"standard queue": 0, "FIFO queue, 1 group": 1, "FIFO queue, 1,000 groups": 1_000}


def measure(plan: Plan, groups: int, progress: Callable[[str], None]) -> Costs:
    """The costs of all calls on one kind of queue."""
    costs = Costs()
    with both() as servers:
        cycles: Cycles = {server: [] for server in servers}
        for waiting in sorted(WAITING, reverse=True):  # the largest in a server that has nothing else in its memory
            progress(f"{waiting:,} messages")
            for server in servers:
                queue = _Queue(server, waiting, groups, costs)
                costs.memory.setdefault(server.kind, queue.memory)
                if server.kind == "ours" or waiting <= plan.largest_for_stock:
                    cycles[server].append(queue.cycle)
        in_rounds(plan, cycles, progress)
    return costs


class _Queue:
    """A queue with messages in it; `memory` is how many bytes they take."""

    def __init__(self, server: Server, waiting: int, groups: int, costs: Costs) -> None:
        self._server, self._waiting, self._groups, self._costs = server, waiting, groups, costs
        self._sqs = client("sqs", server.endpoint_url)
        name, attributes = (f"q{waiting}.fifo", {"FifoQueue": "true"}) if groups else (f"q{waiting}", {})
        self._url = self._sqs.create_queue(QueueName=name, Attributes=attributes)["QueueUrl"]
        self._numbers = itertools.count()
        before = server.memory()
        server.fill(name, waiting, groups)
        self.memory = server.memory() - before

    def cycle(self) -> None:
        """Each call once. What is sent is deleted, so the queue stays as full as it is, and no group stays locked."""
        sqs = self._sqs
        self._measure("send", sqs.send_message, **self._message())
        batch = [{"Id": str(number), **self._message()} for number in range(10)]
        self._measure("send 10", sqs.send_message_batch, Entries=batch)
        one = self._measure("receive 1", sqs.receive_message)["Messages"][0]
        self._measure("delete", sqs.delete_message, ReceiptHandle=one["ReceiptHandle"])
        ten = self._measure("receive 10", sqs.receive_message, MaxNumberOfMessages=10)["Messages"]
        handles = [{"Id": message["MessageId"], "ReceiptHandle": message["ReceiptHandle"]} for message in ten]
        self._measure("delete 10", sqs.delete_message_batch, Entries=handles)
        self._measure("counts", sqs.get_queue_attributes, AttributeNames=["All"])

    def _measure(self, name: str, call: Callable[..., Any], **arguments: Any) -> Any:
        return self._costs.measure(self._server, self._waiting, name, call, QueueUrl=self._url, **arguments)

    def _message(self) -> dict[str, str]:
        if not self._groups:
            return {"MessageBody": BODY}
        number = next(self._numbers)
        return {
            "MessageBody": BODY,
            "MessageGroupId": f"g{number % self._groups}",
            "MessageDeduplicationId": f"sent-{number}",
        }
