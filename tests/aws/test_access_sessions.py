"""Temporary keys: how they are obtained, whose they are, how long they hold, and what they may not do."""

import datetime as dt
import json
import re
from collections.abc import Callable, Iterator
from typing import Any

import boto3
import pytest
from access_kit import IAM_SETTLES, Principals, client_of, document, keys, refused
from behaviours import behaviour

import labkit

STS = "STS API Reference, {}"
DENIED = "is not authorized to perform: sts:AssumeRole on resource: "


@pytest.fixture
def principals(lab: labkit.Lab, iam: Any, sts: Any) -> Iterator[Principals]:
    made = Principals(lab, iam, sts)
    yield made
    made.remove()


def client(service: str, answer: dict[str, Any]) -> Any:
    """A client that works with the triple that STS handed out."""
    return client_of(keys(answer))(service)


# GetSessionToken


@behaviour(
    "sts.session_token.triple",
    "GetSessionToken gives three parts, an ASIA key among them, new ones each time, that act as the same user",
    source=STS.format("GetSessionToken"),
)
def test_session_token(sts: Any) -> None:
    first, second = sts.get_session_token(), sts.get_session_token()
    for part in ("AccessKeyId", "SecretAccessKey", "SessionToken"):
        assert first["Credentials"][part] != second["Credentials"][part]
    assert first["Credentials"]["AccessKeyId"].startswith("ASIA")
    assert len(first["Credentials"]["AccessKeyId"]) == 20
    assert all(
        re.fullmatch("[A-Za-z0-9/+]{40}", answer["Credentials"]["SecretAccessKey"]) for answer in (first, second)
    )
    assert len(first["Credentials"]["SessionToken"]) > 300
    me = sts.get_caller_identity()
    assert [client("sts", first).get_caller_identity()[k] for k in ("Arn", "UserId")] == [me["Arn"], me["UserId"]]
    client("sqs", first).list_queues()


@behaviour(
    "sts.session_token.default_12_hours",
    "GetSessionToken: 12 hours if nothing else is asked, by AWS's clock",
    source=STS.format("GetSessionToken"),
)
def test_session_token_default(lab: labkit.Lab, sts: Any) -> None:
    lifetime = sts.get_session_token()["Credentials"]["Expiration"] - lab.now()
    assert abs(lifetime - dt.timedelta(hours=12)) < dt.timedelta(minutes=1)


@behaviour(
    "sts.session_token.limits",
    "GetSessionToken: from 900 seconds to 36 hours",
    source=STS.format("GetSessionToken"),
)
@pytest.mark.parametrize(
    ("seconds", "bound"), [(900, None), (129_600, None), (129_601, "less than or equal to 129600")]
)
def test_session_token_limits(sts: Any, seconds: int, bound: str | None) -> None:
    if bound is None:
        sts.get_session_token(DurationSeconds=seconds)
        return
    code, message = refused(sts.get_session_token, DurationSeconds=seconds)
    assert code == "ValidationError"
    assert message.endswith(f"failed to satisfy constraint: Member must have value {bound}")


@behaviour(
    "sts.session_token.only_long_term",
    "GetSessionToken cannot be called with temporary keys",
    source=STS.format("GetSessionToken") + "; message seen at arpadt.com/articles/get-session-token",
)
def test_session_token_from_session(sts: Any) -> None:
    temporary = client("sts", sts.get_session_token())
    expected = ("AccessDenied", "Cannot call GetSessionToken with session credentials")
    assert refused(temporary.get_session_token) == expected


@behaviour(
    "sts.session_token.no_iam",
    "Keys of GetSessionToken (without MFA) cannot call IAM: InvalidClientTokenId",
    source=STS.format("GetSessionToken") + "; seen at 99designs/aws-vault#1056",
)
def test_session_token_no_iam(sts: Any) -> None:
    assert refused(client("iam", sts.get_session_token()).list_users)[0] == "InvalidClientTokenId"


# Time


@behaviour(
    "sts.expiry.in_the_middle",
    "A session ends in the middle of work: what was accepted before, says ExpiredToken after",
    source="IAM User Guide, Temporary security credentials",
)
def test_expiry_in_the_middle_of_work(lab: labkit.Lab, sts: Any, make_queue: Callable[..., str]) -> None:
    session = sts.get_session_token(DurationSeconds=900)
    sqs, dynamodb = client("sqs", session), client("dynamodb", session)
    url = make_queue()
    sqs.send_message(QueueUrl=url, MessageBody="before")
    lab.wait(minutes=14)
    sqs.send_message(QueueUrl=url, MessageBody="still")
    lab.wait(minutes=2)
    assert refused(sqs.receive_message, QueueUrl=url)[0] == "ExpiredToken"
    assert refused(dynamodb.list_tables)[0] == "ExpiredTokenException"
    assert len(boto3.client("sqs").receive_message(QueueUrl=url, MaxNumberOfMessages=10)["Messages"]) >= 1


