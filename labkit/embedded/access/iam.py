"""moto's IAM, with what it leaves out: AWS's own managed policies, AWS's form of user ids, policies that are read.

`install` puts it in the place of moto's; `tests/embedded/test_access_moto_seams.py` says which seam a new moto breaks.
"""

from __future__ import annotations

import copy
import functools
import json
import string
import threading
from typing import Any

from moto.iam.aws_managed_policies import aws_managed_policies_data
from moto.iam.exceptions import MalformedPolicyDocument
from moto.iam.models import AWSManagedPolicy, IAMBackend, Role, User, iam_backends
from moto.iam.policy_validation import IAMPolicyDocumentValidator, IAMTrustPolicyDocumentValidator
from moto.moto_api._internal import mock_random

_ID_ALPHABET = string.ascii_uppercase + "234567"  # base 32, as in AWS's own ids


class Iam(IAMBackend):  # type: ignore[misc]
    """The users, roles, groups and policies of one account."""

    __module__ = IAMBackend.__module__  # moto looks beside a backend's module for the addresses that it answers

    def __init__(self, region_name: str, account_id: str) -> None:
        super().__init__(region_name, account_id)
        self._loading = threading.Lock()
        self._loaded = False

    def load_aws_policies(self) -> None:
        """Know AmazonSQSFullAccess and its like. There are 1,600, so this waits until somebody asks IAM anything."""
        with self._loading:
            if not self._loaded:
                policies = [copy.copy(policy) for policy in _aws_policies(self.account_id, self.region_name)]
                for policy in policies:  # what moto might change; the rest is shared with the next AWS of this process
                    policy.tags, policy.versions = {}, list(map(copy.copy, policy.versions))
                self.aws_managed_policies = policies
                self.managed_policies.update({policy.arn: policy for policy in policies})
                self._loaded = True

    def create_user(self, *args: Any, **more: Any) -> User:
        user = super().create_user(*args, **more)
        user.id = make_id("AIDA", 21)
        return user

    def create_role(self, role_name: str, assume_role_policy_document: str, *args: Any, **more: Any) -> Role:
        IAMTrustPolicyDocumentValidator(assume_role_policy_document).validate()
        return super().create_role(role_name, assume_role_policy_document, *args, **more)

    def put_role_policy(self, role_name: str, policy_name: str, policy_json: str) -> None:
        _demand_no_principal(policy_json)
        super().put_role_policy(role_name, policy_name, policy_json)

    def put_user_policy(self, user_name: str, policy_name: str, policy_json: str) -> None:
        _demand_no_principal(policy_json)
        super().put_user_policy(user_name, policy_name, policy_json)


def _demand_no_principal(document: str) -> None:
    """A policy of an identity says what, never who. IAM User Guide, "AWS JSON policy elements: Principal"."""
    IAMPolicyDocumentValidator(document).validate()
    statements = json.loads(document)["Statement"]
    for statement in statements if isinstance(statements, list) else [statements]:
        if {"Principal", "NotPrincipal"} & set(statement):
            raise MalformedPolicyDocument("Policy document should not specify a principal.")


@functools.cache
def _aws_policies(account: str, region: str) -> list[AWSManagedPolicy]:
    known = json.loads(aws_managed_policies_data).items()
    return [AWSManagedPolicy.from_data(name, account, region, data) for name, data in known]


def install(account: str) -> Iam:
    """From now on, in this process, moto's IAM is ours, and new; that of this account."""
    iam_backends.backend = Iam
    iam_backends.clear()
    iam: Iam = iam_backends[account]["aws"]
    return iam


def make_id(prefix: str, length: int) -> str:
    """An id of AWS's kind, of `length` characters in all; the same ones again after `lab.start(seed=…)`."""
    return prefix + "".join(mock_random.choice(_ID_ALPHABET) for _ in range(length - len(prefix)))
