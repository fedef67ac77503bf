"""What arrives at a topic's subscribers, in which form, and what becomes of what cannot be delivered."""

import json
import re
import threading
import urllib.request
from collections import Counter
from collections.abc import Callable
from typing import Any

import boto3
import pytest
from access_kit import refused
from behaviours import behaviour
from sns_kit import API, GUIDE, RECORDED, Inbox, TopicUnderTest, attributes, unique
from sns_signature import verify

import labkit

FANOUT = GUIDE + "sns-sqs-as-subscriber.html"
FORMAT = GUIDE + "sns-message-and-json-formats.html"
RAW = GUIDE + "sns-large-payload-raw-message-delivery.html"
ATTRIBUTES = GUIDE + "sns-message-attributes.html"
DEAD_LETTERS = GUIDE + "sns-dead-letter-queues.html"

MakeInbox = Callable[..., Inbox]
MakeTopic = Callable[..., TopicUnderTest]


@behaviour("sns.fanout", "Every subscribed queue gets one copy of what is published", source=FANOUT)
def test_fanout(topic: TopicUnderTest) -> None:
    inboxes = [topic.inbox() for _ in range(3)]
    topic.publish("one")
    topic.publish("two")
    assert [sorted(inbox.bodies(2)) for inbox in inboxes] == [["one", "two"]] * 3


@behaviour(
    "sns.keeps_nothing", "A queue that is subscribed later does not get what was published before", source=FANOUT
)
def test_nothing_is_kept(topic: TopicUnderTest) -> None:
    topic.publish("before")
    inbox = topic.inbox()
    topic.publish("after")
    assert inbox.bodies() == ["after"]


@behaviour("sns.many_subscriptions", "A topic delivers to more than a hundred subscribers", source=FANOUT)
def test_more_than_a_page(lab: labkit.Lab, topic: TopicUnderTest) -> None:
    for number in range(100):
        topic.subscribe_with(Protocol="sqs", Endpoint=f"arn:aws:sqs:{lab.region}:{lab.account}:gone-{number}")
    inbox = topic.inbox()
    topic.publish("news")
    assert inbox.bodies() == ["news"]


@behaviour(
    "sns.envelope",
    "By default a queue gets a JSON envelope, with the message as a text in it",
    source=FORMAT,
)
def test_envelope(lab: labkit.Lab, topic: TopicUnderTest) -> None:
    inbox = topic.inbox(raw=False)
    message_id = topic.publish('{"a": "ñ"}', Subject="Hello")["MessageId"]
    envelope = inbox.envelope()
    host = f"https://sns.{lab.region}.amazonaws.com/"
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", envelope.pop("Timestamp"))
    assert len(envelope.pop("Signature")) == 344  # 2,048 bits in base64
    assert envelope.pop("SigningCertURL").startswith(host + "SimpleNotificationService-")
    assert envelope.pop("UnsubscribeURL").startswith(f"{host}?Action=Unsubscribe&SubscriptionArn={topic.arn}:")
    assert envelope == {
        "Type": "Notification",
        "MessageId": message_id,
        "TopicArn": topic.arn,
        "Subject": "Hello",
        "Message": '{"a": "ñ"}',
        "SignatureVersion": "1",
    }


@behaviour(
    "sns.envelope.order",
    "The envelope's fields come in the order of the documentation; without a subject there is none",
    source=FORMAT,
)
def test_order_of_the_envelope(topic: TopicUnderTest) -> None:
    inbox = topic.inbox(raw=False)
    topic.publish(MessageAttributes=attributes({"a": "x"}))
    fields = "Type MessageId TopicArn Message Timestamp SignatureVersion Signature SigningCertURL UnsubscribeURL"
    assert list(inbox.envelope()) == [*fields.split(), "MessageAttributes"]


@behaviour(
    "sns.envelope.attributes",
    "In the envelope message attributes have a type and a value, binary ones in base64; the queue's message has none",
    source=RECORDED + "test_message_attributes_not_missing",
)
def test_attributes_in_the_envelope(topic: TopicUnderTest) -> None:
    inbox = topic.inbox(raw=False)
    topic.publish(MessageAttributes=attributes({"text": "x", "number": 1.5, "data": b"\2\3\4", "list": ["a"]}))
    (message,) = inbox.take()
    assert "MessageAttributes" not in message
    assert json.loads(message["Body"])["MessageAttributes"] == {
        "text": {"Type": "String", "Value": "x"},
        "number": {"Type": "Number", "Value": "1.5"},
        "data": {"Type": "Binary", "Value": "AgME"},
        "list": {"Type": "String.Array", "Value": '["a"]'},
    }


