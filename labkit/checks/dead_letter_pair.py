"""Exercise 4.1: a queue and its dead-letter queue, judged by what they do with a message that nobody can process."""

from __future__ import annotations

import itertools
import json
from typing import Any

from botocore.exceptions import ClientError

from labkit.checks.exercise import Broken, Exercise
from labkit.checks.trial import Trial, shown

make_queues = Exercise("4.1", "make_queues", ("name", "tries", "fifo"))

DAY = 86_400  # seconds
DAYS, DEAD_DAYS = 4, 7  # that the exercise asks for
_numbers = itertools.count(1)  # each pair needs a name of its own


class Pair:
    """What the function made, and what can be done with it. Both FIFO queues, if `fifo`."""

    def __init__(self, trial: Trial, tries: int, *, fifo: bool = False) -> None:
        self.sqs, self.aws = trial.aws.client("sqs"), trial.aws
        self.tries, self.fifo = tries, fifo
        self.name = f"orders-{next(_numbers)}"
        answer = trial.call(self.name, tries, *[True] * fifo, returns=(tuple, list))
        if len(answer) != 2 or not all(isinstance(url, str) for url in answer):
            raise Broken("type", got=shown(answer), kind=type(answer).__name__, wanted="a pair of URLs")
        self.queue, self.dead = answer
        self.names = {"queue": self.queue.rpartition("/")[2], "dead": self.dead.rpartition("/")[2]}

    def send(self, body: str, queue_url: str) -> None:
        self.sqs.send_message(QueueUrl=queue_url, MessageBody=body, **({"MessageGroupId": "ana"} if self.fifo else {}))

    def receive(self) -> Any:
        """Receive and give back at once."""
        return self.sqs.receive_message(QueueUrl=self.queue, VisibilityTimeout=0).get("Messages", [])

    def waiting(self, queue_url: str) -> int:
        return int(self.attribute(queue_url, "ApproximateNumberOfMessages"))

    def attribute(self, queue_url: str, name: Any) -> str:
        found = self.sqs.get_queue_attributes(QueueUrl=queue_url, AttributeNames=[name])
        return str(found["Attributes"][name])

    def arn(self) -> str:
        return self.attribute(self.dead, "QueueArn")


@make_queues.holds
def two_queues(trial: Trial) -> None:
    pair = Pair(trial, 3)
    for url, name in zip((pair.queue, pair.dead), pair.names.values(), strict=True):
        try:
            pair.waiting(url)
        except ClientError:
            raise Broken("no_queue", url=name) from None
    if pair.names["queue"] != pair.name:
        raise Broken("other_name", got=pair.names["queue"], wanted=pair.name)
    if pair.queue == pair.dead:
        raise Broken("same")


@make_queues.holds
def fifo_queues(trial: Trial) -> None:
    pair = Pair(trial, 3, fifo=True)
    if pair.names["queue"] != f"{pair.name}.fifo":
        raise Broken("other_name", got=pair.names["queue"], wanted=f"{pair.name}.fifo")
    for url, name in zip((pair.queue, pair.dead), pair.names.values(), strict=True):
        try:
            pair.send("1: nothing", url)
        except ClientError as error:
            raise Broken("refused", name=name, error=error.response["Error"]["Message"]) from None


@make_queues.holds
def moves_after_the_tries(trial: Trial) -> None:
    for pair in (Pair(trial, 1), Pair(trial, 3), Pair(trial, 2, fifo=True)):
        pair.send("2: nothing", pair.queue)
        received = 0
        while pair.receive():
            received += 1
            if received > pair.tries:
                raise Broken("stays", tries=pair.tries, **pair.names)
        if received < pair.tries or not pair.waiting(pair.dead):
            reason = "too_early" if pair.waiting(pair.dead) else "elsewhere"
            raise Broken(reason, tries=pair.tries, received=received, **pair.names)


@make_queues.holds
def keeps(trial: Trial) -> None:
    """Read from the queues' settings: to let days pass, minute by minute, would take seconds."""
    for pair in (Pair(trial, 1), Pair(trial, 1, fifo=True)):
        days, dead_days = (int(pair.attribute(url, "MessageRetentionPeriod")) / DAY for url in (pair.queue, pair.dead))
        if days != DAYS:
            raise Broken("queue_days", days=f"{days:g}", **pair.names)
        left = dead_days - (0 if pair.fifo else DAYS)  # a standard queue's letters bring their age
        if left < DEAD_DAYS:
            raise Broken("dead_forgets", days=f"{max(left, 0):g}", **pair.names)


@make_queues.holds
def nobody_else(trial: Trial) -> None:
    for pair in (Pair(trial, 3), Pair(trial, 3, fifo=True)):
        kind = {"FifoQueue": "true"} if pair.fifo else {}
        to_here = {"RedrivePolicy": json.dumps({"deadLetterTargetArn": pair.arn(), "maxReceiveCount": pair.tries})}
        try:
            pair.sqs.create_queue(QueueName=f"other-than-{pair.names['queue']}", Attributes={**kind, **to_here})
        except ClientError:
            pass
        else:
            raise Broken("anybody", **pair.names)
        try:
            pair.sqs.set_queue_attributes(QueueUrl=pair.queue, Attributes=to_here)
        except ClientError:
            raise Broken("nobody", **pair.names) from None
