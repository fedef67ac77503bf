"""Policy documents: what each statement of one says about a request.

IAM User Guide, "IAM JSON policy elements reference" and "Policy evaluation logic".
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from enum import Enum
from functools import lru_cache
from typing import Any

from labkit.embedded.access.callers import Caller
from labkit.embedded.access.conditions import Context, UnknownOperatorError, holds, wildcard

_VARIABLE = re.compile(r"\$\{([^}]*)\}")
_ELEMENTS = {
    *("Sid", "Effect", "Condition", "Principal", "NotPrincipal"),
    *("Action", "NotAction", "Resource", "NotResource"),
}


@dataclass(frozen=True, slots=True)
class Request:
    """What a caller asks to do. `context` holds what conditions may ask for, by lower-case key."""

    caller: Caller
    action: str  # sqs:SendMessage
    resource: str  # an ARN, or * where the action has none
    context: Context = field(default_factory=dict)


class Verdict(Enum):
    """What policies say. A denial beats an allowance; what nobody allows is refused."""

    DENY = "explicit deny"
    ALLOW = "allow"
    ALLOW_ACCOUNT = "allow, for the principals whom their account's own policies allow it"
    SILENT = "no matching statement"


@dataclass(frozen=True, slots=True)
class Judgement:
    """A verdict, and why a statement could not be read where one could not."""

    verdict: Verdict
    trouble: str | None = None


class _UnreadableError(Exception):
    """A statement that cannot be evaluated: it allows nothing, and denies what it may have meant to deny."""


@lru_cache(maxsize=256)
def statements(document: str) -> tuple[dict[str, Any], ...]:
    """The statements of a policy document. Raises ValueError if it is none."""
    try:
        policy = json.loads(document)
    except RecursionError:
        raise ValueError("A policy is not nested so deeply.") from None
    found = _as_list(policy.get("Statement")) if isinstance(policy, dict) else []
    if not found or not all(isinstance(s, dict) and s.get("Effect") in ("Allow", "Deny") for s in found):
        raise ValueError("A policy needs statements, each with an Effect of Allow or Deny.")
    return tuple(found)


def allows_everything(documents: Iterable[str]) -> bool:
    """Whether these identity policies allow every action, so that no request needs a closer look."""
    unconditional = {"Effect": "Allow", "Action": "*", "Resource": "*"}
    try:
        every = [
            {name: _single(value) for name, value in statement.items() if name != "Sid"}
            for document in documents
            for statement in statements(document)
        ]
    except ValueError:
        return False
    return unconditional in every and all(statement["Effect"] == "Allow" for statement in every)


def judge(documents: Iterable[str], request: Request, *, of_resource: bool = False) -> Judgement:
    """What these policies together say of `request`. `of_resource`: a queue's or a role's, which name principals."""
    verdict, trouble = Verdict.SILENT, None
    for document in documents:
        try:
            found = statements(document)
        except ValueError as error:
            return Judgement(Verdict.DENY, f"the policy cannot be read: {error}")
        for statement in found:
            denies = statement["Effect"] == "Deny"
            try:
                match = _matches(statement, request, of_resource)
            except _UnreadableError as unreadable:
                trouble = str(unreadable)
                match = Verdict.ALLOW if denies else Verdict.SILENT
            if denies and match is not Verdict.SILENT:
                return Judgement(Verdict.DENY, trouble)
            if match is Verdict.ALLOW or (match is Verdict.ALLOW_ACCOUNT and verdict is Verdict.SILENT):
                verdict = match
    return Judgement(verdict, trouble)


def _matches(statement: dict[str, Any], request: Request, of_resource: bool) -> Verdict:
    """ALLOW if the statement is about this request, ALLOW_ACCOUNT if only about the caller's account, else SILENT."""
    strange = statement.keys() - _ELEMENTS
    if strange:
        raise _UnreadableError(f"the policy element {min(strange)} is not known")
    if not _element(statement, "Action", lambda p: wildcard(p, ignore_case=True).fullmatch(request.action)):
        return Verdict.SILENT
    named = statement.keys() & {"Resource", "NotResource"} or not of_resource  # a trust policy names no resource
    if named and not _element(
        statement, "Resource", lambda p: wildcard(_filled(p, request.context)).fullmatch(request.resource)
    ):
        return Verdict.SILENT
    match = _principal(statement, request.caller) if of_resource else Verdict.ALLOW
    if match is Verdict.SILENT:
        return match
    for operator, lines in _as_dict(statement.get("Condition", {})).items():
        for key, wanted in _as_dict(lines).items():
            values = [_filled(_text(value), request.context) for value in _as_list(wanted)]
            try:
                if not holds(operator, key, values, request.context):
                    return Verdict.SILENT
            except UnknownOperatorError:
                raise _UnreadableError(f"the condition operator {operator} is not known") from None
    return match


def _element(statement: dict[str, Any], name: str, matches: Callable[[str], Any]) -> bool:
    """Action or NotAction, Resource or NotResource; a statement must have one of the two."""
    if name in statement:
        return any(matches(_text(pattern)) for pattern in _as_list(statement[name]))
    if "Not" + name in statement:
        return not any(matches(_text(pattern)) for pattern in _as_list(statement["Not" + name]))
    raise _UnreadableError(f"a statement has no {name}")


def _principal(statement: dict[str, Any], caller: Caller) -> Verdict:
    if "NotPrincipal" in statement:
        return Verdict.SILENT if _named(statement["NotPrincipal"], caller) is not Verdict.SILENT else Verdict.ALLOW
    if "Principal" not in statement:
        raise _UnreadableError("a statement has no Principal")
    return _named(statement["Principal"], caller)


def _named(principal: Any, caller: Caller) -> Verdict:
    if principal == "*":
        return Verdict.ALLOW
    if not isinstance(principal, dict):
        raise _UnreadableError("the Principal is not understood")
    if caller.service is not None:
        return Verdict.ALLOW if caller.service in _as_list(principal.get("Service")) else Verdict.SILENT
    names = _as_list(principal.get("AWS"))
    if "*" in names or caller.arn in names or caller.identity_arn in names:
        return Verdict.ALLOW
    if caller.account in names or f"arn:aws:iam::{caller.account}:root" in names:
        return Verdict.ALLOW_ACCOUNT
    return Verdict.SILENT


def _filled(pattern: str, context: Context) -> str:
    """The pattern with policy variables such as `${aws:username}` replaced; an unknown one stays and matches nothing."""
    if "${" not in pattern:
        return pattern
    return _VARIABLE.sub(lambda variable: context.get(variable[1].lower(), variable[0]), pattern)


def _as_list(value: Any) -> list[Any]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def _as_dict(value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise _UnreadableError("the Condition is not understood")
    return value


def _single(value: Any) -> Any:
    return value[0] if isinstance(value, list) and len(value) == 1 else value


def _text(value: Any) -> str:
    return json.dumps(value) if isinstance(value, bool | int | float) else str(value)
