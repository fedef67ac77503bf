"""Attribute values: which are allowed, in what form they are kept, how large they are, and how they sort.

They are kept as they travel, `{"S": "text"}`, numbers as strings and binaries in base64, but in one form only: numbers
without trailing zeroes, sets sorted. Two equal values are therefore equal as Python values.
"""

import base64
import binascii
import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from labkit.embedded.tables.errors import invalid, invalid_parameter, malformed

AttributeValue = dict[str, Any]
Attributes = dict[str, AttributeValue]

ORDERED = ("S", "N", "B")  # the types that sort, and of which keys can be
MAX_DIGITS = 38
MAX_NESTING = 32
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,9})?", re.ASCII)
_EMPTY = "Supplied AttributeValue is empty, must contain exactly one of the supported datatypes"
_SEVERAL = (
    "Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported datatypes"
)


def type_of(value: AttributeValue) -> str:
    return next(iter(value))


def checked(value: object, depth: int = 1) -> AttributeValue:
    """`value` in the form in which it is kept; ValidationException if DynamoDB does not take it."""
    if not isinstance(value, dict):
        raise malformed("Unexpected value type in payload")
    typed = [type_ for type_ in value if type_ in _CHECKS and value[type_] is not None]
    if not typed:
        raise invalid(_EMPTY)
    if len(typed) > 1:
        raise invalid(_SEVERAL)
    if depth > MAX_NESTING:
        raise invalid(
            "Nesting Levels have exceeded supported limits: "
            "Attributes in the item have nested levels beyond supported limit"
        )
    type_ = typed[0]
    return {type_: _CHECKS[type_](value[type_], depth)}


def checked_all(attributes: object) -> Attributes:
    if not isinstance(attributes, dict):
        raise malformed("Unexpected field type")
    for name in attributes:
        if not name:
            raise invalid_parameter("Empty attribute name")
    return {name: checked(value) for name, value in attributes.items()}


def canonical_number(text: str) -> str:
    """`"1.50"` → `"1.5"`, `"1E3"` → `"1000"`: at most 38 significant digits, 1E-130 to 9.9…E+125 in size."""
    if not _NUMBER.fullmatch(text):
        raise invalid(f"The parameter cannot be converted to a numeric value{': ' * bool(text)}{text}")
    sign, digits, exponent = Decimal(text).as_tuple()
    assert isinstance(exponent, int)
    significant = "".join(map(str, digits)).strip("0")
    if not significant:
        return "0"
    exponent += len(digits) - len("".join(map(str, digits)).rstrip("0"))
    magnitude = exponent + len(significant) - 1
    if magnitude > 125:
        raise invalid("Number overflow. Attempting to store a number with magnitude larger than supported range")
    if magnitude < -130:
        raise invalid("Number underflow. Attempting to store a number with magnitude smaller than supported range")
    if len(significant) > MAX_DIGITS:
        raise invalid(f"Attempting to store more than {MAX_DIGITS} significant digits in a Number")
    return format(Decimal((sign, tuple(map(int, significant)), exponent)), "f")


def _text(value: object) -> str:
    if isinstance(value, bool):
        raise malformed(f"{str(value).upper()}_VALUE cannot be converted to String")
    if isinstance(value, int | float):
        raise malformed("NUMBER_VALUE cannot be converted to String")
    if not isinstance(value, str):
        raise malformed("Start of structure or map found where not expected")
    try:
        value.encode()
    except UnicodeEncodeError:
        raise malformed("Unpaired surrogate in a String") from None
    return value


def _base64(value: object) -> str:
    if not isinstance(value, str):
        raise malformed("only base-64-encoded strings are convertible to bytes")
    try:
        return base64.b64encode(base64.b64decode(value, validate=True)).decode()
    except (binascii.Error, ValueError):
        raise malformed("Invalid last non-pad Base64 character dectected") from None


def _boolean(value: object, _: int) -> bool:
    if not isinstance(value, bool):
        raise malformed("Unexpected token received from parser")
    return value


def _null(value: object, depth: int) -> bool:
    if not _boolean(value, depth):
        raise invalid_parameter("Null attribute value types must have the value of true")
    return True


def _set_of(check: Callable[[object], str], order: Callable[[str], Any], empty: str) -> Callable[[object, int], Any]:
    def check_set(members: object, _: int) -> list[str]:
        if not isinstance(members, list):
            raise malformed("Unexpected field type")
        if not members:
            raise invalid_parameter(empty)
        checked_members = [check(member) for member in members]
        if len(set(checked_members)) != len(members):
            raise invalid_parameter(f"Input collection [{', '.join(map(str, members))}] contains duplicates.")
        return sorted(checked_members, key=order)

    return check_set


def _list(members: object, depth: int) -> list[AttributeValue]:
    if not isinstance(members, list):
        raise malformed("Unexpected field type")
    return [checked(member, depth + 1) for member in members]


def _map(members: object, depth: int) -> Attributes:
    if not isinstance(members, dict):
        raise malformed("Unexpected field type")
    return {name: checked(member, depth + 1) for name, member in members.items()}


def _number(value: object) -> str:
    return canonical_number(_text(value))


_CHECKS: dict[str, Callable[[Any, int], Any]] = {
    "S": lambda value, _: _text(value),
    "N": lambda value, _: _number(value),
    "B": lambda value, _: _base64(value),
    "BOOL": _boolean,
    "NULL": _null,
    "L": _list,
    "M": _map,
    "SS": _set_of(_text, str.encode, "An string set  may not be empty"),
    "NS": _set_of(_number, Decimal, "An number set  may not be empty"),
    "BS": _set_of(_base64, base64.b64decode, "Binary sets should not be empty"),
}


def sortable(value: AttributeValue) -> Any:
    """What a string, number or binary sorts by: UTF-8 bytes, the number, the bytes."""
    type_, content = next(iter(value.items()))
    if type_ == "S":
        return content.encode()
    return Decimal(content) if type_ == "N" else base64.b64decode(content)


def size(attributes: Attributes) -> int:
    """An item's size in bytes: its names and values.

    https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html
    """
    return sum(len(name.encode()) + value_size(value) for name, value in attributes.items())


def value_size(value: AttributeValue) -> int:
    type_, content = next(iter(value.items()))
    match type_:
        case "S":
            return len(content.encode())
        case "N":
            return _number_size(content)
        case "B":
            return _binary_size(content)
        case "SS":
            return sum(len(member.encode()) for member in content)
        case "NS":
            return sum(map(_number_size, content))
        case "BS":
            return sum(map(_binary_size, content))
        case "L":
            return 3 + sum(1 + value_size(member) for member in content)
        case "M":
            return 3 + len(content) + size(content)
        case _:  # BOOL, NULL
            return 1


def _number_size(text: str) -> int:
    """A byte for two significant digits, and one."""
    digits = len(text.replace(".", "").replace("-", "").strip("0"))
    return (digits + 1) // 2 + 1


def _binary_size(text: str) -> int:
    return len(text) * 3 // 4 - text.count("=", -2)
