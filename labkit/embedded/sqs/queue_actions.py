"""The API's actions on queues: make, find, list, change, empty, tag and remove them."""

import base64
import json
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from labkit.embedded.sqs import errors
from labkit.embedded.sqs.attributes import QueueAttributes, allows_redrive, parse_redrive_policy
from labkit.embedded.sqs.context import ACCOUNT, Context
from labkit.embedded.sqs.queue import Queue

if TYPE_CHECKING:
    from labkit.embedded.sqs.service import Sqs

PURGE_INTERVAL = 60  # seconds
MAX_LISTED = 1_000
_NAME = re.compile(r"[A-Za-z0-9_-]{1,80}")
_BAD_NAME = "Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length"
_BAD_FIFO_NAME = (
    "The name of a FIFO queue can only include alphanumeric characters, hyphens, or underscores, "
    "must end with .fifo suffix and be 1 to 80 in length"
)
_COMPUTED = (
    "ApproximateNumberOfMessages",
    "ApproximateNumberOfMessagesDelayed",
    "ApproximateNumberOfMessagesNotVisible",
    "CreatedTimestamp",
    "LastModifiedTimestamp",
    "QueueArn",
)

Request = dict[str, Any]


def create_queue(sqs: "Sqs", context: Context, request: Request) -> dict[str, Any]:
    name, values = request["QueueName"], request.get("Attributes", {})
    fifo = values.get("FifoQueue", "").lower() == "true"
    _check_name(name, fifo)
    arn = f"arn:aws:sqs:{context.region}:{ACCOUNT}:{name}"
    existing = sqs.queue_by_arn(arn)
    if existing:
        differing = existing.attributes.differing(values)
        if differing:
            raise errors.queue_name_exists(differing)
    else:
        attributes = QueueAttributes(fifo, values)
        _check_redrive_target(sqs, arn, fifo, values)
        sqs.add_queue(context.region, name, attributes).tags.update(request.get("tags", {}))
    return {"QueueUrl": context.url_of(name)}


def get_queue_url(sqs: "Sqs", context: Context, request: Request) -> dict[str, Any]:
    if request.get("QueueOwnerAWSAccountId", ACCOUNT) != ACCOUNT:
        raise errors.queue_does_not_exist()
    queue = sqs.authorised(context, sqs.queue_by_name(context.region, request["QueueName"]))
    return {"QueueUrl": context.url_of(queue.name)}


def list_queues(sqs: "Sqs", context: Context, request: Request) -> dict[str, Any]:
    prefix = request.get("QueueNamePrefix", "")
    names = [queue.name for queue in sqs.queues(context.region) if queue.name.startswith(prefix)]
    return _page("QueueUrls", names, context, request)


def list_dead_letter_source_queues(sqs: "Sqs", context: Context, request: Request) -> dict[str, Any]:
    sources = sources_of(sqs, sqs.queue(context, request["QueueUrl"]), context.region)
    return {"queueUrls": [], **_page("queueUrls", [queue.name for queue in sources], context, request)}


def sources_of(sqs: "Sqs", dead_letter_queue: Queue, region: str) -> list[Queue]:
    """The queues whose messages go to this one after too many receives."""
    redrives = ((queue, queue.attributes.redrive) for queue in sqs.queues(region))
    return [queue for queue, redrive in redrives if redrive and redrive.target_arn == dead_letter_queue.arn]


def delete_queue(sqs: "Sqs", context: Context, request: Request) -> dict[str, Any]:
    sqs.remove_queue(sqs.queue(context, request["QueueUrl"]))
    return {}


def purge_queue(sqs: "Sqs", context: Context, request: Request) -> dict[str, Any]:
    queue = sqs.queue(context, request["QueueUrl"])
    if sqs.now() - queue.purged_at < PURGE_INTERVAL:
        raise errors.purge_in_progress(queue.name)
    queue.purge()
    return {}


def get_queue_attributes(sqs: "Sqs", context: Context, request: Request) -> dict[str, Any]:
    queue = sqs.queue(context, request["QueueUrl"])
    names = request.get("AttributeNames", [])
    for name in names:
        if name != "All" and name not in _COMPUTED and not QueueAttributes.knows(name):
            raise errors.unknown_attribute(name)
    shown = {k: v for k, v in _all_attributes(queue).items() if "All" in names or k in names}
    return {"Attributes": shown} if shown else {}


def set_queue_attributes(sqs: "Sqs", context: Context, request: Request) -> dict[str, Any]:
    queue, values = sqs.queue(context, request["QueueUrl"]), request["Attributes"]
    if queue.attributes.fifo and values.get("FifoQueue", "true").lower() != "true":
        raise errors.invalid_attribute_value("FifoQueue", "Modifying queue type is not supported.")
    _check_redrive_target(sqs, queue.arn, queue.attributes.fifo, values)
    queue.attributes.set(values)
    queue.attributes_changed()
    return {}


