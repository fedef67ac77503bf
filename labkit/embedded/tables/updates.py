"""Update expressions: `parse` reads one, `apply` gives the item that it makes of another."""

import copy
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Context, Decimal
from typing import Any

from labkit.embedded.tables import paths
from labkit.embedded.tables.errors import TableError, invalid
from labkit.embedded.tables.paths import Path
from labkit.embedded.tables.syntax import Placeholders, Reader
from labkit.embedded.tables.values import Attributes, AttributeValue, canonical_number, checked, type_of

_EXACT = Context(prec=300)  # more than any sum of two numbers has: 1E125 + 1E-130
_TYPE_NAMES = {"S": "STRING", "N": "NUMBER", "B": "BINARY", "BOOL": "BOOLEAN", "NULL": "NULL", "L": "LIST", "M": "MAP"}
_SECTIONS = ("SET", "REMOVE", "ADD", "DELETE")


@dataclass(frozen=True)
class Call:
    """`+`, `-`, `if_not_exists` or `list_append`."""

    function: str
    operands: "tuple[Operand, ...]"


Operand = Path | AttributeValue | Call


@dataclass(frozen=True)
class Action:
    section: str
    path: Path
    operand: Operand | None = None  # REMOVE has none


def parse(text: str, placeholders: Placeholders) -> list[Action]:
    parser = _Parser("UpdateExpression", text, placeholders)
    actions: list[Action] = []
    seen = set()
    while parser.token.kind != "end":
        section = parser.token.text.upper()
        if section not in _SECTIONS:
            raise parser.syntax_error()
        parser.next()
        if section in seen:
            raise parser.error(f'The "{section}" section can only be used once in an update expression;', prefixed=True)
        seen.add(section)
        actions.append(parser.action(section))
        while parser.took(","):
            actions.append(parser.action(section))
    parser.check_apart([action.path for action in actions])
    return actions


class _Parser(Reader):
    def action(self, section: str) -> Action:
        path = self.path()
        if section == "REMOVE":
            return Action(section, path)
        if section == "SET":
            self.expect("=")
            return Action(section, path, self._sum())
        if self.token.kind != "value":
            raise self.syntax_error()
        value = self.value()
        type_ = type_of(value)
        if type_ in _TYPE_NAMES and not (section == "ADD" and type_ == "N"):
            raise self.error(
                f"Incorrect operand type for operator or function; operator: {section}, "
                f"operand type: {_TYPE_NAMES[type_]}, typeSet: ALLOWED_FOR_{section}_OPERAND"
            )
        return Action(section, path, value)

    def _sum(self) -> Operand:
        left = self._operand()
        if self.token.text in ("+", "-"):
            return self._call(self.next().text, (left, self._operand()))
        return left

    def _operand(self) -> Operand:
        if self.took("("):
            operand = self._sum()
            self.expect(")")
            return operand
        if self.token.kind == "value":
            return self.value()
        if self.token.kind == "name" and self.tokens[self.at + 1].text == "(":
            name = self.next().text
            self.expect("(")
            operands = [self._sum()]
            while self.took(","):
                operands.append(self._sum())
            self.expect(")")
            return self._call(name, tuple(operands))
        return self.path()

    def _call(self, name: str, operands: tuple[Operand, ...]) -> Call:
        if name not in ("+", "-", "if_not_exists", "list_append"):
            raise self.error(f"Invalid function name; function: {name}")
        if len(operands) != 2:
            raise self.error(
                "Incorrect number of operands for operator or function; "
                f"operator or function: {name}, number of operands: {len(operands)}"
            )
        if name == "if_not_exists" and not isinstance(operands[0], tuple):
            raise self.error(f"Operator or function requires a document path; operator or function: {name}")
        wanted = {"+": "N", "-": "N", "list_append": "L"}.get(name)
        for operand in operands:
            if wanted and isinstance(operand, dict) and type_of(operand) != wanted:
                raise self.error(
                    "Incorrect operand type for operator or function; "
                    f"operator or function: {name}, operand type: {type_of(operand)}"
                )
        return Call(name, operands)


def apply(actions: Sequence[Action], old: Attributes) -> Attributes:
    """The item after the update. Every operand is read from `old`, which stays as it is."""
    new = dict(old)
    for name in {action.path[0] for action in actions if len(action.path) > 1}:
        if name in new:
            new[str(name)] = copy.deepcopy(new[str(name)])
    for action in actions:
        if action.section != "REMOVE":
            _put(new, action.path, _result(action, old))
    # Removals last, and from the back: their list positions are those of the old item.
    for path in sorted((action.path for action in actions if action.section == "REMOVE"), key=_position, reverse=True):
        _remove(new, path)
    return new


def _position(path: Path) -> list[tuple[bool, Any]]:
    return [(isinstance(step, int), step) for step in path]


def _result(action: Action, old: Attributes) -> AttributeValue | None:
    """The value that SET, ADD or DELETE leaves behind; None for nothing."""
    assert action.operand is not None
    given = _evaluate(action.operand, old)
    if action.section == "SET":
        return given
    current = paths.find(action.path, old)
    if current is None:
        return given if action.section == "ADD" else None
    type_ = type_of(given)
    if type_of(current) != type_:
        raise _wrong_type()
    if type_ == "N":
        return _add(current, given, 1)
    if action.section == "ADD":
        return checked({type_: list({*current[type_], *given[type_]})})
    left = [member for member in current[type_] if member not in given[type_]]
    return {type_: left} if left else None


def _evaluate(operand: Operand, old: Attributes) -> AttributeValue:
    if isinstance(operand, dict):
        return operand
    if isinstance(operand, tuple):
        value = paths.find(operand, old)
        if value is None:
            raise invalid("The provided expression refers to an attribute that does not exist in the item")
        return value
    if operand.function == "if_not_exists":
        found = paths.find(operand.operands[0], old)  # type: ignore[arg-type]
        return _evaluate(operand.operands[1], old) if found is None else found
    left, right = (_evaluate(each, old) for each in operand.operands)
    if operand.function == "list_append":
        if type_of(left) != "L" or type_of(right) != "L":
            raise _wrong_type()
        return {"L": left["L"] + right["L"]}
    return _add(left, right, 1 if operand.function == "+" else -1)


def _add(left: AttributeValue, right: AttributeValue, sign: int) -> AttributeValue:
    if type_of(left) != "N" or type_of(right) != "N":
        raise _wrong_type()
    return {"N": canonical_number(str(_EXACT.add(Decimal(left["N"]), sign * Decimal(right["N"]))))}


def _wrong_type() -> TableError:
    return invalid("An operand in the update expression has an incorrect data type")


def _parent(new: Attributes, path: Path) -> Any:
    """The list or map that the last step of `path` is taken in, or None."""
    if len(path) == 1:
        return new
    value = paths.find(path[:-1], new)
    return None if value is None else paths.members(value, path[-1])


def _put(new: Attributes, path: Path, value: AttributeValue | None) -> None:
    if value is None:
        _remove(new, path, must_exist=False)
        return
    parent = _parent(new, path)
    if parent is None:
        raise invalid("The document path provided in the update expression is invalid for update")
    step = path[-1]
    if isinstance(step, int) and step >= len(parent):
        parent.append(value)  # beyond the end is at the end
    else:
        parent[step] = value


def _remove(new: Attributes, path: Path, *, must_exist: bool = True) -> None:
    parent = _parent(new, path)
    if parent is None:
        if must_exist:
            raise invalid("The document path provided in the update expression is invalid for update")
        return
    step = path[-1]
    if isinstance(step, int):
        del parent[step : step + 1]
    else:
        parent.pop(step, None)
