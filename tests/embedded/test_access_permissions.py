"""Identity, resource and session policies put together: who may, who may not, and in which words."""

import json
from typing import Any

import pytest
import time_machine

from labkit.embedded.access.callers import Caller
from labkit.embedded.access.keys import EVERYTHING, KeyRing
from labkit.embedded.access.permissions import Permissions
from labkit.embedded.access.refusals import Refused

ACCOUNT, OTHER = "123456789012", "111122223333"
QUEUE = f"arn:aws:sqs:us-east-1:{ACCOUNT}:orders"
TOPIC = f"arn:aws:sns:us-east-1:{ACCOUNT}:events"
NO_IDENTITY = "because no identity-based policy allows the sqs:sendmessage action"
NO_RESOURCE = "because no resource-based policy allows the sqs:sendmessage action"
NO_SESSION = "because no session policy allows the sqs:sendmessage action"
DENIED = "with an explicit deny in {} policy"


def send(effect: str = "Allow", **more: Any) -> str:
    statement = {"Effect": effect, "Action": "sqs:SendMessage", "Resource": QUEUE, **more}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def by(principal: Any, effect: str = "Allow") -> str:
    return send(effect, Principal=principal)


@pytest.fixture
def keys() -> KeyRing:
    return KeyRing(ACCOUNT)


@pytest.fixture
def ana(keys: KeyRing) -> Caller:
    keys.accept_administrator("ana", "AKIAIOSFODNN7EXAMPLE", "EXAMPLE")
    keys.iam.users["ana"].policies.clear()
    found = keys.find("AKIAIOSFODNN7EXAMPLE")
    assert found is not None
    return found.caller


ANA = f"arn:aws:iam::{ACCOUNT}:user/ana"
ROOT = f"arn:aws:iam::{ACCOUNT}:root"


@pytest.mark.parametrize(
    ("own", "queues", "session", "refusal"),
    [
        (None, None, None, NO_IDENTITY),
        (send(), None, None, None),
        (EVERYTHING, None, None, None),
        (send("Deny"), None, None, DENIED.format("an identity-based")),
        (None, by({"AWS": ANA}), None, None),
        (None, by({"AWS": ROOT}), None, NO_IDENTITY),
        (send(), by({"AWS": ROOT}), None, None),
        (None, by("*"), None, None),
        (send(), by({"AWS": ANA}, "Deny"), None, DENIED.format("a resource-based")),
        (EVERYTHING, by({"AWS": ROOT}, "Deny"), None, DENIED.format("a resource-based")),
        (send("Deny"), by({"AWS": ANA}), None, DENIED.format("an identity-based")),
        (EVERYTHING, by({"AWS": ANA + "x"}, "Deny"), None, None),
        (send(), None, send(), None),
        (send(), None, EVERYTHING, None),
        (None, None, send(), NO_IDENTITY),
        (EVERYTHING, None, send(Resource=QUEUE + "-dlq"), NO_SESSION),
        (EVERYTHING, None, send("Deny"), DENIED.format("a session")),
    ],
)
def test_within_an_account(
    keys: KeyRing, ana: Caller, own: str | None, queues: str | None, session: str | None, refusal: str | None
) -> None:
    if own:
        keys.iam.users["ana"].policies["own"] = own
    caller = Caller(ana.arn, ana.principal_id, ACCOUNT, ana.identity_arn, session_policy=session)
    if refusal is None:
        Permissions(keys).demand(caller, "sqs:SendMessage", QUEUE, resource_policy=queues)
        return
    with pytest.raises(Refused) as refused:
        Permissions(keys).demand(caller, "sqs:SendMessage", QUEUE, resource_policy=queues)
    expected = f"User: {ANA} is not authorized to perform: sqs:sendmessage on resource: {QUEUE} {refusal}"
    assert str(refused.value) == expected


