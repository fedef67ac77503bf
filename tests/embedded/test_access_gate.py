"""The gate against requests that boto3 would not send: forged, malformed, huge, and from elsewhere."""

import datetime as dt
import http.client
import json
import socket
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import boto3
import botocore.auth
import botocore.parsers
import pytest
from botocore.awsrequest import AWSRequest
from botocore.config import Config
from botocore.exceptions import ClientError

import labkit

Answer = tuple[int, dict[str, str], bytes]
JSON = "application/x-amz-json-1.0"
FORM = "application/x-www-form-urlencoded; charset=utf-8"
LIST_QUEUES = {"X-Amz-Target": "AmazonSQS.ListQueues", "Content-Type": JSON}


@pytest.fixture
def http_to(lab: labkit.Lab) -> Iterator[http.client.HTTPConnection]:
    connection = http.client.HTTPConnection("127.0.0.1", urlsplit(lab.endpoint_url).port, timeout=30)
    yield connection
    connection.close()
    boto3.client("sqs").list_queues()  # whatever happened, the AWS lives on


def ask(
    http_to: http.client.HTTPConnection, method: str, path: str, headers: Any = (), body: bytes | None = None
) -> Answer:
    http_to.request(method, path, body=body, headers=dict(headers))
    answer = http_to.getresponse()
    return answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read()


def signed(
    lab: labkit.Lab,
    path: str = "/",
    headers: Any = (),
    body: bytes = b"{}",
    *,
    service: str = "sqs",
    method: str = "POST",
) -> dict[str, str]:
    """The headers of a request, signed with the lab's own keys."""
    request = AWSRequest(method, lab.endpoint_url + path, headers=dict(headers), data=body)
    credentials = boto3.Session().get_credentials()
    botocore.auth.SigV4Auth(credentials, service, "us-east-1").add_auth(request)
    return dict(request.headers.items())


def raw(lab: labkit.Lab, request: bytes) -> bytes:
    """What comes back for these very bytes."""
    with socket.create_connection(("127.0.0.1", urlsplit(lab.endpoint_url).port), timeout=30) as connection:
        connection.sendall(request)
        connection.shutdown(socket.SHUT_WR)
        return b"".join(iter(lambda: connection.recv(65_536), b""))


def json_code(answer: Answer) -> str:
    return str(json.loads(answer[2])["__type"]).rpartition("#")[2]


def test_a_good_request_made_by_hand(lab: labkit.Lab, http_to: http.client.HTTPConnection) -> None:
    assert ask(http_to, "POST", "/", signed(lab, headers=LIST_QUEUES), b"{}")[0] == 200


# From elsewhere


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:80", "127.0.0.1.evil.example", "[::2]", "localhost@evil", "", "["]
)
def test_other_hosts_are_refused(lab: labkit.Lab, http_to: http.client.HTTPConnection, host: str) -> None:
    status, headers, body = ask(http_to, "POST", "/", {**signed(lab, headers=LIST_QUEUES), "Host": host}, b"{}")
    assert (status, json_code((status, headers, body))) == (400, "AccessDeniedException")
    assert "127.0.0.1" in json.loads(body)["message"]


def test_localhost_by_name(lab: labkit.Lab) -> None:
    by_name = lab.endpoint_url.replace("127.0.0.1", "localhost")
    boto3.client("sqs", endpoint_url=by_name).list_queues()


@pytest.mark.parametrize("path", ["/moto-api/", "/moto-api/reset", "/moto-api/data.json", "/latest/meta-data/iam/"])
@pytest.mark.parametrize("with_signature", [False, True])
def test_motos_own_doors_are_closed(
    lab: labkit.Lab, http_to: http.client.HTTPConnection, path: str, with_signature: bool
) -> None:
    boto3.client("sns").create_topic(Name="still-there")
    headers = signed(lab, path, body=b"", service="s3") if with_signature else {}
    assert ask(http_to, "POST", path, headers)[0] == 403
    assert boto3.client("sns").list_topics()["Topics"]


