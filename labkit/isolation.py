"""Points boto3 at one AWS, in this process and its children, and keeps this computer's own credentials out of reach.

boto3 is told through the environment variables that it reads itself, so `boto3.client("sqs")` needs no arguments and
a child process needs nothing from us. While the embedded AWS is meant, no request reaches the real one.
"""

from __future__ import annotations

import base64
import functools
import os
import secrets
import string
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import boto3
import botocore.httpsession

from labkit import texts
from labkit.errors import LabError

if TYPE_CHECKING:
    from labkit.credentials import Credentials

LOOPBACK = "127.0.0.1"
NOWHERE = f"http://{LOOPBACK}:9"  # the discard port: a call before there is an AWS is refused
# Every way boto3 could find the machine's own credentials or another endpoint: all of AWS_*, and boto's old one.
_READ_BY_BOTO = ("AWS_", "BOTO_CONFIG")
_KEPT = ("AWS_CA_BUNDLE",)  # no way to anything: how a school's proxy is trusted


@dataclass(frozen=True)
class Keys:
    """An access key made for the embedded AWS and worth nothing elsewhere."""

    access_key_id: str
    secret_access_key: str = field(repr=False)

    @classmethod
    def random(cls) -> Keys:
        alphabet = string.ascii_uppercase + "234567"  # as in AWS's own key ids
        secret = base64.b64encode(secrets.token_bytes(30)).decode()  # 40 letters, digits, / and +: as AWS's own, too
        return cls("AKIA" + "".join(secrets.choice(alphabet) for _ in range(16)), secret)


_before: dict[str, str] | None = None  # this process's environment as it was, while it is isolated
_real_is_meant = False  # whether requests may leave this computer while it is


def isolate() -> None:
    """Put the machine's own credentials out of reach. boto3 has nowhere to go until `point_at` or `point_at_real`."""
    global _before, _real_is_meant
    _real_is_meant = False
    if _before is None:
        _before = dict(os.environ)
        _guard_http()
    for name in list(os.environ):
        if name.upper().startswith(_READ_BY_BOTO) and name.upper() not in _KEPT:
            del os.environ[name]
    os.environ.update(
        AWS_ENDPOINT_URL=NOWHERE,
        # Files and the metadata service of EC2 are asked only when the environment has no keys. A named profile
        # would be looked up in the files all the same, and so would an endpoint.
        AWS_SHARED_CREDENTIALS_FILE=os.devnull,
        AWS_CONFIG_FILE=os.devnull,
        BOTO_CONFIG=os.devnull,  # or ~/.boto is looked at, once a lesson has taken the keys out of the environment
        AWS_EC2_METADATA_DISABLED="true",
    )
    if urllib.request.getproxies() and not urllib.request.proxy_bypass(LOOPBACK):
        # A school's proxy would get the requests meant for this machine.
        for name in ("NO_PROXY", "no_proxy"):
            os.environ[name] = ",".join(filter(None, [os.environ.get(name), LOOPBACK]))
    _forget_default_session()


def point_at(endpoint_url: str, region: str, keys: Keys) -> None:
    """Let `boto3.client("sqs")`, here and in child processes, mean this AWS."""
    os.environ.update(
        AWS_ENDPOINT_URL=endpoint_url,
        AWS_DEFAULT_REGION=region,
        AWS_ACCESS_KEY_ID=keys.access_key_id,
        AWS_SECRET_ACCESS_KEY=keys.secret_access_key,
    )
    _forget_default_session()


def open_to(endpoint_url: str | None) -> None:
    """Let clients that bring their own credentials reach the real AWS, or what stands in for it at this address."""
    global _real_is_meant
    _real_is_meant = True
    os.environ.pop("AWS_ENDPOINT_URL", None)
    if endpoint_url is not None:
        os.environ["AWS_ENDPOINT_URL"] = endpoint_url
    _forget_default_session()


def point_at_real(credentials: Credentials, region: str, endpoint_url: str | None) -> None:
    """Let `boto3.client("sqs")`, here and in child processes, mean the real AWS, as whoever these credentials are."""
    open_to(endpoint_url)
    os.environ.pop("AWS_SESSION_TOKEN", None)
    for argument, value in credentials.arguments().items():
        os.environ[argument.upper()] = value  # the names that boto3 has for both differ in that alone
    os.environ["AWS_DEFAULT_REGION"] = region


@contextmanager
def machine_s_own() -> Iterator[None]:
    """The environment as it was before `isolate`, with the way out open: for whoever asks for it by name."""
    global _real_is_meant
    isolated, was_meant = dict(os.environ), _real_is_meant
    if _before is None:
        yield
        return
    try:
        _real_is_meant = True
        _set_environment(_before)
        yield
    finally:
        _real_is_meant = was_meant
        _set_environment(isolated)


def release() -> None:
    """Put the environment back as it was before `isolate`."""
    global _before
    if _before is not None:
        _set_environment(_before)
        _before = None
        _forget_default_session()


def _set_environment(wanted: dict[str, str]) -> None:
    os.environ.clear()
    os.environ.update(wanted)


def _forget_default_session() -> None:
    """boto3 keeps the session of the first `boto3.client` call, and with it the credentials found then."""
    boto3.DEFAULT_SESSION = None


def _guard_http() -> None:
    """Stop any request of this process to another host while the embedded AWS is the target.

    The environment does not cover a client that was made before `start()`, nor one with an endpoint_url of its own.
    """
    send = botocore.httpsession.URLLib3Session.send
    if not hasattr(send, "__wrapped__"):
        botocore.httpsession.URLLib3Session.send = _loopback_only(send)  # type: ignore[method-assign]


def _loopback_only(send: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(send)
    def guarded(session: Any, request: Any) -> Any:
        host = urlsplit(request.url).hostname
        if _before is not None and not _real_is_meant and host not in (LOOPBACK, "localhost"):
            raise LabError(texts.REAL_AWS_REFUSED.format(host=host))
        return send(session, request)

    return guarded
