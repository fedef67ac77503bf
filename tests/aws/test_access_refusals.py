"""What each service says to a request that is not good: service by service, cause by cause.

Where AWS's answer is deduced from how it looks up keys, or was seen before SQS spoke JSON, the statement says so.
"""

import datetime as dt
import urllib.error
import urllib.request
from collections.abc import Callable
from typing import Any

import boto3
import botocore.auth
import pytest
from access_kit import keys
from behaviours import behaviour
from botocore import UNSIGNED
from botocore.config import Config
from botocore.exceptions import ClientError

import labkit

CALLS = {
    "sqs": "list_queues",
    "dynamodb": "list_tables",
    "sts": "get_caller_identity",
    "s3": "list_buckets",
    "sns": "list_topics",
    "cloudwatch": "list_metrics",
    "iam": "list_users",
    "autoscaling": "describe_auto_scaling_groups",
}
SOURCES = {
    "sqs": "SQS API Reference, Common errors",
    "dynamodb": "DynamoDB Developer Guide, Error handling",
    "sts": "STS API Reference, Common errors",
    "s3": "S3 API Reference, Error responses",
    "sns": "SNS API Reference, Common errors",
    "cloudwatch": "CloudWatch API Reference, Common errors",
    "iam": "IAM API Reference, Common errors",
    "autoscaling": "Auto Scaling API Reference, Common errors",
}
INVALID = "The security token included in the request is invalid."
EXPIRED = "The security token included in the request is expired"
MISMATCH = "The request signature we calculated does not match the signature you provided."

Keys = dict[str, str]


def refusal(service: str, config: Config | None = None, **parts: str) -> tuple[str, str, int]:
    """Code, message and HTTP status that the service refuses these keys with."""
    client = boto3.client(service, config=config, **parts)  # type: ignore[call-overload]
    with pytest.raises(ClientError) as refused:
        getattr(client, CALLS[service])()
    answer = refused.value.response
    return answer["Error"]["Code"], answer["Error"]["Message"], answer["ResponseMetadata"]["HTTPStatusCode"]


def cells(what: str, statement: str, codes: dict[str, str], *, deduced: str = "", **others: str) -> Any:
    """One case for each service; `others` (query, json) give the code of those not named in `codes`."""
    query, json = others["query"], others["json"]
    codes = {service: json if service == "dynamodb" else query for service in CALLS} | codes
    return pytest.mark.parametrize(
        ("service", "code"),
        [
            pytest.param(
                service,
                code,
                marks=behaviour(
                    f"access.{what}.{service}",
                    f"{statement}: {service} says {code}" + (f" ({deduced})" if deduced else ""),
                    source=SOURCES[service],
                ),
                id=service,
            )
            for service, code in codes.items()
        ],
    )


@pytest.fixture(scope="module")
def own(lab: labkit.Lab) -> Keys:
    """The keys that the lab itself works with."""
    return _as_arguments(boto3.Session().get_credentials().get_frozen_credentials())


@pytest.fixture(scope="module")
def temporary(sts: Any) -> Keys:
    """A triple that holds for hours."""
    return keys(sts.get_session_token(DurationSeconds=129_600))


def _as_arguments(frozen: Any) -> Keys:
    long_term = {"aws_access_key_id": frozen.access_key, "aws_secret_access_key": frozen.secret_key}
    return long_term | ({"aws_session_token": frozen.token} if frozen.token else {})


@pytest.fixture
def clock_off(monkeypatch: pytest.MonkeyPatch) -> Callable[[dt.timedelta], None]:
    """Sign with a clock that is wrong by this much."""
    right = botocore.auth.get_current_datetime

    def shift(by: dt.timedelta) -> None:
        monkeypatch.setattr(botocore.auth, "get_current_datetime", lambda *args, **kw: right(*args, **kw) + by)

    return shift


@cells(
    "unknown_key",
    "An access key id that AWS does not know",
    {"s3": "InvalidAccessKeyId"},
    query="InvalidClientTokenId",
    json="UnrecognizedClientException",
)
def test_unknown_key(lab: labkit.Lab, service: str, code: str) -> None:
    unknown = {"aws_access_key_id": "AKIAIOSFODNN7EXAMPLE", "aws_secret_access_key": "EXAMPLE"}
    found, message, status = refusal(service, **unknown)
    assert (found, status) == (code, 400 if service == "dynamodb" else 403)
    assert message == (
        "The AWS Access Key Id you provided does not exist in our records." if service == "s3" else INVALID
    )


@cells(
    "wrong_token",
    "A session token that is not the key's",
    {"s3": "InvalidToken"},
    query="InvalidClientTokenId",
    json="UnrecognizedClientException",
)
def test_wrong_token(temporary: Keys, service: str, code: str) -> None:
    found, message, _ = refusal(service, **{**temporary, "aws_session_token": "IQoJEXAMPLE"})
    assert found == code
    assert message == ("The provided token is malformed or otherwise invalid." if service == "s3" else INVALID)


