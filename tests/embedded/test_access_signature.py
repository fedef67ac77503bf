"""Our verifier against botocore's own signer: whatever botocore signs is accepted, whatever is changed is not."""

import contextlib
from typing import Any
from urllib.parse import quote, urlsplit

import pytest
from botocore.auth import S3SigV4Auth, S3SigV4QueryAuth, SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from hypothesis import given
from hypothesis import strategies as st

from labkit.embedded.access.refusals import Reason, Refused
from labkit.embedded.access.signature import expected_signature, read_claim

HOST = "127.0.0.1:5000"
KEY_ID, SECRET, TOKEN = "AKIAIOSFODNN7EXAMPLE", "a/secret+EXAMPLE", "a/token+EXAMPLE=="

visible = st.characters(min_codepoint=0x20, max_codepoint=0x7E)
segments = st.lists(st.text(max_size=8), max_size=4)
paths = segments.map(lambda parts: "/" + "/".join(quote(part, safe="~") for part in parts))
queries = st.lists(st.tuples(st.text(min_size=1, max_size=6), st.text(max_size=6)), max_size=5)
header_names = st.sampled_from(["X-Amz-Target", "X-Amz-Meta-Colour", "Content-Type", "X-Amz-Acl", "X-Custom"])
headers = st.dictionaries(header_names, st.text(visible, max_size=20), max_size=4)


def environ(request: AWSRequest) -> dict[str, Any]:
    """What a WSGI server makes of this request."""
    url = urlsplit(request.url)
    path = url.path or "/"
    made = {
        "REQUEST_METHOD": request.method,
        "REQUEST_URI": path + ("?" + url.query if url.query else ""),
        "QUERY_STRING": url.query,
        "HTTP_HOST": HOST,
    }
    for name, value in request.headers.items():
        key = name.upper().replace("-", "_")
        made[key if key in ("CONTENT_TYPE", "CONTENT_LENGTH") else "HTTP_" + key] = value
    return made


def signed(
    path: str = "/",
    query: Any = (),
    fields: Any = (),
    body: bytes = b"",
    *,
    method: str = "POST",
    service: str = "sqs",
    token: str | None = TOKEN,
) -> dict[str, Any]:
    """The environ of a request that botocore has signed."""
    pairs = "&".join(f"{quote(name, safe='-_.~')}={quote(value, safe='-_.~')}" for name, value in query)
    url = f"http://{HOST}{path}" + (f"?{pairs}" if pairs else "")
    request = AWSRequest(method, url, headers=dict(fields), data=body)
    signer = S3SigV4Auth if service == "s3" else SigV4Auth
    signer(Credentials(KEY_ID, SECRET, token), service, "us-east-1").add_auth(request)
    return environ(request)


def accepts(request: dict[str, Any], body: bytes = b"", secret: str = SECRET) -> bool:
    claim = read_claim(request)
    return expected_signature(claim, request, body, secret) == claim.signature


@given(path=paths, query=queries, fields=headers, body=st.binary(max_size=40), service=st.sampled_from(["sqs", "s3"]))
def test_what_botocore_signs_is_accepted(path: str, query: Any, fields: Any, body: bytes, service: str) -> None:
    request = signed(path, query, fields, body, service=service)
    claim = read_claim(request)
    assert (claim.access_key_id, claim.region, claim.service, claim.token) == (KEY_ID, "us-east-1", service, TOKEN)
    assert accepts(request, body)


@given(path=paths, query=queries, body=st.binary(max_size=40), changed=st.integers(min_value=0, max_value=5))
def test_what_is_changed_on_the_way_is_not(path: str, query: Any, body: bytes, changed: int) -> None:
    request = signed(path, query, {"X-Amz-Target": "AmazonSQS.SendMessage"}, body)
    secret = SECRET
    match changed:
        case 0:
            body += b" "
        case 1:
            request["HTTP_X_AMZ_TARGET"] = "AmazonSQS.DeleteQueue"
        case 2:
            request["REQUEST_METHOD"] = "GET"
        case 3:
            request["REQUEST_URI"] = "/another" + request["REQUEST_URI"]
        case 4:
            request["REQUEST_URI"] += "&x=y" if "?" in request["REQUEST_URI"] else "?x=y"
        case 5:
            secret += "x"
    assert not accepts(request, body, secret)


