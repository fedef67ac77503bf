"""SQS, FIFO queues: the life of a message group."""

from typing import Any

import pytest
from behaviours import behaviour
from sqs_calls import API, GUIDE, RECORDED, MakeQueue, QueueUnderTest, refused

import labkit

LOGIC = GUIDE + "FIFO-queues-understanding-logic.html"


@pytest.fixture
def fifo(queue: MakeQueue) -> QueueUnderTest:
    return queue(fifo=True, ContentBasedDeduplication="true", VisibilityTimeout=10)


@behaviour(
    "fifo.group_id.required",
    "A FIFO message has a group",
    source=RECORDED + "test_posting_to_fifo_requires_deduplicationid_group_id",
)
def test_a_group_is_needed(fifo: QueueUnderTest) -> None:
    with refused("MissingParameter", "The request must contain the parameter MessageGroupId."):
        fifo.send("a")


@behaviour(
    "fifo.group_id.characters",
    "A group id has 1 to 128 letters, digits and punctuation marks",
    source=RECORDED + "test_send_message_to_standard_queue_with_invalid_message_group_id",
)
@pytest.mark.parametrize("group", ["", "a b", "a" * 129, "ñ"])
def test_group_ids_that_are_refused(fifo: QueueUnderTest, group: str) -> None:
    with refused("InvalidParameterValue", "can only include alphanumeric and punctuation characters."):
        fifo.send("a", group)


@behaviour(
    "fifo.delay_per_message",
    "A FIFO message has no delay of its own",
    source=RECORDED + "test_fifo_queue_send_message_with_delay_seconds_fails",
)
def test_no_delay_of_a_message(fifo: QueueUnderTest) -> None:
    with refused("InvalidParameterValue", "Value 2 for parameter DelaySeconds is invalid."):
        fifo.send("a", "g", DelaySeconds=2)


@behaviour(
    "fifo.queue_delay",
    "The queue's delay holds for FIFO messages, also with DelaySeconds=0",
    source=RECORDED + "test_fifo_queue_send_message_with_zero_delay_defaults_to_queue_delay",
)
def test_the_delay_of_the_queue(lab: labkit.Lab, queue: MakeQueue) -> None:
    delayed = queue(fifo=True, ContentBasedDeduplication="true", DelaySeconds=10)
    delayed.send("a", "g", DelaySeconds=0)
    assert delayed.bodies(WaitTimeSeconds=0) == []
    lab.wait(seconds=11)
    assert delayed.bodies() == ["a"]


@behaviour(
    "fifo.delay_retroactive",
    "A FIFO queue's new delay holds for the messages that are in it, too",
    source=GUIDE + "sqs-delay-queues.html",
)
def test_a_new_delay_is_for_all(lab: labkit.Lab, sqs: Any, queue: MakeQueue) -> None:
    delayed = queue(fifo=True, ContentBasedDeduplication="true", DelaySeconds=600)
    delayed.send("a", "g")
    sqs.set_queue_attributes(QueueUrl=delayed.url, Attributes={"DelaySeconds": "5"})
    lab.wait(seconds=60)
    assert delayed.bodies() == ["a"]


@behaviour(
    "fifo.seq.present_content_based",
    "Every FIFO message has a sequence number, on sending and on receiving",
    source=RECORDED + "test_fifo_message_attributes",
)
def test_sequence_numbers(fifo: QueueUnderTest) -> None:
    sent = fifo.send("a", "g")
    assert fifo.receive_one()["Attributes"]["SequenceNumber"] == sent["SequenceNumber"]


@behaviour(
    "fifo.seq.increasing",
    "Sequence numbers have 20 digits and grow",
    source=RECORDED + "test_fifo_sequence_number_increases",
)
def test_sequence_numbers_grow(fifo: QueueUnderTest) -> None:
    numbers = [fifo.send(str(i), f"g{i % 2}")["SequenceNumber"] for i in range(4)]
    assert {len(number) for number in numbers} == {20}
    assert numbers == sorted(set(numbers))


@behaviour(
    "fifo.msgid_group_attrs_on_receive",
    "A received FIFO message shows its group and deduplication id",
    source=RECORDED + "test_fifo_message_attributes",
)
def test_what_a_fifo_message_shows(fifo: QueueUnderTest) -> None:
    fifo.send("a", "g", deduplication_id="d")
    attributes = fifo.receive_one()["Attributes"]
    assert (attributes["MessageGroupId"], attributes["MessageDeduplicationId"]) == ("g", "d")