@behaviour(
    "sns.envelope.signature_version",
    "A topic's SignatureVersion 2 shows in the envelope",
    source=GUIDE + "sns-verify-signature-of-message.html",
)
def test_signature_version(make_topic: MakeTopic) -> None:
    topic = make_topic(SignatureVersion="2")
    inbox = topic.inbox(raw=False)
    topic.publish()
    assert inbox.envelope()["SignatureVersion"] == "2"


@behaviour(
    "sns.envelope.certificate",
    "The envelope's signature can be verified with the certificate at its SigningCertURL",
    source=GUIDE + "sns-verify-signature-of-message.html",
    differs="the URL is one of amazonaws.com, where nobody knows of the embedded AWS's certificate",
)
def test_certificate(lab: labkit.Lab, topic: TopicUnderTest) -> None:
    if lab.target == "embedded":
        pytest.fail("asks nobody outside")
    inbox = topic.inbox(raw=False)
    topic.publish()
    envelope = inbox.envelope()
    with urllib.request.urlopen(envelope["SigningCertURL"]) as answer:
        verify(envelope, answer.read())


@behaviour(
    "sns.raw",
    "With RawMessageDelivery the body is what was published, and message attributes are the queue message's own",
    source=RAW,
)
def test_raw(topic: TopicUnderTest) -> None:
    inbox = topic.inbox()
    topic.publish("bare", MessageAttributes=attributes({"text": "x", "data": b"\2\3"}))
    (message,) = inbox.take()
    assert message["Body"] == "bare"
    assert message["MessageAttributes"] == attributes({"text": "x", "data": b"\2\3"})


@behaviour(
    "sns.raw.at_most_ten_attributes",
    "A raw delivery of more than ten message attributes is lost; in the envelope they arrive",
    source=ATTRIBUTES,
)
def test_eleven_attributes(topic: TopicUnderTest) -> None:
    raw, wrapped = topic.inbox(), topic.inbox(raw=False)
    topic.publish("ten", MessageAttributes=attributes({f"a{n}": "x" for n in range(10)}))
    topic.publish("eleven", MessageAttributes=attributes({f"a{n}": "x" for n in range(11)}))
    assert raw.bodies() == ["ten"]
    assert len(wrapped.bodies(2)) == 2


@behaviour(
    "sns.raw.protocols",
    "RawMessageDelivery is for queues and HTTP, not for e-mail or SMS",
    source=API + "Subscribe.html",
)
@pytest.mark.parametrize(("protocol", "endpoint"), [("email", "a@example.com"), ("sms", "+15555550100")])
def test_raw_protocols(topic: TopicUnderTest, protocol: str, endpoint: str) -> None:
    request = {"Protocol": protocol, "Endpoint": endpoint, "Attributes": {"RawMessageDelivery": "true"}}
    assert refused(topic.subscribe_with, **request) == (
        "InvalidParameter",
        f"Invalid parameter: Attributes Reason: Delivery protocol [{protocol}] does not support raw message delivery.",
    )


@behaviour(
    "sns.message_structure",
    "With MessageStructure=json each protocol gets its own text, or else the default one",
    source=API + "Publish.html",
)
def test_message_structure(topic: TopicUnderTest) -> None:
    inbox, wrapped = topic.inbox(), topic.inbox(raw=False)
    topic.publish(json.dumps({"default": "all", "sqs": "queues", "email": 5}), MessageStructure="json")
    topic.publish(json.dumps({"default": "all", "sqs": ["not a text"], "email": "mail"}), MessageStructure="json")
    assert sorted(inbox.bodies(2)) == ["all", "queues"]
    assert sorted(json.loads(body)["Message"] for body in wrapped.bodies(2)) == ["all", "queues"]


