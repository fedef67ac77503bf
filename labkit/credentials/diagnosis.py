"""What is wrong with parts that were read: one sentence for each problem, none of which holds a value."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from labkit.credentials import shapes
from labkit.credentials.reading import PARTS, Found
from labkit.errors import LabError
from labkit.texts import credentials as texts

_PLACEHOLDER = re.compile(
    r"<|>|[{}$%]|\*{3}|\.{3}|\byour|change.?me|replace|paste|\bhere\b|todo|\btus?[_-]|aqu[ií]|pega|clave|_key|_token",
    re.IGNORECASE,
)

_LONG = 30  # characters before the dots: then they stand for the rest of a value


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong: a code that stays the same, and the sentence for a student."""

    code: str
    sentence: str


class CredentialsError(LabError):
    """What was pasted cannot be used. Its text has the sentence of each of `problems`, one a line."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("\n".join(problem.sentence for problem in problems))
        self.problems = problems


def diagnose(found: Found, now: datetime) -> tuple[Problem, ...]:
    """What is wrong with these parts at this time; nothing if they can be tried."""
    return tuple(_problems(found, now))


def _problems(found: Found, now: datetime) -> Iterator[Problem]:
    if not found:
        yield Problem("nothing_found", texts.NOTHING_FOUND)
        return
    several = [part for part in PARTS if len(found.values[part]) > 1]
    for part in several:
        yield Problem("two_different", texts.TWO_DIFFERENT.format(part=texts.PARTS[part]))
    if several:
        return
    key, secret, token = (next(iter(found.values[part]), "") for part in PARTS)
    yield from _placeholders_or(part="access_key_id", value=key, others=_id_problems(key))
    yield from _placeholders_or(part="secret_access_key", value=secret, others=_secret_problems(secret))
    yield from _placeholders_or(part="session_token", value=token, others=_token_problems(token, key))
    if found.expires is not None and found.expires <= now:
        yield Problem("expired", texts.EXPIRED.format(time=found.expires))


def _placeholders_or(part: str, value: str, others: Iterator[Problem]) -> Iterator[Problem]:
    if _is_placeholder(part, value):
        yield Problem("placeholder", texts.PLACEHOLDER.format(part=texts.PARTS[part]))
    else:
        yield from others


def _is_placeholder(part: str, value: str) -> bool:
    """Whether somebody still has to put a value there. One that has the right look never is one by its words."""
    if not value:
        return False
    begun = value.rstrip(".")
    if begun != value and len(begun) >= _LONG and shapes.is_base64(begun):
        return False  # a value with its end left out
    made_up = shapes.is_made_up(value) and shapes.SAMPLE not in value
    right = {"access_key_id": shapes.is_id, "secret_access_key": shapes.is_secret, "session_token": shapes.is_token}
    return made_up or (not right[part](value) and _PLACEHOLDER.search(value) is not None)


def _id_problems(key: str) -> Iterator[Problem]:
    if not key:
        yield Problem("no_id", texts.NO_ID)
    elif shapes.is_principal(key):
        yield Problem("id_is_a_principal", texts.ID_IS_A_PRINCIPAL)
    elif shapes.is_secret(key):
        yield Problem("secret_in_place_of_id", texts.SECRET_IN_PLACE_OF_ID)
    elif shapes.is_token(key):
        yield Problem("token_in_place", texts.TOKEN_IN_PLACE.format(part=texts.PARTS["access_key_id"]))
    elif len(key) != shapes.ID_LENGTH:
        yield Problem("id_is_wrong", texts.ID_IS_WRONG.format(length=len(key)))
    elif not shapes.is_id(key):
        yield Problem("id_is_wrong", texts.ID_HAS_BAD_CHARACTERS)


def _secret_problems(secret: str) -> Iterator[Problem]:
    if not secret:
        yield Problem("no_secret", texts.NO_SECRET)
    elif shapes.is_id(secret):
        yield Problem("id_in_place_of_secret", texts.ID_IN_PLACE_OF_SECRET)
    elif shapes.is_token(secret):
        yield Problem("token_in_place", texts.TOKEN_IN_PLACE.format(part=texts.PARTS["secret_access_key"]))
    elif len(secret) != shapes.SECRET_LENGTH:
        yield Problem("secret_is_wrong", texts.SECRET_IS_WRONG.format(length=len(secret)))
    elif not shapes.is_secret(secret):
        yield Problem("secret_is_wrong", texts.SECRET_HAS_BAD_CHARACTERS)


def _token_problems(token: str, key: str) -> Iterator[Problem]:
    if key.startswith("ASIA") and not token:
        yield Problem("no_token", texts.NO_TOKEN)
    elif token and key.startswith("AKIA"):
        yield Problem("token_not_wanted", texts.TOKEN_NOT_WANTED)
    elif token and not shapes.is_token(token):
        if shapes.is_base64(token.rstrip(".")):
            yield Problem("token_is_cut", texts.TOKEN_IS_CUT.format(length=len(token)))
        else:
            yield Problem("token_is_wrong", texts.TOKEN_HAS_BAD_CHARACTERS)
