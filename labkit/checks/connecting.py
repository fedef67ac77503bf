"""Exercise 5.2: a queue connected to a topic, judged by which messages arrive in it."""

from __future__ import annotations

import itertools
import json
from collections.abc import Mapping, Sequence
from typing import Any

import boto3

from labkit.checks.access_world import denial, queue_arn
from labkit.checks.exercise import Broken, Exercise
from labkit.checks.trial import Trial

connect = Exercise("5.2", "connect", ("topic_arn", "queue_url"))

MESSAGE = '{"kind": "user", "event": "created"}'
_numbers = itertools.count(1)


class Wiring:
    """A topic and a queue, which the student's function connects, and other topics that have the queue subscribed."""

    def __init__(self, trial: Trial) -> None:
        self.sqs, self.sns, self._trial = trial.aws.client("sqs"), trial.aws.client("sns"), trial
        self.name = f"events-{next(_numbers)}"
        self.topic = self.make_topic()
        self.queue = self.sqs.create_queue(QueueName=f"queue-of-{self.name}")["QueueUrl"]
        self.queue_arn = queue_arn(self.queue)

    def connect(self, topic: str | None = None) -> str:
        answer: str = self._trial.call(topic or self.topic, self.queue, returns=str)
        return answer

    def make_topic(self, ending: str = "") -> str:
        """A topic whose name, and so its ARN, begins like the first one's."""
        return str(self.sns.create_topic(Name="-".join(filter(None, (self.name, ending))))["TopicArn"])

    def other_topic(self, ending: str) -> str:
        """A topic that the queue subscribes to, whether its policy lets it in or not."""
        topic = self.make_topic(ending)
        self.sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=self.queue_arn)
        return topic

    def set_policy(self, *statements: Mapping[str, Any]) -> None:
        """Each about what SNS may do for some topics: `Effect` and `Condition`."""
        about = {
            "Principal": {"Service": "sns.amazonaws.com"},
            "Action": "sqs:SendMessage",
            "Resource": self.queue_arn,
        }
        policy = {"Version": "2012-10-17", "Statement": [{**about, **statement} for statement in statements]}
        self.sqs.set_queue_attributes(QueueUrl=self.queue, Attributes={"Policy": json.dumps(policy)})

    def statements(self) -> int:
        """How many the queue's policy has."""
        attributes = self.sqs.get_queue_attributes(QueueUrl=self.queue, AttributeNames=["Policy"])["Attributes"]
        found = json.loads(attributes["Policy"])["Statement"]
        return len(found) if isinstance(found, list) else 1

    def subscriptions(self) -> list[str]:
        answer = self.sns.list_subscriptions_by_topic(TopicArn=self.topic)
        return [subscription["SubscriptionArn"] for subscription in answer["Subscriptions"]]

    def arrivals(self, topic: str) -> Sequence[str]:
        """The bodies of what is in the queue after something was published to this topic; it is taken out."""
        self.sns.publish(TopicArn=topic, Message=MESSAGE)
        bodies: list[str] = []
        while found := self.sqs.receive_message(QueueUrl=self.queue, MaxNumberOfMessages=10).get("Messages"):
            bodies += [message["Body"] for message in found]
            for message in found:
                self.sqs.delete_message(QueueUrl=self.queue, ReceiptHandle=message["ReceiptHandle"])
        return bodies

    def stranger_may_send(self) -> bool:
        """Whether a user whom no policy of its own allows anything can send to the queue."""
        iam = boto3.client("iam")
        iam.create_user(UserName=self.name)
        key = iam.create_access_key(UserName=self.name)["AccessKey"]
        theirs = boto3.client("sqs", aws_access_key_id=key["AccessKeyId"], aws_secret_access_key=key["SecretAccessKey"])
        return not denial(theirs.send_message, QueueUrl=self.queue, MessageBody="x")


@connect.holds
def arrives(trial: Trial) -> None:
    wiring = Wiring(trial)
    wiring.connect()
    _expect_one(wiring)


@connect.holds
def returns_arn(trial: Trial) -> None:
    wiring = Wiring(trial)
    answer = wiring.connect()
    if [answer] != wiring.subscriptions():
        raise Broken("other", got=answer, arns=", ".join(wiring.subscriptions()))


@connect.holds
def only_this_topic(trial: Trial) -> None:
    wiring = Wiring(trial)
    other = wiring.other_topic("of-others")
    wiring.connect()
    if wiring.arrivals(other):
        raise Broken("let_in", other=other, topic=wiring.topic)
    if wiring.stranger_may_send():
        raise Broken("stranger")


@connect.holds
def keeps_policy(trial: Trial) -> None:
    wiring = Wiring(trial)
    earlier, banned = wiring.other_topic("earlier"), wiring.other_topic("earlier-banned")
    wiring.set_policy(
        {"Effect": "Allow", "Condition": {"ArnLike": {"aws:SourceArn": f"{earlier}*"}}},
        {"Effect": "Deny", "Condition": {"ArnEquals": {"aws:SourceArn": banned}}},
    )
    wiring.connect()
    if not wiring.arrivals(earlier):
        raise Broken("lost", earlier=earlier)
    if wiring.arrivals(banned):
        raise Broken("denial_lost", banned=banned)
    _expect_one(wiring)


@connect.holds
def two_topics(trial: Trial) -> None:
    wiring = Wiring(trial)
    second = wiring.make_topic("second")
    for topic in (wiring.topic, second):
        wiring.connect(topic)
    for which, topic in (("first", wiring.topic), ("second", second)):
        if len(wiring.arrivals(topic)) != 1:
            raise Broken("silent", which=which)


@connect.holds
def again(trial: Trial) -> None:
    wiring = Wiring(trial)
    first = wiring.connect()
    statements = wiring.statements()
    second = wiring.connect()
    if [first] != wiring.subscriptions() or second != first:
        raise Broken("subscription", first=first, second=second)
    if wiring.statements() > statements:
        raise Broken("statement", before=statements, after=wiring.statements())
    _expect_one(wiring)


def _expect_one(wiring: Wiring) -> None:
    """Raises Broken unless what is published to the topic arrives once, as it is."""
    bodies = wiring.arrivals(wiring.topic)
    if not bodies:
        raise Broken("not_there", subscriptions=len(wiring.subscriptions()))
    if len(bodies) > 1:
        raise Broken("number", got=len(bodies))
    if bodies != [MESSAGE]:
        raise Broken("not_raw", message=MESSAGE, body=bodies[0][:60] + "…")
