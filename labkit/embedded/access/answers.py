"""The gate's answers in the wire format of the service that was asked, so that boto3 raises what it raises on AWS.

Which format that is shows in the request: JSON (SQS, DynamoDB, CloudWatch, Budgets), CBOR (CloudWatch, for some
versions of boto3), S3's XML, or the older query protocol's XML (SNS, STS, IAM, Auto Scaling).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from http import HTTPStatus
from typing import Any
from xml.sax.saxutils import escape

from moto.moto_api._internal import mock_random

from labkit.embedded.access.refusals import MESSAGES, S3_MESSAGES, Reason, Refused

_NAMESPACES = {  # of the query protocol's answers; botocore's service models
    "autoscaling": "http://autoscaling.amazonaws.com/doc/2011-01-01/",
    "iam": "https://iam.amazonaws.com/doc/2010-05-08/",
    "monitoring": "http://monitoring.amazonaws.com/doc/2010-08-01/",
    "sns": "http://sns.amazonaws.com/doc/2010-03-31/",
    "sts": "https://sts.amazonaws.com/doc/2011-06-15/",
}
_SNS_DENIED = "AuthorizationError"  # SNS API Reference, Publish: "Errors"

Answer = tuple[int, list[tuple[str, str]], bytes]
"""HTTP status, headers, body."""


def refuse(refused: Refused, service: str | None, environ: Mapping[str, Any]) -> Answer:
    """The answer to a request that is turned away. `service` as in the signature; None if it could not be read."""
    if service is None:
        service = _guess_service(environ)
    codes, message = refused.reason.value, refused.message or MESSAGES.get(refused.reason, refused.reason.name)
    request_id = str(mock_random.uuid4())
    if service == "s3":
        return _s3(refused, request_id)
    query_code = _SNS_DENIED if service == "sns" and refused.reason is Reason.DENIED else codes.query
    if environ.get("HTTP_SMITHY_PROTOCOL") == "rpc-v2-cbor" or "json" in environ.get("CONTENT_TYPE", ""):
        return _json_or_cbor(refused.reason, query_code, message, request_id, environ)
    fault = "Sender" if codes.status < 500 else "Receiver"
    body = (
        f'<ErrorResponse xmlns="{_NAMESPACES.get(service, "")}"><Error><Type>{fault}</Type><Code>{query_code}</Code>'
        f"<Message>{escape(message)}</Message></Error><RequestId>{request_id}</RequestId></ErrorResponse>"
    )
    return codes.status, [("Content-Type", "text/xml"), ("x-amzn-RequestId", request_id)], body.encode()


def succeed(service: str, operation: str, result: str) -> Answer:
    """The query protocol's answer to `operation`, with `result` as XML that is escaped already."""
    request_id = str(mock_random.uuid4())
    body = (
        f'<{operation}Response xmlns="{_NAMESPACES[service]}"><{operation}Result>{result}</{operation}Result>'
        f"<ResponseMetadata><RequestId>{request_id}</RequestId></ResponseMetadata></{operation}Response>"
    )
    return 200, [("Content-Type", "text/xml"), ("x-amzn-RequestId", request_id)], body.encode()


def send(answer: Answer, environ: Mapping[str, Any], start_response: Any) -> Iterable[bytes]:
    """Answer as a WSGI application does."""
    status, headers, body = answer
    start_response(f"{status} {HTTPStatus(status).phrase}", [*headers, ("Content-Length", str(len(body)))])
    return [] if environ.get("REQUEST_METHOD") == "HEAD" else [body]


def _json_or_cbor(reason: Reason, query_code: str, message: str, request_id: str, environ: Mapping[str, Any]) -> Answer:
    codes = reason.value
    status = codes.status if codes.status >= 404 else 400
    headers = [("x-amzn-RequestId", request_id)]
    if "HTTP_X_AMZN_QUERY_MODE" in environ:  # a service that kept the query protocol's codes: SQS, CloudWatch
        status = codes.status
        headers.append(("x-amzn-query-error", f"{query_code};{'Sender' if status < 500 else 'Receiver'}"))
    error = {"__type": f"com.amazon.coral.service#{codes.json}", "message": message}
    if "HTTP_SMITHY_PROTOCOL" in environ:
        headers += [("Content-Type", "application/cbor"), ("smithy-protocol", "rpc-v2-cbor")]
        return status, headers, _cbor(error)
    version = "1.1" if "1.1" in environ["CONTENT_TYPE"] else "1.0"
    return status, [("Content-Type", f"application/x-amz-json-{version}"), *headers], json.dumps(error).encode()


def _s3(refused: Refused, request_id: str) -> Answer:
    codes, reason = refused.reason.value, refused.reason
    message = S3_MESSAGES.get(reason) or refused.message or MESSAGES.get(reason, reason.name)
    body = (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>{codes.s3}</Code><Message>{escape(message)}</Message>'
        f"<RequestId>{request_id}</RequestId></Error>"
    )
    status = 400 if codes.s3 in ("ExpiredToken", "InvalidToken", "EntityTooLarge") else codes.status
    return status, [("Content-Type", "application/xml"), ("x-amz-request-id", request_id)], body.encode()


def _guess_service(environ: Mapping[str, Any]) -> str:
    """Where no signature says it: S3 is the one whose requests are neither forms nor JSON."""
    plain = "json" not in environ.get("CONTENT_TYPE", "") and "form" not in environ.get("CONTENT_TYPE", "")
    return "s3" if plain and "HTTP_SMITHY_PROTOCOL" not in environ else ""


def _cbor(texts: Mapping[str, str]) -> bytes:
    """A map of texts in CBOR (RFC 8949), which the standard library cannot write."""

    def text(value: str) -> bytes:
        encoded = value.encode()
        return b"\x79" + len(encoded).to_bytes(2, "big") + encoded

    return bytes([0xA0 + len(texts)]) + b"".join(text(key) + text(value) for key, value in texts.items())