def test_a_web_page_asking_whether_it_may(http_to: http.client.HTTPConnection) -> None:
    preflight = {"Origin": "https://evil.example", "Access-Control-Request-Method": "POST"}
    status, headers, _ = ask(http_to, "OPTIONS", "/", preflight)
    assert status == 403
    assert "access-control-allow-origin" not in headers


def test_the_sender_does_not_choose_the_account(lab: labkit.Lab, http_to: http.client.HTTPConnection) -> None:
    headers = {"X-Moto-Account-Id": "111122223333", "Content-Type": FORM}
    body = b"Action=CreateTopic&Name=t&Version=2010-03-31"
    status, _, answer = ask(http_to, "POST", "/", signed(lab, headers=headers, body=body, service="sns"), body)
    assert status == 200
    assert f":{lab.account}:t<".encode() in answer


# Forged


def test_a_request_signed_for_another_service(lab: labkit.Lab, http_to: http.client.HTTPConnection) -> None:
    answer = ask(http_to, "POST", "/", signed(lab, headers=LIST_QUEUES, service="sns"), b"{}")
    assert json_code(answer) == "InvalidSignatureException"
    assert json.loads(answer[2])["message"] == "Credential should be scoped to correct service: 'sqs'."


def test_a_body_changed_on_the_way(lab: labkit.Lab, http_to: http.client.HTTPConnection) -> None:
    answer = ask(http_to, "POST", "/", signed(lab, headers=LIST_QUEUES), b'{"MaxResults":1}')
    assert json_code(answer) == "InvalidSignatureException"


