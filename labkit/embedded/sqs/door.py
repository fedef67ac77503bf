"""SQS's own door: the AWS JSON 1.0 protocol over WSGI."""

import base64
import json
import logging
import re
from collections.abc import Callable, Iterable
from typing import Any

from werkzeug.http import HTTP_STATUS_CODES

from labkit.embedded.access.callers import CALLER_KEY, Caller
from labkit.embedded.sqs import errors
from labkit.embedded.sqs.context import STUDENT, Context
from labkit.embedded.sqs.service import Sqs
from labkit.embedded.sqs.shapes import request_readers

TARGET = "AmazonSQS."
MAX_REQUEST = 8 * 1_048_576  # bytes; JSON may write one byte of a message as six
_REGION = re.compile(r"Credential=[^/,]+/[^/,]+/([^/,]+)/")

StartResponse = Callable[..., Any]


class Door:
    """A WSGI application that answers SQS requests, whatever they are, in SQS's format."""

    def __init__(self, sqs: Sqs):
        self._sqs = sqs
        self._readers = request_readers()

    @staticmethod
    def is_for(environ: dict[str, Any]) -> bool:
        """Whether a request is SQS's: by its target or, in a protocol that we do not speak, by its signature."""
        target, signature = environ.get("HTTP_X_AMZ_TARGET", ""), environ.get("HTTP_AUTHORIZATION", "")
        return bool(target.startswith(TARGET) or (not target and "/sqs/aws4_request" in signature))

    def __call__(self, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        headers = [("x-amzn-RequestId", self._sqs.new_id()), ("Content-Type", "application/x-amz-json-1.0")]
        try:
            status, answer = 200, self._answer(environ)
        except errors.SqsError as error:
            status, answer = error.status, error.body()
            headers.append(("x-amzn-query-error", error.query_error))
        body = json.dumps(answer, default=_encoded).encode()
        headers.append(("Content-Length", str(len(body))))
        start_response(f"{status} {HTTP_STATUS_CODES[status]}", headers)
        return [body]

    def _answer(self, environ: dict[str, Any]) -> dict[str, Any]:
        try:
            return self._call(environ)
        except errors.SqsError:
            raise
        except Exception:  # whatever it is, the client gets an answer and the next request its turn
            logging.getLogger(__name__).exception("SQS failed")
            raise errors.internal_failure() from None

    def _call(self, environ: dict[str, Any]) -> dict[str, Any]:
        body = _read_body(environ)
        action = environ.get("HTTP_X_AMZ_TARGET", "").removeprefix(TARGET)
        read = self._readers.get(action)
        if read is None:
            raise errors.unknown_operation(action)
        region = _REGION.search(environ.get("HTTP_AUTHORIZATION", ""))
        caller: Caller = environ.get(CALLER_KEY, STUDENT)
        base_url = f"{environ['wsgi.url_scheme']}://{environ['HTTP_HOST']}"
        context = Context(action, region[1] if region else "us-east-1", caller, base_url)
        return self._sqs.call(context, read(_parsed(body)))


def _read_body(environ: dict[str, Any]) -> bytes:
    """The whole body, so that a kept connection is ready for its next request; but no more of it than fits."""
    length = environ.get("CONTENT_LENGTH") or "0"
    left = int(length) if length.isdigit() else 0
    if left > MAX_REQUEST:
        while left > 0:
            chunk = environ["wsgi.input"].read(min(left, 65_536))
            left -= len(chunk) or left
        raise errors.too_large()
    body: bytes = environ["wsgi.input"].read(left)
    return body


def _parsed(body: bytes) -> Any:
    try:
        return json.loads(body or b"{}")
    except (ValueError, RecursionError):
        raise errors.malformed("The request is not valid JSON.") from None


def _encoded(value: object) -> str:
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    raise TypeError(f"{type(value).__name__} has no place in an answer")
