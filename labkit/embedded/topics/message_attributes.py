"""Message attributes as SNS checks them, and as it hands them on.

https://docs.aws.amazon.com/sns/latest/dg/sns-message-attributes.html
"""

import base64
import re
from collections.abc import Mapping
from typing import Any

from labkit.embedded.topics.errors import invalid_value

MAX_NAME = 256

Attributes = Mapping[str, Mapping[str, Any]]
"""By name, as in Publish: DataType, and StringValue or BinaryValue (bytes)."""

_DATA_TYPE = re.compile(r"(String|Number|Binary)(\..+)?", re.DOTALL)
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")
_BAD_CHARACTER = re.compile(r"[^A-Za-z0-9_.\-]")


def check(attributes: Attributes) -> None:
    """Raises Refusal for a bad name, type or value."""
    for name, attribute in attributes.items():
        _check_name(name)
        _check_value(name, attribute)


def _check_name(name: str) -> None:
    if len(name.encode()) > MAX_NAME:
        raise invalid_value("Length of message attribute name must be less than 256 bytes.")
    if name.startswith("."):
        raise invalid_value("Invalid message attribute name starting with character '.' was found.")
    if name.endswith("."):
        raise invalid_value("Invalid message attribute name ending with character '.' was found.")
    if bad := _BAD_CHARACTER.search(name):
        raise invalid_value(
            f"Invalid non-alphanumeric character '#x{ord(bad[0]):X}' was found in the message attribute name. "
            "Can only include alphanumeric characters, hyphens, underscores, or dots."
        )
    if ".." in name:
        raise invalid_value("Message attribute name can not have successive '.' character.")


def _check_value(name: str, attribute: Mapping[str, Any]) -> None:
    data_type = attribute["DataType"]
    kind = _DATA_TYPE.fullmatch(data_type)
    if not kind:
        raise invalid_value(
            f"The message attribute '{name}' has an invalid message attribute type, the set of supported type "
            "prefixes is Binary, Number, and String."
        )
    right, wrong = ("Binary", "String") if kind[1] == "Binary" else ("String", "Binary")
    if attribute.get(f"{wrong}Value") and not attribute.get(f"{right}Value"):
        raise invalid_value(f"The message attribute '{name}' with type '{data_type}' must use field '{right}'.")
    value = attribute.get(f"{right}Value")
    if not value:
        raise invalid_value(
            f"The message attribute '{name}' must contain non-empty message attribute value for message attribute "
            f"type '{data_type}'."
        )
    if kind[1] == "Number" and not _NUMBER.fullmatch(value):
        raise invalid_value(f"Could not cast message attribute '{name}' value to number.")


def size_of(attributes: Attributes) -> int:
    """Bytes that count towards a message's size: names, types and values."""
    return sum(
        len(part if isinstance(part, bytes) else part.encode("utf-8", "surrogatepass"))
        for name, attribute in attributes.items()
        for part in (name, *attribute.values())
    )


def in_envelope(attributes: Attributes) -> dict[str, dict[str, str]]:
    """How the envelope shows them: Type and Value, binary values in base64."""
    return {
        name: {
            "Type": attribute["DataType"],
            "Value": attribute["StringValue"]
            if "StringValue" in attribute
            else base64.b64encode(attribute["BinaryValue"]).decode(),
        }
        for name, attribute in attributes.items()
    }
