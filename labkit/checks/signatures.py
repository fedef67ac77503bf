"""Exercise 1.1's world: requests that somebody signed by hand, sent as they are, and what is wrong with a signature."""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from botocore.awsrequest import AWSRequest
from botocore.httpsession import URLLib3Session

from labkit.embedded.clock import machine_time

ALGORITHM = "AWS4-HMAC-SHA256"
ENDPOINT = "http://127.0.0.1/"  # whatever it is: in a check, the private AWS answers
_AUTHORIZATION = re.compile(
    ALGORITHM + r" Credential=(?P<key>[^/, ]+)/(?P<date>\d{8})/(?P<region>[^/, ]+)/(?P<service>[^/, ]+)/aws4_request, ?"
    r"SignedHeaders=(?P<names>[^, ]+), ?Signature=(?P<signature>\w+)"
)


@dataclass(frozen=True)
class Request:
    """A request to be signed, and what the function is told about it. `parts`: id, secret and token (or None)."""

    headers: Mapping[str, str]
    body: str
    service: str
    region: str
    now: datetime
    parts: Mapping[str, str | None]

    @property
    def stamp(self) -> str:
        return f"{self.now:%Y%m%dT%H%M%SZ}"

    def arguments(self) -> tuple[Any, ...]:
        return dict(self.headers), self.body, self.service, self.region, self.now, dict(self.parts)


def who_am_i(parts: Mapping[str, str | None], *, region: str = "us-east-1") -> Request:
    """GetCallerIdentity, as a form; by a clock that is five minutes slow, so that one's own is told from `now`."""
    headers = {"content-type": "application/x-www-form-urlencoded; charset=utf-8", "host": "127.0.0.1"}
    return Request(headers, "Action=GetCallerIdentity&Version=2011-06-15", "sts", region, _five_minutes_ago(), parts)


def list_queues(parts: Mapping[str, str | None]) -> Request:
    """ListQueues, as JSON, with its headers in no order."""
    headers = {
        "x-amz-target": "AmazonSQS.ListQueues",
        "host": "127.0.0.1",
        "content-type": "application/x-amz-json-1.0",
    }
    return Request(headers, "{}", "sqs", "us-east-1", _five_minutes_ago(), parts)


def _five_minutes_ago() -> datetime:
    """A signature's age is judged by this computer's own clock, however far AWS's was moved."""
    return datetime.fromtimestamp(machine_time(), UTC).replace(microsecond=0) - timedelta(minutes=5)


def send(request: Request, headers: Mapping[str, str]) -> str:
    """AWS's error code for the request with these headers; empty if it was accepted."""
    prepared = AWSRequest("POST", ENDPOINT, headers=dict(headers), data=request.body).prepare()
    answer = URLLib3Session().send(prepared)
    if answer.status_code < 300:
        return ""
    found = re.search(r"<Code>(\w+)</Code>", answer.text) or re.search(r"#(\w+)", answer.text)
    return found[1] if found else str(answer.status_code)


def read(authorization: str) -> Mapping[str, str] | None:
    """key, date, region, service, names and signature; None if the header has not the form that AWS reads."""
    found = _AUTHORIZATION.fullmatch(authorization)
    return found.groupdict() if found else None


def slip(request: Request, headers: Mapping[str, str], found: Mapping[str, str]) -> str:
    """Which slip gives just this signature, as a reason; `mismatch` if it is none of those known here."""
    secret = str(request.parts["secret"])
    names = found["names"].split(";")
    lines = [f"{name}:{headers.get(name, '')}" for name in names]
    hashed = hashlib.sha256(request.body.encode()).hexdigest()
    scope = [found[name] for name in ("date", "region", "service")]

    def signature(
        words: Iterable[str] = (*scope, "aws4_request"),
        start: str = "AWS4" + secret,
        chain: Callable[[Any, str], Any] = _hmac,
        payload: str = hashed,
        gap: tuple[str, ...] = ("",),
        digest: Callable[[str], str] = lambda text: hashlib.sha256(text.encode()).hexdigest(),
    ) -> str:
        canonical = "\n".join(["POST", "/", "", *lines, *gap, found["names"], payload])
        text = "\n".join([ALGORITHM, request.stamp, "/".join([*scope, "aws4_request"]), digest(canonical)])
        key: Any = start.encode()
        for word in words:
            key = chain(key, word)
        return _hmac(key, text).hex()

    known = {
        "no_prefix": signature(start=secret),
        "hex_keys": signature(chain=lambda key, word: _hmac(key, word).hex().encode()),
        "body_itself": signature(payload=request.body),
        "no_gap": signature(gap=()),
        "not_hashed": signature(digest=lambda text: text),
        "three_words": signature(words=scope),
    }
    return next((reason for reason, what in known.items() if what == found["signature"]), "mismatch")


def _hmac(key: bytes, text: str) -> bytes:
    return hmac.new(key, text.encode(), hashlib.sha256).digest()
