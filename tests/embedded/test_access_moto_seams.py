"""What of moto the gate stands on. If a new moto breaks one of these, look at `labkit/embedded/access/iam.py`."""

import inspect

from moto.core.responses import BaseResponse
from moto.iam.models import AWSManagedPolicy, IAMBackend, iam_backends

from labkit.embedded.access.iam import Iam, install
from labkit.embedded.access.keys import KeyRing

ACCOUNT = "123456789012"


def test_the_backend_can_be_replaced() -> None:
    iam = install(ACCOUNT)
    assert isinstance(iam, Iam)
    assert iam_backends[ACCOUNT]["aws"] is iam
    assert iam.flask_paths  # found by the backend's module


def test_the_calls_that_are_mended() -> None:
    assert list(inspect.signature(IAMBackend.create_user).parameters)[:3] == ["self", "region_name", "user_name"]
    assert list(inspect.signature(IAMBackend.create_role).parameters)[:3] == [
        "self",
        "role_name",
        "assume_role_policy_document",
    ]


def test_where_users_keys_and_policies_lie() -> None:
    keys = KeyRing(ACCOUNT)
    keys.accept_administrator("ana", "AKIAIOSFODNN7EXAMPLE", "EXAMPLE")
    user, key = keys.iam.users["ana"], keys.iam.access_keys["AKIAIOSFODNN7EXAMPLE"]
    assert (user.path, user.name, list(user.policies)) == ("/", "ana", ["AdministratorAccess"])
    assert (key.user_name, key.status, key.secret_access_key) == ("ana", "Active", "EXAMPLE")
    assert user.managed_policies == {}
    assert keys.iam.groups == {}


def test_managed_policies_and_their_versions() -> None:
    iam = install(ACCOUNT)
    iam.load_aws_policies()
    policy = iam.managed_policies["arn:aws:iam::aws:policy/AmazonSQSFullAccess"]
    assert [version.is_default for version in policy.versions].count(True) == 1
    assert '"sqs:*"' in next(version.document for version in policy.versions if version.is_default)


def test_what_became_of_a_policy_of_aws_is_forgotten_with_its_iam() -> None:
    def policy() -> AWSManagedPolicy:
        iam = install(ACCOUNT)
        iam.load_aws_policies()
        return iam.managed_policies["arn:aws:iam::aws:policy/AmazonSQSFullAccess"]

    first = policy()
    first.attachment_count += 1
    first.tags["mine"] = {}
    first.versions[0].is_default = False
    first.versions.clear()
    second = policy()
    assert (second.attachment_count, second.tags) == (0, {})
    assert [version.is_default for version in second.versions] == [True]


def test_a_header_says_which_account() -> None:
    assert "x-moto-account-id" in inspect.getsource(BaseResponse.get_current_account)