@behaviour(
    "access.requests_after_waiting",
    "However long one waits, requests that are signed now are good",
    source="IAM User Guide, Create a signed AWS API request: a signature's age counts from its own date",
)
def test_requests_stay_valid_after_lab_wait(lab: labkit.Lab, sqs: Any, dynamodb: Any) -> None:
    lab.wait(days=30)
    sqs.list_queues()
    dynamodb.list_tables()
    boto3.client("sts").get_caller_identity()


# AssumeRole


@behaviour(
    "sts.assume_role.identity",
    "A role's session: arn:aws:sts::…:assumed-role/ROLE/SESSION, user id AROA…:SESSION",
    source=STS.format("AssumeRole"),
)
def test_assume_role(lab: labkit.Lab, sts: Any, iam: Any, principals: Principals) -> None:
    arn = principals.role("worker")
    answer = sts.assume_role(RoleArn=arn, RoleSessionName="shift-1")
    role_id = iam.get_role(RoleName="worker")["Role"]["RoleId"]
    expected = {
        "Arn": f"arn:aws:sts::{lab.account}:assumed-role/worker/shift-1",
        "UserId": f"{role_id}:shift-1",
        "Account": lab.account,
    }
    assert role_id.startswith("AROA")
    assert answer["AssumedRoleUser"] == {"AssumedRoleId": expected["UserId"], "Arn": expected["Arn"]}
    identity = client("sts", answer).get_caller_identity()
    assert {name: identity[name] for name in expected} == expected
    lifetime = answer["Credentials"]["Expiration"] - lab.now()
    assert abs(lifetime - dt.timedelta(hours=1)) < dt.timedelta(minutes=1)


@behaviour(
    "sts.assume_role.missing",
    "A role that does not exist: AccessDenied, since AWS does not say which roles there are",
    source=STS.format("AssumeRole, Common errors"),
)
def test_assume_missing_role(lab: labkit.Lab, sts: Any) -> None:
    arn = f"arn:aws:iam::{lab.account}:role/nobody"
    code, message = refused(sts.assume_role, RoleArn=arn, RoleSessionName="me")
    assert code == "AccessDenied"
    assert message == f"User: {sts.get_caller_identity()['Arn']} {DENIED}{arn}"


@behaviour(
    "sts.assume_role.not_trusted",
    "A role whose trust policy does not name the caller: AccessDenied, even for an administrator",
    source="IAM User Guide, Methods to assume a role",
)
def test_assume_role_that_trusts_others(sts: Any, principals: Principals) -> None:
    arn = principals.role("for-ec2", trusts={"Service": "ec2.amazonaws.com"})
    code, message = refused(sts.assume_role, RoleArn=arn, RoleSessionName="me")
    assert code == "AccessDenied"
    assert DENIED + arn in message


@behaviour(
    "sts.assume_role.account_trust",
    "A role that trusts the account leaves it to the caller's policies; one that names the caller does not",
    source="IAM User Guide, AWS JSON policy elements: Principal",
)
def test_account_trust_and_named_trust(lab: labkit.Lab, principals: Principals) -> None:
    ana = principals.user("ana")("sts")
    for_all = principals.role("for-the-account")
    for_ana = principals.role("for-ana", trusts={"AWS": f"arn:aws:iam::{lab.account}:user/ana"})
    code, message = refused(ana.assume_role, RoleArn=for_all, RoleSessionName="me")
    assert code == "AccessDenied"
    assert message.endswith(f"{DENIED}{for_all} because no identity-based policy allows the sts:AssumeRole action")
    ana.assume_role(RoleArn=for_ana, RoleSessionName="me")
    principals.let_user("ana", {"Action": "sts:AssumeRole", "Resource": for_all})
    lab.wait(seconds=IAM_SETTLES)
    ana.assume_role(RoleArn=for_all, RoleSessionName="me")


