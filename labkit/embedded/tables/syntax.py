"""The words of DynamoDB's expressions, and what their placeholders stand for."""

import itertools
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from moto.dynamodb.parsing.reserved_keywords import ReservedKeywords

from labkit.embedded.tables import paths
from labkit.embedded.tables.errors import TableError, invalid
from labkit.embedded.tables.paths import Path
from labkit.embedded.tables.values import AttributeValue, checked

_TOKEN = re.compile(
    r"\s*(?:(?P<name>[A-Za-z_][A-Za-z0-9_]*)|(?P<number>[0-9]+)|(?P<alias>#[A-Za-z0-9_]+)|(?P<value>:[A-Za-z0-9_]+)"
    r"|(?P<symbol><>|<=|>=|[=<>(),.\[\]+\-])|(?P<end>\Z)|(?P<other>\S))"
)
_KEYWORDS = frozenset(("AND", "OR", "NOT", "IN", "BETWEEN"))
_RESERVED = frozenset(ReservedKeywords.get_reserved_keywords())


class Token(NamedTuple):
    kind: str
    text: str
    start: int
    end: int


@dataclass
class Placeholders:
    """ExpressionAttributeNames and ExpressionAttributeValues of one request, and which of them were used."""

    names: Mapping[str, str]
    values: Mapping[str, AttributeValue]
    prefix: str = ""  # single writes put "1 validation error detected: " before some of their messages
    used: set[str] = field(default_factory=set)

    @classmethod
    def of(cls, request: Mapping[str, Any], prefix: str = "") -> "Placeholders":
        names = request.get("ExpressionAttributeNames")
        values = request.get("ExpressionAttributeValues")
        for what, given in (("ExpressionAttributeNames", names), ("ExpressionAttributeValues", values)):
            if given is not None and not given:
                raise invalid(f"{prefix}{what} must not be empty")
            for key in given or ():
                if not re.fullmatch(r"[#:][A-Za-z0-9_]+", key) or key[0] != "#:"[what.endswith("Values")]:
                    raise invalid(f'{what} contains invalid key: Syntax error; key: "{key}"')
        return cls(
            names or {}, {key: _checked_value(key, value, prefix) for key, value in (values or {}).items()}, prefix
        )

    def check_all_used(self) -> None:
        for what, given in (("Names", self.names), ("Values", self.values)):
            unused = [key for key in given if key not in self.used]
            if unused:
                raise invalid(
                    f"{self.prefix}Value provided in ExpressionAttribute{what} unused in expressions: "
                    f"keys: {{{', '.join(unused)}}}"
                )


def _checked_value(key: str, value: AttributeValue, prefix: str) -> AttributeValue:
    try:
        return checked(value)
    except TableError as error:
        if error.code != "ValidationException":
            raise
        if "may not be empty" in error.message:
            raise invalid(f"{prefix}{error.message}") from None
        raise invalid(f"ExpressionAttributeValues contains invalid value: {error.message} for key {key}") from None


class Reader:
    """Reads one expression word by word; `kind` (for example `FilterExpression`) names it in messages."""

    def __init__(self, kind: str, text: str, placeholders: Placeholders) -> None:
        self.kind = kind
        self._text = text
        self._placeholders = placeholders
        self.tokens = [Token(m.lastgroup or "", m[m.lastgroup or 0], m.start(m.lastgroup or 0), m.end())
                       for m in _TOKEN.finditer(text)]  # fmt: skip
        self.at = 0
        if self.token.kind == "end":
            raise self.error("The expression can not be empty;", prefixed=True)

    @property
    def token(self) -> Token:
        return self.tokens[self.at]

    def error(self, message: str, *, prefixed: bool = False) -> TableError:
        return invalid(f"{self._placeholders.prefix * prefixed}Invalid {self.kind}: {message}")

    def syntax_error(self) -> TableError:
        first, last = self.tokens[max(self.at - 1, 0)], self.tokens[min(self.at + 1, len(self.tokens) - 1)]
        word = "<EOF>" if self.token.kind == "end" else self.token.text
        return self.error(f'Syntax error; token: "{word}", near: "{self._text[first.start : last.end].strip()}"')

    def next(self) -> Token:
        token = self.token
        self.at += token.kind != "end"
        return token

    def is_word(self, word: str) -> bool:
        return self.token.kind in ("name", "symbol") and self.token.text.upper() == word

    def took(self, word: str) -> bool:
        found = self.is_word(word)
        self.at += found
        return found

    def expect(self, word: str) -> None:
        if not self.took(word):
            raise self.syntax_error()

    def expect_end(self) -> None:
        if self.token.kind != "end":
            raise self.syntax_error()

    def value(self) -> AttributeValue:
        key = self.next().text
        if key not in self._placeholders.values:
            raise self.error(f"An expression attribute value used in expression is not defined; attribute value: {key}")
        self._placeholders.used.add(key)
        return self._placeholders.values[key]

    def path(self) -> Path:
        steps: list[str | int] = [self._step()]
        while self.token.text in (".", "["):
            if self.took("."):
                steps.append(self._step())
            else:
                self.next()
                if self.token.kind != "number":
                    raise self.syntax_error()
                steps.append(int(self.next().text))
                self.expect("]")
        return tuple(steps)

    def _step(self) -> str:
        token = self.token
        if token.kind == "alias":
            self.next()
            if token.text not in self._placeholders.names:
                raise self.error(
                    "An expression attribute name used in the document path is not defined; "
                    f"attribute name: {token.text}"
                )
            self._placeholders.used.add(token.text)
            return self._placeholders.names[token.text]
        if token.kind != "name" or token.text.upper() in _KEYWORDS:
            raise self.syntax_error()
        if token.text.upper() in _RESERVED:
            raise self.error(f"Attribute name is a reserved keyword; reserved keyword: {token.text}")
        self.next()
        return token.text

    def check_apart(self, all_paths: Sequence[Path]) -> None:
        """No path may lead to what another leads to, or into it."""
        for one, two in itertools.combinations(all_paths, 2):
            if how := paths.overlap(one, two):
                raise self.error(
                    f"Two document paths {how} with each other; must remove or rewrite one of these paths; "
                    f"path one: {paths.text(one)}, path two: {paths.text(two)}",
                    prefixed=True,
                )


def projection(text: str, placeholders: Placeholders) -> list[Path]:
    """The paths of a ProjectionExpression."""
    reader = Reader("ProjectionExpression", text, placeholders)
    found = [reader.path()]
    while reader.took(","):
        found.append(reader.path())
    reader.expect_end()
    reader.check_apart(found)
    return found