def test_an_old_request_sent_again(
    lab: labkit.Lab, http_to: http.client.HTTPConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    right = botocore.auth.get_current_datetime
    ago = dt.timedelta(minutes=20)
    monkeypatch.setattr(botocore.auth, "get_current_datetime", lambda *args, **kw: right(*args, **kw) - ago)
    headers = signed(lab, headers=LIST_QUEUES)
    monkeypatch.undo()
    answer = ask(http_to, "POST", "/", headers, b"{}")
    assert json.loads(answer[2])["message"].startswith("Signature expired: ")


# Malformed


@pytest.mark.parametrize(
    "authorization",
    [
        "AWS4-HMAC-SHA256",
        "AWS4-HMAC-SHA256 " + "x" * 60_000,
        "AWS4-HMAC-SHA256 Credential=a/b/c",
        "Basic YTpi",
        "\xff",
        " ",
    ],
)
def test_absurd_authorization(http_to: http.client.HTTPConnection, authorization: str) -> None:
    answer = ask(http_to, "POST", "/", {**LIST_QUEUES, "Authorization": authorization}, b"{}")
    assert (answer[0], json_code(answer)) == (400, "IncompleteSignatureException")
    assert authorization[:40].strip() not in answer[2].decode() or authorization == " "


@pytest.mark.parametrize(
    ("headers", "start", "code"),
    [
        (LIST_QUEUES, b"{", b"MissingAuthenticationTokenException"),
        ({"Content-Type": FORM}, b"<ErrorResponse", b"<Code>MissingAuthenticationToken</Code>"),
        ({}, b"<?xml", b"<Code>AccessDenied</Code>"),
    ],
)
def test_unsigned_gets_the_format_that_it_speaks(
    http_to: http.client.HTTPConnection, headers: Any, start: bytes, code: bytes
) -> None:
    _, answered, body = ask(http_to, "POST", "/", headers, b"x")
    assert body.startswith(start)
    assert code in body
    assert "text/html" not in answered["content-type"]


@pytest.mark.parametrize(
    "length", ["abc", "-1", "1e3", "٣", "9" * 5000], ids=["word", "negative", "float", "arabic", "huge"]
)
def test_absurd_lengths(lab: labkit.Lab, length: str) -> None:
    request = f"POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: {JSON}\r\nContent-Length: {length}\r\n\r\n"
    answer = raw(lab, request.encode())
    assert answer.startswith(b"HTTP/1.1 400 ")
    assert b"SerializationException" in answer


def test_no_length_is_no_body(lab: labkit.Lab) -> None:
    headers = signed(lab, headers=LIST_QUEUES, body=b"")
    lines = [f"{name}: {value}" for name, value in {"Host": urlsplit(lab.endpoint_url).netloc, **headers}.items()]
    assert raw(lab, ("POST / HTTP/1.1\r\n" + "\r\n".join(lines) + "\r\n\r\n").encode()).startswith(b"HTTP/1.1 200 ")


def test_a_broken_chunked_body(lab: labkit.Lab) -> None:
    request = b"POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\nhello\r\n"
    answer = raw(lab, request)
    assert answer.startswith(b"HTTP/1.1 400 ")
    assert b"<Code>InvalidRequest</Code>" in answer


@pytest.mark.parametrize(
    "request_", [b"\x00\xff\xfe\r\n\r\n", b"GET\r\n\r\n", b"GET / HTTP/9.9\r\n\r\n", b"\r\n" * 50, b""]
)
def test_what_is_not_http(lab: labkit.Lab, request_: bytes) -> None:
    raw(lab, request_)
    boto3.client("sqs").list_queues()


@pytest.mark.parametrize(
    ("service", "headers", "body", "code"),
    [
        (
            "dynamodb",
            {"X-Amz-Target": "DynamoDB_20120810.ListTables", "Content-Type": JSON},
            b"{",
            "SerializationException",
        ),
        (
            "dynamodb",
            {"X-Amz-Target": "DynamoDB_20120810.Nonsense", "Content-Type": JSON},
            b"{}",
            "UnknownOperationException",
        ),
        ("dynamodb", {"Content-Type": JSON}, b"{}", "UnknownOperationException"),
        ("dynamodb", {"X-Amz-Target": "garbage", "Content-Type": JSON}, b"{}", "InvalidSignatureException"),
        ("sqs", {"Content-Type": JSON}, b"{}", "UnknownOperationException"),
        (
            "budgets",
            {"X-Amz-Target": "AWSBudgetServiceGateway.Nonsense", "Content-Type": JSON},
            b"{}",
            "UnknownOperationException",
        ),
    ],
)
def test_signed_nonsense(
    lab: labkit.Lab, http_to: http.client.HTTPConnection, service: str, headers: Any, body: bytes, code: str
) -> None:
    answer = ask(http_to, "POST", "/", signed(lab, headers=headers, body=body, service=service), body)
    assert (json_code(answer), answer[0]) == (code, 400)


@pytest.mark.parametrize(
    "body", [b"", b"Action=Nonsense&Version=2010-03-31", b"\xff\xfe=\x00", b"Action=", b"Action=\xff"]
)
def test_signed_nonsense_of_the_query_protocol(
    lab: labkit.Lab, http_to: http.client.HTTPConnection, body: bytes
) -> None:
    status, _, answer = ask(
        http_to, "POST", "/", signed(lab, headers={"Content-Type": FORM}, body=body, service="sns"), body
    )
    assert status == 400
    assert b"<ErrorResponse" in answer


def test_a_huge_body(lab: labkit.Lab, http_to: http.client.HTTPConnection) -> None:
    status, _, answer = ask(http_to, "PUT", "/bucket/key", {}, bytes(65 * 1_048_576))
    assert status == 400
    assert b"<Code>EntityTooLarge</Code>" in answer


def test_a_role_cannot_smuggle_another_operation(lab: labkit.Lab, http_to: http.client.HTTPConnection) -> None:
    """The operation that is checked must be the one that is done, however a request is put together."""
    iam, sts = boto3.client("iam"), boto3.client("sts")
    trust = {"Effect": "Allow", "Principal": {"AWS": lab.account}, "Action": "sts:AssumeRole"}
    lists = {"Effect": "Allow", "Action": ["sns:ListTopics", "sqs:*"], "Resource": "*"}
    role = iam.create_role(
        RoleName="lister", AssumeRolePolicyDocument=json.dumps({"Statement": [trust], "Version": "2012-10-17"})
    )
    iam.put_role_policy(
        RoleName="lister", PolicyName="own", PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [lists]})
    )
    given = sts.assume_role(RoleArn=role["Role"]["Arn"], RoleSessionName="s1")["Credentials"]
    keys = botocore.credentials.Credentials(given["AccessKeyId"], given["SecretAccessKey"], given["SessionToken"])
    create = b"Action=CreateTopic&Name=smuggled&Version=2010-03-31"

    def attempt(path: str, headers: dict[str, str], body: bytes, service: str) -> int:
        request = AWSRequest("POST", lab.endpoint_url + path, headers=headers, data=body)
        botocore.auth.SigV4Auth(keys, service, "us-east-1").add_auth(request)
        return ask(http_to, "POST", path, request.headers.items(), body)[0]

    form = {"Content-Type": FORM}
    assert attempt("/", form, b"Action=ListTopics&Version=2010-03-31", "sns") == 200
    attempts = [
        ("/", form, create, "sns"),
        ("/?Action=ListTopics", form, create, "sns"),
        ("/", form, b"Action=ListTopics&" + create, "sns"),
        ("/", form, create + b"&Action=ListTopics", "sns"),
        ("/", {**form, "X-Amz-Target": "SNS.ListTopics"}, b'{"x":"&' + create + b'&x="}', "sns"),
        ("/", {**form, "X-Amz-Target": "SNS.ListTopics"}, create, "sns"),
        ("/", {"Content-Type": JSON, "X-Amz-Target": "SNS.ListTopics"}, create, "sns"),
        ("/service/SNS/operation/ListTopics", form, create, "sns"),
        ("/", {**LIST_QUEUES, "X-Amz-Target": "DynamoDB_20120810.ListTables"}, b"{}", "sqs"),
    ]
    for path, headers, body, service in attempts:
        assert attempt(path, headers, body, service) >= 400, (path, headers)
    assert not [t for t in boto3.client("sns").list_topics()["Topics"] if "smuggled" in t["TopicArn"]]
    iam.delete_role_policy(RoleName="lister", PolicyName="own")
    iam.delete_role(RoleName="lister")


