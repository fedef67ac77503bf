"""FIFO topics: order, groups, and no message twice within five minutes."""

import json
import threading
from collections.abc import Callable
from typing import Any

import boto3
import pytest
from access_kit import refused
from behaviours import behaviour
from sns_kit import API, GUIDE, RECORDED, Inbox, TopicUnderTest, attributes

import labkit

DELIVERY = GUIDE + "fifo-message-delivery.html"
DEDUPLICATION = GUIDE + "fifo-message-dedup.html"
FIFO_TESTS = RECORDED + "TestSNSSubscriptionSQSFifo."
VALIDATIONS = FIFO_TESTS + "test_validations_for_fifo"

MakeTopic = Callable[..., TopicUnderTest]
MakeInbox = Callable[..., Inbox]


@pytest.fixture
def fifo(make_topic: MakeTopic) -> TopicUnderTest:
    """A FIFO topic that makes its deduplication ids from the content."""
    return make_topic(fifo=True, ContentBasedDeduplication="true")


@behaviour(
    "sns.fifo.order",
    "A FIFO topic delivers to FIFO queues in the order of publishing, and keeps the group",
    source=DELIVERY,
)
def test_order(fifo: TopicUnderTest) -> None:
    inboxes = [fifo.inbox(fifo=True), fifo.inbox(fifo=True, raw=False)]
    for number in range(5):
        fifo.publish(f"{number}", MessageGroupId="g")
    for inbox in inboxes:
        messages = inbox.take(5)
        texts = [m["Body"] if len(m["Body"]) == 1 else json.loads(m["Body"])["Message"] for m in messages]
        assert texts == ["0", "1", "2", "3", "4"]
        assert {m["Attributes"]["MessageGroupId"] for m in messages} == {"g"}


@behaviour(
    "sns.fifo.envelope",
    "A FIFO topic's envelope has a sequence number and no signature; Publish answers with the same number",
    source=FIFO_TESTS + "test_message_to_fifo_sqs",
)
def test_fifo_envelope(fifo: TopicUnderTest) -> None:
    inbox = fifo.inbox(raw=False, fifo=True)
    first = fifo.publish("a", MessageGroupId="g")
    envelope = inbox.envelope()
    assert list(envelope) == [
        "Type",
        "MessageId",
        "SequenceNumber",
        "TopicArn",
        "Message",
        "Timestamp",
        "UnsubscribeURL",
    ]
    assert (envelope["SequenceNumber"], envelope["MessageId"]) == (first["SequenceNumber"], first["MessageId"])
    later = fifo.publish("b", MessageGroupId="g")["SequenceNumber"]
    assert (len(later), later > first["SequenceNumber"]) == (20, True)


@behaviour(
    "sns.fifo.content_deduplication_id",
    "The content-based deduplication id is the SHA-256 of the message, and goes on to the queue",
    source=FIFO_TESTS + "test_message_to_fifo_sqs",
)
def test_content_based_id(fifo: TopicUnderTest) -> None:
    inbox = fifo.inbox(raw=False, fifo=True)
    fifo.publish("Test", MessageGroupId="g", MessageAttributes=attributes({"a": "x"}))
    (message,) = inbox.take()
    expected = "532eaabd9574880dbf76b9b8cc00832c20a6ec113d682299550d7a6e0f345e25"
    assert message["Attributes"]["MessageDeduplicationId"] == expected


@behaviour(
    "sns.fifo.deduplication",
    "A duplicate within five minutes is accepted, with the first one's ids, and not delivered, also after the consumer "
    "deleted the first",
    source=DEDUPLICATION,
)
@pytest.mark.parametrize("queue_is_fifo", [True, False])
def test_deduplication(lab: labkit.Lab, fifo: TopicUnderTest, queue_is_fifo: bool) -> None:
    inbox = fifo.inbox(fifo=queue_is_fifo)
    first = fifo.publish("once", MessageGroupId="g")
    assert inbox.bodies() == ["once"]
    lab.wait(minutes=4)
    again = fifo.publish("once", MessageGroupId="another")
    assert inbox.bodies(0) == []
    assert [again[key] for key in ("MessageId", "SequenceNumber")] == [
        first[key] for key in ("MessageId", "SequenceNumber")
    ]
    lab.wait(minutes=2)
    assert fifo.publish("once", MessageGroupId="g")["MessageId"] != first["MessageId"]
    assert inbox.bodies() == ["once"]


