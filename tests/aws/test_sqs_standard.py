"""SQS, standard queues: visibility, delays, receipt handles, counts, retention."""

from typing import Any

import pytest
from behaviours import behaviour
from sqs_calls import API, GUIDE, RECORDED, MakeQueue, refused

import labkit


@behaviour("std.visibility.hidden", "A received message is hidden", source=API + "ReceiveMessage.html")
def test_a_received_message_is_hidden(queue: MakeQueue) -> None:
    jobs = queue()
    jobs.send("once")
    assert jobs.bodies() == ["once"]
    assert jobs.bodies(WaitTimeSeconds=0) == []


@behaviour(
    "std.visibility.redelivered",
    "After the visibility timeout it is received again, with a new handle and a higher count",
    source=GUIDE + "sqs-visibility-timeout.html",
)
def test_redelivery(lab: labkit.Lab, queue: MakeQueue) -> None:
    jobs = queue(VisibilityTimeout=5)
    jobs.send("again")
    first = jobs.receive_one()
    lab.wait(seconds=6)
    second = jobs.receive_one()
    assert second["MessageId"] == first["MessageId"]
    assert second["ReceiptHandle"] != first["ReceiptHandle"]
    assert [m["Attributes"]["ApproximateReceiveCount"] for m in (first, second)] == ["1", "2"]


@behaviour(
    "std.visibility.order_of_redelivery",
    "A message that becomes visible again is before those that were sent after it",
    source=RECORDED + "test_inflight_message_requeue",
)
def test_a_redelivered_message_keeps_its_place(lab: labkit.Lab, queue: MakeQueue) -> None:
    jobs = queue(VisibilityTimeout=5)
    jobs.send("first")
    jobs.receive_one()
    jobs.send("second")
    lab.wait(seconds=6)
    assert jobs.receive_one()["Body"] == "first"


@behaviour(
    "std.visibility.vt0_on_receive",
    "A receive with VisibilityTimeout=0 leaves the message visible and counts",
    source=RECORDED + "test_receive_message_with_visibility_timeout_updates_timeout",
)
def test_receiving_without_hiding(queue: MakeQueue) -> None:
    jobs = queue()
    jobs.send("peek")
    assert jobs.bodies(VisibilityTimeout=0) == ["peek"]
    assert jobs.receive_one()["Attributes"]["ApproximateReceiveCount"] == "2"


@behaviour("std.changevis.extend", "A timeout can be extended", source=API + "ChangeMessageVisibility.html")
def test_extending_the_timeout(lab: labkit.Lab, queue: MakeQueue) -> None:
    jobs = queue(VisibilityTimeout=5)
    jobs.send("long job")
    jobs.hide(jobs.receive_one(), 20)
    lab.wait(seconds=10)
    assert jobs.bodies(WaitTimeSeconds=0) == []
    lab.wait(seconds=11)
    assert jobs.bodies() == ["long job"]


@behaviour("std.changevis.zero", "A timeout of 0 gives the message back", source=API + "ChangeMessageVisibility.html")
def test_giving_a_message_back(queue: MakeQueue) -> None:
    jobs = queue()
    jobs.send("not mine")
    jobs.hide(jobs.receive_one(), 0)
    assert jobs.bodies() == ["not mine"]


@behaviour(
    "std.changevis.not_permanent",
    "A changed timeout holds for this receive only",
    source=RECORDED + "test_change_message_visibility_not_permanent",
)
def test_the_next_receive_has_the_queue_s_timeout(queue: MakeQueue) -> None:
    jobs = queue()
    jobs.send("job")
    jobs.hide(jobs.receive_one(), 0)
    jobs.receive_one()
    assert jobs.bodies(WaitTimeSeconds=0) == []


@behaviour(
    "std.changevis.not_inflight",
    "On a standard queue the timeout of a message that is visible again can be changed with its last handle",
    source=RECORDED + "test_change_message_visibility_after_visibility_timeout_expiration",
)
def test_changing_the_timeout_too_late(lab: labkit.Lab, queue: MakeQueue) -> None:
    jobs = queue(VisibilityTimeout=5)
    jobs.send("late")
    message = jobs.receive_one()
    lab.wait(seconds=6)
    jobs.hide(message, 10)
    assert jobs.bodies(WaitTimeSeconds=0) == []


@behaviour("std.changevis.over_12h", "A timeout is at most 12 hours", source=API + "ChangeMessageVisibility.html")
def test_a_timeout_of_more_than_twelve_hours(queue: MakeQueue) -> None:
    jobs = queue()
    jobs.send("job")
    with refused("InvalidParameterValue", "VisibilityTimeout"):
        jobs.hide(jobs.receive_one(), 43_201)


@behaviour(
    "std.changevis.total_12h",
    "Extending does not reset the 12 hours from the receive",
    source=GUIDE + "sqs-visibility-timeout.html",
)
def test_twelve_hours_in_all(lab: labkit.Lab, queue: MakeQueue) -> None:
    jobs = queue(VisibilityTimeout=60)
    jobs.send("job")
    message = jobs.receive_one()
    lab.wait(seconds=30)
    with refused("InvalidParameterValue", "Total VisibilityTimeout for the message is beyond the limit"):
        jobs.hide(message, 43_200)
    jobs.hide(message, 43_000)


