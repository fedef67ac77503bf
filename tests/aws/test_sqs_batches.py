"""SQS: batches, refused as a whole or answered entry by entry."""

from typing import Any

import pytest
from behaviours import behaviour
from sqs_calls import API, RECORDED, MakeQueue, QueueUnderTest, refused

SEND = API + "SendMessageBatch.html"
PREFIX = "AWS.SimpleQueueService."


@pytest.fixture
def jobs(queue: MakeQueue) -> QueueUnderTest:
    return queue()


def entries(*bodies: str, **more: Any) -> list[dict[str, Any]]:
    return [{"Id": str(at), "MessageBody": body, **more} for at, body in enumerate(bodies)]


def outcome(answer: dict[str, Any]) -> tuple[list[str], list[tuple[str, str, bool]]]:
    """Ids that succeeded; ids, codes and SenderFault of those that did not."""
    failed = [(entry["Id"], entry["Code"], entry["SenderFault"]) for entry in answer.get("Failed", [])]
    return [entry["Id"] for entry in answer.get("Successful", [])], failed


@behaviour("batch.send_10", "A batch sends up to ten messages", source=SEND)
@behaviour("std.receive.batch10", "A receive returns up to ten (fewer, too)", source=API + "ReceiveMessage.html")
def test_ten_messages(sqs: Any, jobs: QueueUnderTest) -> None:
    answer = sqs.send_message_batch(QueueUrl=jobs.url, Entries=entries(*"abcdefghij"))
    assert [entry["Id"] for entry in answer["Successful"]] == [str(i) for i in range(10)]
    assert "Failed" not in answer
    received: list[str] = []
    while some := jobs.bodies(10):
        received += some
    assert sorted(received) == list("abcdefghij")


@behaviour("batch.send_11", "And no more", source=RECORDED + "test_too_many_entries_in_batch_request")
def test_eleven_messages(sqs: Any, jobs: QueueUnderTest) -> None:
    with refused(
        PREFIX + "TooManyEntriesInBatchRequest",
        "Maximum number of entries per request are 10. You have sent 11.",
        sqs.exceptions.TooManyEntriesInBatchRequest,
    ):
        sqs.send_message_batch(QueueUrl=jobs.url, Entries=entries(*"abcdefghijk"))


@behaviour("batch.send_dup_id", "Ids of a batch are distinct", source=SEND)
def test_two_entries_of_the_same_id(sqs: Any, jobs: QueueUnderTest) -> None:
    with refused(PREFIX + "BatchEntryIdsNotDistinct", kind=sqs.exceptions.BatchEntryIdsNotDistinct):
        sqs.send_message_batch(QueueUrl=jobs.url, Entries=[*entries("a"), *entries("b")])


@behaviour(
    "batch.send_bad_id",
    "An id has 1 to 80 letters, digits, hyphens and underscores",
    source=RECORDED + "test_invalid_batch_id, test_delete_message_batch_invalid_msg_id",
)
@pytest.mark.parametrize("entry_id", ["", "invalid:id", "x" * 81, "ñ"])
def test_a_bad_id(sqs: Any, jobs: QueueUnderTest, entry_id: str) -> None:
    for call, entry in (
        (sqs.send_message_batch, {"MessageBody": "a"}),
        (sqs.delete_message_batch, {"ReceiptHandle": "a"}),
        (sqs.change_message_visibility_batch, {"ReceiptHandle": "a", "VisibilityTimeout": 1}),
    ):
        with refused(PREFIX + "InvalidBatchEntryId", "A batch entry id can only contain"):
            call(QueueUrl=jobs.url, Entries=[{"Id": entry_id, **entry}])


@behaviour("batch.send_empty", "A batch is not empty", source=SEND)
def test_an_empty_batch(sqs: Any, jobs: QueueUnderTest) -> None:
    with refused(PREFIX + "EmptyBatchRequest", kind=sqs.exceptions.EmptyBatchRequest):
        sqs.send_message_batch(QueueUrl=jobs.url, Entries=[])


@behaviour(
    "batch.send_total_too_long",
    "All messages of a batch have 1 MiB together",
    source=RECORDED + "test_send_message_batch_with_oversized_contents",
)
def test_a_batch_that_is_too_long(sqs: Any, jobs: QueueUnderTest) -> None:
    with refused(
        PREFIX + "BatchRequestTooLong",
        "Batch requests cannot be longer than 1048576 bytes. You have sent 1048577 bytes.",
    ):
        sqs.send_message_batch(QueueUrl=jobs.url, Entries=entries("x" * 524_288, "x" * 524_289))


@behaviour(
    "batch.partial_failure_too_big",
    "A message that is too large for the queue fails alone",
    source=RECORDED + "test_send_batch_message_size",
)
def test_one_message_is_too_large(sqs: Any, queue: MakeQueue) -> None:
    small = queue(MaximumMessageSize=1024)
    answer = sqs.send_message_batch(QueueUrl=small.url, Entries=entries("x" * 1024, "x" * 1025))
    assert outcome(answer) == (["0"], [("1", "InvalidParameterValue", True)])
    assert answer["Failed"][0]["Message"] == (
        "One or more parameters cannot be validated. Reason: Message must be shorter than 1024 bytes."
    )


