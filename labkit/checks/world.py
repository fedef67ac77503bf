"""What a student's function is tried in: a fresh queue and table, and a handler that remembers what it was given."""

from __future__ import annotations

import itertools
import json
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from labkit.checks.keyed_tables import Tables
from labkit.embedded.in_process import InProcessAws
from labkit.explore import effect
from labkit.texts import explore as texts

VISIBILITY_TIMEOUT = 30  # seconds; the default of SQS, see CreateQueue
_numbers = itertools.count(1)  # the queues of one AWS need names of their own


@dataclass(frozen=True)
class Outcome:
    """What a run left behind. `handled`: how often each text was handled to its end."""

    items: Mapping[str, Mapping[str, str]]  # by id
    handled: Counter[str]
    left: int  # messages still in the queue, in flight or not

    def state(self, message_id: str) -> str:
        """The state that the table has for a message; empty if it has none."""
        return self.items.get(message_id, {}).get("state", "")


class World:
    """A queue and a table of their own. The table's key is `id`; a message's body is JSON with `id` and `text`."""

    def __init__(self, aws: InProcessAws, **attributes: str) -> None:
        """`attributes` are the queue's, besides its visibility timeout."""
        self.aws = aws
        self.handled: list[str] = []
        self.fails: Callable[[str], bool] = lambda text: False  # whether handling this text raises
        self._sqs, self._tables = aws.client("sqs"), Tables(aws)
        number = next(_numbers)
        fifo = ".fifo" if attributes.get("FifoQueue") == "true" else ""
        self.table_name = self._tables.create("id")
        self.queue_url = self._sqs.create_queue(
            QueueName=f"queue-{number}{fifo}", Attributes={"VisibilityTimeout": str(VISIBILITY_TIMEOUT), **attributes}
        )["QueueUrl"]

    def handle(self, text: str) -> None:
        """The work that a message asks for: something in the world outside, for example an e-mail."""

        def do() -> None:
            if self.fails(text):
                raise ValueError(f"cannot handle {text!r}")
            self.handled.append(text if isinstance(text, str) else repr(text))  # a whole message, for example

        effect("handle", repr(text), do)

    def put_pending(self, message_id: str, text: str, **more: str) -> None:
        """What `send` wrote into the table."""
        sent_at = self.aws.now().isoformat(timespec="milliseconds")
        item = {"id": message_id, "text": text, "state": "pending", "sent_at": sent_at, "day": sent_at[:10], **more}
        self._tables.put(self.table_name, {name: {"S": value} for name, value in item.items()})

    def send_body(self, body: str, **parameters: Any) -> str:
        """A message with this body; the id that SQS gave it."""
        return str(self._sqs.send_message(QueueUrl=self.queue_url, MessageBody=body, **parameters)["MessageId"])

    def receive(self, number: int = 10) -> list[Any]:
        answer = self._sqs.receive_message(QueueUrl=self.queue_url, MaxNumberOfMessages=number)
        return list(answer.get("Messages", []))

    def delete(self, message: Any) -> None:
        self._sqs.delete_message(QueueUrl=self.queue_url, ReceiptHandle=message["ReceiptHandle"])

    def send(self, *texts: str) -> list[str]:
        """Messages as they are once they are sent: pending in the table, and waiting in the queue. Their ids."""
        ids = [f"m-{number}" for number in range(1, len(texts) + 1)]
        for message_id, text in zip(ids, texts, strict=True):
            self.put_pending(message_id, text)
            self.send_body(json.dumps({"id": message_id, "text": text}))
        return ids

    def wait(self, seconds: float = VISIBILITY_TIMEOUT + 1) -> None:
        self.aws.wait(seconds)

    def items(self) -> dict[str, dict[str, str]]:
        """The table's items by id, each attribute as text."""
        found = self._tables.items(self.table_name)
        return {item["id"]["S"]: {name: str(*value.values()) for name, value in item.items()} for item in found}

    def counts(self) -> tuple[int, int]:
        """How many messages wait (or are delayed), and how many are in flight."""
        names = ["", "Delayed", "NotVisible"]
        found = self._sqs.get_queue_attributes(
            QueueUrl=self.queue_url, AttributeNames=[f"ApproximateNumberOfMessages{name}" for name in names]
        )["Attributes"]
        waiting, delayed, in_flight = (int(found[f"ApproximateNumberOfMessages{name}"]) for name in names)
        return waiting + delayed, in_flight

    def settled(self) -> bool:
        """Whether nothing is left to do for a consumer: the queue is empty."""
        return not any(self.counts())

    def lanes(self) -> dict[str, str]:
        """What an onlooker sees: where the message is, and what the table says of it."""
        waiting, in_flight = self.counts()
        queue = [texts.WAITING.format(number=waiting)] * bool(waiting)
        queue += [texts.IN_FLIGHT.format(number=in_flight)] * bool(in_flight)
        states = [item.get("state", "") for _, item in sorted(self.items().items())]
        return {texts.QUEUE: ", ".join(queue) or texts.EMPTY, texts.TABLE: ", ".join(states) or texts.EMPTY}

    def outcome(self) -> Outcome:
        return Outcome(self.items(), Counter(self.handled), sum(self.counts()))


def json_object(body: str) -> dict[str, Any] | None:
    """What is in a body; None if that is no JSON object."""
    try:
        content = json.loads(body)
    except ValueError:
        return None
    return content if isinstance(content, dict) else None
