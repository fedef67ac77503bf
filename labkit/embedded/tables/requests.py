"""What a request must look like before anything else is looked at: AWS's own model of the API says it.

boto3 checks the same before it sends, but not lengths and enumerations; and not everybody is boto3.
"""

import functools
from collections.abc import Iterator
from typing import Any

from botocore.loaders import Loader
from botocore.model import ListShape, MapShape, ServiceModel, Shape, StructureShape

from labkit.embedded.tables.errors import TableError, invalid, malformed

_AT_MOST = 10  # errors that AWS reports at once
_PYTHON_TYPES: dict[str, type | tuple[type, ...]] = {
    "string": str,
    "boolean": bool,
    "integer": int,
    "long": int,
    "structure": dict,
    "map": dict,
    "list": list,
}


@functools.cache
def _model() -> ServiceModel:
    return ServiceModel(Loader().load_service_model("dynamodb", "service-2"), "dynamodb")


def operations() -> frozenset[str]:
    """All operations that DynamoDB has, here or not."""
    return frozenset(_model().operation_names)


def check(operation: str, request: object) -> dict[str, Any]:
    """`request`, without members that are null. Raises SerializationException or ValidationException."""
    shape = _model().operation_model(operation).input_shape
    if not isinstance(request, dict):
        raise malformed("Start of structure or map found where not expected")
    if shape is None:
        return request
    errors = [error for error, _ in zip(_errors(shape, request, ""), range(_AT_MOST), strict=False)]
    if errors:
        plural = "s" * (len(errors) > 1)
        raise invalid(f"{len(errors)} validation error{plural} detected: {'; '.join(errors)}")
    return {name: value for name, value in request.items() if value is not None}


def _errors(shape: Shape, value: Any, at: str) -> Iterator[str]:
    expected = _PYTHON_TYPES.get(shape.type_name)
    if expected and (not isinstance(value, expected) or (isinstance(value, bool) and shape.type_name != "boolean")):
        raise _wrong_type(shape, value)
    yield from _broken_constraints(shape, value, at)
    match shape:
        case StructureShape() if shape.name != "AttributeValue":  # values are checked where they are used
            for name in shape.required_members:
                if value.get(name) is None:
                    yield f"Value null at '{_member(at, name)}' failed to satisfy constraint: Member must not be null"
            for name, member in shape.members.items():
                if value.get(name) is not None:
                    yield from _errors(member, value[name], _member(at, name))
        case ListShape() if shape.member.name != "AttributeValue":
            for position, each in enumerate(value, start=1):
                yield from _errors(shape.member, each, f"{at}.{position}.member")
        case MapShape() if shape.value.name != "AttributeValue":
            for key, each in value.items():
                yield from _errors(shape.value, each, f"{at}.{key}.member")


def _member(at: str, name: str) -> str:
    return f"{at}.{name[0].lower()}{name[1:]}".lstrip(".")


def _broken_constraints(shape: Shape, value: Any, at: str) -> Iterator[str]:
    limits = shape.metadata
    broken = []
    if limits.get("enum") and value not in limits["enum"]:
        broken.append(f"satisfy enum value set: [{', '.join(limits['enum'])}]")
    if "min" in limits or "max" in limits:
        amount, kind = (value, "value") if isinstance(value, int) else (len(value), "length")
        if amount < limits.get("min", amount):
            broken.append(f"have {kind} greater than or equal to {limits['min']}")
        if amount > limits.get("max", amount):
            broken.append(f"have {kind} less than or equal to {limits['max']}")
    for constraint in broken:
        yield f"Value '{_text(value)}' at '{at}' failed to satisfy constraint: Member must {constraint}"


def _text(value: Any) -> str:
    """As Java prints it."""
    if isinstance(value, dict):
        return f"{{{', '.join(f'{name}={_text(member)}' for name, member in value.items())}}}"
    return f"[{', '.join(map(_text, value))}]" if isinstance(value, list) else str(value)


def _wrong_type(shape: Shape, value: object) -> TableError:
    java = {"string": "String", "boolean": "Boolean", "integer": "Integer", "long": "Long"}.get(shape.type_name)
    if java is None:
        return malformed("Unexpected field type")
    if isinstance(value, dict | list):
        return malformed("Start of structure or map found where not expected")
    found = {bool: f"{str(value).upper()}_VALUE", str: "STRING_VALUE", float: "DECIMAL_VALUE"}.get(type(value))
    return malformed(f"{found or 'NUMBER_VALUE'} cannot be converted to {java}")