@behaviour(
    "sts.assume_role.external_id",
    "A trust policy with a condition on sts:ExternalId asks for that id",
    source="IAM User Guide, The confused deputy problem",
)
def test_external_id(sts: Any, principals: Principals) -> None:
    arn = principals.role("partner", condition={"StringEquals": {"sts:ExternalId": "agreed-1"}})
    assert refused(sts.assume_role, RoleArn=arn, RoleSessionName="me")[0] == "AccessDenied"
    assert refused(sts.assume_role, RoleArn=arn, RoleSessionName="me", ExternalId="other")[0] == "AccessDenied"
    sts.assume_role(RoleArn=arn, RoleSessionName="me", ExternalId="agreed-1")


@behaviour(
    "sts.assume_role.limits",
    "AssumeRole: up to the role's MaxSessionDuration, and never more than 12 hours",
    source=STS.format("AssumeRole"),
)
def test_assume_role_limits(sts: Any, principals: Principals) -> None:
    short, long = principals.role("short"), principals.role("long", MaxSessionDuration=43_200)
    sts.assume_role(RoleArn=long, RoleSessionName="me", DurationSeconds=43_200)
    sts.assume_role(RoleArn=short, RoleSessionName="me", DurationSeconds=3_600)
    code, message = refused(sts.assume_role, RoleArn=short, RoleSessionName="me", DurationSeconds=3_601)
    expected = "The requested DurationSeconds exceeds the MaxSessionDuration set for this role."
    assert (code, message) == ("ValidationError", expected)
    assert refused(sts.assume_role, RoleArn=long, RoleSessionName="me", DurationSeconds=43_201)[0] == "ValidationError"


@behaviour(
    "sts.assume_role.chaining",
    "A role assumed with temporary keys holds for an hour at most",
    source=STS.format("AssumeRole") + "; message seen at aws/eks-anywhere#9485 and mmmorris1975/aws-runas#11",
)
def test_role_chaining(sts: Any, principals: Principals) -> None:
    first = principals.role("first", {"Action": "sts:AssumeRole", "Resource": "*"})
    second = principals.role("second", MaxSessionDuration=43_200)
    for session in (sts.assume_role(RoleArn=first, RoleSessionName="me"), sts.get_session_token()):
        chained = client("sts", session)
        chained.assume_role(RoleArn=second, RoleSessionName="me", DurationSeconds=3_600)
        code, message = refused(chained.assume_role, RoleArn=second, RoleSessionName="me", DurationSeconds=3_601)
        assert code == "ValidationError"
        assert message == (
            "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining."
        )


@behaviour(
    "sts.assume_role.session_policy",
    "A session policy takes away: the session may do what both it and the role allow",
    source="IAM User Guide, Session policies",
)
def test_session_policy(sts: Any, principals: Principals) -> None:
    arn = principals.role("both", {"Action": ["sqs:*", "sns:*"], "Resource": "*"})
    only = document({"Action": ["sqs:*", "s3:*"], "Resource": "*"})
    session = sts.assume_role(RoleArn=arn, RoleSessionName="me", Policy=only)
    client("sqs", session).list_queues()
    code, message = refused(client("sns", session).list_topics)
    assert code == "AuthorizationError"
    assert message.endswith("because no session policy allows the SNS:ListTopics action")
    assert refused(client("s3", session).list_buckets)[0] == "AccessDenied"


@behaviour(
    "sts.assume_role.bad_names",
    "A session's name: letters, digits and +=,.@_-",
    source=STS.format("AssumeRole"),
)
def test_bad_session_name(sts: Any, principals: Principals) -> None:
    arn = principals.role("plain")
    code, message = refused(sts.assume_role, RoleArn=arn, RoleSessionName="<b>me & you</b>")
    assert code == "ValidationError"
    assert "'<b>me & you</b>' at 'roleSessionName' failed to satisfy constraint" in message


@behaviour(
    "sts.assume_role.sender_id",
    "SQS's SenderId of a message sent by a role's session: AROA…:SESSION; of a user's: the user's id",
    source="SQS API Reference, ReceiveMessage: SenderId",
)
def test_sender_id(sts: Any, sqs: Any, principals: Principals, make_queue: Callable[..., str]) -> None:
    url = make_queue()
    arn = principals.role("sender", {"Action": "sqs:SendMessage", "Resource": "*"})
    session = sts.assume_role(RoleArn=arn, RoleSessionName="shift-1")
    client("sqs", session).send_message(QueueUrl=url, MessageBody="role")
    sqs.send_message(QueueUrl=url, MessageBody="user")
    found = {}
    while len(found) < 2:
        answer = sqs.receive_message(QueueUrl=url, MessageSystemAttributeNames=["SenderId"], MaxNumberOfMessages=10)
        found |= {m["Body"]: m["Attributes"]["SenderId"] for m in answer.get("Messages", [])}
    expected = {"role": session["AssumedRoleUser"]["AssumedRoleId"], "user": sts.get_caller_identity()["UserId"]}
    assert found == expected