@behaviour("fifo.order.single_receives", "A group is delivered in order", source=LOGIC)
def test_order(fifo: QueueUnderTest) -> None:
    for body in "abc":
        fifo.send(body, "g")
    for body in "abc":
        message = fifo.receive_one()
        assert message["Body"] == body
        fifo.delete(message)


@behaviour("fifo.lock.second_receive_blocked", "A group in flight is locked", source=LOGIC)
@behaviour("fifo.lock.released_on_delete", "A delete unlocks the group", source=LOGIC)
def test_a_locked_group(fifo: QueueUnderTest) -> None:
    for body in "ab":
        fifo.send(body, "g")
    first = fifo.receive_one()
    assert fifo.bodies(WaitTimeSeconds=0) == []
    fifo.delete(first)
    assert fifo.bodies() == ["b"]


@behaviour("fifo.batch.same_group", "A receive takes up to ten of one group, in order", source=LOGIC)
def test_a_batch_of_one_group(fifo: QueueUnderTest) -> None:
    for body in "abcdefghijkl":
        fifo.send(body, "g")
    assert fifo.bodies(10) == list("abcdefghij")


@behaviour(
    "fifo.multi_group.batch_prefers_group",
    "A receive takes what it can of one group before it goes on to the next",
    source=RECORDED + "test_fifo_receive_message_group_id_ordering",
)
def test_a_batch_of_several_groups(fifo: QueueUnderTest) -> None:
    for body in ("A1", "B1", "A2", "A3"):
        fifo.send(body, body[0])
    assert fifo.bodies() == ["A1", "A2", "A3", "B1"]


@behaviour("fifo.lock.other_groups_flow", "Other groups are delivered meanwhile", source=LOGIC)
def test_other_groups(fifo: QueueUnderTest) -> None:
    for body in ("A1", "A2", "B1"):
        fifo.send(body, body[0])
    assert fifo.receive_one()["Body"] == "A1"
    assert fifo.bodies() == ["B1"]


@behaviour(
    "fifo.rotation",
    "A group that was served goes to the back",
    source=RECORDED + "test_fifo_receive_message_with_zero_visibility_timeout",
)
def test_groups_take_turns(fifo: QueueUnderTest) -> None:
    for body in ("A1", "B1", "B2", "C1", "A2"):
        fifo.send(body, body[0])
    assert fifo.bodies(3, VisibilityTimeout=0) == ["A1", "A2", "B1"]
    assert fifo.bodies(10, VisibilityTimeout=0) == ["C1", "A1", "A2", "B1", "B2"]


@behaviour(
    "fifo.lock.partial_delete_of_batch",
    "A group is locked while one of a batch is in flight",
    source=RECORDED + "test_fifo_message_group_visibility_after_partial_delete",
)
def test_a_batch_partly_deleted(fifo: QueueUnderTest) -> None:
    for body in "abcd":
        fifo.send(body, "g")
    first, _, third = fifo.receive(3)
    fifo.delete(first, third)
    assert fifo.bodies(WaitTimeSeconds=0) == []


@behaviour(
    "fifo.timeout.redeliver_in_order",
    "After the visibility timeout the group goes on with the same message",
    source=GUIDE + "FIFO-queues-understanding-logic.html",
)
def test_a_message_times_out(lab: labkit.Lab, fifo: QueueUnderTest) -> None:
    for body in "ab":
        fifo.send(body, "g")
    fifo.receive_one()
    lab.wait(seconds=11)
    assert fifo.bodies() == ["a", "b"]


@behaviour(
    "fifo.timeout.batch_redeliver",
    "A batch that times out comes again in order",
    source=RECORDED + "test_fifo_messages_in_order_after_timeout",
)
def test_a_batch_times_out(lab: labkit.Lab, fifo: QueueUnderTest) -> None:
    for body in "abc":
        fifo.send(body, "g")
    assert fifo.bodies() == list("abc")
    lab.wait(seconds=11)
    assert fifo.bodies() == list("abc")


@behaviour(
    "fifo.timeout.batch_one_deleted",
    "A batch that times out comes again in order, without what was deleted",
    source=LOGIC,
)
def test_a_batch_times_out_partly_deleted(lab: labkit.Lab, fifo: QueueUnderTest) -> None:
    for body in "abcd":
        fifo.send(body, "g")
    _, second, _ = fifo.receive(3)
    fifo.delete(second)
    lab.wait(seconds=11)
    assert fifo.bodies() == list("acd")


