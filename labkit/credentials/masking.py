"""Finds keys, secrets and tokens in any text. `mask` covers them; `labkit.leaks` tells where they are."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from labkit.credentials import shapes
from labkit.texts import credentials as texts

_STARTS = "|".join(map(re.escape, shapes.TOKEN_STARTS))
_NAMED = {
    "secret_access_key": r"secret[ _-]?(?:access[ _-]?)?key",
    "session_token": r"(?:session|security)[ _-]?token(?:%3d)?",
}
_VALUE = r"(?:[A-Za-z0-9+/_-]|%2[BbFf]|%3[Dd]|\\/|\\u00[0-9a-fA-F]{2})"  # also as a web address or JSON writes it
# A value may go on in the next line, or behind a space where a form's field has made one of the line's end. An id or a
# secret there is a value of its own.
_OTHER = r"(?!(?:AKIA|ASIA)[A-Z0-9]{16}(?![A-Z0-9])|[A-Za-z0-9/+]{40}(?![A-Za-z0-9/+_=-]))"
_LINE = rf"(?:[ \t\\\"'>]*\r?\n[ \t\"'>]*|[ ]){_OTHER}{_VALUE}{{16,}}={{0,2}}"
_LAST_LINE = rf"[ \t]*\r?\n[ \t]*{_OTHER}{_VALUE}+={{0,2}}(?=\s*?$)"
_MORE = rf"(?:{_LINE}|{_LAST_LINE})"
_NEXT_NAME = r"(?=(?i:\s*(?:export|set|\$env:)?\s*aws[_ ]))"  # where a form's field has joined the lines
_PATTERN = re.compile(
    r"(?P<access_key_id>(?<![A-Z0-9])(?:AKIA|ASIA)[A-Z0-9]{16}(?![A-Z0-9]))"
    rf"|(?i:{_NAMED['secret_access_key']}\W{{1,6}}?)"
    rf"(?P<secret_access_key>{_VALUE}{{30,60}}?{_NEXT_NAME}|{_VALUE}{{30,60}}(?!{_VALUE}))"
    rf"|(?i:{_NAMED['session_token']}\W{{1,6}}?)(?P<named_token>{_VALUE}{{50,}}={{0,2}}{_MORE}*)"
    rf"|(?P<session_token>(?:{_STARTS}){_VALUE}{{20,}}={{0,2}}{_MORE}*)"
    r"|(?<![A-Za-z0-9/+_-])(?P<bare_secret>[A-Za-z0-9/+]{40})(?![A-Za-z0-9/+_=-])",
    re.MULTILINE,
)
_PARTS = {"named_token": "session_token", "bare_secret": "secret_access_key"}


@dataclass(frozen=True)
class Sighting:
    """Where in a text a value stands, which part it is, and what may be shown of it."""

    start: int
    end: int
    part: str  # a key of `texts.PARTS`
    masked: str
    is_made_up: bool  # a sample of AWS's documentation, or nobody's


def sightings(text: str) -> Iterator[Sighting]:
    """Every key, secret and token in the text, from its beginning."""
    for match in _PATTERN.finditer(text):
        group = str(match.lastgroup)
        value = match[group]
        if group == "bare_secret" and not shapes.is_surely_secret(value):
            continue
        part = _PARTS.get(group, group)
        yield Sighting(match.start(group), match.end(group), part, _shown(part, value), shapes.is_made_up(value))


def mask(text: str) -> str:
    """The text, with every access key id, secret and session token in it replaced by what may be shown of it."""
    masked, end = [], 0
    for found in sightings(text):
        masked += [text[end : found.start], found.masked]
        end = found.end
    return "".join([*masked, text[end:]])


def _shown(part: str, value: str) -> str:
    if part == "access_key_id":
        return shapes.masked_id(value)
    template = texts.SHOWN_SECRET if part == "secret_access_key" else texts.SHOWN_TOKEN
    return template.format(length=len("".join(value.split())))