@behaviour(
    "batch.partial_failure_bad_char",
    "A message with a character that is not allowed fails alone",
    source=RECORDED + "test_batch_send_with_invalid_char_should_succeed",
)
def test_one_message_has_a_bad_character(sqs: Any, jobs: QueueUnderTest) -> None:
    answer = sqs.send_message_batch(QueueUrl=jobs.url, Entries=entries("good", "\x01"))
    assert outcome(answer) == (["0"], [("1", "InvalidMessageContents", True)])
    assert jobs.bodies() == ["good"]


@behaviour("batch.partial_failure_delay", "A message with a bad delay fails alone", source=SEND)
def test_one_message_has_a_bad_delay(sqs: Any, jobs: QueueUnderTest) -> None:
    batch = entries("good", "bad")
    batch[1]["DelaySeconds"] = 901
    answer = sqs.send_message_batch(QueueUrl=jobs.url, Entries=batch)
    assert outcome(answer) == (["0"], [("1", "InvalidParameterValue", True)])


@behaviour(
    "batch.fifo_missing_dedup_whole_or_part",
    "A FIFO entry without a deduplication id, or without a group, refuses the whole batch",
    source=RECORDED
    + "test_send_batch_missing_deduplication_id_for_fifo_queue, "
    + "test_send_batch_missing_message_group_id_for_fifo_queue",
)
@pytest.mark.parametrize("missing", ["MessageDeduplicationId", "MessageGroupId"])
def test_one_message_lacks_an_id(sqs: Any, queue: MakeQueue, missing: str) -> None:
    fifo = queue(fifo=True)
    batch = entries("a", "b", MessageGroupId="g")
    for entry in batch:
        entry["MessageDeduplicationId"] = entry["MessageBody"]
    del batch[1][missing]
    with refused("InvalidParameterValue", missing):
        sqs.send_message_batch(QueueUrl=fifo.url, Entries=batch)
    assert fifo.bodies(WaitTimeSeconds=0) == []


@behaviour("batch.fifo_order", "A batch keeps its order", source=SEND)
def test_the_order_of_a_batch(sqs: Any, queue: MakeQueue) -> None:
    fifo = queue(fifo=True, ContentBasedDeduplication="true")
    sqs.send_message_batch(QueueUrl=fifo.url, Entries=entries(*"cab", MessageGroupId="g"))
    assert fifo.bodies() == list("cab")


@behaviour("batch.delete_partial", "A bad handle among good ones fails alone", source=API + "DeleteMessageBatch.html")
def test_one_handle_is_bad(sqs: Any, jobs: QueueUnderTest) -> None:
    jobs.send("a")
    message = jobs.receive_one()
    batch = [{"Id": "good", "ReceiptHandle": message["ReceiptHandle"]}, {"Id": "bad", "ReceiptHandle": "garbage"}]
    answer = sqs.delete_message_batch(QueueUrl=jobs.url, Entries=batch)
    assert outcome(answer) == (["good"], [("bad", "ReceiptHandleIsInvalid", True)])


@behaviour(
    "batch.delete_11",
    "Deletes and changes come in batches of ten, too",
    source=RECORDED + "test_delete_message_batch_with_too_large_batch, "
    "test_change_message_visibility_batch_with_too_large_batch",
)
def test_eleven_deletes(sqs: Any, jobs: QueueUnderTest) -> None:
    batch = [{"Id": str(i), "ReceiptHandle": "x", "VisibilityTimeout": 0} for i in range(11)]
    with refused(PREFIX + "TooManyEntriesInBatchRequest"):
        sqs.change_message_visibility_batch(QueueUrl=jobs.url, Entries=batch)
    for entry in batch:
        del entry["VisibilityTimeout"]
    with refused(PREFIX + "TooManyEntriesInBatchRequest"):
        sqs.delete_message_batch(QueueUrl=jobs.url, Entries=batch)


@behaviour(
    "batch.changevis",
    "Timeouts are changed entry by entry",
    source=API + "ChangeMessageVisibilityBatch.html",
)
def test_changing_timeouts(sqs: Any, jobs: QueueUnderTest) -> None:
    jobs.send("a")
    handle = jobs.receive_one()["ReceiptHandle"]
    batch = [
        {"Id": "good", "ReceiptHandle": handle, "VisibilityTimeout": 0},
        {"Id": "far", "ReceiptHandle": handle, "VisibilityTimeout": 43_201},
        {"Id": "bad", "ReceiptHandle": "garbage", "VisibilityTimeout": 0},
    ]
    answer = sqs.change_message_visibility_batch(QueueUrl=jobs.url, Entries=batch)
    failed = [("far", "InvalidParameterValue", True), ("bad", "ReceiptHandleIsInvalid", True)]
    assert outcome(answer) == (["good"], failed)
    assert jobs.bodies() == ["a"]
