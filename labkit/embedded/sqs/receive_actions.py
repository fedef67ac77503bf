"""The API's actions of a consumer: receive, delete, change the visibility, one by one or in batches."""

from typing import TYPE_CHECKING, Any

from labkit.embedded.sqs import errors
from labkit.embedded.sqs.batch import check_entries, for_each_entry
from labkit.embedded.sqs.context import Context
from labkit.embedded.sqs.fifo import FifoQueue
from labkit.embedded.sqs.message import Message, check_fifo_id, md5_of_attributes, selected_attributes
from labkit.embedded.sqs.queue import MAX_VISIBILITY_TIMEOUT, Delivery, Queue
from labkit.embedded.sqs.standard import StandardQueue

if TYPE_CHECKING:
    from labkit.embedded.sqs.service import Sqs

MAX_WAIT = 20  # seconds
MAX_RECEIVED = 10  # messages

Request = dict[str, Any]


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
        raise errors.not_for_this_type(attempt_id, "ReceiveRequestAttemptId")
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
