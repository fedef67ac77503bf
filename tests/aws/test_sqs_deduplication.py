"""SQS, FIFO queues: a repeated send within five minutes is swallowed."""

from typing import Any

import pytest
from behaviours import behaviour
from sqs_calls import API, GUIDE, RECORDED, MakeQueue, QueueUnderTest, refused

import labkit

EXACTLY_ONCE = GUIDE + "FIFO-queues-exactly-once-processing.html"


@pytest.fixture
def fifo(queue: MakeQueue) -> QueueUnderTest:
    return queue(fifo=True)


@behaviour(
    "fifo.dedup_id.required",
    "Without content-based deduplication a message needs a deduplication id",
    source=RECORDED + "test_posting_to_fifo_requires_deduplicationid_group_id",
)
def test_an_id_is_needed(fifo: QueueUnderTest) -> None:
    with refused("InvalidParameterValue", "should either have ContentBasedDeduplication enabled or"):
        fifo.send("a", "g")


@behaviour(
    "fifo.dedup_id.characters",
    "A deduplication id has 1 to 128 letters, digits and punctuation marks",
    source=RECORDED + "test_message_deduplication_id_invalid",
)
@pytest.mark.parametrize("wrong", ["", "a" * 129, "group 123"])
def test_ids_that_are_refused(fifo: QueueUnderTest, wrong: str) -> None:
    with refused("InvalidParameterValue", "MessageDeduplicationId can only include alphanumeric"):
        fifo.send("a", "g", wrong)


@behaviour("fifo.dedup.in_queue", "The second send succeeds and adds no message", source=EXACTLY_ONCE)
def test_a_repeated_send(fifo: QueueUnderTest) -> None:
    fifo.send("first", "g", "id")
    fifo.send("second", "g", "id")
    assert fifo.bodies() == ["first"]


@behaviour(
    "fifo.dedup.same_message_id",
    "It returns the first send's ids",
    source=GUIDE + "using-messagededuplicationid-property.html",
)
def test_the_answer_to_a_repeated_send(fifo: QueueUnderTest) -> None:
    first, second = (fifo.send("same", "g", "id") for _ in range(2))
    names = ("MessageId", "SequenceNumber")
    assert [second[name] for name in names] == [first[name] for name in names]


@behaviour(
    "fifo.dedup.after_delete",
    "A second send is swallowed for five minutes, also after the delete",
    source=RECORDED + "test_fifo_deduplication_arrives_once_after_delete",
)
def test_a_repeated_send_after_the_delete(lab: labkit.Lab, fifo: QueueUnderTest) -> None:
    fifo.send("first", "g", "id")
    fifo.delete(fifo.receive_one())
    lab.wait(minutes=4)
    fifo.send("second", "g", "id")
    assert fifo.bodies(WaitTimeSeconds=0) == []


@behaviour("fifo.dedup.window", "After five minutes it is a new message", source=API + "SendMessage.html")
def test_a_repeated_send_after_five_minutes(lab: labkit.Lab, fifo: QueueUnderTest) -> None:
    first = fifo.send("first", "g", "id")
    fifo.delete(fifo.receive_one())
    lab.wait(minutes=4)
    fifo.send("swallowed", "g", "id")
    lab.wait(seconds=70)  # from the first send, not from the repetition
    assert fifo.send("second", "g", "id")["MessageId"] != first["MessageId"]
    assert fifo.bodies() == ["second"]


@behaviour("fifo.dedup.while_inflight", "It is swallowed while the first is in flight", source=EXACTLY_ONCE)
def test_a_repeated_send_while_in_flight(fifo: QueueUnderTest) -> None:
    fifo.send("first", "g", "id")
    message = fifo.receive_one()
    fifo.send("second", "g", "id")
    fifo.delete(message)
    assert fifo.bodies(WaitTimeSeconds=0) == []


@behaviour(
    "fifo.dedup.content_based",
    "With content-based deduplication the same body is the same message",
    source=RECORDED + "test_fifo_content_based_message_deduplication_arrives_once",
)
@behaviour(
    "fifo.dedup.content_vs_attrs",
    "The message's attributes do not count",
    source=API + "SendMessage.html",
)
def test_the_same_content(queue: MakeQueue) -> None:
    fifo = queue(fifo=True, ContentBasedDeduplication="true")
    fifo.send("same", "g")
    fifo.send("same", "g", MessageAttributes={"other": {"DataType": "String", "StringValue": "value"}})
    assert fifo.bodies() == ["same"]


@behaviour(
    "fifo.dedup.explicit_over_content",
    "A deduplication id goes before the content",
    source=API + "SendMessage.html",
)
def test_an_id_goes_before_the_content(queue: MakeQueue) -> None:
    fifo = queue(fifo=True, ContentBasedDeduplication="true")
    for deduplication_id in ("a", "b"):
        fifo.send("same", "g", deduplication_id)
    assert fifo.bodies() == ["same", "same"]


@behaviour(
    "fifo.dedup.scope_queue",
    "The same id in another group is a duplicate",
    source=RECORDED + "test_fifo_deduplication_not_on_message_group_id",
)
def test_the_same_id_in_two_groups(fifo: QueueUnderTest) -> None:
    fifo.send("first", "g1", "id")
    fifo.send("second", "g2", "id")
    assert fifo.bodies() == ["first"]


@behaviour(
    "fifo.dedup.scope_group",
    "Unless the queue deduplicates by group",
    source=RECORDED + "test_fifo_high_throughput_ordering",
)
def test_deduplication_by_group(queue: MakeQueue) -> None:
    fifo = queue(fifo=True, DeduplicationScope="messageGroup", FifoThroughputLimit="perMessageGroupId")
    for group in ("g1", "g2", "g1"):
        fifo.send(group, group, "id")
    assert sorted(fifo.bodies()) == ["g1", "g2"]


@behaviour(
    "fifo.ht.invalid_combo",
    "High throughput needs deduplication by group",
    source=API + "SetQueueAttributes.html",
)
def test_high_throughput_needs_deduplication_by_group(queue: MakeQueue) -> None:
    with refused("InvalidAttributeValue", "FifoThroughputLimit"):
        queue(fifo=True, DeduplicationScope="queue", FifoThroughputLimit="perMessageGroupId")


@behaviour(
    "purge.clears_fifo_dedup",
    "A purge forgets what was sent",
    source=RECORDED + "test_purge_queue_clears_fifo_deduplication_cache",
)
def test_a_purge_forgets(lab: labkit.Lab, sqs: Any, fifo: QueueUnderTest) -> None:
    fifo.send("first", "g", "id")
    sqs.purge_queue(QueueUrl=fifo.url)
    lab.wait(seconds=60)
    fifo.send("second", "g", "id")
    assert fifo.bodies() == ["second"]