# Formats


def test_cloudwatch_in_cbor(lab: labkit.Lab, http_to: http.client.HTTPConnection) -> None:
    headers = {"Smithy-Protocol": "rpc-v2-cbor", "Content-Type": "application/cbor", "X-Amzn-Query-Mode": "true"}
    status, answered, body = ask(http_to, "POST", "/service/CloudWatch/operation/ListMetrics", headers, b"\xa0")
    parser = botocore.parsers.create_parser("smithy-rpc-v2-cbor")
    error = parser.parse({"body": body, "headers": answered, "status_code": status}, None)["Error"]
    assert error == {
        "Type": "Sender",
        "Code": "MissingAuthenticationToken",
        "QueryErrorCode": "MissingAuthenticationTokenException",
        "Message": "Request is missing Authentication Token",
    }


def test_what_a_caller_sends_is_escaped_in_xml(lab: labkit.Lab) -> None:
    sts = boto3.client("sts")
    with pytest.raises(ClientError) as refused:
        sts.assume_role(RoleArn="arn:aws:iam::1:role/<b>&amp;</b>", RoleSessionName="me")
    assert "role/<b>&amp;</b>" in refused.value.response["Error"]["Message"]


# S3


@pytest.fixture
def bucket(lab: labkit.Lab) -> Iterator[Any]:
    s3 = boto3.client("s3")
    s3.create_bucket(Bucket="lesson")
    yield s3
    for entry in s3.list_objects_v2(Bucket="lesson").get("Contents", []):
        s3.delete_object(Bucket="lesson", Key=entry["Key"])
    s3.delete_bucket(Bucket="lesson")


