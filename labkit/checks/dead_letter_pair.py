"""Exercise 4.1: a queue and its dead-letter queue, judged by what they do with a message that nobody can process."""

from __future__ import annotations

import itertools
import json
from typing import Any

from botocore.exceptions import ClientError

from labkit.checks.exercise import Broken, Exercise
from labkit.checks.trial import Trial

make_queues = Exercise("4.1", "make_queues", ("name", "tries", "fifo"))

DAY = 86_400  # seconds
_numbers = itertools.count(1)  # each pair needs a name of its own


class Pair:
    """What the function made, and what can be done with it."""

    def __init__(self, trial: Trial, tries: int, **fifo: bool) -> None:
        self.sqs, self.aws = trial.aws.client("sqs"), trial.aws
        self.name = f"orders-{next(_numbers)}"
        answer = trial.call(self.name, tries, *fifo.values(), returns=(tuple, list))
        if len(answer) != 2 or not all(isinstance(url, str) for url in answer):
            raise Broken("not_two", got=answer)
        self.queue, self.dead = answer
        self.group = {"MessageGroupId": "ana"} if fifo else {}

    def send(self, body: str) -> None:
        self.sqs.send_message(QueueUrl=self.queue, MessageBody=body, **self.group)

    def receive(self) -> Any:
        """Receive and give back at once."""
        return self.sqs.receive_message(QueueUrl=self.queue, VisibilityTimeout=0).get("Messages", [])

    def waiting(self, queue_url: str) -> int:
        name = "ApproximateNumberOfMessages"
        return int(self.sqs.get_queue_attributes(QueueUrl=queue_url, AttributeNames=[name])["Attributes"][name])


@make_queues.holds
def two_queues(trial: Trial) -> None:
    pair = Pair(trial, 3)
    for url in (pair.queue, pair.dead):
        try:
            pair.waiting(url)
        except ClientError:
            raise Broken("no_queue", url=url.rpartition("/")[2]) from None
    if pair.queue.rpartition("/")[2] != pair.name:
        raise Broken("other_name", got=pair.queue.rpartition("/")[2], wanted=pair.name)
    if pair.queue == pair.dead:
        raise Broken("same")


@make_queues.holds
def moves_after_the_tries(trial: Trial) -> None:
    for tries in (1, 3):
        pair = Pair(trial, tries)
        pair.send("2: nothing")
        received = 0
        while pair.receive():
            received += 1
            if received > tries:
                raise Broken("stays", tries=tries)
        if received < tries or not pair.waiting(pair.dead):
            raise Broken("too_early" if pair.waiting(pair.dead) else "elsewhere", tries=tries, received=received)


@make_queues.holds
def keeps(trial: Trial) -> None:
    pair = Pair(trial, 1)
    pair.send("2: nothing")
    trial.aws.wait(4 * DAY - 3600)
    if not pair.waiting(pair.queue):
        raise Broken("queue_forgets")
    for _ in range(2):
        pair.receive()
    trial.aws.wait(7 * DAY - 3600)
    if not pair.waiting(pair.dead):
        raise Broken("dead_forgets")
    pair.send("5: nothing")
    trial.aws.wait(4 * DAY + 3600)
    if pair.waiting(pair.queue):
        raise Broken("queue_keeps")


@make_queues.holds
def nobody_else(trial: Trial) -> None:
    pair = Pair(trial, 3)
    arn = pair.sqs.get_queue_attributes(QueueUrl=pair.dead, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    policy = json.dumps({"deadLetterTargetArn": arn, "maxReceiveCount": 3})
    try:
        pair.sqs.create_queue(QueueName=f"other-than-{pair.name}", Attributes={"RedrivePolicy": policy})
    except ClientError:
        return
    raise Broken("anybody")


@make_queues.holds
def fifo(trial: Trial) -> None:
    pair = Pair(trial, 1, fifo=True)
    if pair.queue.rpartition("/")[2] != f"{pair.name}.fifo":
        raise Broken("other_name", got=pair.queue.rpartition("/")[2], wanted=f"{pair.name}.fifo")
    try:
        for _ in range(2):
            pair.send("2: nothing")
    except ClientError as error:
        raise Broken("refused", error=error.response["Error"]["Message"]) from None
    for _ in range(2):
        pair.receive()
    if not pair.waiting(pair.dead):
        raise Broken("stays")
