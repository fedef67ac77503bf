"""Filter policies: which ones SNS accepts.

https://docs.aws.amazon.com/sns/latest/dg/sns-subscription-filter-policies.html and, for the limits,
https://docs.aws.amazon.com/sns/latest/dg/subscription-filter-policy-constraints.html
"""

import ipaddress
import json
import math
from collections.abc import Iterator
from typing import Any, NamedTuple

from labkit.embedded.topics.errors import InvalidAttribute

MAX_KEYS = 5
MAX_COMBINATIONS = 150
MAX_WILDCARDS = 3  # in one pattern
MAX_WILDCARD_POINTS = 100

_STRING_OPERATORS = ("prefix", "suffix", "equals-ignore-case", "wildcard")
_OPERATORS = (*_STRING_OPERATORS, "anything-but", "exists", "numeric", "cidr")
_COMPARISONS = ("<", "<=", "=", ">", ">=")


class Field(NamedTuple):
    """The rules for one key; one of them has to match. `depth` is 1 at the top."""

    rules: list[Any]
    depth: int


Alternative = dict[str, Field]
"""Without `$or`: what has to hold together, by the path of each key, such as `detail.source`."""


def parse(text: str, *, nested: bool) -> list[Alternative]:
    """The alternatives of a policy, one of which has to match. `nested`: it may have objects inside objects.

    Raises InvalidAttribute.
    """
    try:
        policy = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise InvalidAttribute(f"FilterPolicy: failed to parse JSON. {error}") from None
    if not isinstance(policy, dict):
        raise _refused("Filter is not an object")
    if len(policy) > MAX_KEYS:
        raise _refused(f"Filter policy can not have more than {MAX_KEYS} keys")
    if not nested and any(isinstance(value, dict) for value in _values(policy)):
        raise InvalidAttribute("Filter policy scope MessageAttributes does not support nested filter policy")
    alternatives = _alternatives(policy)
    _check_complexity(alternatives)
    for field in (field for alternative in alternatives for field in alternative.values()):
        for rule in field.rules:
            _check_rule(rule)
    return alternatives


def _alternatives(policy: dict[str, Any], path: str = "", depth: int = 1) -> list[Alternative]:
    alternatives: list[Alternative] = [{}]
    for key, value in policy.items():
        here = f"{path}.{key}" if path else key
        if _is_or(key, value):
            more = [alternative for branch in value for alternative in _alternatives(branch, path, depth)]
        elif isinstance(value, dict):
            more = _alternatives(value, here, depth + 1)
        elif isinstance(value, list):
            if not value:
                raise _refused("Empty arrays are not allowed")
            more = [{here: Field(value, depth)}]
        else:
            raise _refused(f'"{key}" must be an object or an array')
        if len(alternatives) * len(more) > MAX_COMBINATIONS:
            raise _refused("Filter policy is too complex")
        alternatives = [{**one, **other} for one in alternatives for other in more]
    return alternatives


def _is_or(key: str, value: Any) -> bool:
    """Whether this is the operator, and not just a key of that name (SNS Developer Guide, AND/OR logic)."""
    return (
        key == "$or"
        and isinstance(value, list)
        and len(value) > 1
        and all(isinstance(branch, dict) and not branch.keys() & set(_OPERATORS) for branch in value)
    )


def _values(policy: dict[str, Any]) -> Iterator[Any]:
    for key, value in policy.items():
        if _is_or(key, value):
            for branch in value:
                yield from _values(branch)
        else:
            yield value


def _check_complexity(alternatives: list[Alternative]) -> None:
    combinations = sum(math.prod(len(f.rules) * f.depth for f in alternative.values()) for alternative in alternatives)
    lists_of_rules = {id(f.rules): f.rules for alternative in alternatives for f in alternative.values()}
    points = sum(_wildcard_points(rules) for rules in lists_of_rules.values())
    if combinations > MAX_COMBINATIONS or points > MAX_WILDCARD_POINTS:
        raise _refused("Filter policy is too complex")


def _wildcard_points(rules: list[Any]) -> int:
    """One point for a pattern with a single wildcard, three for each of several; times the number of patterns."""
    stars = [pattern.count("*") for rule in rules for pattern in _patterns(rule)]
    return sum(1 if count == 1 else 3 * count for count in stars) * len(stars)


