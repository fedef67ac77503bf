"""A message: what was sent, and what has happened to it since.

Sizes and limits: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html
"""

import hashlib
import re
import struct
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from labkit.embedded.sqs import errors

MAX_SIZE = 1_048_576  # bytes, of one message with its attributes, and of a whole batch
MAX_ATTRIBUTES = 10

# A message attribute: DataType, and StringValue or BinaryValue (bytes).
Attribute = Mapping[str, Any]
Attributes = Mapping[str, Attribute]

_UNICODE = "#x9 | #xA | #xD | #x20 to #xD7FF | #xE000 to #xFFFD | #x10000 to #x10FFFF"
_FORBIDDEN = re.compile("[^\x09\x0a\x0d\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_ATTRIBUTE_NAME = re.compile(r"[A-Za-z0-9_.\-\u00c0-\u017f]{1,256}")
_RESERVED_NAME = re.compile(r"(aws|amazon)\.|\.|.*\.$", re.IGNORECASE)
_DATA_TYPE = re.compile(r"(String|Number|Binary)(\..*)?")
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")
_FIFO_ID = re.compile(r"[A-Za-z0-9!\"#$%&'()*+,\-./:;<=>?@\[\\\]^_`{|}~]{1,128}")


@dataclass(slots=True, eq=False)
class Message:
    """One message in one queue. Times are epoch seconds."""

    id: str
    body: str
    sender_id: str
    sent_at: float  # SentTimestamp; the retention period counts from here
    attributes: Attributes = field(default_factory=dict)
    system_attributes: Attributes = field(default_factory=dict)
    group_id: str = ""
    deduplication_id: str = ""
    sequence_number: str = ""
    dead_letter_source_arn: str | None = None
    receive_count: int = 0  # across all queues
    first_received_at: float | None = None
    # The rest is about the queue that it is in now.
    arrived_at: float = 0.0
    rank: int = 0  # its place in a standard queue's line
    receives_here: int = 0
    received_at: float = 0.0  # the latest receive
    body_md5: str = ""

    def __post_init__(self) -> None:
        self.body_md5 = md5_of_body(self.body)


def size_of(body: str, attributes: Attributes) -> int:
    """Bytes that count towards the limits: the body in UTF-8, and names, types and values of the attributes."""
    size = len(body.encode("utf-8", "surrogatepass"))
    for name, attribute in attributes.items():
        size += len(name.encode("utf-8", "surrogatepass"))
        for part in attribute.values():
            size += len(part) if isinstance(part, bytes) else len(str(part).encode("utf-8", "surrogatepass"))
    return size


def check_body(body: str) -> None:
    """Raises SqsError for an empty body, or one with characters that SQS refuses."""
    if not body:
        raise errors.missing_parameter("MessageBody")
    if _FORBIDDEN.search(body):
        raise errors.invalid_message_contents(f"Invalid characters found. Valid unicode characters are {_UNICODE}")


def check_attributes(attributes: Attributes) -> None:
    """Raises SqsError for more than ten, or a bad name, type or value."""
    if len(attributes) > MAX_ATTRIBUTES:
        raise errors.invalid_parameter(
            f"Number of message attributes [{len(attributes)}] exceeds the allowed maximum [{MAX_ATTRIBUTES}]."
        )
    for name, attribute in attributes.items():
        _check_attribute_name(name)
        _check_attribute_value(name, attribute)


def _check_attribute_name(name: str) -> None:
    if not _ATTRIBUTE_NAME.fullmatch(name):
        raise errors.invalid_parameter(
            f"Message (user) attribute name '{name}' can only contain alphanumeric characters, underscores, hyphens "
            "and periods, and can be at most 256 long."
        )
    if _RESERVED_NAME.match(name):
        raise errors.invalid_parameter(
            f"Message (user) attribute name '{name}' must not start with 'AWS.', 'Amazon.' or a period, "
            "or end with a period."
        )


def _check_attribute_value(name: str, attribute: Attribute) -> None:
    data_type = attribute.get("DataType") or ""
    kind = _DATA_TYPE.fullmatch(data_type)
    if not kind or len(data_type) > 256:
        raise errors.invalid_parameter(
            f"The type of message (user) attribute '{name}' is invalid. You must use only the following supported "
            "type prefixes: Binary, Number, String."
        )
    value = attribute.get("BinaryValue" if kind[1] == "Binary" else "StringValue")
    if not value:
        raise errors.invalid_parameter(
            f"Message (user) attribute '{name}' must contain a non-empty value of type '{kind[1]}'."
        )
    if isinstance(value, str) and _FORBIDDEN.search(value):
        raise errors.invalid_parameter(f"Invalid characters found. Valid unicode characters are {_UNICODE}")
    if kind[1] == "Number" and not _NUMBER.fullmatch(value):
        raise errors.invalid_parameter(f"Can't cast the value of message (user) attribute '{name}' to a number.")


def check_system_attributes(attributes: Attributes) -> None:
    """Raises SqsError for anything but AWS's one message system attribute, the X-Ray trace header."""
    for name, attribute in attributes.items():
        if name != "AWSTraceHeader":
            raise errors.invalid_parameter(f"Message system attribute name '{name}' is invalid.")
        if attribute.get("DataType") != "String" or not attribute.get("StringValue"):
            raise errors.invalid_parameter(
                f"Message system attribute '{name}' must contain a non-empty value of type 'String'."
            )


def check_fifo_id(parameter: str, value: str | None) -> None:
    """Raises SqsError unless `value` is absent, or may be a message group or deduplication id."""
    if value is not None and not _FIFO_ID.fullmatch(value):
        raise errors.invalid_value(
            value,
            parameter,
            f"{parameter} can only include alphanumeric and punctuation characters. 1 to 128 in length.",
        )


def md5_of_body(body: str) -> str:
    return _md5(body.encode())


def md5_of_attributes(attributes: Attributes) -> str:
    """AWS's digest of message attributes, which lets a client check what it was given.

    https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-message-metadata.html
    """
    parts: list[bytes] = []
    for name in sorted(attributes):
        attribute = attributes[name]
        binary = attribute["DataType"].startswith("Binary")
        value = attribute["BinaryValue"] if binary else attribute["StringValue"].encode()
        parts += [_counted(name.encode()), _counted(attribute["DataType"].encode())]
        parts += [b"\x02" if binary else b"\x01", _counted(value)]
    return _md5(b"".join(parts))


def selected_attributes(attributes: Attributes, wanted: Iterable[str]) -> Attributes:
    """Those that a receive asks for by name, by prefix (`order.*`), or all of them (`All`, `*`, `.*`)."""
    names = set(wanted)
    if names & {"All", "*", ".*"}:
        return attributes
    prefixes = tuple(name[:-2] for name in names if name.endswith(".*"))
    return {k: v for k, v in attributes.items() if k in names or (prefixes and k.startswith(prefixes))}


def _counted(part: bytes) -> bytes:
    return struct.pack(">I", len(part)) + part


def _md5(data: bytes) -> str:
    return hashlib.md5(data, usedforsecurity=False).hexdigest()