@cells(
    "token_missing",
    "A temporary key without its token",
    {"s3": "InvalidAccessKeyId"},
    query="InvalidClientTokenId",
    json="UnrecognizedClientException",
    deduced="deduced and widely reported, not verified on AWS",
)
def test_token_missing(temporary: Keys, service: str, code: str) -> None:
    two = {name: value for name, value in temporary.items() if name != "aws_session_token"}
    assert refusal(service, **two)[0] == code


@cells(
    "wrong_secret",
    "A wrong secret",
    {},
    query="SignatureDoesNotMatch",
    json="InvalidSignatureException",
)
def test_wrong_secret(temporary: Keys, service: str, code: str) -> None:
    found, message, _ = refusal(service, **{**temporary, "aws_secret_access_key": "EXAMPLE"})
    assert found == code
    assert message.startswith(MISMATCH)


@cells(
    "clock_slow",
    "A clock more than 15 minutes slow",
    {"s3": "RequestTimeTooSkewed"},
    query="SignatureDoesNotMatch",
    json="InvalidSignatureException",
    deduced="for SQS seen in 2019, before it spoke JSON",
)
def test_clock_slow(lab: labkit.Lab, clock_off: Callable[[dt.timedelta], None], service: str, code: str) -> None:
    clock_off(-dt.timedelta(minutes=16))
    found, message, _ = refusal(service)
    assert found == code
    if service == "s3":
        assert message == "The difference between the request time and the current time is too large."
    else:
        assert message.startswith("Signature expired: ")
        assert " is now earlier than " in message
        assert message.endswith(" - 15 min.)")


@cells(
    "clock_fast",
    "A clock more than 15 minutes fast",
    {"s3": "RequestTimeTooSkewed"},
    query="SignatureDoesNotMatch",
    json="InvalidSignatureException",
)
def test_clock_fast(lab: labkit.Lab, clock_off: Callable[[dt.timedelta], None], service: str, code: str) -> None:
    clock_off(dt.timedelta(minutes=16))
    found, message, _ = refusal(service)
    assert found == code
    if service != "s3":
        assert message.startswith("Signature not yet current: ")


@behaviour(
    "access.clock.tolerance",
    "A clock that is wrong by 14 minutes is good enough",
    source="IAM User Guide, Troubleshoot Signature Version 4 requests",
)
@pytest.mark.parametrize("minutes", [-14, 14])
def test_clock_tolerance(sqs: Any, clock_off: Callable[[dt.timedelta], None], minutes: int) -> None:
    clock_off(dt.timedelta(minutes=minutes))
    sqs.list_queues()


@cells(
    "unsigned",
    "A request without a signature",
    {"s3": "AccessDenied"},
    query="MissingAuthenticationToken",
    json="MissingAuthenticationTokenException",
    deduced="S3's answer is not verified on AWS",
)
def test_unsigned(lab: labkit.Lab, service: str, code: str) -> None:
    found, message, _ = refusal(service, Config(signature_version=UNSIGNED))
    assert (found, message) == (code, "Access Denied" if service == "s3" else "Request is missing Authentication Token")


@pytest.fixture(scope="module")
def expired(lab: labkit.Lab, sts: Any) -> Keys:
    short = keys(sts.get_session_token(DurationSeconds=900))
    lab.wait(seconds=901)
    return short


@cells(
    "expired",
    "A session token after its end",
    {},
    query="ExpiredToken",
    json="ExpiredTokenException",
)
def test_expired(expired: Keys, service: str, code: str) -> None:
    found, message, _ = refusal(service, **expired)
    assert (found, message) == (code, "The provided token has expired." if service == "s3" else EXPIRED)


@behaviour(
    "access.token_with_long_term_key",
    "A session token sent with a long-term key is refused",
    source="IAM User Guide, Use temporary credentials: a token belongs to the keys it was issued with",
)
def test_token_with_long_term_key(own: Keys, temporary: Keys) -> None:
    three = {**own, "aws_session_token": temporary["aws_session_token"]}
    assert refusal("sqs", **three)[:2] == ("InvalidClientTokenId", INVALID)


@behaviour(
    "access.triples_do_not_mix",
    "Key, secret and token belong together: parts of two sessions are refused",
    source="STS API Reference, GetAccessKeyInfo: a temporary key id is unique only with its secret and token",
)
def test_triples_do_not_mix(sts: Any, temporary: Keys) -> None:
    other = keys(sts.get_session_token())
    assert refusal("sts", **{**temporary, "aws_session_token": other["aws_session_token"]})[0] == "InvalidClientTokenId"
    mixed = {**temporary, "aws_secret_access_key": other["aws_secret_access_key"]}
    assert refusal("sts", **mixed)[0] == "SignatureDoesNotMatch"


@behaviour(
    "s3.presigned.expiry",
    "A presigned URL ends after its time",
    source="S3 User Guide, Download and upload objects with presigned URLs",
    differs="it ends by this computer's clock, by which it was signed; lab.wait does not bring that about",
)
def test_presigned_url_ends(lab: labkit.Lab, s3: Any) -> None:
    v4 = boto3.client("s3", config=Config(signature_version="s3v4"))
    url = v4.generate_presigned_url("list_buckets", ExpiresIn=60)
    lab.wait(minutes=2)
    with pytest.raises(urllib.error.HTTPError, match="403"):
        urllib.request.urlopen(url)
