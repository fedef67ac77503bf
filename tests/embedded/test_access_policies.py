"""The policy evaluator, case by case."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labkit.embedded.access.callers import Caller
from labkit.embedded.access.conditions import UnknownOperatorError, holds
from labkit.embedded.access.policies import Request, Verdict, allows_everything, judge, statements

ACCOUNT = "111122223333"
QUEUE = f"arn:aws:sqs:us-east-1:{ACCOUNT}:orders"
TOPIC = f"arn:aws:sns:us-east-1:{ACCOUNT}:events"
ANA = Caller(f"arn:aws:iam::{ACCOUNT}:user/ana", "AIDAEXAMPLE", ACCOUNT, f"arn:aws:iam::{ACCOUNT}:user/ana")
WORKER = Caller(
    f"arn:aws:sts::{ACCOUNT}:assumed-role/worker/s1", "AROAEXAMPLE:s1", ACCOUNT, f"arn:aws:iam::{ACCOUNT}:role/worker"
)
SNS = Caller.for_service("sns.amazonaws.com", source_arn=TOPIC)
ALLOW, ACCOUNT_ONLY, DENY, SILENT = Verdict.ALLOW, Verdict.ALLOW_ACCOUNT, Verdict.DENY, Verdict.SILENT


def policy(*found: dict[str, Any]) -> str:
    defaults = {"Effect": "Allow"}
    return json.dumps({"Version": "2012-10-17", "Statement": [defaults | one for one in found]})


def send(**more: Any) -> dict[str, Any]:
    return {"Action": "sqs:SendMessage", "Resource": QUEUE, **more}


def verdict(document: str, request: Request, **how: Any) -> Verdict:
    return judge([document], request, **how).verdict


SEND = Request(ANA, "sqs:SendMessage", QUEUE, {"aws:username": "ana", "aws:sourcearn": TOPIC})


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        (send(), ALLOW),
        (send(Effect="Deny"), DENY),
        ({"Action": "*", "Resource": "*"}, ALLOW),
        ({"Action": ["sqs:ReceiveMessage", "sqs:Send*"], "Resource": [QUEUE]}, ALLOW),
        ({"Action": "SQS:SENDMESSAGE", "Resource": QUEUE}, ALLOW),  # actions: upper or lower case
        ({"Action": "sqs:SendMessag?", "Resource": QUEUE}, ALLOW),
        ({"Action": "sqs:SendMessage", "Resource": QUEUE.upper()}, SILENT),  # resources: as written
        ({"Action": "sqs:Send", "Resource": QUEUE}, SILENT),
        ({"Action": "sqs:Send.*", "Resource": QUEUE}, SILENT),  # no regular expressions
        ({"Action": "sqs:SendMessage", "Resource": QUEUE + "-dlq"}, SILENT),
        ({"Action": "sqs:SendMessage", "Resource": f"arn:aws:sqs:*:{ACCOUNT}:ord*"}, ALLOW),
        ({"NotAction": "sqs:DeleteQueue", "Resource": "*"}, ALLOW),
        ({"NotAction": ["sqs:Send*"], "Resource": "*"}, SILENT),
        ({"Action": "sqs:*", "NotResource": QUEUE}, SILENT),
        ({"Action": "sqs:*", "NotResource": QUEUE + "-dlq"}, ALLOW),
        ({"Effect": "Deny", "Action": "sqs:*", "NotResource": QUEUE}, SILENT),
        (send(Resource="arn:aws:sqs:*:*:${aws:username}"), SILENT),
        ({"Action": "sqs:SendMessage"}, SILENT),  # no Resource: unreadable, so it allows nothing …
        ({"Effect": "Deny", "Action": "sqs:SendMessage"}, DENY),  # … and denies what it may have meant
        (send(Condition={"ArnEquals": {"aws:SourceArn": TOPIC}}), ALLOW),
        (send(Condition={"ArnEquals": {"aws:SourceArn": TOPIC + "x"}}), SILENT),
        (send(Condition={"StringEquals": {"aws:UserName": ["bob", "ana"]}}), ALLOW),
        (send(Condition={"StringEquals": {"aws:username": "${aws:username}"}}), ALLOW),
        # several operators, several keys: all must hold
        (send(Condition={"StringEquals": {"aws:username": "ana"}, "StringLike": {"aws:sourcearn": "x"}}), SILENT),
        (send(Condition={"StringEquals": {"aws:username": "ana", "aws:sourcearn": "x"}}), SILENT),
        (send(Condition={"StringAlmostEquals": {"aws:username": "ana"}}), SILENT),
        (send(Effect="Deny", Condition={"StringAlmostEquals": {"aws:username": "ana"}}), DENY),
        (send(Condition="never"), SILENT),
        (send(Surprise="yes"), SILENT),
    ],
)
def test_identity_policies(statement: dict[str, Any], expected: Verdict) -> None:
    assert verdict(policy(statement), SEND) is expected


def test_policy_variable_in_a_resource() -> None:
    own = policy(send(Resource="arn:aws:sqs:*:*:${aws:username}-inbox"))
    assert verdict(own, Request(ANA, "sqs:SendMessage", QUEUE.replace("orders", "ana-inbox"), SEND.context)) is ALLOW


@pytest.mark.parametrize(
    ("principal", "caller", "expected"),
    [
        ("*", ANA, ALLOW),
        ({"AWS": "*"}, ANA, ALLOW),
        ({"AWS": ANA.arn}, ANA, ALLOW),
        ({"AWS": [WORKER.identity_arn, ANA.arn]}, ANA, ALLOW),
        ({"AWS": ANA.arn}, WORKER, SILENT),
        ({"AWS": WORKER.identity_arn}, WORKER, ALLOW),
        ({"AWS": WORKER.arn}, WORKER, ALLOW),
        ({"AWS": ACCOUNT}, ANA, ACCOUNT_ONLY),
        ({"AWS": f"arn:aws:iam::{ACCOUNT}:root"}, WORKER, ACCOUNT_ONLY),
        ({"AWS": "444455556666"}, ANA, SILENT),
        ({"Service": "sns.amazonaws.com"}, SNS, ALLOW),
        ({"Service": ["events.amazonaws.com", "sns.amazonaws.com"]}, SNS, ALLOW),
        ({"Service": "events.amazonaws.com"}, SNS, SILENT),
        ({"Service": "sns.amazonaws.com"}, ANA, SILENT),
        ({"AWS": ACCOUNT}, SNS, SILENT),
        ("*", SNS, ALLOW),
        ("everyone", ANA, SILENT),
    ],
)
def test_principals_of_resource_policies(principal: Any, caller: Caller, expected: Verdict) -> None:
    document = policy(send(Principal=principal))
    assert verdict(document, Request(caller, "sqs:SendMessage", QUEUE), of_resource=True) is expected


def test_a_resource_policy_without_principal_allows_nobody() -> None:
    judgement = judge([policy(send())], SEND, of_resource=True)
    assert (judgement.verdict, judgement.trouble) == (SILENT, "a statement has no Principal")


def test_not_principal() -> None:
    document = policy(send(Effect="Deny", NotPrincipal={"AWS": ANA.arn}))
    assert verdict(document, SEND, of_resource=True) is SILENT
    assert verdict(document, Request(WORKER, "sqs:SendMessage", QUEUE), of_resource=True) is DENY


def test_a_denial_beats_any_number_of_allowances_wherever_it_stands() -> None:
    allow, deny = send(Resource="*"), send(Effect="Deny")
    assert verdict(policy(allow, deny), SEND) is DENY
    assert verdict(policy(deny, allow), SEND) is DENY
    assert judge([policy(allow), policy(deny)], SEND).verdict is DENY


def test_why_an_unknown_operator_refuses() -> None:
    judgement = judge([policy(send(Condition={"BinaryEquals": {"k": "v"}}))], SEND)
    assert judgement.trouble == "the condition operator BinaryEquals is not known"


@pytest.mark.parametrize(
    "document", ["", "{", "[]", "{}", '{"Statement":[]}', '{"Statement":["x"]}', '{"Statement":7}']
)
def test_what_is_no_policy_denies(document: str) -> None:
    assert verdict(document, SEND) is DENY
    with pytest.raises(ValueError, match=r".+"):
        statements(document)


KNOWN = {
    "name": "ana",
    "arn": TOPIC,
    "number": "10",
    "time": "2026-01-31T10:00:00Z",
    "address": "127.0.0.1",
    "flag": "true",
}


@pytest.mark.parametrize(
    ("operator", "key", "wanted", "expected"),
    [
        ("StringEquals", "name", ["ana"], True),
        ("StringEquals", "name", ["Ana", "an*"], False),
        ("StringEquals", "missing", ["ana"], False),
        ("StringNotEquals", "name", ["bob", "eve"], True),
        ("StringNotEquals", "name", ["bob", "ana"], False),
        ("StringNotEquals", "missing", ["ana"], True),
        ("StringEqualsIgnoreCase", "name", ["ANA"], True),
        ("StringNotEqualsIgnoreCase", "name", ["ANA"], False),
        ("StringLike", "name", ["a*"], True),
        ("StringLike", "name", ["a?"], False),
        ("StringNotLike", "name", ["a*"], False),
        ("StringEqualsIfExists", "missing", ["ana"], True),
        ("StringEqualsIfExists", "name", ["bob"], False),
        ("ArnEquals", "arn", [TOPIC], True),
        ("ArnLike", "arn", ["arn:aws:sns:*:*:ev*"], True),
        ("ArnLike", "arn", ["arn:aws:sns:*:events"], False),  # a * does not reach over a colon
        ("ArnLike", "name", ["*"], False),
        ("ArnNotEquals", "arn", [TOPIC], False),
        ("ArnNotLike", "arn", ["arn:aws:sqs:*:*:*"], True),
        ("Bool", "flag", ["TRUE"], True),
        ("Bool", "flag", ["false"], False),
        ("NumericLessThan", "number", ["11"], True),
        ("NumericLessThan", "number", ["10"], False),
        ("NumericLessThanEquals", "number", ["10"], True),
        ("NumericEquals", "number", ["10.0"], True),
        ("NumericNotEquals", "number", ["10.0"], False),
        ("NumericGreaterThan", "name", ["1"], False),  # not a number
        ("DateLessThan", "time", ["2026-02-01T00:00:00Z"], True),
        ("DateLessThan", "time", ["2026-01-01"], False),
        ("DateGreaterThan", "time", ["1767225600"], True),  # seconds since the epoch
        ("IpAddress", "address", ["10.0.0.0/8", "127.0.0.0/8"], True),
        ("IpAddress", "address", ["not an address"], False),
        ("NotIpAddress", "address", ["127.0.0.1"], False),
        ("Null", "missing", ["true"], True),
        ("Null", "name", ["true"], False),
        ("Null", "name", ["false"], True),
    ],
)
def test_conditions(operator: str, key: str, wanted: list[str], expected: bool) -> None:
    assert holds(operator, key, wanted, KNOWN) is expected


@pytest.mark.parametrize("operator", ["", "stringequals", "StringMatches", "ForAllValues:StringEquals", "IfExists"])
def test_unknown_operators(operator: str) -> None:
    with pytest.raises(UnknownOperatorError):
        holds(operator, "name", ["ana"], KNOWN)


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        ([{"Action": "*", "Resource": "*"}], True),
        ([{"Action": ["*"], "Resource": ["*"]}, send()], True),
        ([{"Sid": "All", "Action": "*", "Resource": "*"}], True),
        ([{"Action": "sqs:*", "Resource": "*"}], False),
        ([{"Action": "*", "Resource": QUEUE}], False),
        ([{"Action": "*", "Resource": "*"}, send(Effect="Deny")], False),
        ([{"Action": "*", "Resource": "*", "Condition": {"Bool": {"aws:SecureTransport": "true"}}}], False),
    ],
)
def test_who_may_do_everything(found: list[dict[str, Any]], expected: bool) -> None:
    assert allows_everything([policy(*found)]) is expected
    assert not allows_everything([])
    assert not allows_everything([policy(*found), "not a policy"])


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
elements = st.sampled_from(["Action", "NotAction", "Resource", "Principal", "NotPrincipal", "Condition", "Effect"])


@given(statement=st.dictionaries(elements, json_values), of_resource=st.booleans())
def test_any_statement_at_all_gets_a_verdict(statement: dict[str, Any], of_resource: bool) -> None:
    document = json.dumps({"Statement": {"Effect": "Allow", **statement}})
    if of_resource:
        assert verdict(document, SEND, of_resource=True) in Verdict
    elif "Action" in statement:  # nothing but the action itself, or a wildcard, allows
        assert verdict(document, SEND) in Verdict