@behaviour(
    "sns.fifo.explicit_id",
    "A deduplication id that the publisher gives counts, not the content",
    source=API + "Publish.html",
)
def test_explicit_id(fifo: TopicUnderTest) -> None:
    inbox = fifo.inbox(fifo=True)
    fifo.publish("a", MessageGroupId="g", MessageDeduplicationId="1")
    fifo.publish("b", MessageGroupId="g", MessageDeduplicationId="1")
    fifo.publish("a", MessageGroupId="g", MessageDeduplicationId="2")
    assert inbox.bodies(2) == ["a", "a"]


@behaviour(
    "sns.fifo.scope_group",
    "With FifoThroughputScope=MessageGroup a duplicate counts within its group only",
    source=API + "CreateTopic.html",
)
def test_scope_of_a_group(make_topic: MakeTopic) -> None:
    topic = make_topic(fifo=True, ContentBasedDeduplication="true", FifoThroughputScope="MessageGroup")
    inbox = topic.inbox()
    for group in ("a", "b", "a"):
        topic.publish("same", MessageGroupId=group)
    assert inbox.bodies(2) == ["same", "same"]


@behaviour(
    "sns.fifo.deduplicated_before_filters",
    "A duplicate is recognised before subscribers' filters are asked",
    source=DEDUPLICATION,
)
def test_duplicate_with_other_attributes(fifo: TopicUnderTest) -> None:
    inbox = fifo.inbox(FilterPolicy={"kind": ["x"]})
    fifo.publish("same", MessageGroupId="g", MessageAttributes=attributes({"kind": "y"}))
    fifo.publish("same", MessageGroupId="g", MessageAttributes=attributes({"kind": "x"}))
    assert inbox.bodies(0) == []


@behaviour(
    "sns.fifo.to_standard_queue",
    "A FIFO topic may feed a standard queue, whose messages then have no group",
    source=FIFO_TESTS + "test_fifo_topic_to_regular_sqs",
)
def test_to_a_standard_queue(fifo: TopicUnderTest) -> None:
    inbox = fifo.inbox()
    fifo.publish("news", MessageGroupId="g")
    (message,) = inbox.take()
    assert message["Body"] == "news"
    assert not message["Attributes"].keys() & {"MessageGroupId", "MessageDeduplicationId", "SequenceNumber"}


@behaviour("sns.fifo.group_required", "A FIFO topic wants a message group id: InvalidParameter", source=VALIDATIONS)
def test_group_id_is_required(fifo: TopicUnderTest) -> None:
    sentence = "Invalid parameter: The MessageGroupId parameter is required for FIFO topics"
    assert refused(fifo.publish) == ("InvalidParameter", sentence)


@behaviour(
    "sns.fifo.deduplication_required",
    "Without content-based deduplication a FIFO topic wants a deduplication id: InvalidParameter",
    source=VALIDATIONS,
)
def test_deduplication_id_is_required(make_topic: MakeTopic) -> None:
    topic = make_topic(fifo=True)
    sentence = (
        "Invalid parameter: The topic should either have ContentBasedDeduplication enabled or MessageDeduplicationId "
        "provided explicitly"
    )
    assert refused(topic.publish, MessageGroupId="g") == ("InvalidParameter", sentence)
    topic.set("ContentBasedDeduplication", "true")
    assert topic.publish(MessageGroupId="g")["SequenceNumber"]


@behaviour("sns.standard.deduplication_id", "A standard topic refuses a deduplication id", source=VALIDATIONS)
def test_deduplication_id_on_a_standard_topic(topic: TopicUnderTest) -> None:
    sentence = (
        "Invalid parameter: MessageDeduplicationId Reason: The request includes MessageDeduplicationId parameter that "
        "is not valid for this topic type"
    )
    assert refused(topic.publish, MessageDeduplicationId="1") == ("InvalidParameter", sentence)


@behaviour(
    "sns.fifo.ids",
    "Group and deduplication ids are up to 128 letters, digits and punctuation",
    source=API + "Publish.html",
)
@pytest.mark.parametrize("bad", ["a b", "ñ", "a" * 129])
def test_characters_of_ids(fifo: TopicUnderTest, bad: str) -> None:
    assert refused(fifo.publish, MessageGroupId=bad)[0] == "InvalidParameter"
    assert refused(fifo.publish, MessageGroupId="g", MessageDeduplicationId=bad)[0] == "InvalidParameter"
    assert fifo.publish(MessageGroupId="a" * 127 + "~")["MessageId"]


@behaviour("sns.fifo.only_queues", "A FIFO topic takes no other subscribers than queues", source=DELIVERY)
@pytest.mark.parametrize(("protocol", "endpoint"), [("email", "a@example.com"), ("sms", "+15555550100")])
def test_only_queues(fifo: TopicUnderTest, protocol: str, endpoint: str) -> None:
    sentence = f"Invalid parameter: Invalid protocol type: {protocol}"
    assert refused(fifo.subscribe_with, Protocol=protocol, Endpoint=endpoint) == ("InvalidParameter", sentence)


