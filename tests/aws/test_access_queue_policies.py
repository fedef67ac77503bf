"""A queue's own policy: who may send to it, above all which topic."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from access_kit import Principals, Statement, document, refused
from behaviours import behaviour

import labkit

FANOUT = "SNS Developer Guide, Fanout to Amazon SQS queues"
POLICIES = "SQS Developer Guide, Amazon SQS policy examples"


def arn_of(sqs: Any, url: str) -> str:
    return str(sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"])


@pytest.fixture
def set_policy(lab: labkit.Lab, sqs: Any) -> Callable[..., None]:
    """`set_policy(url, Principal=…)`: who may send to this queue."""

    def set_policy(url: str, **statement: Any) -> None:
        whole: Statement = {"Action": "sqs:SendMessage", "Resource": arn_of(sqs, url), **statement}
        sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": document(whole)})
        lab.wait(minutes=1)  # SetQueueAttributes: "can take up to 60 seconds"

    return set_policy


@pytest.fixture
def bodies(lab: labkit.Lab, sqs: Any) -> Callable[[str], list[str]]:
    """Take what is in the queue. On AWS a delivery takes a moment; on the embedded one it has happened or never will."""
    wait = 0 if lab.target == "embedded" else 10

    def bodies(url: str) -> list[str]:
        messages = sqs.receive_message(QueueUrl=url, WaitTimeSeconds=wait, MaxNumberOfMessages=10).get("Messages", [])
        for message in messages:
            sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
        return [message["Body"] for message in messages]

    return bodies


@pytest.fixture
def subscribed(lab: labkit.Lab, sns: Any, sqs: Any, make_queue: Callable[..., str]) -> Iterator[tuple[str, str]]:
    """A topic's ARN and the URL of a queue that is subscribed to it, raw, without a policy."""
    topic, url = sns.create_topic(Name="events")["TopicArn"], make_queue("companies")
    subscription = {"TopicArn": topic, "Protocol": "sqs", "Endpoint": arn_of(sqs, url)}
    sns.subscribe(**subscription, Attributes={"RawMessageDelivery": "true"})
    yield topic, url
    sns.delete_topic(TopicArn=topic)


Bodies = Callable[[str], list[str]]
SetPolicy = Callable[..., None]
Subscribed = tuple[str, str]


@behaviour(
    "sns.queue_policy_needed",
    "Without a queue policy nothing that is published arrives, and Publish succeeds all the same",
    source=FANOUT,
)
def test_sns_without_a_queue_policy(sns: Any, bodies: Bodies, subscribed: Subscribed) -> None:
    topic, url = subscribed
    assert sns.publish(TopicArn=topic, Message="lost")["MessageId"]
    assert bodies(url) == []


@behaviour(
    "sns.queue_policy_source",
    "A queue policy that names the topic in aws:SourceArn lets that topic send, and no other",
    source=FANOUT,
)
def test_sns_with_a_queue_policy(sns: Any, bodies: Bodies, set_policy: SetPolicy, subscribed: Subscribed) -> None:
    topic, url = subscribed
    service = {"Service": "sns.amazonaws.com"}
    set_policy(url, Principal=service, Condition={"ArnEquals": {"aws:SourceArn": topic}})
    sns.publish(TopicArn=topic, Message="arrives")
    assert bodies(url) == ["arrives"]
    set_policy(url, Principal=service, Condition={"ArnEquals": {"aws:SourceArn": topic + "-of-another"}})
    sns.publish(TopicArn=topic, Message="lost")
    assert bodies(url) == []


@behaviour("sns.queue_policy_account", "A condition on aws:SourceAccount serves as well", source=POLICIES)
def test_sns_by_account(
    lab: labkit.Lab, sns: Any, bodies: Bodies, set_policy: SetPolicy, subscribed: Subscribed
) -> None:
    topic, url = subscribed
    condition = {"StringEquals": {"aws:SourceAccount": lab.account}}
    set_policy(url, Principal={"Service": "sns.amazonaws.com"}, Condition=condition)
    sns.publish(TopicArn=topic, Message="arrives")
    assert bodies(url) == ["arrives"]


@behaviour(
    "sns.one_queue_without_policy",
    "A queue without a policy does not keep the other subscribers from their copies",
    source=FANOUT,
)
def test_the_other_subscribers(
    sns: Any, sqs: Any, bodies: Bodies, set_policy: SetPolicy, subscribed: Subscribed, make_queue: Callable[..., str]
) -> None:
    topic, _ = subscribed
    other = make_queue("other")
    set_policy(other, Principal={"Service": "sns.amazonaws.com"})
    raw = {"RawMessageDelivery": "true"}
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn_of(sqs, other), Attributes=raw)
    sns.publish(TopicArn=topic, Message="copy")
    assert bodies(other) == ["copy"]


@behaviour(
    "sqs.policy.deny",
    "An explicit Deny in the queue's policy counts for everybody, an administrator too",
    source="IAM User Guide, Policy evaluation logic",
)
def test_explicit_deny(sqs: Any, sts: Any, set_policy: SetPolicy, make_queue: Callable[..., str]) -> None:
    url = make_queue()
    set_policy(url, Effect="Deny", Principal="*")
    me, queue = sts.get_caller_identity()["Arn"], arn_of(sqs, url)
    why = "with an explicit deny in a resource-based policy"
    sentence = f"User: {me} is not authorized to perform: sqs:sendmessage on resource: {queue} {why}"
    assert refused(sqs.send_message, QueueUrl=url, MessageBody="x") == ("AccessDenied", sentence)
    sqs.receive_message(QueueUrl=url)  # what the statement does not name goes on


@behaviour(
    "sqs.policy.allow_without_identity_policy",
    "Within an account the queue's policy is enough for a user who is named there; naming the account is not",
    source="IAM User Guide, Policy evaluation logic",
)
def test_a_queue_policy_is_enough(
    lab: labkit.Lab, iam: Any, sts: Any, set_policy: SetPolicy, make_queue: Callable[..., str]
) -> None:
    url = make_queue()
    principals = Principals(lab, iam, sts)
    guest = principals.user("guest")("sqs")
    send = {"QueueUrl": url, "MessageBody": "x"}
    nobody = "because no identity-based policy allows the sqs:sendmessage action"
    assert refused(guest.send_message, **send)[1].endswith(nobody)
    set_policy(url, Principal={"AWS": lab.account})
    assert refused(guest.send_message, **send)[1].endswith(nobody)
    set_policy(url, Principal={"AWS": f"arn:aws:iam::{lab.account}:user/guest"})
    guest.send_message(**send)
    assert refused(guest.receive_message, QueueUrl=url)[0] == "AccessDenied"
    principals.remove()


@behaviour(
    "sqs.policy.invalid",
    "What is no policy is not taken: InvalidAttributeValue",
    source="SQS API Reference, SetQueueAttributes",
)
@pytest.mark.parametrize("policy", ["{", "{}", "[]", '{"Version":"2012-10-17","Statement":[]}'])
def test_invalid_policy(sqs: Any, make_queue: Callable[..., str], policy: str) -> None:
    url = make_queue()
    attributes = {"QueueUrl": url, "Attributes": {"Policy": policy}}
    assert refused(sqs.set_queue_attributes, **attributes)[0] == "InvalidAttributeValue"
    sqs.send_message(QueueUrl=url, MessageBody="x")