# Who is who


@behaviour(
    "sts.caller_identity.always",
    "GetCallerIdentity needs no permission, and works even where it is denied",
    source=STS.format("GetCallerIdentity"),
)
def test_caller_identity_needs_no_permission(lab: labkit.Lab, principals: Principals) -> None:
    ana = principals.user("ana", {"Effect": "Deny", "Action": "*", "Resource": "*"})
    identity = ana("sts").get_caller_identity()
    assert identity["Arn"] == f"arn:aws:iam::{lab.account}:user/ana"
    assert refused(ana("sqs").list_queues)[0] == "AccessDenied"


@behaviour(
    "sts.access_key_info",
    "GetAccessKeyInfo gives a key's account, for long-term and temporary keys",
    source=STS.format("GetAccessKeyInfo"),
)
def test_access_key_info(lab: labkit.Lab, sts: Any) -> None:
    for key_id in (boto3.Session().get_credentials().access_key, sts.get_session_token()["Credentials"]["AccessKeyId"]):
        assert sts.get_access_key_info(AccessKeyId=key_id)["Account"] == lab.account


@behaviour(
    "iam.access_key.life",
    "A user's access key works until it is made inactive or deleted, and then is as one that never was",
    source="IAM User Guide, Manage access keys for IAM users",
)
def test_access_key_of_a_user(lab: labkit.Lab, iam: Any, principals: Principals) -> None:
    sqs = principals.user("ana", {"Action": "sqs:ListQueues", "Resource": "*"})("sqs")
    sqs.list_queues()
    key = principals.access_key("ana")
    for change, refusal in (
        (lambda: iam.update_access_key(**key, Status="Inactive"), "InvalidClientTokenId"),
        (lambda: iam.update_access_key(**key, Status="Active"), None),
        (lambda: iam.delete_access_key(**key), "InvalidClientTokenId"),
    ):
        change()
        lab.wait(seconds=IAM_SETTLES)
        if refusal:
            assert refused(sqs.list_queues)[0] == refusal
        else:
            sqs.list_queues()


@behaviour(
    "iam.unique_ids",
    "Ids of users begin with AIDA, of roles with AROA, and GetCallerIdentity gives the same ones",
    source="IAM User Guide, IAM identifiers",
)
def test_unique_ids(iam: Any, principals: Principals) -> None:
    ana = principals.user("ana")("sts")
    principals.role("worker")
    user_id = iam.get_user(UserName="ana")["User"]["UserId"]
    assert user_id.startswith("AIDA")
    assert ana.get_caller_identity()["UserId"] == user_id
    assert iam.get_role(RoleName="worker")["Role"]["RoleId"].startswith("AROA")


@behaviour(
    "iam.trust_policy.malformed",
    "A trust policy that is none is refused: MalformedPolicyDocument",
    source="IAM API Reference, CreateRole",
)
@pytest.mark.parametrize("policy", ["nonsense", "{}", '{"Version":"2012-10-17","Statement":[{"Effect":"Perhaps"}]}'])
def test_malformed_trust_policy(iam: Any, policy: str) -> None:
    create = {"RoleName": "never", "AssumeRolePolicyDocument": policy}
    assert refused(iam.create_role, **create)[0] == "MalformedPolicyDocument"


@behaviour(
    "iam.policy.principal",
    "A role's own policy says what, never who: with a principal in it, it is refused: MalformedPolicyDocument",
    source='IAM User Guide, "AWS JSON policy elements: Principal"',
)
@pytest.mark.parametrize("several", [False, True])
def test_policy_with_principal(iam: Any, principals: Principals, several: bool) -> None:
    principals.role("worker")
    statement = {"Effect": "Allow", "Principal": "*", "Action": "sqs:ReceiveMessage", "Resource": "*"}
    policy = {"Version": "2012-10-17", "Statement": [statement] if several else statement}
    put = {"RoleName": "worker", "PolicyName": "own", "PolicyDocument": json.dumps(policy)}
    assert refused(iam.put_role_policy, **put)[0] == "MalformedPolicyDocument"
    assert not iam.list_role_policies(RoleName="worker")["PolicyNames"]
