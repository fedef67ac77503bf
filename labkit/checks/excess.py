"""What a consumer's policy allows beyond its work: every action of its two services is judged, as AWS judges calls."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

import boto3

from labkit.embedded.access.callers import Caller
from labkit.embedded.access.policies import Request, Verdict, judge

NEEDED = {"sqs": ("ReceiveMessage", "ChangeMessageVisibility", "DeleteMessage"), "dynamodb": ("UpdateItem",)}
TELLING = {"sqs": ("SendMessage", "PurgeQueue"), "dynamodb": ("PutItem", "Scan")}  # what one understands at once
# Operations that no policy names: their parts are judged, or the statements in them.
NO_ACTIONS = re.compile(r".*MessageBatch|.*MessageVisibilityBatch|.*Execute.*|Transact.*")
CONSUMER = Caller("arn:aws:sts::123456789012:assumed-role/consumer/shift", "AROA:shift", "123456789012", "consumer")


def excess(policy: Mapping[str, Any], queue: str, table: str) -> Iterator[tuple[str, str, str]]:
    """For each thing that the policy allows and the work does not need: a reason, the operation and the resource.

    `queue` and `table` are ARNs. A statement with a condition counts as if the condition did not hold.
    """
    document = json.dumps(policy)
    for reason, action, resource in _beyond(queue, table):
        if judge([document], Request(CONSUMER, action, resource)).verdict is Verdict.ALLOW:
            yield reason, action.partition(":")[2], resource
    for action in _actions(json.loads(document)):
        if action.partition(":")[0].lower() not in NEEDED:
            yield "other_service", action, "*"


def _beyond(queue: str, table: str) -> Iterator[tuple[str, str, str]]:
    """What should not be allowed: a reason, an action and a resource."""
    own = (("sqs", "queue", queue), ("dynamodb", "table", table))
    for service, reason, arn in own:
        client: Any = boto3.client(service)  # type: ignore[call-overload]
        for operation in (*TELLING[service], *client.meta.service_model.operation_names):
            if operation not in NEEDED[service] and not NO_ACTIONS.fullmatch(operation):
                yield reason, f"{service}:{operation}", arn
    for service, reason, arn in own:
        for operation in NEEDED[service]:
            for other in _others(arn):
                yield f"other_{reason}_too", f"{service}:{operation}", other
            yield "longer_name", f"{service}:{operation}", f"{arn}-copy"
    yield "other_service", "sns:ListTopics", "*"  # for those who say what is not allowed


def _others(arn: str) -> Iterator[str]:
    """Of another name, in another region, in another account."""
    parts = arn.split(":")
    for place, other in ((5, re.sub("[^/]+$", "another", parts[5])), (3, "ap-south-2"), (4, "210987654321")):
        yield ":".join([*parts[:place], other, *parts[place + 1 :]])


def _actions(policy: dict[str, Any]) -> Iterator[str]:
    """All actions that the statements of a policy allow by name."""
    statements = policy["Statement"]
    for statement in statements if isinstance(statements, list) else [statements]:
        actions = statement.get("Action", []) if statement["Effect"] == "Allow" else []
        yield from [actions] if isinstance(actions, str) else actions
