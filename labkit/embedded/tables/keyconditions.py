"""A Query's key condition: one partition key, and a range of sort keys in it."""

from collections.abc import Iterator, Mapping

from labkit.embedded.tables.conditions import Condition
from labkit.embedded.tables.errors import TableError, invalid, invalid_parameter
from labkit.embedded.tables.store import Partition, Range
from labkit.embedded.tables.values import AttributeValue, sortable, type_of
from labkit.embedded.tables.views import View

_TURNED = {"=": "=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}
_ON_ONE_KEY = (*_TURNED, "BETWEEN", "begins_with")

OnKey = tuple[str, tuple[AttributeValue, ...]]  # operator and values


def read(condition: Condition, view: View, types: Mapping[str, str]) -> tuple[Partition, Range]:
    """What to go through. Raises ValidationException for what cannot be looked up in `view`."""
    on_keys: dict[str, OnKey] = {}
    for name, on_key in _conditions(condition):
        if name in on_keys:
            raise _invalid("KeyConditionExpressions must only contain one condition per key")
        on_keys[name] = on_key
    names = (*view.partition_names, *view.sort_names)
    for name in view.partition_names:
        if name not in on_keys:
            raise invalid(f"Query condition missed key schema element: {name}")
    others = [name for name in on_keys if name not in names]
    if others:
        unused = [name for name in view.sort_names if name not in on_keys]
        raise invalid(
            f"Query condition missed key schema element: {unused[0]}" if unused else "Query key condition not supported"
        )
    for name, (_, values) in on_keys.items():
        if any(type_of(value) != types[name] for value in values):
            raise invalid_parameter("Condition parameter type does not match schema type")
    if any(on_keys[name][0] != "=" for name in view.partition_names):
        raise invalid("Query key condition not supported")
    for name, (_, values) in on_keys.items():
        if any(value in ({"S": ""}, {"B": ""}) for value in values):
            raise invalid(
                "One or more parameter values are not valid. "
                f"The AttributeValue for a key attribute cannot contain an empty string value. Key: {name}"
            )
    partition = tuple(sortable(on_keys[name][1][0]) for name in view.partition_names)
    return partition, _range([on_keys.get(name) for name in view.sort_names])


def _range(on_keys: list[OnKey | None]) -> Range:
    """Several sort attributes are given from the left, all but the last as equal."""
    equal: list[object] = []
    for at, on_key in enumerate(on_keys):
        if on_key is None or on_key[0] != "=":
            if any(on_keys[at + 1 :]):
                raise invalid("Query key condition not supported")
            return _last(tuple(equal), on_key)
        equal.append(sortable(on_key[1][0]))
    return Range(tuple(equal))


def _last(equal: tuple[object, ...], on_key: OnKey | None) -> Range:
    if on_key is None:
        return Range(equal)
    operator, values = on_key
    first, *second = [sortable(value) for value in values]
    match operator:
        case "begins_with":
            if not isinstance(first, bytes):
                raise _invalid("Incorrect operand type for operator or function; operator or function: begins_with")
            return Range(equal, prefix=first)
        case "BETWEEN":
            return Range(equal, low=(first, True), high=(second[0], True))
        case "<" | "<=":
            return Range(equal, high=(first, operator == "<="))
        case _:
            return Range(equal, low=(first, operator == ">="))


def _conditions(condition: Condition) -> Iterator[tuple[str, OnKey]]:
    operator, operands = condition.operator, condition.operands
    if operator == "AND":
        for operand in operands:
            assert isinstance(operand, Condition)
            yield from _conditions(operand)
        return
    if operator not in _ON_ONE_KEY:
        raise _invalid(f"Invalid operator used in KeyConditionExpression: {operator}")
    if any(isinstance(operand, Condition) for operand in operands):
        raise _invalid("KeyConditionExpressions cannot contain nested operations")
    if operator in _TURNED and not isinstance(operands[0], tuple):
        operator, operands = _TURNED[operator], (operands[1], operands[0])
    path, *values = operands
    if not isinstance(path, tuple):
        raise _invalid("Invalid condition in KeyConditionExpression: No key attribute specified")
    if len(path) > 1:
        raise _invalid("KeyConditionExpressions cannot have conditions on nested attributes")
    if not all(isinstance(value, dict) for value in values):
        raise _invalid("Invalid condition in KeyConditionExpression: Multiple attribute names used in one condition")
    yield str(path[0]), (operator, tuple(values))  # type: ignore[arg-type]


def _invalid(message: str) -> TableError:
    return invalid(f"Invalid KeyConditionExpression: {message}")
