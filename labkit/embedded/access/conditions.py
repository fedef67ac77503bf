"""The conditions of a policy statement. IAM User Guide, "IAM JSON policy elements: Condition operators"."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import lru_cache
from ipaddress import ip_address, ip_network

Context = Mapping[str, str]
"""What is known of a request, by lower-case condition key, for example `aws:sourcearn`."""


class UnknownOperatorError(Exception):
    """A condition operator that is not AWS's, or that is not evaluated here."""


@lru_cache(maxsize=1024)
def wildcard(pattern: str, *, ignore_case: bool = False) -> re.Pattern[str]:
    """`*` any characters, `?` any one; all others stand for themselves."""
    parts = {"*": ".*", "?": "."}
    expression = "".join(parts.get(character) or re.escape(character) for character in pattern)
    return re.compile(expression, re.DOTALL | (re.IGNORECASE if ignore_case else 0))


def _like(actual: str, wanted: str) -> bool:
    return wildcard(wanted).fullmatch(actual) is not None


def _arn_like(actual: str, wanted: str) -> bool:
    """Each of an ARN's six parts is compared by itself: a `*` does not reach over a colon."""
    ours, theirs = actual.split(":", 5), wanted.split(":", 5)
    return len(ours) == len(theirs) == 6 and all(map(_like, ours, theirs))


def _moment(text: str) -> float:
    try:
        return float(text)  # seconds since the epoch
    except ValueError:
        moment = datetime.fromisoformat(text)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()


def _in_network(actual: str, wanted: str) -> bool:
    return ip_address(actual) in ip_network(wanted, strict=False)


def _ordered(read: Callable[[str], float], name: str) -> dict[str, Callable[[str, str], bool]]:
    return {
        f"{name}Equals": lambda actual, wanted: read(actual) == read(wanted),
        f"{name}LessThan": lambda actual, wanted: read(actual) < read(wanted),
        f"{name}LessThanEquals": lambda actual, wanted: read(actual) <= read(wanted),
        f"{name}GreaterThan": lambda actual, wanted: read(actual) > read(wanted),
        f"{name}GreaterThanEquals": lambda actual, wanted: read(actual) >= read(wanted),
    }


_OPERATORS: dict[str, Callable[[str, str], bool]] = {
    "StringEquals": str.__eq__,
    "StringEqualsIgnoreCase": lambda actual, wanted: actual.lower() == wanted.lower(),
    "StringLike": _like,
    "ArnEquals": _arn_like,  # the guide: ArnEquals and ArnLike behave alike
    "ArnLike": _arn_like,
    "Bool": lambda actual, wanted: actual.lower() == wanted.lower(),
    "IpAddress": _in_network,
    **_ordered(float, "Numeric"),
    **_ordered(_moment, "Date"),
}
_NEGATED = {
    "StringNotEquals": "StringEquals",
    "StringNotEqualsIgnoreCase": "StringEqualsIgnoreCase",
    "StringNotLike": "StringLike",
    "ArnNotEquals": "ArnEquals",
    "ArnNotLike": "ArnLike",
    "NotIpAddress": "IpAddress",
    "NumericNotEquals": "NumericEquals",
    "DateNotEquals": "DateEquals",
}


def holds(operator: str, key: str, wanted: list[str], context: Context) -> bool:
    """Whether one line of a Condition is met: any of the `wanted` values suffices; with a negated operator none may be.

    A key that the request does not have meets only a negated operator, `…IfExists` and `Null: true`.
    Raises UnknownOperatorError.
    """
    actual = context.get(key.lower())
    if operator == "Null":
        return (actual is None) == ("true" in map(str.lower, wanted))
    name = operator.removesuffix("IfExists")
    positive = _NEGATED.get(name, name)
    if positive not in _OPERATORS:
        raise UnknownOperatorError(operator)
    if actual is None:
        return name in _NEGATED or name != operator
    return any(_compare(positive, actual, value) for value in wanted) != (name in _NEGATED)


def _compare(operator: str, actual: str, wanted: str) -> bool:
    try:
        return _OPERATORS[operator](actual, wanted)
    except ValueError:  # not a number, date or address
        return False