@behaviour(
    "fifo.timeout.extended",
    "Of a batch, a message whose timeout is extended holds back those after it, and not those before it",
    source=RECORDED + "test_fifo_group_visibility_extends_with_change_message_visibility",
)
@pytest.mark.parametrize(("extended", "expected"), [(0, ""), (1, "a"), (2, "ab")])
def test_one_of_a_batch_is_extended(lab: labkit.Lab, fifo: QueueUnderTest, extended: int, expected: str) -> None:
    for body in "abc":
        fifo.send(body, "g")
    fifo.hide(fifo.receive(3)[extended], 60)
    lab.wait(seconds=11)
    assert fifo.bodies(WaitTimeSeconds=0) == list(expected)


@behaviour(
    "fifo.changevis0.redeliver",
    "A timeout of 0 unlocks the group, which goes on with the same message",
    source=API + "ChangeMessageVisibility.html",
)
def test_giving_back_the_first(fifo: QueueUnderTest) -> None:
    for body in "ab":
        fifo.send(body, "g")
    fifo.hide(fifo.receive_one(), 0)
    assert fifo.bodies() == ["a", "b"]


@behaviour(
    "fifo.changevis0.batch_head_released",
    "Given back, the first of a batch is delivered again, while the second is in flight still",
    source=RECORDED + "test_fifo_message_group_visibility_after_terminate_visibility_timeout",
)
def test_giving_back_the_first_of_a_batch(fifo: QueueUnderTest) -> None:
    for body in ("A1", "A2", "B1"):
        fifo.send(body, body[0])
    fifo.hide(fifo.receive(2)[0], 0)
    assert fifo.bodies() == ["B1", "A1"]


@behaviour(
    "fifo.delete_expired_handle",
    "A FIFO queue refuses the handle of a message that timed out",
    source=RECORDED + "test_fifo_delete_after_visibility_timeout",
)
def test_deleting_too_late(lab: labkit.Lab, fifo: QueueUnderTest) -> None:
    fifo.send("a", "g")
    message = fifo.receive_one()
    lab.wait(seconds=11)
    with refused("InvalidParameterValue", "The receipt handle has expired."):
        fifo.delete(message)


@behaviour(
    "fifo.delete_extended_handle",
    "It accepts one whose timeout was extended",
    source=RECORDED + "test_fifo_delete_after_visibility_timeout_extended",
)
def test_deleting_in_time_after_an_extension(lab: labkit.Lab, fifo: QueueUnderTest) -> None:
    fifo.send("a", "g")
    message = fifo.receive_one()
    fifo.hide(message, 60)
    lab.wait(seconds=11)
    fifo.delete(message)
    lab.wait(seconds=60)
    assert fifo.bodies(WaitTimeSeconds=0) == []


@behaviour(
    "fifo.attempt_id",
    "A receive that is repeated with its attempt id returns the same messages and handles",
    source=API + "ReceiveMessage.html",
)
def test_repeating_a_lost_receive(fifo: QueueUnderTest) -> None:
    for body in "abc":
        fifo.send(body, "g")
    first = fifo.receive(2, ReceiveRequestAttemptId="attempt")
    again = fifo.receive(2, ReceiveRequestAttemptId="attempt")
    assert [(m["Body"], m["ReceiptHandle"]) for m in again] == [(m["Body"], m["ReceiptHandle"]) for m in first]
    assert fifo.bodies(WaitTimeSeconds=0, ReceiveRequestAttemptId="another") == []


@behaviour(
    "fifo.attempt_id.restarts_timeout",
    "Such a repetition starts the visibility timeout anew",
    source=API + "ReceiveMessage.html",
)
def test_repeating_restarts_the_timeout(lab: labkit.Lab, fifo: QueueUnderTest) -> None:
    fifo.send("a", "g")
    fifo.receive(1, ReceiveRequestAttemptId="attempt")
    lab.wait(seconds=7)
    fifo.receive(1, ReceiveRequestAttemptId="attempt")
    lab.wait(seconds=7)
    assert fifo.bodies(WaitTimeSeconds=0) == []


@behaviour(
    "fifo.counts",
    "Only messages that were received are in flight, not those that their group's lock holds back",
    source=RECORDED + "test_fifo_approximate_number_of_messages_not_visible",
)
def test_counts(lab: labkit.Lab, queue: MakeQueue) -> None:
    fifo = queue(fifo=True, ContentBasedDeduplication="true", VisibilityTimeout=600)
    for body in ("A1", "A2", "B1", "B2"):
        fifo.send(body, body[0])
    fifo.receive(1)
    fifo.receive(1)
    lab.wait(seconds=60)
    assert fifo.counts() == (2, 2, 0)
