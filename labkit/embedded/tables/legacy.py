"""The parameters that expressions replaced in 2014, read as what they would be as expressions.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/LegacyConditionalParameters.html
"""

from collections.abc import Mapping, Sequence
from functools import reduce
from typing import Any

from labkit.embedded.tables.conditions import Condition
from labkit.embedded.tables.errors import invalid, invalid_parameter
from labkit.embedded.tables.updates import Action, Call
from labkit.embedded.tables.values import checked, type_of

COMPARATORS = {"EQ": "=", "NE": "<>", "LE": "<=", "LT": "<", "GE": ">=", "GT": ">", "BETWEEN": "BETWEEN", "IN": "IN"}
FUNCTIONS = {
    "NULL": "attribute_not_exists",
    "NOT_NULL": "attribute_exists",
    "CONTAINS": "contains",
    "BEGINS_WITH": "begins_with",
}
_VALUES = {"NULL": 0, "NOT_NULL": 0, "BETWEEN": 2}


def condition(parameter: Mapping[str, Any] | None, operator: str | None = None) -> Condition | None:
    """Of Expected, QueryFilter, ScanFilter or KeyConditions; `operator` is the ConditionalOperator."""
    parts = [_one(name, each) for name, each in (parameter or {}).items()]
    return reduce(lambda a, b: Condition(operator or "AND", (a, b)), parts) if parts else None


def _one(name: str, given: Mapping[str, Any]) -> Condition:
    operator = given.get("ComparisonOperator")
    values = [checked(v) for v in given.get("AttributeValueList") or [given[k] for k in ("Value",) if k in given]]
    if operator is None:
        exists = given.get("Exists", True)
        if exists != bool(values):
            must = "must be provided when Exists is true" if exists else "cannot be used when Exists is false"
            raise invalid_parameter(f"Value {must} for Attribute: {name}")
        operator = "EQ" if exists else "NULL"
    expected = _VALUES.get(operator, 1)
    if len(values) != expected and not (operator == "IN" and values):
        raise invalid_parameter(f"Invalid number of argument(s) for the {operator} ComparisonOperator")
    if operator == "NOT_CONTAINS":
        return Condition("NOT", (Condition("contains", ((name,), *values)),))
    return Condition(COMPARATORS.get(operator) or FUNCTIONS[operator], ((name,), *values))


def actions(updates: Mapping[str, Any] | None) -> list[Action]:
    """Of AttributeUpdates."""
    return [_action(name, given) for name, given in (updates or {}).items()]


def _action(name: str, given: Mapping[str, Any]) -> Action:
    what = given.get("Action", "PUT")
    if "Value" not in given:
        if what != "DELETE":
            raise invalid_parameter("Only DELETE action is allowed when no attribute value is specified")
        return Action("REMOVE", (name,))
    value = checked(given["Value"])
    type_ = type_of(value)
    if what == "PUT":
        return Action("SET", (name,), value)
    if what == "ADD" and type_ == "L":
        return Action("SET", (name,), Call("list_append", (Call("if_not_exists", ((name,), {"L": []})), value)))
    if type_ not in ("SS", "NS", "BS") and not (what == "ADD" and type_ == "N"):
        with_value = " with value" if what == "DELETE" else ""
        raise invalid_parameter(f"{what} action{with_value} is not supported for the type {type_}")
    return Action(what, (name,), value)


def check_not_mixed(request: Mapping[str, Any], expressions: Sequence[str], others: Sequence[str]) -> None:
    """A request speaks the old language or the new one."""
    given = [name for name in expressions if request.get(name) is not None]
    old = [name for name in others if request.get(name) is not None]
    if given and old:
        raise invalid(
            "Can not use both expression and non-expression parameters in the same request: "
            f"Non-expression parameters: {{{', '.join(old)}}} Expression parameters: {{{', '.join(given)}}}"
        )
    if not given and request.get("ExpressionAttributeNames") is not None:
        raise invalid("ExpressionAttributeNames can only be specified when using expressions")
    with_values = [name for name in expressions if name != "ProjectionExpression"]
    if with_values and request.get("ExpressionAttributeValues") is not None and not set(given) & set(with_values):
        are = "are" if len(with_values) > 1 else "is"
        raise invalid(
            "ExpressionAttributeValues can only be specified when using expressions: "
            f"{' and '.join(with_values)} {are} null"
        )
