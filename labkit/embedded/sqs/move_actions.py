"""The API's actions on move tasks."""

from typing import TYPE_CHECKING, Any

from labkit.embedded.sqs import errors
from labkit.embedded.sqs.context import Context
from labkit.embedded.sqs.moves import MAX_RATE, MoveTask
from labkit.embedded.sqs.queue import Queue
from labkit.embedded.sqs.queue_actions import sources_of

if TYPE_CHECKING:
    from labkit.embedded.sqs.service import Sqs

MAX_LISTED = 10

Request = dict[str, Any]


def start_message_move_task(sqs: "Sqs", context: Context, request: Request) -> dict[str, Any]:
    source = _queue_by_arn(sqs, context, "SourceArn", request["SourceArn"])
    rate = request.get("MaxNumberOfMessagesPerSecond")
    if rate is not None and not 1 <= rate <= MAX_RATE:
        raise errors.invalid_value(
            rate, "MaxNumberOfMessagesPerSecond", f"Must be between 1 and {MAX_RATE}, if provided."
        )
    if not sources_of(sqs, source, context.region):
        raise errors.invalid_parameter("Source queue must be configured as a Dead Letter Queue.")
    destination_arn = request.get("DestinationArn")
    if destination_arn is not None:
        destination = _queue_by_arn(sqs, context, "DestinationArn", destination_arn)
        if destination.attributes.fifo != source.attributes.fifo:
            raise errors.invalid_parameter("Source and destination queue must be of the same type.")
    return {"TaskHandle": sqs.moves.start(source, destination_arn, rate).handle}


def cancel_message_move_task(sqs: "Sqs", context: Context, request: Request) -> dict[str, Any]:
    return {"ApproximateNumberOfMessagesMoved": sqs.moves.cancel(request["TaskHandle"]).moved}


def list_message_move_tasks(sqs: "Sqs", context: Context, request: Request) -> dict[str, Any]:
    limit = request.get("MaxResults", 1)
    if not 1 <= limit <= MAX_LISTED:
        raise errors.invalid_value(limit, "MaxResults", f"Must be between 1 and {MAX_LISTED}, if provided.")
    source = _queue_by_arn(sqs, context, "SourceArn", request["SourceArn"])
    return {"Results": [_shown(task) for task in sqs.moves.of_source(source.arn)[:limit]]}


def _queue_by_arn(sqs: "Sqs", context: Context, parameter: str, arn: str) -> Queue:
    queue = sqs.queue_by_arn(arn)
    if queue is None:
        raise errors.resource_not_found(f"The resource that you specified for the {parameter} parameter doesn't exist.")
    return sqs.authorised(context, queue)


def _shown(task: MoveTask) -> dict[str, Any]:
    shown = {
        "TaskHandle": task.handle if task.status == "RUNNING" else None,
        "Status": task.status,
        "SourceArn": task.source_arn,
        "DestinationArn": task.destination_arn,
        "MaxNumberOfMessagesPerSecond": task.rate,
        "ApproximateNumberOfMessagesMoved": task.moved,
        "ApproximateNumberOfMessagesToMove": task.to_move,
        "FailureReason": task.failure_reason,
        "StartedTimestamp": int(task.started_at * 1000),
    }
    return {name: value for name, value in shown.items() if value is not None}