@pytest.mark.parametrize("key", ["plain", "a b/ñ+~.txt", "dots/../.", "//double", "100%", "q?x=1&y", "ünï/✓"])
def test_s3_keys_of_every_kind(bucket: Any, key: str) -> None:
    bucket.put_object(Bucket="lesson", Key=key, Body=b"content", Metadata={"colour": "a  b"})
    assert bucket.get_object(Bucket="lesson", Key=key)["Body"].read() == b"content"


def test_s3_streams(bucket: Any, tmp_path: Any) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"streamed" * 10_000)
    bucket.upload_file(str(path), "lesson", "file")
    with path.open("rb") as stream:
        bucket.put_object(Bucket="lesson", Key="stream", Body=stream)
    assert bucket.get_object(Bucket="lesson", Key="stream")["Body"].read() == path.read_bytes()


def test_s3_presigned(lab: labkit.Lab, bucket: Any, http_to: http.client.HTTPConnection) -> None:
    bucket.put_object(Bucket="lesson", Key="a b", Body=b"content")
    url = bucket.generate_presigned_url("get_object", Params={"Bucket": "lesson", "Key": "a b"}, ExpiresIn=60)
    v4 = boto3.client("s3", config=Config(signature_version="s3v4"))
    url = v4.generate_presigned_url("get_object", Params={"Bucket": "lesson", "Key": "a b"}, ExpiresIn=60)
    path = url.removeprefix(lab.endpoint_url)
    status, _, body = ask(http_to, "GET", path)
    assert (status, body) == (200, b"content")
    assert b"<Code>SignatureDoesNotMatch</Code>" in ask(http_to, "GET", path.replace("a%20b", "other"))[2]
    assert ask(http_to, "GET", path.replace("X-Amz-Expires=60", "X-Amz-Expires=600"))[0] == 403


def test_a_presigned_url_ends(
    lab: labkit.Lab, bucket: Any, http_to: http.client.HTTPConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    bucket.put_object(Bucket="lesson", Key="k", Body=b"content")
    v4 = boto3.client("s3", config=Config(signature_version="s3v4"))
    right = botocore.auth.get_current_datetime
    for minutes, code in ((-2, b"<Code>AccessDenied</Code>"), (30, b"<Code>AccessDenied</Code>"), (0, b"content")):
        by = dt.timedelta(minutes=minutes)
        monkeypatch.setattr(botocore.auth, "get_current_datetime", lambda *args, by=by, **kw: right(*args, **kw) + by)
        url = v4.generate_presigned_url("get_object", Params={"Bucket": "lesson", "Key": "k"}, ExpiresIn=60)
        assert code in ask(http_to, "GET", url.removeprefix(lab.endpoint_url))[2]


def test_a_presigned_request_for_another_service(lab: labkit.Lab, http_to: http.client.HTTPConnection) -> None:
    """moto would find its service by other means, and perhaps another one than was signed for."""
    url = boto3.client("sns").generate_presigned_url("list_topics")
    status, _, body = ask(http_to, "POST", url.removeprefix(lab.endpoint_url))
    assert status == 400
    assert b"presigned requests for S3 and STS only" in body


def test_a_bucket_that_one_may_not_look_at(lab: labkit.Lab, bucket: Any) -> None:
    stranger = boto3.client("s3", aws_access_key_id="AKIAIOSFODNN7EXAMPLE", aws_secret_access_key="EXAMPLE")
    with pytest.raises(ClientError) as refused:
        stranger.head_bucket(Bucket="lesson")
    assert refused.value.response["Error"]["Code"] == "403"  # HEAD has no body to say more


# Repeatable


def test_ids_are_the_same_again_after_the_same_start(lab: labkit.Lab) -> None:
    def ids() -> list[str]:
        sts = boto3.client("sts")
        return [sts.get_caller_identity()["UserId"], sts.get_session_token()["Credentials"]["AccessKeyId"]]

    labkit.start(seed=7)
    first = ids()
    labkit.start(seed=7)
    assert ids() == first
    labkit.start(seed=8)
    assert ids() != first
