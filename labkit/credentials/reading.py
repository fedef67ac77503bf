"""From a cleaned text to its parts: what stands at a name, and what is recognised by its look alone."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime

from labkit.credentials import shapes

PARTS = ("access_key_id", "secret_access_key", "session_token")

# The names of the parts, in any case and with any joint: aws_access_key_id, AccessKeyId, "Access key ID", …
_NAME = {
    "access_key_id": r"access[ _-]?key[ _-]?id",
    "secret_access_key": r"secret[ _-]?(?:access[ _-]?)?key",
    "session_token": r"(?:session|security)[ _-]?token",
    "region": r"(?:default[ _-]?)?region",
    "expires": r"(?:credentials?[ _-]?|x_security_token_)?expir(?:ation|es|y)",
}
# A key may end in SET: in the same line the word must not be the rest of an id, in another one it is none of ours.
_NO_REST_OF_ID = r"(?<!(?:AKIA|ASIA)[A-Z0-9]{13})"
_COMMAND = rf"(?:export|{_NO_REST_OF_ID}setx|{_NO_REST_OF_ID}set(?: -\w+)?|declare -x)[ \t]+"
_BEFORE_NAME = rf"(?:{_COMMAND}|\$env:)?[\"']?(?:--)?(?:aws[ _-]?)?"
# `aws configure` asks with what it has in brackets: "AWS Access Key ID [None]: ".
_AFTER_NAME = r"[\"']?\s*(?:\[[^\]\n]*\]\s*)?[=:>]{1,2}[ \t]*"
_LABEL = re.compile(
    "|".join(f"(?P<{part}>{_BEFORE_NAME}{name}{_AFTER_NAME})" for part, name in _NAME.items()), re.IGNORECASE
)
_PROFILE = re.compile(r"\[[ \t]*(?:profile[ \t]+)?([\w.@+-]{1,64})[ \t]*\](?!\s*[:$#%>])")
_BRACKETS = (('"', '"'), ("'", "'"), ("<", ">"))  # the last for <your key>
_TEMPLATE = re.compile(r"([=:]\s*[\"']?)<[^<>\n/]*>")  # =<your secret key>
_FIRST = re.compile(r"[\"']?([^\s\"',;\\)}<]*)")
_PIECE = re.compile(r"[\s\\\"'>]+([A-Za-z0-9+/_-]+={0,2}|={1,2})(?![^\s\"',;\\)}<])(?!\s*[=:][ \t]*[^\s=])")
_REGION = re.compile(r"[a-z]{2}(?:-[a-z]+){1,3}-\d")
_TIME = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?")
_BETWEEN = re.compile(r"(?:[\s\"',;:<>(){}\\]|=(?=[^=\s\"',;]))+")
_LEAST_PIECE = 30  # characters of a bare piece to be taken for a damaged secret
_LEAST_LINE = 16  # characters of a line that is surely part of a broken token


@dataclass
class Found:
    """What one profile holds. Each part with every different value it was given, in their order."""

    name: str = ""
    values: dict[str, list[str]] = field(default_factory=lambda: {part: [] for part in PARTS}, repr=False)
    region: str | None = None
    expires: datetime | None = None
    named: set[str] = field(default_factory=set)  # the parts whose names are there, with a value or without

    def add(self, part: str, value: str) -> None:
        if value and value not in self.values[part]:
            self.values[part].append(value)

    def with_values_of(self, others: Iterable[Found]) -> Found:
        """This profile with what the others hold as well."""
        merged = Found(self.name, region=self.region, expires=self.expires, named=set(self.named))
        for found in others:
            for part, values in found.values.items():
                for value in values:
                    merged.add(part, value)
        return merged

    def __bool__(self) -> bool:
        return bool(self.named) or any(self.values.values())


def read(text: str) -> list[Found]:
    """What each profile in the text holds, the one without a name first; none for a text that holds nothing."""
    text = _TEMPLATE.sub(r"\1<>", text)  # or the words in it would pass for names
    marks = list(_PROFILE.finditer(text))
    starts = [("", 0), *((mark[1], mark.end()) for mark in marks)]
    ends = [*(mark.start() for mark in marks), len(text)]
    profiles = (_read_profile(name, text[start:end]) for (name, start), end in zip(starts, ends, strict=True))
    return [found for found in profiles if found]


def _read_profile(name: str, text: str) -> Found:
    found = Found(name)
    labels = list(_LABEL.finditer(text))
    rest = [text[: labels[0].start()] if labels else text]
    for label, end in zip(labels, [*(label.start() for label in labels[1:]), len(text)], strict=False):
        part = str(label.lastgroup)
        segment = text[label.end() : end]
        if part == "region":
            match = _REGION.search(segment)
            found.region = found.region or (match[0] if match else None)
        elif part == "expires":
            found.expires = found.expires or _time(segment)
        else:
            found.named.add(part)
            value, left = _value(part, segment)
            found.add(part, value)
            rest.append(left)
    _read_bare("\n".join(rest), found)
    return found


def _time(segment: str) -> datetime | None:
    match = _TIME.search(segment)
    try:
        time = datetime.fromisoformat(match[0]) if match else None
    except ValueError:
        return None
    return time and (time.astimezone(UTC) if time.tzinfo else time.replace(tzinfo=UTC))


def _value(part: str, segment: str) -> tuple[str, str]:
    """The value at the start of the segment, put together again if it was broken, and what comes after it.

    A narrow window or a mail program breaks lines; a form's field for one line makes spaces of the breaks.
    """
    for opening, closing in _BRACKETS:
        if segment.startswith(opening) and closing in segment[1:]:
            inside, _, left = segment[1:].partition(closing)
            value = "".join(inside.split())
            return (value if opening == closing else opening + value + closing), left
    first = _FIRST.match(segment)
    assert first is not None  # it matches nothing, too
    value, end = first[1], first.end()
    while (piece := _PIECE.match(segment, end)) and _goes_on(part, value, piece[1]):
        value, end = value + piece[1], piece.end()
    return value, segment[end:]


def _goes_on(part: str, value: str, piece: str) -> bool:
    """Whether `piece`, which follows after a gap, belongs to the value that has begun."""
    if part == "session_token":
        if not value:
            return len(piece) > shapes.SECRET_LENGTH
        if value.endswith("=") or shapes.is_id(piece):
            return piece == "=" and len(value) % 4 == 3
        # A token comes in groups of four. Where it may be whole, a short word behind it must not spoil that.
        whole = len(value) >= shapes.SHORTEST_TOKEN and len(value) % 4 == 0
        return not whole or len(piece) >= _LEAST_LINE or len(value + piece) % 4 == 0
    length = shapes.ID_LENGTH if part == "access_key_id" else shapes.SECRET_LENGTH
    return len(value + piece) == length if not value else len(value + piece) <= length


def _read_bare(text: str, found: Found) -> None:
    """Add what stands there without a name, for the parts that have no value yet."""
    missing = {part for part in PARTS if not found.values[part]}
    for part, value in _recognised([piece for piece in _BETWEEN.split(text) if piece]):
        if part in missing:
            found.add(part, value)
    if found.region is None and found and (region := _REGION.search(text)):
        found.region = region[0]


def _recognised(pieces: list[str]) -> Iterator[tuple[str, str]]:
    """What the pieces are by their look, as part and value; broken tokens put together."""
    left = deque(pieces)
    secrets = sum(map(shapes.is_secret, pieces))
    while left:
        piece = left.popleft()
        if _is_like_id(piece) or shapes.is_principal(piece):
            yield "access_key_id", piece
        elif len(piece) > shapes.SECRET_LENGTH and shapes.is_base64(piece):
            while left and shapes.is_base64(left[0]) and _goes_on("session_token", piece, left[0]):
                if shapes.is_secret(left[0]):
                    if shapes.is_token(piece) and secrets == 1:
                        break  # rather the secret than the last line of the token
                    secrets -= 1
                piece += left.popleft()
            yield "session_token", piece
        elif len(piece) >= _LEAST_PIECE and shapes.is_base64(piece) and shapes.entropy(piece) > 4:
            yield "secret_access_key", piece


def _is_like_id(piece: str) -> bool:
    """Whether this is an access key id, or was one before it lost a character or its capitals."""
    return shapes.is_id(piece.upper()) or (
        piece.startswith(shapes.KEY_PREFIXES) and piece.isupper() and piece.isalnum()
    )