@pytest.mark.parametrize("token", [None, TOKEN])
@given(key=st.text(min_size=1, max_size=12), seconds=st.integers(min_value=1, max_value=604800))
def test_presigned_urls_of_s3(key: str, seconds: int, token: str | None) -> None:
    request = AWSRequest("GET", f"http://{HOST}/bucket/{quote(key, safe='/~')}")
    S3SigV4QueryAuth(Credentials(KEY_ID, SECRET, token), "s3", "us-east-1", expires=seconds).add_auth(request)
    arrived = environ(AWSRequest(request.method, request.url))
    claim = read_claim(arrived)
    assert (claim.presigned, claim.lifetime, claim.token) == (True, seconds, token)
    assert accepts(arrived)
    assert not accepts(arrived, secret="another")


def test_a_body_that_s3_does_not_sign() -> None:
    request = AWSRequest("PUT", f"http://{HOST}/bucket/key", data=b"what is signed")
    request.context["payload_signing_enabled"] = False
    request.headers["X-Amz-Content-SHA256"] = "UNSIGNED-PAYLOAD"
    SigV4Auth(Credentials(KEY_ID, SECRET), "s3", "us-east-1").add_auth(request)
    assert accepts(environ(request), b"what arrives")


def test_an_absolute_address_as_sent_to_a_proxy() -> None:
    request = signed("/a/b", [("x", "y")])
    request["REQUEST_URI"] = f"http://{HOST}/a/b?x=y"
    assert accepts(request)


GOOD = f"AWS4-HMAC-SHA256 Credential={KEY_ID}/20260101/us-east-1/sqs/aws4_request, SignedHeaders=host, Signature=0a"


@pytest.mark.parametrize(
    ("header", "reason"),
    [
        (None, Reason.UNSIGNED),
        ("", Reason.INCOMPLETE),
        ("Bearer of-good-news", Reason.INCOMPLETE),
        ("AWS4-HMAC-SHA256", Reason.INCOMPLETE),
        ("AWS4-HMAC-SHA256 " + "," * 5000, Reason.INCOMPLETE),
        ("AWS4-HMAC-SHA256 Credential=, SignedHeaders=host, Signature=0a", Reason.INCOMPLETE),
        (GOOD.replace("/us-east-1", ""), Reason.INCOMPLETE),
        (GOOD.replace("us-east-1", "motoapi.amazonaws.com"), Reason.INCOMPLETE),
        (GOOD.replace("20260101", "20260102"), Reason.INCOMPLETE),
        (GOOD.replace("20260101", "2026"), Reason.INCOMPLETE),
        (GOOD.replace(", Signature=0a", ""), Reason.INCOMPLETE),
        (GOOD.replace("=host", "=x-amz-date"), Reason.WRONG_SIGNATURE),
        (GOOD.replace("AKIA", "\xff\xfe"), Reason.INCOMPLETE),
    ],
)
def test_malformed_authorization(header: str | None, reason: Reason) -> None:
    request = {"HTTP_X_AMZ_DATE": "20260101T000000Z", "REQUEST_METHOD": "POST", "REQUEST_URI": "/"}
    if header is not None:
        request["HTTP_AUTHORIZATION"] = header
    with pytest.raises(Refused) as refused:
        read_claim(request)
    assert refused.value.reason is reason


@pytest.mark.parametrize("date", ["20260101", "20260101T250000Z", "20260101T000000", "20260101T0000é0Z"])
def test_malformed_date(date: str) -> None:
    claim = read_claim({"HTTP_AUTHORIZATION": GOOD, "HTTP_X_AMZ_DATE": date})
    with pytest.raises(Refused) as refused:
        claim.signed_at  # noqa: B018
    assert refused.value.reason is Reason.INCOMPLETE


@given(st.text(max_size=200))
def test_any_authorization_at_all(header: str) -> None:
    for text in (header, f"AWS4-HMAC-SHA256 {header}", GOOD + header):
        with contextlib.suppress(Refused):
            claim = read_claim({"HTTP_AUTHORIZATION": text, "HTTP_X_AMZ_DATE": "20260101T000000Z"})
            expected_signature(claim, {"REQUEST_METHOD": "POST", "REQUEST_URI": "/"}, b"", SECRET)


@given(st.text(max_size=200))
def test_any_presigned_query_at_all(query: str) -> None:
    with contextlib.suppress(Refused):
        read_claim({"QUERY_STRING": "X-Amz-Signature=0&" + query})