def tag_queue(sqs: "Sqs", context: Context, request: Request) -> dict[str, Any]:
    sqs.queue(context, request["QueueUrl"]).tags.update(request["Tags"])
    return {}


def untag_queue(sqs: "Sqs", context: Context, request: Request) -> dict[str, Any]:
    queue = sqs.queue(context, request["QueueUrl"])
    for key in request["TagKeys"]:
        queue.tags.pop(key, None)
    return {}


def list_queue_tags(sqs: "Sqs", context: Context, request: Request) -> dict[str, Any]:
    tags = sqs.queue(context, request["QueueUrl"]).tags
    return {"Tags": dict(tags)} if tags else {}


def add_permission(sqs: "Sqs", context: Context, request: Request) -> dict[str, Any]:
    queue, label = sqs.queue(context, request["QueueUrl"]), request["Label"]
    policy = _policy_of(queue)
    if any(statement.get("Sid") == label for statement in policy["Statement"]):
        raise errors.invalid_value(label, "Label", "Already exists.")
    policy["Statement"].append(
        {
            "Sid": label,
            "Effect": "Allow",
            "Principal": {"AWS": _one_or_all([f"arn:aws:iam::{a}:root" for a in request["AWSAccountIds"]])},
            "Action": _one_or_all([f"SQS:{action}" for action in request["Actions"]]),
            "Resource": queue.arn,
        }
    )
    queue.attributes.set({"Policy": json.dumps(policy)})
    return {}


def remove_permission(sqs: "Sqs", context: Context, request: Request) -> dict[str, Any]:
    queue, label = sqs.queue(context, request["QueueUrl"]), request["Label"]
    policy = _policy_of(queue)
    left = [statement for statement in policy["Statement"] if statement.get("Sid") != label]
    if len(left) == len(policy["Statement"]):
        raise errors.invalid_value(label, "Label", "can't find label.")
    queue.attributes.set({"Policy": json.dumps({**policy, "Statement": left}) if left else ""})
    return {}


def _check_name(name: str, fifo: bool) -> None:
    stem = name.removesuffix(".fifo")
    if fifo and stem == name:
        raise errors.invalid_parameter(_BAD_FIFO_NAME)
    if len(name) > 80 or not _NAME.fullmatch(stem if fifo else name):
        raise errors.invalid_parameter(_BAD_NAME)


def _check_redrive_target(sqs: "Sqs", arn: str, fifo: bool, values: Mapping[str, str]) -> None:
    text = values.get("RedrivePolicy")
    if not text:
        return
    target = sqs.queue_by_arn(parse_redrive_policy(text).target_arn)
    if target is None:
        raise errors.invalid_value(text, "RedrivePolicy", "Dead letter target does not exist.")
    if target.attributes.fifo != fifo:
        raise errors.invalid_value(text, "RedrivePolicy", "Dead-letter queue must be same type of queue as the source.")
    if not allows_redrive(target.attributes.get("RedriveAllowPolicy"), arn):
        raise errors.invalid_value(
            text, "RedrivePolicy", "The dead-letter queue's redrive allow policy does not allow this source queue."
        )


def _all_attributes(queue: Queue) -> dict[str, str]:
    visible, in_flight, delayed = queue.counts()
    computed = (visible, delayed, in_flight, int(queue.created_at), int(queue.modified_at), queue.arn)
    return {**dict(zip(_COMPUTED, map(str, computed), strict=True)), **queue.attributes.shown()}


def _page(key: str, names: list[str], context: Context, request: Request) -> dict[str, Any]:
    """The names after `NextToken`, as URLs, and a token if there are more. `names` are sorted."""
    limit = request.get("MaxResults")
    if limit is not None and not 1 <= limit <= MAX_LISTED:
        raise errors.invalid_value(limit, "MaxResults", f"Must be between 1 and {MAX_LISTED}, if provided.")
    after = _name_in_token(request["NextToken"]) if "NextToken" in request else ""
    names = [name for name in names if name > after]
    shown = names[: limit or MAX_LISTED]
    page: dict[str, Any] = {key: [context.url_of(name) for name in shown]} if shown else {}
    if limit and len(names) > len(shown):
        page["NextToken"] = base64.b64encode(shown[-1].encode()).decode()
    return page


def _name_in_token(token: str) -> str:
    try:
        return base64.b64decode(token, validate=True).decode()
    except ValueError:
        raise errors.invalid_parameter("Invalid or expired next token.") from None


def _policy_of(queue: Queue) -> dict[str, Any]:
    text = queue.attributes.get("Policy")
    policy: dict[str, Any] = json.loads(text) if text else {}
    return {"Version": "2008-10-17", "Id": f"{queue.arn}/SQSDefaultPolicy", "Statement": [], **policy}


def _one_or_all(values: list[str]) -> str | list[str]:
    return values[0] if len(values) == 1 else values
