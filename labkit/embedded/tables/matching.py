"""Whether an item meets a condition."""

from typing import Any

from labkit.embedded.tables import paths
from labkit.embedded.tables.conditions import Condition, Operand
from labkit.embedded.tables.values import ORDERED, Attributes, AttributeValue, sortable, type_of


def holds(condition: Condition, attributes: Attributes) -> bool:
    """Whether the item meets the condition; `{}` is the item that does not exist."""
    operands = condition.operands
    match condition.operator:
        case "AND":
            return all(holds(operand, attributes) for operand in operands)  # type: ignore[arg-type]
        case "OR":
            return any(holds(operand, attributes) for operand in operands)  # type: ignore[arg-type]
        case "NOT":
            return not holds(operands[0], attributes)  # type: ignore[arg-type]
    left, *others = [_evaluate(operand, attributes) for operand in operands]
    match condition.operator:
        case "attribute_exists":
            return left is not None
        case "attribute_not_exists":
            return left is None
        case "<>":  # true of what does not exist, too
            return left != others[0]
        case "IN":
            return left is not None and left in others
    present = [other for other in others if other is not None]
    return left is not None and len(present) == len(others) and _meets(left, condition.operator, present)


def _meets(left: AttributeValue, operator: str, others: list[AttributeValue]) -> bool:
    right = others[0]
    match operator:
        case "BETWEEN":
            return _compare(left, ">=", right) and _compare(left, "<=", others[1])
        case "attribute_type":
            return bool(type_of(left) == right["S"])
        case "begins_with":
            same = type_of(left) == type_of(right) and type_of(left) in ("S", "B")
            return same and bool(sortable(left).startswith(sortable(right)))
        case "contains":
            return _contains(left, right)
        case _:
            return _compare(left, operator, right)


def _evaluate(operand: Operand, attributes: Attributes) -> AttributeValue | None:
    if isinstance(operand, dict):
        return operand
    if isinstance(operand, tuple):
        return paths.find(operand, attributes)
    value = _evaluate(operand.operands[0], attributes)
    if value is None or type_of(value) in ("N", "BOOL", "NULL"):
        return None
    content = value[type_of(value)]
    return {"N": str(len(sortable(value) if type_of(value) in ("S", "B") else content))}


def _compare(left: AttributeValue, comparator: str, right: AttributeValue) -> bool:
    """Values of different types are different, and neither is the greater."""
    if comparator == "=":
        return left == right
    if type_of(left) != type_of(right) or type_of(left) not in ORDERED:
        return False
    a, b = sortable(left), sortable(right)
    return bool({"<": a < b, "<=": a <= b, ">": a > b, ">=": a >= b}[comparator])


def _contains(container: AttributeValue, member: AttributeValue) -> bool:
    type_, content = next(iter(container.items()))
    if type_ == "L":
        return member in content
    wanted: Any = next(iter(member.values()))
    if type_ in ("SS", "NS", "BS"):
        return type_of(member) == type_[0] and wanted in content
    return type_ in ("S", "B") and type_of(member) == type_ and sortable(member) in sortable(container)
