"""Reads requests by the shapes of botocore's own model of SQS, so that actions get what they expect.

As AWS does it: what the model does not name is ignored, null is absent, a wrong type is a SerializationException, and
a missing required parameter is named.
"""

import base64
import functools
from collections.abc import Callable
from typing import Any

from botocore.loaders import Loader
from botocore.model import ListShape, MapShape, ServiceModel, Shape, StructureShape

from labkit.embedded.sqs import errors

Reader = Callable[[Any], Any]


@functools.cache  # reading the model takes longer than many requests
def request_readers() -> dict[str, Reader]:
    """For each action, what turns its JSON into its parameters. It raises SqsError."""
    model = ServiceModel(Loader().load_service_model("sqs", "service-2"))
    return {name: _reader(model.operation_model(name).input_shape) for name in model.operation_names}


def _reader(shape: Shape | None) -> Reader:
    match shape:
        case StructureShape():
            return _structure_reader(shape)
        case ListShape():
            return _list_reader(_reader(shape.member))
        case MapShape():
            return _map_reader(_reader(shape.value))
        case Shape(type_name="integer"):
            return _read_integer
        case Shape(type_name="blob"):
            return _read_blob
        case _:
            return _read_string


def _structure_reader(shape: StructureShape) -> Reader:
    members = {name: _reader(member) for name, member in shape.members.items()}
    required = tuple(shape.required_members)

    def read(value: Any) -> dict[str, Any]:
        if not isinstance(value, dict):
            raise _unexpected(value, "an object")
        found = {k: members[k](v) for k, v in value.items() if v is not None and k in members}
        for name in required:
            if name not in found:
                raise errors.missing_parameter(name)
        return found

    return read


def _list_reader(read_member: Reader) -> Reader:
    def read(value: Any) -> list[Any]:
        if not isinstance(value, list):
            raise _unexpected(value, "a list")
        return [read_member(member) for member in value]

    return read


def _map_reader(read_value: Reader) -> Reader:
    def read(value: Any) -> dict[str, Any]:
        if not isinstance(value, dict):
            raise _unexpected(value, "a map")
        return {key: read_value(member) for key, member in value.items()}

    return read


def _read_string(value: Any) -> str:
    if not isinstance(value, str):
        raise _unexpected(value, "a String")
    return value


def _read_integer(value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise _unexpected(value, "an Integer")
    return value


def _read_blob(value: Any) -> bytes:
    try:
        return base64.b64decode(_read_string(value), validate=True)
    except ValueError:
        raise errors.malformed("A binary value is not valid base64.") from None


def _unexpected(value: Any, expected: str) -> errors.SqsError:
    kind = {str: "STRING_VALUE", bool: "BOOLEAN_VALUE", int: "NUMBER_VALUE", float: "DECIMAL_VALUE"}.get(type(value))
    return errors.malformed(f"{kind or type(value).__name__.upper()} can not be converted to {expected}")