@pytest.mark.parametrize(
    ("queues", "refusal"),
    [
        (None, NO_RESOURCE),
        (by({"AWS": OTHER}), None),
        (by({"AWS": f"arn:aws:iam::{OTHER}:user/bob"}), None),
        (by({"AWS": ACCOUNT}), NO_RESOURCE),
        (by({"AWS": OTHER}, "Deny"), DENIED.format("a resource-based")),
    ],
)
def test_from_another_account(keys: KeyRing, queues: str | None, refusal: str | None) -> None:
    """Its own policies, which allow it there, are out of reach here; the queue's must name it or its account."""
    arn = f"arn:aws:iam::{OTHER}:user/bob"
    bob = Caller(arn, "AIDAEXAMPLE", OTHER, arn)
    if refusal is None:
        Permissions(keys).demand(bob, "sqs:SendMessage", QUEUE, resource_policy=queues)
        return
    with pytest.raises(Refused, match=refusal):
        Permissions(keys).demand(bob, "sqs:SendMessage", QUEUE, resource_policy=queues)


def test_a_service_needs_the_resources_policy(keys: KeyRing) -> None:
    sns = Caller.for_service("sns.amazonaws.com", source_arn=TOPIC)
    permissions = Permissions(keys)
    with pytest.raises(Refused):
        permissions.demand(sns, "sqs:SendMessage", QUEUE)
    with pytest.raises(Refused):
        permissions.demand(sns, "sqs:SendMessage", QUEUE, resource_policy=by({"Service": "events.amazonaws.com"}))
    permissions.demand(sns, "sqs:SendMessage", QUEUE, resource_policy=by({"Service": "sns.amazonaws.com"}))


def test_the_reason_is_given_where_a_policy_cannot_be_read(keys: KeyRing, ana: Caller) -> None:
    keys.iam.users["ana"].policies["own"] = send(Condition={"BinaryEquals": {"aws:username": "ana"}})
    with pytest.raises(Refused) as refused:
        Permissions(keys).demand(ana, "sqs:SendMessage", QUEUE)
    assert str(refused.value).endswith(f"{NO_IDENTITY} (the condition operator BinaryEquals is not known)")


@pytest.mark.parametrize(
    ("condition", "holds"),
    [
        ({"StringEquals": {"aws:username": "ana"}}, True),
        ({"ArnEquals": {"aws:PrincipalArn": ANA}}, True),
        ({"StringEquals": {"aws:PrincipalAccount": ACCOUNT}}, True),
        ({"Bool": {"aws:SecureTransport": "false"}}, False),
        ({"IpAddress": {"aws:SourceIp": "127.0.0.0/8"}}, True),
        ({"DateLessThan": {"aws:CurrentTime": "2026-07-01T00:00:00Z"}}, True),
        ({"DateGreaterThan": {"aws:CurrentTime": "2026-07-01T00:00:00Z"}}, False),
        ({"Bool": {"aws:MultiFactorAuthPresent": "true"}}, False),
    ],
)
@time_machine.travel("2026-06-01T00:00:00Z")
def test_what_conditions_know_of_a_request(keys: KeyRing, ana: Caller, condition: Any, holds: bool) -> None:
    keys.iam.users["ana"].policies["own"] = send(Condition=condition)
    permissions = Permissions(keys)
    if holds:
        permissions.demand(ana, "sqs:SendMessage", QUEUE)
    else:
        with pytest.raises(Refused):
            permissions.demand(ana, "sqs:SendMessage", QUEUE)


def test_who_is_gone_may_nothing(keys: KeyRing, ana: Caller) -> None:
    keys.iam.users["ana"].policies["own"] = EVERYTHING
    permissions = Permissions(keys)
    permissions.demand(ana, "sqs:SendMessage", QUEUE)
    del keys.iam.users["ana"]
    with pytest.raises(Refused):
        permissions.demand(ana, "sqs:SendMessage", QUEUE)
    assert keys.find("AKIAIOSFODNN7EXAMPLE") is None


def test_no_secret_shows_in_what_is_printed(keys: KeyRing, ana: Caller) -> None:
    session = keys.open_session(ana, 900)
    assert session.token is not None
    assert session.secret_access_key not in repr(session)
    assert session.token not in repr(session)
