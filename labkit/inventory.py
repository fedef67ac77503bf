"""What there is on AWS, by kind, and how to remove it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import boto3
from botocore.exceptions import ClientError

if TYPE_CHECKING:
    import pandas as pd


_CLOSED = ("AccessDenied", "AccessDeniedException", "AuthorizationError", "UnauthorizedOperation")


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


def _users(iam: Any) -> list[str]:
    """All but the one whose keys we work with, which the lab did not make, and without which nothing else would go."""
    me = boto3.client("sts").get_caller_identity()["Arn"]
    return [user["UserName"] for user in _pages("list_users", "Users")(iam) if user["Arn"] != me]


def _remove_user(iam: Any, name: str) -> None:
    """A user can be deleted once no key and no policy is left. Groups and passwords no lesson makes."""
    for key in iam.list_access_keys(UserName=name)["AccessKeyMetadata"]:
        iam.delete_access_key(UserName=name, AccessKeyId=key["AccessKeyId"])
    for policy in iam.list_attached_user_policies(UserName=name)["AttachedPolicies"]:
        iam.detach_user_policy(UserName=name, PolicyArn=policy["PolicyArn"])
    for policy_name in iam.list_user_policies(UserName=name)["PolicyNames"]:
        iam.delete_user_policy(UserName=name, PolicyName=policy_name)
    iam.delete_user(UserName=name)


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
    Kind("user", "iam", _users, _remove_user),
)


@dataclass
class Removal:
    """What was removed, and what AWS refused to remove, each as kind and name, in a fixed order."""

    removed: list[tuple[str, str]] = field(default_factory=list)
    refused: list[tuple[str, str]] = field(default_factory=list)


def remove(prefix: str = "", *, keep_going: bool = False) -> Removal:
    """Remove every thing of these kinds whose name begins with the prefix.

    With `keep_going` what AWS refuses to remove, or even to list, is passed over and told; otherwise ClientError.
    """
    removal = Removal()
    for kind, client, addresses in _found(prefix, keep_going):
        for address in addresses:
            thing = (kind.name, short_name(address))
            try:
                kind.remove(client, address)
            except ClientError as error:
                if not keep_going:
                    raise
                if not _is_gone(error):
                    removal.refused.append(thing)
                    continue
            removal.removed.append(thing)
    return removal


def names(prefix: str, *, except_for: str) -> list[tuple[str, str]]:
    """Kind and name of each thing whose name begins with the first prefix and not with the second."""
    return [
        (kind.name, short_name(address))
        for kind, _, addresses in _found(prefix, keep_going=True)
        for address in addresses
        if not short_name(address).startswith(except_for)
    ]


def table(removal: Removal) -> pd.DataFrame:
    """What was removed, as a table with the columns `kind` and `name`."""
    import pandas as pd  # here, since the embedded AWS's own process, which has no use for it, starts twice as fast

    return pd.DataFrame(removal.removed, columns=["kind", "name"])


def _found(prefix: str, keep_going: bool) -> Iterator[tuple[Kind, Any, list[str]]]:
    for kind in KINDS:
        client = boto3.client(kind.service)  # type: ignore[call-overload]
        try:
            addresses = sorted(kind.listing(client))
        except ClientError as error:
            # In a teaching account some services are closed, and then nothing was made there either.
            if not keep_going or error.response["Error"]["Code"] not in _CLOSED:
                raise
            continue
        yield kind, client, [address for address in addresses if short_name(address).startswith(prefix)]


def _is_gone(error: ClientError) -> bool:
    """Whether it was removed already: a listing may be a minute behind."""
    return any(
        word in error.response["Error"]["Code"] for word in ("NotFound", "NonExistent", "NoSuch", "DoesNotExist")
    )


def short_name(address: str) -> str:
    """`orders` from a queue's URL, a topic's ARN or a plain name; the topic and not the id for a subscription's ARN."""
    if address.startswith("http"):
        return address.rsplit("/", 1)[1]
    parts = address.split(":")
    return parts[5] if len(parts) > 5 else address
