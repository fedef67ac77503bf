"""IAM users and roles for the access tests, how to act as one of them, and what it is to be refused."""

import functools
import json
from collections.abc import Callable
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

import labkit

Statement = dict[str, Any]
ClientOf = Callable[[str], Any]
"""From a service's name to a boto3 client for it."""

IAM_SETTLES = 15  # seconds until AWS knows a new user, role or policy everywhere (IAM User Guide, Troubleshoot IAM)


def document(*statements: Statement) -> str:
    """A policy with these statements; what they do not say is Allow."""
    return json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", **one} for one in statements]})


def keys(answer: dict[str, Any]) -> dict[str, str]:
    """What STS handed out, as arguments for `boto3.client`."""
    given = answer["Credentials"]
    return {
        "aws_access_key_id": given["AccessKeyId"],
        "aws_secret_access_key": given["SecretAccessKey"],
        "aws_session_token": given["SessionToken"],
    }


def client_of(arguments: dict[str, str]) -> ClientOf:
    return functools.partial(_client, arguments)


def _client(arguments: dict[str, str], service: str) -> Any:
    return boto3.client(service, **arguments)  # type: ignore[call-overload]


def refused(call: Callable[..., Any], **arguments: Any) -> tuple[str, str]:
    """The code and message that this call is refused with."""
    with pytest.raises(ClientError) as refusal:
        call(**arguments)
    error = refusal.value.response["Error"]
    return error["Code"], error["Message"]


class Principals:
    """Makes users and roles, and removes them in the end."""

    def __init__(self, lab: labkit.Lab, iam: Any, sts: Any) -> None:
        self._lab = lab
        self._iam = iam
        self._sts = sts
        self._roles: list[str] = []
        self._users: dict[str, str] = {}

    def role(
        self, name: str, *allow: Statement, trusts: Any = None, condition: Statement | None = None, **more: Any
    ) -> str:
        """The ARN of a new role with a policy of these statements. It trusts its account, or the principal given."""
        trust = {
            "Principal": trusts or {"AWS": f"arn:aws:iam::{self._lab.account}:root"},
            "Action": "sts:AssumeRole",
            **({"Condition": condition} if condition else {}),
        }
        role = self._iam.create_role(RoleName=name, AssumeRolePolicyDocument=document(trust), **more)["Role"]
        self._roles.append(name)
        if allow:
            self.let_role(name, *allow)
        self._lab.wait(seconds=IAM_SETTLES)
        return str(role["Arn"])

    def let_role(self, name: str, *allow: Statement) -> None:
        self._iam.put_role_policy(RoleName=name, PolicyName="own", PolicyDocument=document(*allow))

    def assumed(self, name: str, *allow: Statement) -> ClientOf:
        """Make such a role, and act as a session of it."""
        return client_of(keys(self._sts.assume_role(RoleArn=self.role(name, *allow), RoleSessionName="s1")))

    def user(self, name: str, *allow: Statement) -> ClientOf:
        """Make a user with a policy of these statements and an access key, and act as this user."""
        self._iam.create_user(UserName=name)
        if allow:
            self.let_user(name, *allow)
        key = self._iam.create_access_key(UserName=name)["AccessKey"]
        self._users[name] = key["AccessKeyId"]
        self._lab.wait(seconds=IAM_SETTLES)
        return client_of({"aws_access_key_id": key["AccessKeyId"], "aws_secret_access_key": key["SecretAccessKey"]})

    def let_user(self, name: str, *allow: Statement) -> None:
        self._iam.put_user_policy(UserName=name, PolicyName="own", PolicyDocument=document(*allow))

    def access_key(self, user: str) -> dict[str, str]:
        """Which key is the user's, as arguments for IAM's calls."""
        return {"UserName": user, "AccessKeyId": self._users[user]}

    def remove(self) -> None:
        for name in self._roles:
            for policy in self._iam.list_role_policies(RoleName=name)["PolicyNames"]:
                self._iam.delete_role_policy(RoleName=name, PolicyName=policy)
            self._iam.delete_role(RoleName=name)
        for name in self._users:
            for key in self._iam.list_access_keys(UserName=name)["AccessKeyMetadata"]:
                self._iam.delete_access_key(UserName=name, AccessKeyId=key["AccessKeyId"])
            for policy in self._iam.list_user_policies(UserName=name)["PolicyNames"]:
                self._iam.delete_user_policy(UserName=name, PolicyName=policy)
            self._iam.delete_user(UserName=name)
