"""The gate in front of all services: a request gets through if it is signed with a good key by someone who may.

It puts the `Caller` into the WSGI environment as `labkit.caller`. AWS's time decides whether a session has ended; how
old a signature is, is judged by the unmoved clock, which is also the one that boto3 signs by: after `lab.wait`
requests stay valid and sessions end.
"""

from __future__ import annotations

import hmac
import io
import logging
import sys
import time
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import urlsplit

from botocore.model import OperationNotFoundError

from labkit.embedded.access import answers
from labkit.embedded.access.callers import CALLER_KEY, FROM_INSIDE_KEY, Caller
from labkit.embedded.access.demands import check_target, demands, read_call
from labkit.embedded.access.keys import KeyRing
from labkit.embedded.access.permissions import Permissions
from labkit.embedded.access.refusals import Reason, Refused
from labkit.embedded.access.signature import Claim, expected_signature, read_claim
from labkit.embedded.access.sts import Sts
from labkit.embedded.clock import machine_time

MAX_BODY = 64 * 1_048_576  # bytes. AWS's services stop earlier, S3 later; this process's memory is the limit here
MAX_SKEW = 15 * 60  # seconds; S3 API Reference, RequestTimeTooSkewed, and STS's "- 15 min."
_LOOPBACK = ("127.0.0.1", "localhost", "::1")
_CLOSED = ("/moto-api", "/latest/")  # moto's own doors: its controls, and EC2's metadata service
_PRESIGNED = ("s3", "sts")  # the services that are found by the signature in a query string

WsgiApp = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


class Gate:
    """A WSGI application that lets good requests through to `app`, and answers the others as AWS does."""

    def __init__(self, app: WsgiApp, keys: KeyRing, permissions: Permissions) -> None:
        self._app = app
        self._keys = keys
        self._permissions = permissions
        self._sts = Sts(keys, permissions)

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        service = None
        try:
            body = _read_body(environ)  # before anything else: what is left unread would pass for the next request
            if FROM_INSIDE_KEY not in environ:
                _check_address(environ)
            claim = read_claim(environ)
            service = claim.service
            caller = self._authenticate(claim, environ, body)
            environ[CALLER_KEY] = caller
            environ["HTTP_X_MOTO_ACCOUNT_ID"] = caller.account  # or the sender could choose one
            answer = self._authorise(claim, caller, environ, body)
            if answer is None:
                return self._app(environ, start_response)
        except Refused as refused:
            answer = answers.refuse(refused, service, environ)
        except (NotImplementedError, OperationNotFoundError):  # how moto says that it does not know it
            unknown = Refused(Reason.UNKNOWN_OPERATION, "The embedded AWS does not have this operation.")
            answer = answers.refuse(unknown, service, environ)
        except Exception:  # whatever it is, the client gets an answer and the next request its turn
            logging.getLogger(__name__).exception("A request failed")
            answer = answers.refuse(Refused(Reason.FAILED), service, environ)
        return answers.send(answer, environ, start_response)

    def _authenticate(self, claim: Claim, environ: dict[str, Any], body: bytes) -> Caller:
        key = self._keys.find(claim.access_key_id)
        if key is None or (key.token is not None and claim.token is None):
            raise Refused(Reason.UNKNOWN_KEY)  # a temporary key is looked up together with its token
        if key.token != claim.token and (key.token is None or not _same(key.token, claim.token or "")):
            raise Refused(Reason.WRONG_TOKEN)
        if key.expires is not None and time.time() >= key.expires:
            raise Refused(Reason.EXPIRED)
        _check_age(claim)
        if not _same(expected_signature(claim, environ, body, key.secret_access_key), claim.signature):
            raise Refused(Reason.WRONG_SIGNATURE)
        return key.caller

    def _authorise(self, claim: Claim, caller: Caller, environ: dict[str, Any], body: bytes) -> answers.Answer | None:
        """Raises Refused if the caller may not do this. An answer if the gate itself has it: STS's."""
        if claim.presigned and claim.service not in _PRESIGNED:
            raise Refused(Reason.INCOMPLETE, "The embedded AWS takes presigned requests for S3 and STS only.")
        check_target(claim.service, environ, body)
        if claim.service == "iam":
            if caller.temporary and not caller.is_role:
                raise Refused(Reason.UNKNOWN_KEY)  # STS API Reference, GetSessionToken: no IAM without MFA
            self._keys.iam.load_aws_policies()
        if claim.service != "sts" and self._permissions.unlimited(caller):
            return None
        call = read_call(claim.service, claim.region, self._keys.account, environ, body)
        for demand in demands(call):
            self._permissions.demand(
                caller, demand.action, demand.resource, context={"aws:requestedregion": claim.region}
            )
        if claim.service == "sts":
            return answers.succeed("sts", call.operation, self._sts.answer(call, caller))
        return None


