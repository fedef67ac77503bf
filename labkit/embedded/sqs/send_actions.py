"""The API's actions that send messages, one or a batch."""

from typing import TYPE_CHECKING, Any

from labkit.embedded.sqs import errors
from labkit.embedded.sqs.batch import check_entries, for_each_entry
from labkit.embedded.sqs.context import Context
from labkit.embedded.sqs.fifo import FifoQueue, content_deduplication_id
from labkit.embedded.sqs.message import (
    MAX_SIZE,
    Message,
    check_attributes,
    check_body,
    check_fifo_id,
    check_system_attributes,
    md5_of_attributes,
    md5_of_body,
    size_of,
)
from labkit.embedded.sqs.queue import Queue

if TYPE_CHECKING:
    from labkit.embedded.sqs.service import Sqs

MAX_DELAY = 900  # seconds

Request = dict[str, Any]

_NO_DEDUPLICATION_ID = (
    "The queue should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly"
)


def send_message(sqs: "Sqs", context: Context, request: Request) -> dict[str, Any]:
    queue = sqs.queue(context, request["QueueUrl"])
    _check_size(queue, request, "One or more parameters are invalid.")
    return _send(sqs, queue, context, request)


def send_message_batch(sqs: "Sqs", context: Context, request: Request) -> dict[str, Any]:
    queue = sqs.queue(context, request["QueueUrl"])
    entries = request["Entries"]
    check_entries(entries)
    total = sum(_size(entry) for entry in entries)
    if total > MAX_SIZE:
        raise errors.batch_too_long(total, MAX_SIZE)
    if isinstance(queue, FifoQueue):  # missing ids refuse the whole batch, as recorded on AWS
        for entry in entries:
            if entry.get("MessageGroupId") is None:
                raise errors.invalid_parameter("The request must contain the parameter MessageGroupId.")
            if entry.get("MessageDeduplicationId") is None and not queue.attributes.content_based_deduplication:
                raise errors.invalid_parameter(_NO_DEDUPLICATION_ID)

    def send(entry: Request) -> dict[str, Any]:
        _check_size(queue, entry, "One or more parameters cannot be validated.")
        return _send(sqs, queue, context, entry)

    return for_each_entry(entries, send)


def _send(sqs: "Sqs", queue: Queue, context: Context, entry: Request) -> dict[str, Any]:
    body = entry["MessageBody"]
    attributes = entry.get("MessageAttributes", {})
    system_attributes = entry.get("MessageSystemAttributes", {})
    check_body(body)
    check_attributes(attributes)
    check_system_attributes(system_attributes)
    delay = entry.get("DelaySeconds")
    if delay is not None and not 0 <= delay <= MAX_DELAY:
        raise errors.invalid_value(delay, "DelaySeconds", f"DelaySeconds must be >= 0 and <= {MAX_DELAY}.")
    deduplication_id = _checked_ids(queue, entry)
    answer = {"MD5OfMessageBody": md5_of_body(body)}
    if attributes:
        answer["MD5OfMessageAttributes"] = md5_of_attributes(attributes)
    if system_attributes:
        answer["MD5OfMessageSystemAttributes"] = md5_of_attributes(system_attributes)
    group_id = entry.get("MessageGroupId", "")
    if isinstance(queue, FifoQueue):
        earlier = queue.earlier_send(group_id, deduplication_id)
        if earlier:
            queue.totals.deduplicated += 1
            return {**answer, "MessageId": earlier.message_id, "SequenceNumber": earlier.sequence_number}
    message = Message(
        id=queue.new_id(),
        body=body,
        sender_id=context.caller.principal_id,
        sent_at=sqs.now(),
        attributes=attributes,
        system_attributes=system_attributes,
        group_id=group_id,
        deduplication_id=deduplication_id,
    )
    queue.send(message, size_of(body, attributes), delay)
    answer["MessageId"] = message.id
    if message.sequence_number:
        answer["SequenceNumber"] = message.sequence_number
    return answer


def _checked_ids(queue: Queue, entry: Request) -> str:
    """The deduplication id of a new message (none on a standard queue), after a look at all parameters that depend on the queue's type."""
    group_id, deduplication_id = entry.get("MessageGroupId"), entry.get("MessageDeduplicationId")
    check_fifo_id("MessageGroupId", group_id)
    check_fifo_id("MessageDeduplicationId", deduplication_id)
    if not queue.attributes.fifo:
        if deduplication_id is not None:
            raise errors.not_for_this_type(deduplication_id, "MessageDeduplicationId")
        return ""
    if group_id is None:
        raise errors.missing_parameter("MessageGroupId")
    if entry.get("DelaySeconds"):
        raise errors.invalid_value(
            entry["DelaySeconds"],
            "DelaySeconds",
            "The request include parameter that is not valid for this queue type.",
        )
    if deduplication_id is None and queue.attributes.content_based_deduplication:
        return content_deduplication_id(entry["MessageBody"])
    if deduplication_id is None:
        raise errors.invalid_parameter(_NO_DEDUPLICATION_ID)
    return str(deduplication_id)


def _size(entry: Request) -> int:
    return size_of(entry["MessageBody"], entry.get("MessageAttributes", {}))


def _check_size(queue: Queue, entry: Request, complaint: str) -> None:
    if _size(entry) > queue.attributes.max_size:
        raise errors.invalid_parameter(
            f"{complaint} Reason: Message must be shorter than {queue.attributes.max_size} bytes."
        )
