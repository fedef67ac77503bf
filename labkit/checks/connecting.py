"""Exercise 5.2: a queue connected to a topic, judged by which messages arrive in it."""

from __future__ import annotations

import itertools
import json
from collections.abc import Mapping, Sequence
from typing import Any

import boto3

from labkit.checks.access_world import denial, queue_arn
from labkit.checks.exercise import Broken, Exercise
from labkit.checks.trial import Trial, shown
from labkit.checks.world import World

connect = Exercise("5.2", "connect", ("topic_arn", "queue_url"))

MESSAGE = '{"kind": "user", "event": "created"}'
_numbers = itertools.count(1)


class Wiring(World):
    """A topic and a queue, which the student's function connects, and other topics that have the queue subscribed."""

    def __init__(self, trial: Trial) -> None:
        super().__init__(trial.aws)
        self._trial, self._sns = trial, trial.aws.client("sns")
        self.name = f"events-{next(_numbers)}"
        self.topic = self.make_topic()
        self.queue_arn = queue_arn(self.queue_url)

    def connect(self, topic: str | None = None) -> str:
        answer: str = self._trial.call(topic or self.topic, self.queue_url, returns=str)
        return answer

    def make_topic(self, ending: str = "") -> str:
        """A topic whose name, and so its ARN, begins like the first one's."""
        return str(self._sns.create_topic(Name="-".join(filter(None, (self.name, ending))))["TopicArn"])

    def other_topic(self, ending: str) -> str:
        """A topic that the queue subscribes to, whether its policy lets it in or not."""
        topic = self.make_topic(ending)
        self._sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=self.queue_arn)
        return topic

    def set_policy(self, *statements: Mapping[str, Any]) -> None:
        """Each about what SNS may do for some topics: `Effect` and `Condition`."""
        about = {
            "Principal": {"Service": "sns.amazonaws.com"},
            "Action": "sqs:SendMessage",
            "Resource": self.queue_arn,
        }
        policy = {"Version": "2012-10-17", "Statement": [{**about, **statement} for statement in statements]}
        self._sqs.set_queue_attributes(QueueUrl=self.queue_url, Attributes={"Policy": json.dumps(policy)})

    def statements(self) -> int:
        """How many the queue's policy has."""
        answer = self._sqs.get_queue_attributes(QueueUrl=self.queue_url, AttributeNames=["Policy"])
        policy = answer.get("Attributes", {}).get("Policy")
        found = json.loads(policy)["Statement"] if policy else []
        return len(found) if isinstance(found, list) else 1

    def subscriptions(self) -> list[str]:
        answer = self._sns.list_subscriptions_by_topic(TopicArn=self.topic)
        return [subscription["SubscriptionArn"] for subscription in answer["Subscriptions"]]

    def arrivals(self, topic: str) -> Sequence[str]:
        """The bodies of what is in the queue after something was published to this topic; it is taken out."""
        self._sns.publish(TopicArn=topic, Message=MESSAGE)
        bodies: list[str] = []
        while found := self.receive():
            for message in found:
                bodies.append(message["Body"])
                self.delete(message)
        return bodies

    def stranger_may_send(self) -> bool:
        """Whether a user whom no policy of its own allows anything can send to the queue."""
        iam = boto3.client("iam")
        iam.create_user(UserName=self.name)
        key = iam.create_access_key(UserName=self.name)["AccessKey"]
        theirs = boto3.client("sqs", aws_access_key_id=key["AccessKeyId"], aws_secret_access_key=key["SecretAccessKey"])
        return not denial(theirs.send_message, QueueUrl=self.queue_url, MessageBody="x")


@connect.holds
def arrives(trial: Trial) -> None:
    wiring = Wiring(trial)
    wiring.connect()
    bodies = wiring.arrivals(wiring.topic)
    if not bodies:
        raise Broken("not_there", subscriptions=len(wiring.subscriptions()))
    if len(bodies) > 1:
        raise Broken("number", got=len(bodies))
    if bodies != [MESSAGE]:
        raise Broken("not_raw", message=MESSAGE, body=shown(bodies[0]))


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
        raise Broken("let_in", other=_name(other), topic=wiring.name)
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
        raise Broken("lost", earlier=_name(earlier))
    if wiring.arrivals(banned):
        raise Broken("denial_lost", banned=_name(banned))
    if wiring.arrivals(wiring.topic) != [MESSAGE]:
        raise Broken("not_let_in")


@connect.holds
def two_topics(trial: Trial) -> None:
    wiring = Wiring(trial)
    second = wiring.make_topic("second")
    for topic in (wiring.topic, second):
        wiring.connect(topic)
    for which, topic in (("first", wiring.topic), ("second", second)):
        if (got := len(wiring.arrivals(topic))) != 1:
            raise Broken("number", which=which, got=got)


@connect.holds
def again(trial: Trial) -> None:
    wiring = Wiring(trial)
    first = wiring.connect()
    statements = wiring.statements()
    second = wiring.connect()
    if second != first:
        raise Broken("subscription", first=first, second=second)
    if wiring.statements() > statements:
        raise Broken("statement", before=statements, after=wiring.statements())
    if wiring.arrivals(wiring.topic) != [MESSAGE]:
        raise Broken("stopped")


def _name(topic: str) -> str:
    return topic.rpartition(":")[2]