def _check_address(environ: dict[str, Any]) -> None:
    """A web page whose name was pointed at this machine (DNS rebinding) must not get to talk to it."""
    try:
        host = urlsplit("//" + environ.get("HTTP_HOST", "")).hostname or ""
    except ValueError:
        host = ""
    if host not in _LOOPBACK and not host.endswith(".localhost"):
        raise Refused(Reason.DENIED, "The embedded AWS answers only requests to 127.0.0.1 and localhost.")
    if environ.get("PATH_INFO", "").startswith(_CLOSED):
        raise Refused(Reason.DENIED, "This address is closed.")


def _read_body(environ: dict[str, Any]) -> bytes:
    """The whole body, which is put back for whoever comes after. Raises Refused for one without a sound length."""
    stream = environ["wsgi.input"]
    length: str = environ.get("CONTENT_LENGTH") or "0"
    if not (length.isascii() and length.isdigit()):
        raise Refused(Reason.MALFORMED, "Content-Length is not a number of bytes.")
    try:
        # A chunked body says itself where it ends.
        left = sys.maxsize if environ.get("wsgi.input_terminated") else int(length)
        body: bytes = stream.read(min(left, MAX_BODY + 1))
        if len(body) > MAX_BODY:
            left -= len(body)
            while left > 0 and (more := stream.read(min(left, 65_536))):  # so that the sender gets to read the answer
                left -= len(more)
            raise Refused(Reason.TOO_LARGE)
    except (OSError, ValueError):
        raise Refused(Reason.MALFORMED, "The request's body cannot be read.") from None
    environ["wsgi.input"] = io.BytesIO(body)
    environ["CONTENT_LENGTH"] = str(len(body))
    return body


def _check_age(claim: Claim) -> None:
    now = machine_time()
    if claim.lifetime is not None:
        if now > claim.signed_at + claim.lifetime:
            raise Refused(Reason.DENIED, "Request has expired")
        if now < claim.signed_at - MAX_SKEW:
            raise Refused(Reason.DENIED, "Request is not yet valid")
        return
    if now - claim.signed_at > MAX_SKEW:
        raise Refused(
            Reason.SKEWED,
            f"Signature expired: {claim.timestamp} is now earlier than {_stamp(now - MAX_SKEW)} "
            f"({_stamp(now)} - {MAX_SKEW // 60} min.)",
        )
    if claim.signed_at - now > MAX_SKEW:
        raise Refused(
            Reason.SKEWED,
            f"Signature not yet current: {claim.timestamp} is still later than {_stamp(now + MAX_SKEW)} "
            f"({_stamp(now)} + {MAX_SKEW // 60} min.)",
        )


def _stamp(seconds: float) -> str:
    return time.strftime("%Y%m%dT%H%M%SZ", time.gmtime(seconds))


def _same(one: str, other: str) -> bool:
    return hmac.compare_digest(one.encode(), other.encode("utf-8", "replace"))
