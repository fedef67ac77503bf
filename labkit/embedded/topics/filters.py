"""Filter policies: which messages they let through.

https://docs.aws.amazon.com/sns/latest/dg/sns-subscription-filter-policies.html
"""

import ipaddress
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeGuard

from labkit.embedded.topics.filter_syntax import parse

SCOPES = ("MessageBody", "MessageAttributes")
DEFAULT_SCOPE = "MessageAttributes"
_PRECISION = 1e-6  # Developer Guide: numbers have "five digits of accuracy after the decimal point"

Scalar = str | int | float | bool | None
Fields = Mapping[str, list[Scalar]]
"""What a message has to offer: the values at each path, one or, from an array, several."""

_Test = Callable[[Scalar], bool]


@dataclass(frozen=True)
class _Rules:
    """One key's rules: `tests` for its values, and whether the key itself may be, or must not be, there."""

    tests: list[_Test]
    if_present: bool
    if_absent: bool

    def match(self, values: list[Scalar] | None) -> bool:
        if values is None:
            return self.if_absent
        return self.if_present or any(test(value) for value in values for test in self.tests)


class FilterPolicy:
    """A subscription's policy, ready to be asked."""

    def __init__(self, text: str, scope: str) -> None:
        """Raises InvalidAttribute for a policy that SNS does not accept. `scope` is one of SCOPES."""
        self._on_body = scope == "MessageBody"
        self._alternatives = [
            {path: _compile(field.rules) for path, field in alternative.items()}
            for alternative in parse(text, nested=self._on_body)
        ]

    def accepts(self, body: str, attributes: Mapping[str, Mapping[str, Any]]) -> bool:
        """Whether a message gets through. `attributes` as in Publish: DataType and StringValue or BinaryValue."""
        fields = _fields_of_body(body) if self._on_body else _fields_of_attributes(attributes)
        return fields is not None and any(
            all(rules.match(fields.get(path)) for path, rules in alternative.items())
            for alternative in self._alternatives
        )


def _fields_of_attributes(attributes: Mapping[str, Mapping[str, Any]]) -> Fields:
    """Attributes of other types than String, String.Array and Number count as if they were not there."""
    fields: dict[str, list[Scalar]] = {}
    for name, attribute in attributes.items():
        value, data_type = attribute.get("StringValue", ""), attribute["DataType"]
        if data_type == "String":
            fields[name] = [value]
        elif data_type == "Number":
            fields[name] = [float(value)]
        elif data_type == "String.Array":
            values = _json(value)
            fields[name] = [v for v in values if not isinstance(v, dict | list)] if isinstance(values, list) else []
    return fields


def _fields_of_body(body: str) -> Fields | None:
    """None for what is no JSON object. An object's keys are joined by dots, and arrays are looked into."""
    document = _json(body)
    if not isinstance(document, dict):
        return None
    fields: dict[str, list[Scalar]] = {}
    left: list[tuple[str, Any]] = list(document.items())
    while left:
        path, value = left.pop()
        if isinstance(value, dict):
            left += [(f"{path}.{key}", inner) for key, inner in value.items()]
        elif isinstance(value, list):
            left += [(path, inner) for inner in value]
        else:
            fields.setdefault(path, []).append(value)
    return fields


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _compile(rules: list[Any]) -> _Rules:
    exists = [rule["exists"] for rule in rules if isinstance(rule, dict) and "exists" in rule]
    tests = [_test(rule) for rule in rules if not (isinstance(rule, dict) and "exists" in rule)]
    return _Rules(tests, if_present=True in exists, if_absent=False in exists)


def _test(rule: Any) -> _Test:
    if not isinstance(rule, dict):
        return lambda value: _same(value, rule)
    ((operator, operand),) = rule.items()
    return _TESTS[operator](operand)


def _same(one: Scalar, other: Scalar) -> bool:
    """Equal, and of the same kind: neither the text "1" nor true is the number 1."""
    if _is_number(one) and _is_number(other):
        return abs(one - other) < _PRECISION
    return type(one) is type(other) and one == other


def _is_number(value: Scalar) -> TypeGuard[float]:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _on_text(test: Callable[[str], bool]) -> _Test:
    return lambda value: isinstance(value, str) and test(value)


def _anything_but(operand: Any) -> _Test:
    if isinstance(operand, dict):
        unwanted = [
            _TESTS[operator](pattern)
            for operator, patterns in operand.items()
            for pattern in (patterns if isinstance(patterns, list) else [patterns])
        ]
        return _on_text(lambda text: not any(test(text) for test in unwanted))
    values = operand if isinstance(operand, list) else [operand]
    return lambda value: value is not None and not any(_same(value, one) for one in values)


def _numeric(terms: list[Any]) -> _Test:
    bounds = [(_COMPARE[operator], limit) for operator, limit in zip(terms[::2], terms[1::2], strict=True)]
    return lambda value: _is_number(value) and all(compare(value, limit) for compare, limit in bounds)


_COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "<": lambda value, limit: value < limit,
    "<=": lambda value, limit: value <= limit,
    "=": _same,
    ">=": lambda value, limit: value >= limit,
    ">": lambda value, limit: value > limit,
}


def _wildcard(pattern: str) -> _Test:
    """`*` stands for any text, also none; a backslash before it, or before another, takes its meaning away."""
    parts = re.findall(r"\\[*\\]|.", pattern, re.DOTALL)
    expression = re.compile("".join(".*" if part == "*" else re.escape(part[-1]) for part in parts), re.DOTALL)
    return _on_text(lambda text: expression.fullmatch(text) is not None)


def _cidr(network: str) -> _Test:
    addresses = ipaddress.ip_network(network, strict=False)

    def is_inside(text: str) -> bool:
        try:
            return ipaddress.ip_address(text) in addresses
        except ValueError:
            return False

    return _on_text(is_inside)


_TESTS: dict[str, Callable[[Any], _Test]] = {
    "prefix": lambda prefix: _on_text(lambda text: text.startswith(prefix)),
    "suffix": lambda suffix: _on_text(lambda text: text.endswith(suffix)),
    "equals-ignore-case": lambda wanted: _on_text(lambda text: text.lower() == wanted.lower()),
    "wildcard": _wildcard,
    "anything-but": _anything_but,
    "numeric": _numeric,
    "cidr": _cidr,
}
