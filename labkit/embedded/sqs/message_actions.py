"""The API's actions on messages: send, receive, delete, change visibility, one by one and in batches."""

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
    selected_attributes,
    size_of,
)
from labkit.embedded.sqs.queue import MAX_VISIBILITY_TIMEOUT, Delivery, Queue
from labkit.embedded.sqs.standard import StandardQueue

if TYPE_CHECKING:
    from labkit.embedded.sqs.service import Sqs

MAX_DELAY = 900  # seconds
MAX_WAIT = 20  # seconds
MAX_RECEIVED = 10  # messages

Request = dict[str, Any]

_NOT_FOR_THIS_TYPE = "The request includes a parameter that is not valid for this queue type."
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


def receive_message(sqs: "Sqs", context: Context, request: Request) -> dict[str, Any]:
    queue = sqs.queue(context, request["QueueUrl"])
    count = request.get("MaxNumberOfMessages", 1)
    if not 1 <= count <= MAX_RECEIVED:
        raise errors.invalid_value(count, "MaxNumberOfMessages", f"Must be between 1 and {MAX_RECEIVED}, if provided.")
    wait = _optional(request, "WaitTimeSeconds", MAX_WAIT)
    timeout = _optional(request, "VisibilityTimeout", MAX_VISIBILITY_TIMEOUT)
    attempt_id = request.get("ReceiveRequestAttemptId")
    check_fifo_id("ReceiveRequestAttemptId", attempt_id)
    if attempt_id is not None and not isinstance(queue, FifoQueue):
        raise errors.invalid_value(attempt_id, "ReceiveRequestAttemptId", _NOT_FOR_THIS_TYPE)
    wait = queue.attributes.wait_time if wait is None else wait
    misses = wait == 0 and sqs.trouble.misses()

    def receive() -> list[Delivery]:
        if misses:
            return []
        if isinstance(queue, FifoQueue):
            return queue.receive(count, timeout, attempt_id)
        if wait == 0 and isinstance(queue, StandardQueue):
            queue.check_room_in_flight()
        return queue.receive(count, timeout)

    deliveries = sqs.poll(queue, wait, receive)
    return {"Messages": [_shown(delivery, request) for delivery in deliveries]} if deliveries else {}


def delete_message(sqs: "Sqs", context: Context, request: Request) -> dict[str, Any]:
    sqs.queue(context, request["QueueUrl"]).delete(request["ReceiptHandle"])
    return {}


def delete_message_batch(sqs: "Sqs", context: Context, request: Request) -> dict[str, Any]:
    queue = sqs.queue(context, request["QueueUrl"])
    check_entries(request["Entries"])

    def delete(entry: Request) -> dict[str, Any]:
        queue.delete(entry["ReceiptHandle"])
        return {}

    return for_each_entry(request["Entries"], delete)


def change_message_visibility(sqs: "Sqs", context: Context, request: Request) -> dict[str, Any]:
    return _change_visibility(sqs.queue(context, request["QueueUrl"]), request)


def change_message_visibility_batch(sqs: "Sqs", context: Context, request: Request) -> dict[str, Any]:
    queue = sqs.queue(context, request["QueueUrl"])
    check_entries(request["Entries"])
    return for_each_entry(request["Entries"], lambda entry: _change_visibility(queue, entry))


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
            raise errors.invalid_value(deduplication_id, "MessageDeduplicationId", _NOT_FOR_THIS_TYPE)
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


def _optional(request: Request, name: str, highest: int) -> int | None:
    value: int | None = request.get(name)
    if value is not None and not 0 <= value <= highest:
        raise errors.invalid_value(value, name, f"Must be >= 0 and <= {highest}, if provided.")
    return value


def _change_visibility(queue: Queue, entry: Request) -> dict[str, Any]:
    timeout = entry.get("VisibilityTimeout", 0)
    if not 0 <= timeout <= MAX_VISIBILITY_TIMEOUT:
        raise errors.invalid_value(
            timeout, "VisibilityTimeout", f"VisibilityTimeout must be an integer between 0 and {MAX_VISIBILITY_TIMEOUT}"
        )
    queue.change_visibility(entry["ReceiptHandle"], timeout)
    return {}


def _shown(delivery: Delivery, request: Request) -> dict[str, Any]:
    """A delivered message with what the receive asked for."""
    message = delivery.message
    shown: dict[str, Any] = {
        "MessageId": message.id,
        "ReceiptHandle": delivery.receipt_handle,
        "MD5OfBody": message.body_md5,
        "Body": message.body,
    }
    wanted = {*request.get("MessageSystemAttributeNames", ()), *request.get("AttributeNames", ())}
    if wanted:
        everything = "All" in wanted
        system = {k: v for k, v in _system_attributes(message).items() if v and (everything or k in wanted)}
        if system:
            shown["Attributes"] = system
    attributes = selected_attributes(message.attributes, request.get("MessageAttributeNames", ()))
    if attributes:
        shown["MessageAttributes"] = attributes
        shown["MD5OfMessageAttributes"] = md5_of_attributes(attributes)
    return shown


def _system_attributes(message: Message) -> dict[str, str | None]:
    trace = message.system_attributes.get("AWSTraceHeader")
    return {
        "SenderId": message.sender_id,
        "SentTimestamp": _milliseconds(message.sent_at),
        "ApproximateReceiveCount": str(message.receive_count),
        "ApproximateFirstReceiveTimestamp": _milliseconds(message.first_received_at or 0),
        "SequenceNumber": message.sequence_number,
        "MessageDeduplicationId": message.deduplication_id,
        "MessageGroupId": message.group_id,
        "AWSTraceHeader": trace["StringValue"] if trace else None,
        "DeadLetterQueueSourceArn": message.dead_letter_source_arn,
    }


def _milliseconds(seconds: float) -> str:
    return str(int(seconds * 1000))
