"""The rule of a composite alarm: other alarms' states, put together with AND, OR and NOT.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutCompositeAlarm.html
"""

import ast
import re
from collections.abc import Mapping

from labkit.embedded.metrics.errors import validation_error

_STATE = re.compile(r"""\b(ALARM|OK|INSUFFICIENT_DATA)\s*\(\s*(?:"([^"]*)"|'([^']*)'|([^()\s"']+))\s*\)""")
_WORDS = {"AND": "and", "OR": "or", "NOT": "not", "TRUE": "True", "FALSE": "False"}
_TOKENS = re.compile(r"\b(AND|OR|NOT|TRUE|FALSE)\b|_s\d+|[()\s]")


class Rule:
    """Raises ValidationError if the text is no rule."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._terms: list[tuple[str, str]] = []  # state and alarm
        python = _STATE.sub(self._term, text)
        if _TOKENS.sub("", python):
            raise self._bad()
        python = re.sub(r"[A-Z]+", lambda word: _WORDS[word[0]], python)
        try:
            self._tree = ast.parse(" ".join(python.split()), mode="eval").body
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            raise self._bad() from None
        if not all(isinstance(node, _ALLOWED) for node in ast.walk(self._tree)):
            raise self._bad()  # two terms side by side look like a call

    @property
    def names(self) -> set[str]:
        """The alarms that it is about, by name or ARN as the rule has them."""
        return {name for _, name in self._terms}

    def holds(self, states: Mapping[str, str]) -> bool:
        return self._holds(self._tree, states)

    def _term(self, match: re.Match[str]) -> str:
        self._terms.append((match[1], next(name for name in match.groups()[1:] if name is not None)))
        return f" _s{len(self._terms) - 1} "

    def _holds(self, node: ast.AST, states: Mapping[str, str]) -> bool:
        match node:
            case ast.Constant():
                return bool(node.value)
            case ast.Name():
                state, name = self._terms[int(node.id[2:])]
                return states[name] == state
            case ast.UnaryOp():
                return not self._holds(node.operand, states)
            case ast.BoolOp(op=ast.And()):
                return all(self._holds(value, states) for value in node.values)
            case ast.BoolOp():
                return any(self._holds(value, states) for value in node.values)
        raise AssertionError(ast.dump(node))

    def _bad(self) -> Exception:
        return validation_error(f"AlarmRule is not valid: {self.text[:200]}")


_ALLOWED = (ast.Constant, ast.Name, ast.Load, ast.UnaryOp, ast.Not, ast.BoolOp, ast.And, ast.Or)
