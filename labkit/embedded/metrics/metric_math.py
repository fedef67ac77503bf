"""Metric math: arithmetic on lines of datapoints.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html

An expression is Python's in all but spelling, so Python's own parser reads it; what may be in it is listed here.
"""

import ast
import operator
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from labkit.embedded.metrics.errors import validation_error
from labkit.embedded.metrics.math_functions import FUNCTIONS, Grid, Line, Value, over

_TOKEN = re.compile(
    r"""("[^"]*"|'[^']*')|(&&|\|\||\^|!=|[<>=]=|[-+*/<>(),\[\]])|([A-Za-z_]\w*)|(\d+\.?\d*|\.\d+)|\s+"""
)
_SPELLING = {"&&": " and ", "||": " or ", "^": "**", "AND": " and ", "OR": " or "}
_KEYWORDS = ("REPEAT", "LINEAR")
_OPERATORS: dict[type, Callable[[float, float], float]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Pow: operator.pow,
    ast.Eq: lambda a, b: float(a == b),
    ast.NotEq: lambda a, b: float(a != b),
    ast.Lt: lambda a, b: float(a < b),
    ast.LtE: lambda a, b: float(a <= b),
    ast.Gt: lambda a, b: float(a > b),
    ast.GtE: lambda a, b: float(a >= b),
    ast.And: lambda a, b: float(bool(a) and bool(b)),
    ast.Or: lambda a, b: float(bool(a) or bool(b)),
}


DEEPEST = 150  # operations within operations; some Pythons parse more than they can walk through


@dataclass(frozen=True)
class Surroundings:
    """What an expression can refer to: lines by id, and which of the ids are metrics."""

    lines: Mapping[str, Value]
    metrics: tuple[str, ...]
    grid: Grid


class Expression:
    """A parsed expression. Raises ValidationError where it is none, or uses what the embedded AWS does not have."""

    def __init__(self, text: str) -> None:
        self.text = text
        try:
            self._tree = ast.parse(_as_python(text), mode="eval").body
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            raise _bad(text) from None
        self.uses_all_metrics = False
        self.names: set[str] = set()  # ids that it refers to
        self._check(self._tree)

    def evaluate(self, surroundings: Surroundings) -> Line | list[Line]:
        value = self._value(self._tree, surroundings)
        if isinstance(value, float):
            raise _bad(self.text, "it comes to a single number, and must come to a time series")
        return value

    def _check(self, node: ast.AST, depth: int = 0) -> None:
        if depth > DEEPEST:
            raise _bad(self.text)
        match node:
            case ast.Constant(value=int() | float()):
                pass
            case ast.Name():
                self.names.add(node.id[1:])
            case ast.Call(func=ast.Name(id="_METRICS"), args=[] | [ast.Constant(value=str())]):
                self.uses_all_metrics = True
            case ast.Call(func=ast.Name(id=name), args=arguments):
                if name[1:] not in FUNCTIONS:
                    raise _bad(self.text, f"unsupported function {name[1:]}")
                for argument in arguments:
                    if _keyword(argument) is None:
                        self._check(argument, depth + 1)
            case ast.List():
                for element in node.elts:
                    self._check(element, depth + 1)
            case ast.UnaryOp(op=ast.USub()):
                self._check(node.operand, depth + 1)
            case ast.BinOp() | ast.BoolOp() | ast.Compare(ops=[_]):
                for child in ast.iter_child_nodes(node):
                    if isinstance(child, ast.expr):
                        self._check(child, depth + 1)
            case _:
                raise _bad(self.text)

    def _value(self, node: ast.AST, around: Surroundings) -> Value:
        match node:
            case ast.Constant():
                return float(node.value)  # type: ignore[arg-type]
            case ast.Name():
                return around.lines[node.id[1:]]
            case ast.Call(func=ast.Name(id="_METRICS")):
                part = node.args[0].value if node.args else ""  # type: ignore[attr-defined]
                return [line for i in around.metrics if part in i and isinstance(line := around.lines[i], dict)]
            case ast.Call(func=ast.Name(id=name), args=nodes):
                return self._call(name[1:], nodes, around)
            case ast.List():
                values = [self._value(element, around) for element in node.elts]
                return [line for v in values for line in (v if isinstance(v, list) else [v]) if isinstance(line, dict)]
            case ast.UnaryOp():
                return over(operator.mul, -1.0, self._value(node.operand, around))
            case ast.BinOp():
                return self._combine(type(node.op), [node.left, node.right], around)
            case ast.BoolOp():
                return self._combine(type(node.op), node.values, around)
            case ast.Compare():
                return self._combine(type(node.ops[0]), [node.left, *node.comparators], around)
        raise AssertionError(ast.dump(node))  # `_check` lets nothing else through

    def _call(self, function: str, nodes: list[ast.expr], around: Surroundings) -> Value:
        arguments = [_keyword(node) or self._value(node, around) for node in nodes]
        try:
            return FUNCTIONS[function](around.grid, *arguments)
        except (TypeError, AttributeError, ValueError, IndexError):
            raise _bad(self.text, f"the arguments of {function} do not fit") from None

    def _combine(self, how: type, nodes: list[ast.expr], around: Surroundings) -> Value:
        result = self._value(nodes[0], around)
        for node in nodes[1:]:
            try:
                result = over(_OPERATORS[how], result, self._value(node, around))
            except KeyError:
                raise _bad(self.text) from None
        return result


def _keyword(node: ast.expr) -> str | None:
    return node.id[1:] if isinstance(node, ast.Name) and node.id[1:] in _KEYWORDS else None


def _as_python(text: str) -> str:
    """The expression in Python's spelling; names get a `_` in front, so that none is a word of Python's."""
    python, place = [], 0
    for token in _TOKEN.finditer(text):
        if token.start() != place:
            break
        place = token.end()
        name = token[3]
        python.append(_SPELLING.get(token[0], f"_{name}" if name else (token[0] if token[0].strip() else " ")))
    if place != len(text) or not text.strip():
        raise _bad(text)
    return "".join(python).strip()


def _bad(text: str, why: str = "syntax error") -> Exception:
    return validation_error(f"Error in expression '{text[:200]}': {why}.")
