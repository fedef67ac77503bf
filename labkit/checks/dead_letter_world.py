"""A dead-letter queue, the queue that it serves, and the table of 07."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

from labkit.checks.world import World
from labkit.embedded.in_process import InProcessAws
from labkit.texts import explore as texts

TRIES = 4  # receives that the queue allows; not the lesson's number


@dataclass(frozen=True)
class Letters:
    """What a run left behind: bodies in both queues, whoever has received them, and the table's items by id."""

    dead: Counter[str]
    alive: Counter[str]
    items: Mapping[str, Mapping[str, str]]


class DeadLetterWorld(World):
    """`queue_url` is the dead-letter queue, `source_url` the queue that it serves."""

    def __init__(self, aws: InProcessAws) -> None:
        super().__init__(aws)
        self.sqs = aws.client("sqs")
        arn = self.sqs.get_queue_attributes(QueueUrl=self.queue_url, AttributeNames=["QueueArn"])
        policy = {"deadLetterTargetArn": arn["Attributes"]["QueueArn"], "maxReceiveCount": TRIES}
        self.source_url = self.sqs.create_queue(
            QueueName=f"source-of-{self.queue_url.rpartition('/')[2]}",
            Attributes={"RedrivePolicy": json.dumps(policy)},
        )["QueueUrl"]

    def let_die(self, *bodies: str, **parameters: Any) -> None:
        """Send messages that nobody can process, and receive them until they are dead letters."""
        for body in bodies:
            self.sqs.send_message(QueueUrl=self.source_url, MessageBody=body, **parameters)
        for _ in range(TRIES + 1):
            while self.sqs.receive_message(QueueUrl=self.source_url, MaxNumberOfMessages=10).get("Messages"):
                pass
            self.wait()

    def complete(self, message_id: str) -> bool:
        """What a consumer of the queue itself writes in the end, if it is still the first. Whether it was."""
        try:
            self._tables.dynamodb.update_item(
                TableName=self.table_name,
                Key={"id": {"S": message_id}},
                UpdateExpression="SET #state = :complete",
                ConditionExpression="#state = :pending",
                ExpressionAttributeNames={"#state": "state"},
                ExpressionAttributeValues={":complete": {"S": "complete"}, ":pending": {"S": "pending"}},
            )
        except ClientError:
            return False
        return True

    def waiting(self, queue_url: str) -> list[dict[str, Any]]:
        """What can be received from a queue now. They stay received."""
        found: list[dict[str, Any]] = []
        while messages := self.sqs.receive_message(
            QueueUrl=queue_url, MaxNumberOfMessages=10, MessageAttributeNames=["All"]
        ).get("Messages"):
            found += messages
        return found

    def lanes(self) -> dict[str, str]:
        seen = super().lanes()
        return {texts.DEAD_LETTERS: seen.pop(texts.QUEUE), texts.QUEUE: self._source_lane(), **seen}

    def letters(self) -> Letters:
        """Ends the world: time passes, more than any sensible visibility timeout, and all is received."""
        self.wait(3600)
        dead, alive = (Counter(m["Body"] for m in self.waiting(url)) for url in (self.queue_url, self.source_url))
        return Letters(dead, alive, self.items())

    def _source_lane(self) -> str:
        name = "ApproximateNumberOfMessages"
        found = self.sqs.get_queue_attributes(QueueUrl=self.source_url, AttributeNames=[name])["Attributes"][name]
        return texts.WAITING.format(number=found) if found != "0" else texts.EMPTY


class LettersToSendBack(DeadLetterWorld):
    """Settled when no repaired letter is left. The outcome is `Letters`."""

    def __init__(self, aws: InProcessAws, repaired: str, broken: str) -> None:
        super().__init__(aws)
        for body in (repaired, broken):
            self.sqs.send_message(QueueUrl=self.queue_url, MessageBody=body)

    def settled(self) -> bool:
        return sum(self.counts()) == 1

    def outcome(self) -> Any:
        return self.letters()


class LetterToClose(DeadLetterWorld):
    """A dead letter whose message, m-1, is pending. `visits`: how many have begun to work here."""

    def __init__(self, aws: InProcessAws) -> None:
        super().__init__(aws)
        self.visits = 0
        self.send("two tickets")
