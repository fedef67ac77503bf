"""Conditions of writes, of filters and of keys: what they consist of, and how they are read."""

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass

from labkit.embedded.tables import paths
from labkit.embedded.tables.errors import TableError
from labkit.embedded.tables.paths import Path
from labkit.embedded.tables.syntax import Placeholders, Reader
from labkit.embedded.tables.values import ORDERED, AttributeValue, sortable, type_of

_COMPARATORS = ("=", "<>", "<", "<=", ">", ">=")
_ARGUMENTS = {
    "attribute_exists": 1,
    "attribute_not_exists": 1,
    "attribute_type": 2,
    "begins_with": 2,
    "contains": 2,
    "size": 1,
}
_TYPES = ("B", "NULL", "SS", "BOOL", "L", "BS", "N", "NS", "S", "M")


@dataclass(frozen=True)
class Condition:
    """`operator` is AND, OR, NOT, a comparator, BETWEEN, IN or a function; an operand is a path, a value or another."""

    operator: str
    operands: "tuple[Operand, ...]"

    def paths(self) -> Iterator[Path]:
        for operand in self.operands:
            if isinstance(operand, tuple):
                yield operand
            elif isinstance(operand, Condition):
                yield from operand.paths()


Operand = Path | AttributeValue | Condition


def parse(kind: str, text: str, placeholders: Placeholders) -> Condition:
    """Read the expression `text`; `kind` is the parameter's name. Raises ValidationException with AWS's sentence."""
    parser = _Parser(kind, text, placeholders)
    condition = parser.disjunction()
    parser.expect_end()
    return condition


class _Parser(Reader):
    """OR binds least, then AND, then NOT, then comparisons, functions and parentheses."""

    _group: tuple[int, int] | None = None  # where the last parenthesised condition began and ended

    def disjunction(self) -> Condition:
        condition = self._conjunction()
        while self.took("OR"):
            condition = Condition("OR", (condition, self._conjunction()))
        return condition

    def _conjunction(self) -> Condition:
        condition = self._negation()
        while self.took("AND"):
            condition = Condition("AND", (condition, self._negation()))
        return condition

    def _negation(self) -> Condition:
        if self.took("NOT"):
            return Condition("NOT", (self._negation(),))
        return self._parenthesised() if self.is_word("(") else self._simple()

    def _parenthesised(self) -> Condition:
        begin = self.at
        try:
            self.next()
            condition = self.disjunction()
            self.expect(")")
        except TableError:
            self.at = begin
            with contextlib.suppress(TableError):
                return self._simple()  # "(a) = :b": parentheses around an operand
            self.at = begin + 1
            self.disjunction()
            raise
        if self._group == (begin + 1, self.at - 1):
            raise self.error("The expression has redundant parentheses;")
        self._group = (begin, self.at)
        return condition

    def _simple(self) -> Condition:
        left = self._operand()
        if isinstance(left, Condition) and left.operator != "size":
            return left
        if self.token.text in _COMPARATORS:
            return self._checked(Condition(self.next().text, (left, self._operand())))
        if self.took("BETWEEN"):
            low = self._operand()
            self.expect("AND")
            return self._checked(Condition("BETWEEN", (left, low, self._operand())))
        if self.took("IN"):
            self.expect("(")
            members = [self._operand()]
            while self.took(","):
                members.append(self._operand())
            self.expect(")")
            return Condition("IN", (left, *members))
        raise self.syntax_error()

    def _operand(self) -> Operand:
        if self.took("("):
            operand = self._operand()
            self.expect(")")
            return operand
        if self.token.kind == "value":
            return self.value()
        if self.token.kind == "name" and self.tokens[self.at + 1].text == "(":
            return self._function()
        return self.path()

    def _function(self) -> Condition:
        name = self.next().text
        if name not in _ARGUMENTS:
            raise self.error(f"Invalid function name; function: {name}")
        self.expect("(")
        operands = [self._operand()]
        while self.took(","):
            operands.append(self._operand())
        self.expect(")")
        if len(operands) != _ARGUMENTS[name]:
            raise self.error(
                "Incorrect number of operands for operator or function; "
                f"operator or function: {name}, number of operands: {len(operands)}"
            )
        return self._checked(Condition(name, tuple(operands)))

    def _checked(self, condition: Condition) -> Condition:
        name, operands = condition.operator, condition.operands
        for operand in operands:
            if isinstance(operand, Condition) and operand.operator != "size":
                raise self.error(
                    f"The function is not allowed to be used this way in an expression; function: {operand.operator}"
                )
        values = [operand for operand in operands if isinstance(operand, dict)]
        if name.startswith("attribute_") and not isinstance(operands[0], tuple):
            raise self.error(f"Operator or function requires a document path; operator or function: {name}")
        if name in ("begins_with", "<", "<=", ">", ">=", "BETWEEN"):
            allowed = ("S", "B") if name == "begins_with" else ORDERED
            for value in values:
                if type_of(value) not in allowed:
                    raise self._wrong_operand(name, type_of(value))
        if name == "size" and values and type_of(values[0]) in ("N", "BOOL", "NULL"):
            raise self._wrong_operand(name, type_of(values[0]))
        if name == "attribute_type" and (not values or "S" not in values[-1]):
            raise self._wrong_operand(name, type_of(values[-1]) if values else "{NS,SS,L,BS,N,M,B,BOOL,NULL,S}")
        if name == "attribute_type" and values[-1]["S"] not in _TYPES:
            raise self.error(
                f"Invalid attribute type name found; type: {values[-1]['S']}, valid types: {{{','.join(_TYPES)}}}"
            )
        if len(operands) == 2 and isinstance(operands[0], tuple) and operands[0] == operands[1]:
            raise self.error(
                "The first operand must be distinct from the remaining operands for this operator or function; "
                f"operator: {name}, first operand: {paths.text(operands[0])}"
            )
        if name == "BETWEEN" and isinstance(operands[1], dict) and isinstance(operands[2], dict):
            self._check_bounds(operands[1], operands[2])
        return condition

    def _wrong_operand(self, name: str, type_: str) -> TableError:
        return self.error(
            f"Incorrect operand type for operator or function; operator or function: {name}, operand type: {type_}"
        )

    def _check_bounds(self, low: AttributeValue, high: AttributeValue) -> None:
        wrong = None
        if type_of(low) != type_of(high):
            wrong = "same data type for lower and upper bounds"
        elif sortable(low) > sortable(high):
            wrong = "upper bound to be greater than or equal to lower bound"
        if wrong:
            bounds = [f"AttributeValue: {{{type_of(bound)}:{bound[type_of(bound)]}}}" for bound in (low, high)]
            raise self.error(
                f"The BETWEEN operator requires {wrong}; "
                f"lower bound operand: {bounds[0]}, upper bound operand: {bounds[1]}"
            )
