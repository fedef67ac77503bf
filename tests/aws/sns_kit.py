"""What the SNS behaviours have in common: a topic, queues that are subscribed to it, and what arrives in them."""

import itertools
import json
import secrets
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

import pytest
from access_kit import document

import labkit

API = "https://docs.aws.amazon.com/sns/latest/api/API_"
GUIDE = "https://docs.aws.amazon.com/sns/latest/dg/"
RECORDED = "recorded on AWS by LocalStack's validated tests: "

Message = dict[str, Any]

_number = itertools.count(1)
_run = secrets.token_hex(3)


def unique(hint: str) -> str:
    return f"{hint}-{_run}-{next(_number)}"


def attribute(value: object) -> dict[str, Any]:
    """A message attribute of the type that fits the value."""
    if isinstance(value, bytes):
        return {"DataType": "Binary", "BinaryValue": value}
    if isinstance(value, list):
        return {"DataType": "String.Array", "StringValue": json.dumps(value)}
    return {"DataType": "String" if isinstance(value, str) else "Number", "StringValue": str(value)}


def attributes(values: Mapping[str, object]) -> dict[str, Any]:
    return {name: attribute(value) for name, value in values.items()}


class Inbox:
    """A queue that lets topics send to it."""

    def __init__(self, lab: labkit.Lab, sqs: Any, url: str) -> None:
        self._lab, self._sqs, self.url = lab, sqs, url
        self.arn = f"arn:aws:sqs:{lab.region}:{lab.account}:{url.rpartition('/')[2]}"

    def take(self, expected: int = 1) -> list[Message]:
        """Receive and delete what is there. On AWS wait for so many; on the embedded one all has arrived or never will."""
        embedded = self._lab.target == "embedded"
        messages: list[Message] = []
        for _ in range(1 if embedded else 2 + expected):
            answer = self._sqs.receive_message(
                QueueUrl=self.url,
                MaxNumberOfMessages=10,
                WaitTimeSeconds=0 if embedded else 5,
                AttributeNames=["All"],
                MessageAttributeNames=["All"],
            ).get("Messages", [])
            for message in answer:
                self._sqs.delete_message(QueueUrl=self.url, ReceiptHandle=message["ReceiptHandle"])
            messages += answer
            if not embedded and len(messages) > expected:
                break
        return messages

    def bodies(self, expected: int = 1) -> list[str]:
        return [message["Body"] for message in self.take(expected)]

    def envelope(self) -> Message:
        (body,) = self.bodies()
        envelope: Message = json.loads(body)
        return envelope

    def delete(self) -> None:
        self._sqs.delete_queue(QueueUrl=self.url)
        self._lab.wait(minutes=1)  # DeleteQueue: "can take up to 60 seconds"


class TopicUnderTest:
    def __init__(self, sns: Any, arn: str, make_inbox: Callable[..., Inbox]) -> None:
        self._sns, self.arn, self._make_inbox = sns, arn, make_inbox

    def publish(self, message: str = "news", **more: Any) -> Message:
        answer: Message = self._sns.publish(TopicArn=self.arn, Message=message, **more)
        return answer

    def publish_batch(self, entries: Iterable[Message]) -> Message:
        numbered = [{"Id": str(number), "Message": "news", **entry} for number, entry in enumerate(entries)]
        answer: Message = self._sns.publish_batch(TopicArn=self.arn, PublishBatchRequestEntries=numbered)
        return answer

    def subscribe(self, inbox: Inbox, raw: bool = True, **settings: Any) -> str:
        """The subscription's ARN. Settings that are no texts are written in JSON."""
        given = {name: v if isinstance(v, str) else json.dumps(v) for name, v in settings.items()}
        if raw:
            given["RawMessageDelivery"] = "true"
        return str(self.subscribe_with(Protocol="sqs", Endpoint=inbox.arn, Attributes=given)["SubscriptionArn"])

    def subscribe_with(self, **request: Any) -> Message:
        answer: Message = self._sns.subscribe(TopicArn=self.arn, **request)
        return answer

    def inbox(self, raw: bool = True, fifo: bool = False, **settings: Any) -> Inbox:
        """A new queue that is subscribed."""
        inbox = self._make_inbox(fifo=fifo)
        self.subscribe(inbox, raw=raw, **settings)
        return inbox

    def attributes(self) -> dict[str, str]:
        return dict(self._sns.get_topic_attributes(TopicArn=self.arn)["Attributes"])

    def set(self, name: str, value: str) -> None:
        self._sns.set_topic_attributes(TopicArn=self.arn, AttributeName=name, AttributeValue=value)


@pytest.fixture
def make_inbox(lab: labkit.Lab, sqs: Any, make_queue: Callable[..., str]) -> Callable[..., Inbox]:
    """`make_inbox(fifo=True)`: a queue whose policy lets SNS send."""
    policy = document(
        {"Principal": {"Service": "sns.amazonaws.com"}, "Action": "sqs:SendMessage", "Resource": "*"},
    )
    return lambda fifo=False, **more: Inbox(lab, sqs, make_queue("inbox", fifo=fifo, Policy=policy, **more))


@pytest.fixture
def make_topic(sns: Any, make_inbox: Callable[..., Inbox]) -> Iterator[Callable[..., TopicUnderTest]]:
    """`make_topic("orders", DisplayName="Orders")`; `fifo=True` for a FIFO topic."""
    made = []

    def make(hint: str = "topic", *, fifo: bool = False, **settings: str) -> TopicUnderTest:
        if fifo:
            settings["FifoTopic"] = "true"
        arn = sns.create_topic(Name=unique(hint) + ".fifo" * fifo, Attributes=settings)["TopicArn"]
        made.append(arn)
        return TopicUnderTest(sns, arn, make_inbox)

    yield make
    for arn in made:
        sns.delete_topic(TopicArn=arn)


@pytest.fixture
def topic(make_topic: Callable[..., TopicUnderTest]) -> TopicUnderTest:
    """A standard topic."""
    return make_topic()