@behaviour(
    "std.changevis.deleted",
    "A deleted message has no timeout to change",
    source=RECORDED + "test_change_visibility_on_deleted_message_raises_invalid_parameter_value",
)
def test_changing_a_deleted_message(queue: MakeQueue) -> None:
    jobs = queue()
    jobs.send("job")
    message = jobs.receive_one()
    jobs.delete(message)
    with refused("InvalidParameterValue", "does not exist or is not available for visibility timeout change"):
        jobs.hide(message, 10)


@behaviour(
    "std.delete.old_handle",
    "An older handle deletes the message too",
    source=RECORDED + "test_remove_message_with_old_receipt_handle; API_DeleteMessage promises it for the latest only",
)
def test_deleting_with_an_older_handle(lab: labkit.Lab, queue: MakeQueue) -> None:
    jobs = queue(VisibilityTimeout=5)
    jobs.send("job")
    first = jobs.receive_one()
    lab.wait(seconds=6)
    jobs.receive_one()
    jobs.delete(first)
    lab.wait(seconds=60)
    assert jobs.bodies(WaitTimeSeconds=0) == []


@behaviour(
    "std.delete.after_expiry_same_handle",
    "A standard queue accepts a delete after the visibility timeout",
    source=RECORDED + "test_delete_after_visibility_timeout",
)
def test_deleting_too_late(lab: labkit.Lab, queue: MakeQueue) -> None:
    jobs = queue(VisibilityTimeout=5)
    jobs.send("job")
    message = jobs.receive_one()
    lab.wait(seconds=6)
    jobs.delete(message)
    assert jobs.bodies(WaitTimeSeconds=0) == []


@behaviour(
    "std.delete.twice",
    "Deleting twice is no error",
    source=RECORDED + "test_delete_message_with_deleted_receipt_handle",
)
def test_deleting_twice(queue: MakeQueue) -> None:
    jobs = queue()
    jobs.send("job")
    message = jobs.receive_one()
    jobs.delete(message, message)


@behaviour(
    "std.delete.garbage_handle",
    "A handle that is none is refused",
    source=RECORDED + "test_delete_message_with_illegal_receipt_handle",
)
@pytest.mark.parametrize("handle", ["garbage", "AQEBgarbage", "AQEB" + "A" * 200, "ñ"])
def test_a_handle_that_is_none(sqs: Any, queue: MakeQueue, handle: str) -> None:
    with refused("ReceiptHandleIsInvalid", f'The input receipt handle "{handle}" is not a valid receipt handle.'):
        sqs.delete_message(QueueUrl=queue().url, ReceiptHandle=handle)


@behaviour("std.delay.message", "A delayed message comes later", source=API + "SendMessage.html")
def test_a_delayed_message(lab: labkit.Lab, queue: MakeQueue) -> None:
    jobs = queue()
    jobs.send("later", DelaySeconds=10)
    assert jobs.bodies(WaitTimeSeconds=0) == []
    lab.wait(seconds=11)
    assert jobs.bodies() == ["later"]


@behaviour(
    "std.delay.zero_overrides_queue",
    "A message's DelaySeconds, also 0, goes before the queue's",
    source=API + "SendMessage.html",
)
def test_no_delay_on_a_queue_with_delay(lab: labkit.Lab, queue: MakeQueue) -> None:
    jobs = queue(DelaySeconds=10)
    jobs.send("queue's delay")
    jobs.send("at once", DelaySeconds=0)
    assert jobs.bodies() == ["at once"]
    lab.wait(seconds=11)
    assert jobs.bodies() == ["queue's delay"]


@behaviour(
    "std.delay.not_retroactive",
    "A standard queue's new delay does not touch the messages that are in it",
    source=GUIDE + "sqs-delay-queues.html",
)
def test_a_new_delay_is_for_new_messages(sqs: Any, lab: labkit.Lab, queue: MakeQueue) -> None:
    jobs = queue(DelaySeconds=10)
    jobs.send("old delay")
    sqs.set_queue_attributes(QueueUrl=jobs.url, Attributes={"DelaySeconds": "300"})
    lab.wait(seconds=11)
    assert jobs.bodies() == ["old delay"]


@behaviour(
    "std.counts",
    "A queue counts what is visible, in flight and delayed, approximately (AWS: within a minute)",
    source=API + "GetQueueAttributes.html",
)
def test_counts(lab: labkit.Lab, queue: MakeQueue) -> None:
    jobs = queue(VisibilityTimeout=600)
    for delay in (0, 0, 0, 600):
        jobs.send("job", DelaySeconds=delay)
    first, _ = jobs.receive(2)
    lab.wait(seconds=60)
    assert jobs.counts() == (1, 2, 1)
    jobs.delete(first)
    lab.wait(seconds=600)
    assert jobs.counts() == (3, 0, 0)


