"""Exercises 1.2 and 1.3's worlds: sessions that end, and a role with somebody's policy."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable, Iterator
from typing import Any

import boto3
from botocore.exceptions import ClientError

from labkit.checks.world import World
from labkit.embedded.in_process import InProcessAws

SHORTEST_SESSION = 900  # seconds; STS API Reference, GetSessionToken
LOG_IN = 600  # seconds from the opening of a session until it is handed out: somebody pastes, and pours coffee
_numbers = itertools.count(1)


class Sessions:
    """Somebody who logs in: `open_client` opens a session of 15 minutes, and `opened` counts."""

    def __init__(
        self, aws: InProcessAws, service: str = "sqs", *, hopeless: bool = False, unknown: bool = False
    ) -> None:
        """`hopeless`: the sessions have expired by the time they are handed out. `unknown`: AWS knows no such keys."""
        self.opened = 0
        self._aws, self._service, self._hopeless, self._unknown = aws, service, hopeless, unknown

    def open_client(self) -> Any:
        self.opened += 1
        given = _client("sts").get_session_token(DurationSeconds=SHORTEST_SESSION)["Credentials"]
        if self._unknown:
            given = {**given, "AccessKeyId": "ASIAIOSFODNN7EXAMPLE"}
        self._aws.wait(LOG_IN)
        if self._hopeless:
            self.end()
        return _as(given, self._service)

    def end(self) -> None:
        """Let the session that was handed out last come to its end, and with it all before."""
        self._aws.wait(SHORTEST_SESSION - LOG_IN + 60)


class RoleWorld(World):
    """A queue with a received message and a table with an item, and a role that has this policy, on both of them.

    Raises ClientError for what IAM does not take as a policy.
    """

    def __init__(self, aws: InProcessAws, make_policy: Callable[[str, str], Any]) -> None:
        super().__init__(aws, VisibilityTimeout="3600")
        name = f"consumer-{next(_numbers)}"
        iam, sts = _client("iam"), _client("sts")
        account = sts.get_caller_identity()["Account"]
        trust = {"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{account}:root"}, "Action": "sts:AssumeRole"}
        document = {"Version": "2012-10-17", "Statement": [trust]}
        role = iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(document))["Role"]["Arn"]
        self.queue_arn, self.table_arn = queue_arn(self.queue_url), table_arn(self.table_name)
        self.policy = make_policy(self.queue_arn, self.table_arn)
        iam.put_role_policy(RoleName=name, PolicyName="own", PolicyDocument=json.dumps(self.policy))
        session = sts.assume_role(RoleArn=role, RoleSessionName="shift")["Credentials"]
        self.client: Callable[[str], Any] = lambda service: _as(session, service)

    def needed(self) -> Iterator[tuple[str, str]]:
        """The consumer's tasks, one after the other: a reason for each, and AWS's sentence if it is denied."""
        sqs, dynamodb = self.client("sqs"), self.client("dynamodb")
        self.send("order")
        message = _client("sqs").receive_message(QueueUrl=self.queue_url)["Messages"][0]
        handle = {"QueueUrl": self.queue_url, "ReceiptHandle": message["ReceiptHandle"]}
        change = {"AttributeUpdates": {"state": {"Action": "PUT", "Value": {"S": "complete"}}}}
        yield "receive", denial(sqs.receive_message, QueueUrl=self.queue_url)
        yield "visibility", denial(sqs.change_message_visibility, **handle, VisibilityTimeout=60)
        yield "update", denial(dynamodb.update_item, **self._item("m-1"), **change)
        yield "delete", denial(sqs.delete_message, **handle)

    def _item(self, message_id: str) -> dict[str, Any]:
        return {"TableName": self.table_name, "Key": {"id": {"S": message_id}}}


def denial(call: Callable[..., Any], **arguments: Any) -> str:
    """AWS's sentence if the call is denied; empty if it is allowed."""
    try:
        call(**arguments)
    except ClientError as refused:
        error = refused.response["Error"]
        if "AccessDenied" in error["Code"] or error["Code"] == "AuthorizationError":
            return str(error["Message"])
        raise
    return ""


def queue_arn(url: str) -> str:
    answer = _client("sqs").get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])
    return str(answer["Attributes"]["QueueArn"])


def table_arn(name: str) -> str:
    return str(_client("dynamodb").describe_table(TableName=name)["Table"]["TableArn"])


def _as(given: dict[str, Any], service: Any) -> Any:
    """A client with the parts that STS handed out."""
    return boto3.client(
        service,
        aws_access_key_id=given["AccessKeyId"],
        aws_secret_access_key=given["SecretAccessKey"],
        aws_session_token=given["SessionToken"],
    )


def _client(service: Any) -> Any:
    return boto3.client(service)
