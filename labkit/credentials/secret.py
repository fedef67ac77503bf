"""Credentials that do not show themselves: not in an output, a log, a traceback, a table or a pickle."""

from __future__ import annotations

import hmac
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NoReturn

import boto3

from labkit.credentials import shapes
from labkit.errors import LabError
from labkit.texts import credentials as texts

DEFAULT_REGION = "us-east-1"


class Secret:
    """One value. Whatever shows it shows `shown` in its place; only `reveal()` gives the value itself."""

    # In a closure rather than an attribute, so that what walks over attributes (pickle, vars, an inspector) finds none.
    __slots__ = ("_shown", "reveal")
    reveal: Callable[[], str]
    """The value itself, for the one place that needs it."""

    def __init__(self, value: str, shown: str) -> None:
        self._shown = shown
        self.reveal = lambda: value

    def __repr__(self) -> str:
        return self._shown

    def __format__(self, spec: str) -> str:
        return format(self._shown, spec)

    def __len__(self) -> int:
        return len(self.reveal())

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and hmac.compare_digest(self.reveal().encode(), other.reveal().encode())

    def __hash__(self) -> int:
        return hash(self.reveal())

    def __copy__(self) -> Secret:
        return self

    def __deepcopy__(self, _: object) -> Secret:
        return self

    def __reduce_ex__(self, _: object) -> NoReturn:
        raise LabError(texts.NOT_TO_PICKLE)


@dataclass(frozen=True)
class Credentials:
    """An access key as `parse` read it: two parts if it is long-term, three if it is temporary."""

    access_key_id: Secret
    secret_access_key: Secret
    session_token: Secret | None = None
    region: str | None = None
    expires: datetime | None = None  # UTC

    @classmethod
    def of(
        cls,
        access_key_id: str,
        secret_access_key: str,
        session_token: str | None = None,
        region: str | None = None,
        expires: datetime | None = None,
    ) -> Credentials:
        """From plain values, which are taken as they are."""
        token = session_token or None
        return cls(
            Secret(access_key_id, shapes.masked_id(access_key_id)),
            Secret(secret_access_key, texts.SHOWN_SECRET.format(length=len(secret_access_key))),
            Secret(token, texts.SHOWN_TOKEN.format(length=len(token))) if token else None,
            region,
            expires,
        )

    @property
    def kind(self) -> str:
        """ "temporary" for an id that begins with ASIA, "long-term" otherwise."""
        return "temporary" if self.access_key_id.reveal().startswith("ASIA") else "long-term"

    @property
    def parts(self) -> int:
        return 2 if self.session_token is None else 3

    @property
    def is_sample(self) -> bool:
        """Whether these are from AWS's documentation, or ours: worth nothing anywhere."""
        return any(shapes.SAMPLE in value.reveal() for value in (self.access_key_id, self.secret_access_key))

    def arguments(self) -> dict[str, str]:
        """The arguments for boto3 to use these: `boto3.client("sts", **credentials.arguments())`."""
        found = {
            "aws_access_key_id": self.access_key_id.reveal(),
            "aws_secret_access_key": self.secret_access_key.reveal(),
        }
        if self.session_token:
            found["aws_session_token"] = self.session_token.reveal()
        return _Arguments(found)

    def session(self) -> boto3.Session:
        """A boto3 session that uses these, in their region if one was given with them."""
        arguments: dict[str, Any] = {**self.arguments(), "region_name": self.region or DEFAULT_REGION}
        return boto3.Session(**arguments)

    def values(self) -> list[str]:
        """The plain values of what must not be shown, the longest first: for a filter that looks for them."""
        found = [part.reveal() for part in (self.access_key_id, self.secret_access_key, self.session_token) if part]
        return sorted(found, key=len, reverse=True)

    def __repr__(self) -> str:
        parts: list[Any] = [texts.SHOWN_ID.format(masked=self.access_key_id), self.secret_access_key]
        if self.session_token:
            parts.append(self.session_token)
        if self.region:
            parts.append(texts.SHOWN_REGION.format(region=self.region))
        if self.expires:
            parts.append(texts.SHOWN_EXPIRY.format(time=self.expires))
        return texts.CREDENTIALS.format(kind=texts.KINDS[self.kind], parts=", ".join(map(str, parts)))


class _Arguments(dict[str, str]):
    """Arguments for boto3, of which only the names are shown."""

    def __repr__(self) -> str:
        return "{" + ", ".join(f"{name}=…" for name in self) + "}"

    def __reduce_ex__(self, _: object) -> NoReturn:
        raise LabError(texts.NOT_TO_PICKLE)