@behaviour("sns.standard.to_fifo_queue", "A FIFO queue cannot be subscribed to a standard topic", source=VALIDATIONS)
def test_standard_topic_to_fifo_queue(topic: TopicUnderTest, make_inbox: MakeInbox) -> None:
    inbox = make_inbox(fifo=True)
    sentence = (
        "Invalid parameter: Invalid parameter: Endpoint Reason: FIFO SQS Queues can not be subscribed to standard SNS "
        "topics"
    )
    request = {"Protocol": "sqs", "Endpoint": inbox.arn}
    assert refused(topic.subscribe_with, **request) == ("InvalidParameter", sentence)


@behaviour(
    "sns.fifo.dead_letter_queue",
    "Undeliverable messages of a FIFO topic reach a FIFO dead-letter queue in order, with group and deduplication id",
    source=FIFO_TESTS + "test_publish_fifo_messages_to_dlq",
)
def test_fifo_dead_letters(fifo: TopicUnderTest, make_inbox: MakeInbox) -> None:
    dead = make_inbox(fifo=True)
    gone = fifo.inbox(fifo=True, RedrivePolicy={"deadLetterTargetArn": dead.arn})
    gone.delete()
    for number in range(3):
        fifo.publish(f"{number}", MessageGroupId="g", MessageDeduplicationId=f"id-{number}")
    messages = dead.take(3)
    assert [message["Body"] for message in messages] == ["0", "1", "2"]
    ids = [(m["Attributes"]["MessageGroupId"], m["Attributes"]["MessageDeduplicationId"]) for m in messages]
    assert ids == [("g", "id-0"), ("g", "id-1"), ("g", "id-2")]


@behaviour(
    "sns.fifo.dead_letter_queue_type",
    "A FIFO queue's subscription to a FIFO topic wants a FIFO dead-letter queue",
    source=VALIDATIONS,
)
def test_type_of_the_dead_letter_queue(sns: Any, fifo: TopicUnderTest, make_inbox: MakeInbox) -> None:
    arn, dead = fifo.subscribe(make_inbox(fifo=True)), make_inbox()
    policy = json.dumps({"deadLetterTargetArn": dead.arn})
    setting = {"SubscriptionArn": arn, "AttributeName": "RedrivePolicy", "AttributeValue": policy}
    assert refused(sns.set_subscription_attributes, **setting) == (
        "InvalidParameter",
        "Invalid parameter: RedrivePolicy: must use a FIFO queue as DLQ for a FIFO Subscription to a FIFO Topic.",
    )


@behaviour(
    "sns.fifo.batch",
    "PublishBatch to a FIFO topic keeps the order, answers with sequence numbers, and drops duplicates, also within it",
    source=FIFO_TESTS + "test_publish_batch_messages_from_fifo_topic_to_fifo_queue",
)
def test_fifo_batch(fifo: TopicUnderTest) -> None:
    inbox = fifo.inbox(fifo=True)
    batch = [{"Message": text, "MessageGroupId": "g"} for text in ("a", "b", "a", "c")]
    first = fifo.publish_batch(batch)["Successful"]
    assert inbox.bodies(3) == ["a", "b", "c"]
    assert first[0]["MessageId"] == first[2]["MessageId"]
    numbers = [first[index]["SequenceNumber"] for index in (0, 1, 3)]
    assert numbers == sorted(set(numbers))
    assert fifo.publish_batch(batch)["Successful"] == first
    assert inbox.bodies(0) == []


@behaviour(
    "sns.fifo.two_publishers",
    "With several publishers at once all subscribers get the same order, and each publisher's messages in its own",
    source=DELIVERY,
)
def test_two_publishers(fifo: TopicUnderTest) -> None:
    inboxes = [fifo.inbox(fifo=True) for _ in range(2)]
    clients = [boto3.client("sns") for _ in range(2)]

    def publish(name: int) -> None:
        for number in range(30):
            clients[name].publish(TopicArn=fifo.arn, Message=f"{name}-{number:02}", MessageGroupId="g")

    threads = [threading.Thread(target=publish, args=(name,)) for name in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    first, second = ([body for _ in range(6) for body in inbox.bodies(10)] for inbox in inboxes)
    assert first == second
    for name in range(2):
        assert [body for body in first if body.startswith(f"{name}-")] == [f"{name}-{n:02}" for n in range(30)]