@behaviour(
    "sns.group_id_to_standard_queue",
    "A message group id on a standard topic goes on to standard queues (fair queues)",
    source=API + "Publish.html",
)
def test_fair_queues(topic: TopicUnderTest) -> None:
    inbox = topic.inbox()
    topic.publish(MessageGroupId="tenant-1")
    (message,) = inbox.take()
    assert message["Attributes"]["MessageGroupId"] == "tenant-1"


@behaviour(
    "sns.unsubscribe",
    "After Unsubscribe nothing more arrives; a second one is no mistake",
    source=API + "Unsubscribe.html",
)
def test_unsubscribe(sns: Any, topic: TopicUnderTest, make_inbox: MakeInbox) -> None:
    inbox = make_inbox()
    arn = topic.subscribe(inbox)
    sns.unsubscribe(SubscriptionArn=arn)
    sns.unsubscribe(SubscriptionArn=arn)
    topic.publish()
    assert inbox.bodies(0) == []
    assert sns.list_subscriptions_by_topic(TopicArn=topic.arn)["Subscriptions"] == []


@behaviour(
    "sns.queue_gone",
    "When a subscribed queue is gone, Publish succeeds, the other queues get their copies, and its copy is lost",
    source=DEAD_LETTERS,
)
def test_queue_that_is_gone(topic: TopicUnderTest) -> None:
    gone, there = topic.inbox(), topic.inbox()
    gone.delete()
    assert topic.publish("news")["MessageId"]
    assert there.bodies() == ["news"]


@behaviour(
    "sns.dead_letter_queue",
    "A subscription's dead-letter queue gets what cannot be delivered because the queue is gone",
    source=RECORDED + "test_redrive_policy_sqs_queue_subscription",
)
@pytest.mark.parametrize("raw", [True, False])
def test_dead_letter_queue(topic: TopicUnderTest, make_inbox: MakeInbox, raw: bool) -> None:
    dead = make_inbox()
    gone = topic.inbox(raw=raw, RedrivePolicy={"deadLetterTargetArn": dead.arn})
    topic.publish("delivered")
    assert len(gone.take()) == 1
    assert dead.take(0) == []
    gone.delete()
    topic.publish("lost?", MessageAttributes=attributes({"a": "x"}))
    (message,) = dead.take()
    if raw:
        assert (message["Body"], message["MessageAttributes"]) == ("lost?", attributes({"a": "x"}))
    else:
        assert json.loads(message["Body"])["Message"] == "lost?"


@behaviour(
    "sns.dead_letter_queue.no_permission",
    "What a queue's policy keeps out goes to the subscription's dead-letter queue too",
    source=DEAD_LETTERS,
)
def test_dead_letter_without_permission(
    topic: TopicUnderTest, make_inbox: MakeInbox, make_queue: Callable[..., str], lab: labkit.Lab, sqs: Any
) -> None:
    dead, closed = make_inbox(), Inbox(lab, sqs, make_queue("closed"))
    topic.subscribe(closed, RedrivePolicy={"deadLetterTargetArn": dead.arn})
    topic.publish("news")
    assert (closed.bodies(0), dead.bodies()) == ([], ["news"])


@behaviour(
    "sns.dead_letter_queue.filtered",
    "What a filter policy stops is no failure: it goes nowhere",
    source=DEAD_LETTERS,
)
def test_filtered_is_not_dead(topic: TopicUnderTest, make_inbox: MakeInbox) -> None:
    dead = make_inbox()
    gone = topic.inbox(RedrivePolicy={"deadLetterTargetArn": dead.arn}, FilterPolicy={"a": ["x"]})
    gone.delete()
    topic.publish("stopped")
    topic.publish("dead", MessageAttributes=attributes({"a": "x"}))
    assert dead.bodies() == ["dead"]


@behaviour(
    "sns.dead_letter_queue.invalid",
    "A subscription's RedrivePolicy is a JSON object with a queue's ARN",
    source=RECORDED + "test_validate_set_sub_attributes",
)
@pytest.mark.parametrize(
    ("policy", "why"),
    [
        ('{"deadLetterTargetArn": "fake-arn"}', "deadLetterTargetArn is an invalid arn"),
        ("{}", "deadLetterTargetArn is an invalid arn"),
        ("{invalid", "failed to parse JSON."),
    ],
)
def test_invalid_redrive_policy(sns: Any, topic: TopicUnderTest, make_inbox: MakeInbox, policy: str, why: str) -> None:
    arn = topic.subscribe(make_inbox())
    setting = {"SubscriptionArn": arn, "AttributeName": "RedrivePolicy", "AttributeValue": policy}
    code, message = refused(sns.set_subscription_attributes, **setting)
    assert (code, message.startswith(f"Invalid parameter: RedrivePolicy: {why}")) == ("InvalidParameter", True)