def _patterns(rule: Any) -> list[str]:
    while isinstance(rule, dict):
        rule = next((rule[key] for key in ("anything-but", "wildcard") if key in rule), None)
        if isinstance(rule, list | str):
            patterns = [rule] if isinstance(rule, str) else rule
            return [pattern for pattern in patterns if isinstance(pattern, str)]
    return []


def _check_rule(rule: Any) -> None:
    if rule is None or isinstance(rule, str | bool | int | float):
        return
    if not isinstance(rule, dict):
        raise _refused("Match value must be String, number, true, false, or null")
    if len(rule) != 1:
        raise _refused("Only one key allowed in match expression")
    ((operator, operand),) = rule.items()
    if operator in _STRING_OPERATORS:
        _check_string(operator, operand)
    elif operator == "anything-but":
        _check_anything_but(operand)
    elif operator == "exists":
        if not isinstance(operand, bool):
            raise _refused("exists match pattern must be either true or false.")
    elif operator == "numeric":
        _check_numeric(operand)
    elif operator == "cidr":
        _check_cidr(operand)
    else:
        raise _refused(f"Unrecognized match type {operator}")


def _check_string(operator: str, operand: Any) -> None:
    if not isinstance(operand, str):
        raise _refused(f"{operator} match pattern must be a string")
    if operator == "wildcard":
        if "**" in operand:
            raise _refused(f"Consecutive wildcard characters at pos {operand.index('**') + 1}")
        if operand.count("*") > MAX_WILDCARDS:
            raise _refused("Filter policy is too complex")


def _check_anything_but(operand: Any) -> None:
    if isinstance(operand, dict):
        for operator, pattern in operand.items():
            if operator not in ("prefix", "wildcard"):
                raise _refused(f"Unsupported anything-but pattern: {operator}")
            for one in pattern if operator == "wildcard" and isinstance(pattern, list) else [pattern]:
                _check_string(operator, one)
        return
    for value in operand if isinstance(operand, list) else [operand]:
        if isinstance(value, dict | list):
            raise _refused("Match value must be String, number, true, false, or null")


def _check_numeric(operand: Any) -> None:
    """One comparison, or a range: a lower bound and then an upper one."""
    terms = list(operand) if isinstance(operand, list) else []
    if not terms:
        raise _refused("Invalid member in numeric match: ]")
    first, *rest = terms
    if not isinstance(first, str):
        raise _refused(f"Invalid member in numeric match: {first}")
    if first not in _COMPARISONS:
        raise _refused(f"Unrecognized numeric range operator: {first}")
    low = _bound(first, rest)
    if len(rest) < 2:
        return
    if first not in (">", ">="):
        raise _refused("Too many elements in numeric expression")
    second = rest[1]
    if not isinstance(second, str):
        raise _refused(f"Bad value in numeric range: {second}")
    if second not in ("<", "<="):
        raise _refused(f"Bad numeric range operator: {second}")
    if _bound(second, rest[2:]) <= low:
        raise _refused("Bottom must be less than top")
    if len(rest) > 3:
        raise _refused("Too many terms in numeric range expression")


def _bound(operator: str, rest: list[Any]) -> float:
    if not rest or isinstance(rest[0], bool) or not isinstance(rest[0], int | float):
        raise _refused(f"Value of {'equals' if operator == '=' else operator} must be numeric")
    return rest[0]


def _check_cidr(operand: Any) -> None:
    if not isinstance(operand, str):
        raise _refused("prefix match pattern must be a string")  # AWS says prefix
    address, *masks = operand.split("/")
    if len(masks) != 1:
        raise _refused("Malformed CIDR, one '/' required")
    if not masks[0].isdecimal():
        raise _refused("Malformed CIDR, mask bits must be an integer")
    try:
        ipaddress.ip_network(operand, strict=False)
    except ValueError:
        raise _refused(f"Nonstandard IP address: {address}") from None


def _refused(why: str) -> InvalidAttribute:
    return InvalidAttribute(f"FilterPolicy: {why}")