@behaviour("std.receive.max10", "A receive returns 1 to 10 messages", source=API + "ReceiveMessage.html")
@pytest.mark.parametrize("count", [0, 11])
def test_the_number_of_messages_asked_for(queue: MakeQueue, count: int) -> None:
    with refused("InvalidParameterValue", f"Value {count} for parameter MaxNumberOfMessages is invalid."):
        queue().receive(count)


@behaviour("std.receive.visibility_range", "A receive hides for 0 to 12 hours", source=API + "ReceiveMessage.html")
def test_the_timeout_of_a_receive(queue: MakeQueue) -> None:
    with refused("InvalidParameterValue", "VisibilityTimeout"):
        queue().receive(VisibilityTimeout=43_201)


@behaviour(
    "std.receive.empty_no_key",
    "An empty answer has no key Messages",
    source=RECORDED + "test_receive_empty_queue",
)
def test_an_empty_answer(sqs: Any, queue: MakeQueue) -> None:
    assert "Messages" not in sqs.receive_message(QueueUrl=queue().url)


@behaviour("std.sys_attrs", "What SQS says of a message", source=API + "ReceiveMessage.html")
def test_system_attributes(lab: labkit.Lab, sqs: Any, queue: MakeQueue) -> None:
    jobs = queue()
    before = int(lab.now().timestamp() * 1000)
    jobs.send("job")
    attributes = jobs.receive_one()["Attributes"]
    assert set(attributes) == {
        "SenderId",
        "SentTimestamp",
        "ApproximateReceiveCount",
        "ApproximateFirstReceiveTimestamp",
    }
    assert before - 2000 <= int(attributes["SentTimestamp"]) <= int(attributes["ApproximateFirstReceiveTimestamp"])
    jobs.send("asked for none")
    message = sqs.receive_message(QueueUrl=jobs.url, WaitTimeSeconds=1)["Messages"][0]
    assert "Attributes" not in message


@behaviour(
    "std.first_receive_ts_stable",
    "The time of the first receive stays",
    source=API + "ReceiveMessage.html",
)
def test_the_first_receive_is_remembered(lab: labkit.Lab, queue: MakeQueue) -> None:
    jobs = queue(VisibilityTimeout=5)
    jobs.send("job")
    first = jobs.receive_one()
    lab.wait(seconds=6)
    name = "ApproximateFirstReceiveTimestamp"
    assert jobs.receive_one()["Attributes"][name] == first["Attributes"][name]


@behaviour(
    "std.poison_pill",
    "A message received three times and not deleted goes to the back",
    source=GUIDE + "sqs-available-cloudwatch-metrics.html",
)
def test_a_poison_pill_goes_to_the_back(lab: labkit.Lab, queue: MakeQueue) -> None:
    jobs = queue(VisibilityTimeout=5)
    jobs.send("poison")
    for _ in range(3):
        assert jobs.receive_one()["Body"] == "poison"
        lab.wait(seconds=6)
    jobs.send("healthy")
    assert [jobs.receive_one()["Body"] for _ in range(2)] == ["poison", "healthy"]
    lab.wait(seconds=6)
    assert [jobs.receive_one()["Body"] for _ in range(2)] == ["healthy", "poison"]


@behaviour("retention.expiry", "A message vanishes after the retention period", source=API + "SetQueueAttributes.html")
def test_retention(lab: labkit.Lab, queue: MakeQueue) -> None:
    jobs = queue(MessageRetentionPeriod=60, VisibilityTimeout=600)
    jobs.send("too old")
    jobs.send("too old, in flight")
    message = jobs.receive_one()
    lab.wait(seconds=61)
    jobs.send("new")
    assert jobs.counts() == (1, 0, 0)
    assert jobs.bodies() == ["new"]
    jobs.delete(message)  # its handle is still good for nothing, and no error


@behaviour(
    "retention.change",
    "A shorter retention period deletes messages that are older",
    source=API + "SetQueueAttributes.html",
)
def test_a_shorter_retention_period(lab: labkit.Lab, sqs: Any, queue: MakeQueue) -> None:
    jobs = queue()
    jobs.send("four days")
    lab.wait(seconds=120)
    sqs.set_queue_attributes(QueueUrl=jobs.url, Attributes={"MessageRetentionPeriod": "60"})
    lab.wait(minutes=15)  # "can take up to 15 minutes"
    assert jobs.bodies(WaitTimeSeconds=0) == []


@behaviour(
    "standard.group_id_fair_queue",
    "A standard queue takes a message group id (fair queues) and shows it on receive",
    source=RECORDED + "test_fair_queue_with_message_group_id",
)
def test_a_tenant_s_message(queue: MakeQueue) -> None:
    jobs = queue()
    assert "SequenceNumber" not in jobs.send("job", group="tenant-a")
    assert jobs.receive_one()["Attributes"]["MessageGroupId"] == "tenant-a"


@behaviour(
    "standard.dedup_id_rejected",
    "A standard queue takes no deduplication id",
    source=API + "SendMessage.html",
)
def test_no_deduplication_on_a_standard_queue(queue: MakeQueue) -> None:
    with refused("InvalidParameterValue", "not valid for this queue type"):
        queue().send("job", deduplication_id="a")
