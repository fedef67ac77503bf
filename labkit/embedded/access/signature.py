"""Signature Version 4, from the receiving side: what a request claims, and the signature that it should have.

Both ways to send one are read: the `Authorization` header, and the query string of a presigned URL.
IAM User Guide, "Create a signed AWS API request"; S3's own rules: S3 API Reference, "Authenticating requests".
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from posixpath import normpath
from typing import Any
from urllib.parse import parse_qsl, quote

from labkit.embedded.access.refusals import Reason, Refused

ALGORITHM = "AWS4-HMAC-SHA256"
UNSIGNED_PAYLOAD = "UNSIGNED-PAYLOAD"
TIMESTAMP = "%Y%m%dT%H%M%SZ"
_SCOPE = re.compile(
    r"(?P<key>[\x21-\x2e\x30-\x7e]+)/(?P<date>\d{8})/(?P<region>[a-z0-9-]+)/(?P<service>[a-z0-9-]+)/aws4_request",
    re.ASCII,
)
_WITHOUT_PREFIX = {"content-type": "CONTENT_TYPE", "content-length": "CONTENT_LENGTH"}  # in a WSGI environ

Environ = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Claim:
    """What the sender of a request says of it: whose key, signed when and for what."""

    access_key_id: str
    date: str  # 20260131
    region: str
    service: str  # as signed: `monitoring` for CloudWatch
    timestamp: str  # 20260131T235959Z
    signed_headers: str  # host;x-amz-date
    signature: str
    token: str | None
    lifetime: int | None = None  # seconds; a presigned URL's

    @property
    def presigned(self) -> bool:
        return self.lifetime is not None

    @property
    def signed_at(self) -> float:
        """Seconds since the epoch. Raises Refused for a timestamp of another form."""
        return _seconds(self.timestamp)


def read_claim(environ: Environ) -> Claim:
    """Read what the request claims. Raises Refused if it is not signed, or not completely."""
    header = environ.get("HTTP_AUTHORIZATION")
    if header is None:
        if "X-Amz-Signature=" in environ.get("QUERY_STRING", ""):
            return _read_presigned(environ)
        raise Refused(Reason.UNSIGNED)
    algorithm, _, rest = header.partition(" ")
    if algorithm != ALGORITHM:
        raise Refused(Reason.INCOMPLETE, f"Unsupported AWS 'algorithm': requests are signed with {ALGORITHM}.")
    parts = dict(part.strip().partition("=")[::2] for part in rest.split(","))
    missing = [name for name in ("Credential", "SignedHeaders", "Signature") if not parts.get(name)]
    if "HTTP_X_AMZ_DATE" not in environ:
        missing.append("X-Amz-Date")
    if missing:
        raise Refused(Reason.INCOMPLETE, " ".join(f"Authorization header requires '{m}' parameter." for m in missing))
    return _claim(
        parts["Credential"],
        timestamp=environ["HTTP_X_AMZ_DATE"],
        signed_headers=parts["SignedHeaders"],
        signature=parts["Signature"],
        token=environ.get("HTTP_X_AMZ_SECURITY_TOKEN"),
    )


def _read_presigned(environ: Environ) -> Claim:
    query = dict(parse_qsl(environ["QUERY_STRING"], keep_blank_values=True))
    try:
        lifetime = int(query["X-Amz-Expires"])
        if query["X-Amz-Algorithm"] != ALGORITHM or not 0 <= lifetime <= 604800:  # a week
            raise ValueError
        return _claim(
            query["X-Amz-Credential"],
            timestamp=query["X-Amz-Date"],
            signed_headers=query["X-Amz-SignedHeaders"],
            signature=query["X-Amz-Signature"],
            token=query.get("X-Amz-Security-Token"),
            lifetime=lifetime,
        )
    except (KeyError, ValueError):
        raise Refused(Reason.INCOMPLETE, "The query string's authorization parameters are incomplete.") from None


@lru_cache(maxsize=64)
def _seconds(timestamp: str) -> float:
    try:
        return datetime.strptime(timestamp, TIMESTAMP).replace(tzinfo=UTC).timestamp()
    except ValueError:
        raise Refused(Reason.INCOMPLETE, f"Date must be in ISO-8601 'basic format': {TIMESTAMP}.") from None


def _claim(credential: str, *, timestamp: str, signed_headers: str, **rest: Any) -> Claim:
    scope = _SCOPE.fullmatch(credential)
    if scope is None:
        raise Refused(
            Reason.INCOMPLETE, "Credential must have the form key id/date/region/service/aws4_request with real values."
        )
    if not timestamp.startswith(scope["date"]):
        raise Refused(Reason.INCOMPLETE, "Date in Credential scope does not match YYYYMMDD from the request's date.")
    if "host" not in signed_headers.split(";"):
        raise Refused(
            Reason.WRONG_SIGNATURE, "'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization."
        )
    return Claim(
        scope["key"],
        scope["date"],
        scope["region"],
        scope["service"],
        timestamp=timestamp,
        signed_headers=signed_headers,
        **rest,
    )


def expected_signature(claim: Claim, environ: Environ, body: bytes, secret: str) -> str:
    """The signature that this request has if it was signed with `secret`."""
    canonical = _canonical_request(claim, environ, body)
    scope = f"{claim.date}/{claim.region}/{claim.service}/aws4_request"
    to_sign = f"{ALGORITHM}\n{claim.timestamp}\n{scope}\n{hashlib.sha256(canonical).hexdigest()}"
    return hmac.digest(_signing_key(secret, claim.date, claim.region, claim.service), to_sign.encode(), "sha256").hex()


@lru_cache(maxsize=256)
def _signing_key(secret: str, date: str, region: str, service: str) -> bytes:
    """It changes once a day, with the scope; making it costs as much as all the rest."""
    key = ("AWS4" + secret).encode()
    for part in (date, region, service, "aws4_request"):
        key = hmac.digest(key, part.encode(), "sha256")
    return key


def _canonical_request(claim: Claim, environ: Environ, body: bytes) -> bytes:
    path, _, query = _as_sent(environ).partition("?")
    if claim.service != "s3":
        path = quote(_normalised(path), safe="/~")  # once more: it came encoded. S3 takes the path as it came
    if query:
        pairs = [pair.partition("=") for pair in query.split("&") if not pair.startswith("X-Amz-Signature=")]
        query = "&".join(f"{name}={value}" for name, _, value in sorted(pairs, key=lambda pair: (pair[0], pair[2])))
    names = claim.signed_headers.split(";")
    headers = "".join(f"{name}:{' '.join(_header(environ, name).split())}\n" for name in names)
    return (
        f"{environ['REQUEST_METHOD']}\n{path}\n{query}\n{headers}\n{claim.signed_headers}\n"
        f"{_payload_hash(claim, environ, body)}"
    ).encode("latin-1", "replace")  # WSGI has headers as latin-1, so this gives the bytes that came


def _as_sent(environ: Environ) -> str:
    """The path and query before any decoding; WSGI itself has only the decoded path."""
    raw: str = environ.get("RAW_URI") or environ["REQUEST_URI"]
    if not raw.startswith("/"):  # http://127.0.0.1:5000/path, as sent to a proxy
        raw = "/" + raw.partition("://")[2].partition("/")[2]
    return raw


def _normalised(path: str) -> str:
    if path == "/":
        return path
    normal = "/" + normpath(path).lstrip("/")
    return normal + "/" if path.endswith("/") and normal != "/" else normal


def _header(environ: Environ, name: str) -> str:
    return str(environ.get(_WITHOUT_PREFIX.get(name) or "HTTP_" + name.upper().replace("-", "_"), ""))


def _payload_hash(claim: Claim, environ: Environ, body: bytes) -> str:
    if claim.service == "s3":
        if claim.presigned:
            return UNSIGNED_PAYLOAD
        declared: str = environ.get("HTTP_X_AMZ_CONTENT_SHA256", "")
        if declared == UNSIGNED_PAYLOAD or declared.startswith("STREAMING-"):
            return declared
    return hashlib.sha256(body).hexdigest()