@behaviour(
    "sns.email.pending",
    "An e-mail subscription is pending until its owner confirms it; its ARN is not shown",
    source=API + "Subscribe.html",
)
@pytest.mark.parametrize(
    ("protocol", "endpoint"),
    [("email", "a@example.com"), ("email-json", "a@example.com"), ("http", "http://example.com")],
)
def test_pending(sns: Any, topic: TopicUnderTest, protocol: str, endpoint: str) -> None:
    request = {"Protocol": protocol, "Endpoint": endpoint}
    assert topic.subscribe_with(**request)["SubscriptionArn"] == "pending confirmation"
    arn = topic.subscribe_with(**request, ReturnSubscriptionArn=True)["SubscriptionArn"]
    assert arn.startswith(topic.arn + ":")
    (listed,) = sns.list_subscriptions_by_topic(TopicArn=topic.arn)["Subscriptions"]
    assert (listed["SubscriptionArn"], listed["Endpoint"]) == ("PendingConfirmation", endpoint)
    assert sns.get_subscription_attributes(SubscriptionArn=arn)["Attributes"]["PendingConfirmation"] == "true"
    counts = topic.attributes()
    assert (counts["SubscriptionsPending"], counts["SubscriptionsConfirmed"]) == ("1", "0")
    assert topic.publish()["MessageId"]


@behaviour(
    "sns.confirm.wrong_token",
    "ConfirmSubscription with a token that was never given out: InvalidParameter",
    source=RECORDED + "test_sns_confirm_subscription_wrong_token",
)
@pytest.mark.parametrize(("token", "why"), [("random", "Invalid token"), ("51b2ff3e" * 36, "Invalid parameter: Token")])
def test_wrong_token(sns: Any, topic: TopicUnderTest, token: str, why: str) -> None:
    assert refused(sns.confirm_subscription, TopicArn=topic.arn, Token=token) == ("InvalidParameter", why)


@behaviour(
    "sns.two_publishers",
    "Several publishers at once: every subscriber gets each message once",
    source=FANOUT,
)
def test_two_publishers(topic: TopicUnderTest) -> None:
    inboxes = [topic.inbox() for _ in range(3)]
    clients = [boto3.client("sns") for _ in range(2)]
    bodies = [[f"{publisher}-{number}" for number in range(60)] for publisher in range(2)]

    def publish(client: Any, mine: list[str]) -> None:
        for start in range(0, len(mine), 10):
            entries = [{"Id": body, "Message": body} for body in mine[start : start + 10]]
            client.publish_batch(TopicArn=topic.arn, PublishBatchRequestEntries=entries)
            client.publish(TopicArn=topic.arn, Message=f"{mine[start]}-alone")

    threads = [threading.Thread(target=publish, args=pair) for pair in zip(clients, bodies, strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    expected = Counter(body for mine in bodies for body in mine)
    expected.update(f"{mine[start]}-alone" for mine in bodies for start in range(0, 60, 10))
    for inbox in inboxes:
        arrived: Counter[str] = Counter()
        while taken := inbox.bodies(10):
            arrived.update(taken)
        assert arrived == expected


@behaviour(
    "sns.subscribe.queue_to_be",
    "A queue that does not exist can be subscribed; once it is made, messages arrive",
    source=RECORDED + "test_subscribe_unknown_sqs_queue",
)
def test_queue_to_be(lab: labkit.Lab, topic: TopicUnderTest, make_inbox: MakeInbox) -> None:
    unknown = f"arn:aws:sqs:{lab.region}:{lab.account}:{unique('unknown')}"
    assert topic.subscribe_with(Protocol="sqs", Endpoint=unknown)["SubscriptionArn"].startswith(topic.arn)
    assert topic.publish()["MessageId"]
