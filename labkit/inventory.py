"""What there is on AWS, by kind, and how to remove it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import boto3

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Kind:
    """One kind of thing: the boto3 client for it, how its names are listed and how one is removed."""

    name: str
    service: str
    listing: Callable[[Any], Iterable[str]]
    remove: Callable[[Any, str], Any]


def _pages(operation: str, key: str) -> Callable[[Any], Iterable[Any]]:
    """All entries of a listing, however many pages it has."""

    def entries(client: Any) -> Iterable[Any]:
        for page in client.get_paginator(operation).paginate():
            yield from page.get(key, [])

    return entries


def _remove_table(dynamodb: Any, name: str) -> None:
    dynamodb.get_waiter("table_exists").wait(TableName=name)  # one that is still being made cannot be deleted
    dynamodb.delete_table(TableName=name)


def _remove_role(iam: Any, name: str) -> None:
    """A role can be deleted once no policy is with it."""
    for policy in iam.list_attached_role_policies(RoleName=name)["AttachedPolicies"]:
        iam.detach_role_policy(RoleName=name, PolicyArn=policy["PolicyArn"])
    for policy_name in iam.list_role_policies(RoleName=name)["PolicyNames"]:
        iam.delete_role_policy(RoleName=name, PolicyName=policy_name)
    iam.delete_role(RoleName=name)


def _subscriptions(sns: Any) -> list[str]:
    """Those that are confirmed. What is pending has no ARN to remove it by, and goes with its topic."""
    arns = (subscription["SubscriptionArn"] for subscription in _pages("list_subscriptions", "Subscriptions")(sns))
    return [arn for arn in arns if arn != "PendingConfirmation"]


KINDS = (
    # Subscriptions first: they are what ties the others together.
    Kind(
        "subscription",
        "sns",
        _subscriptions,
        lambda sns, arn: sns.unsubscribe(SubscriptionArn=arn),
    ),
    Kind(
        "topic",
        "sns",
        lambda sns: [t["TopicArn"] for t in _pages("list_topics", "Topics")(sns)],
        lambda sns, arn: sns.delete_topic(TopicArn=arn),
    ),
    Kind(
        "queue",
        "sqs",
        _pages("list_queues", "QueueUrls"),
        lambda sqs, url: sqs.delete_queue(QueueUrl=url),
    ),
    Kind(
        "table",
        "dynamodb",
        _pages("list_tables", "TableNames"),
        _remove_table,
    ),
    Kind(
        "alarm",
        "cloudwatch",
        lambda cloudwatch: [a["AlarmName"] for a in _pages("describe_alarms", "MetricAlarms")(cloudwatch)],
        lambda cloudwatch, name: cloudwatch.delete_alarms(AlarmNames=[name]),
    ),
    Kind(
        "role",
        "iam",
        lambda iam: [role["RoleName"] for role in _pages("list_roles", "Roles")(iam)],
        _remove_role,
    ),
)


def remove_everything() -> pd.DataFrame:
    """Remove every thing of these kinds; a table of them, with the columns `kind` and `name`, in a fixed order."""
    import pandas as pd  # here, since the embedded AWS's own process, which has no use for it, starts twice as fast

    removed = []
    for kind in KINDS:
        client = boto3.client(kind.service)  # type: ignore[call-overload]
        for address in sorted(kind.listing(client)):
            kind.remove(client, address)
            removed.append((kind.name, short_name(address)))
    return pd.DataFrame(removed, columns=["kind", "name"])


def short_name(address: str) -> str:
    """`orders` from a queue's URL, a topic's ARN or a plain name; the topic and not the id for a subscription's ARN."""
    if address.startswith("http"):
        return address.rsplit("/", 1)[1]
    parts = address.split(":")
    return parts[5] if len(parts) > 5 else address
