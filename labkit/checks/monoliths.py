"""Exercise 8.4: six cases of what is one application, by the usual criterion and by the course's rule."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from labkit.checks.exercise import Broken, Exercise
from labkit.checks.trial import NotWritten, Trial, shown

six_cases = Exercise("8.4", "six_cases")

UNITS = {"a": "one unit", "b": "one unit", "c": "one unit", "d": "several units", "e": "several units", "f": "one unit"}
COURSE = {"a": "yes", "b": "yes", "c": "no", "d": "no", "e": "no", "f": "yes"}


@six_cases.holds
def form(trial: Trial) -> None:
    given = trial.given
    if given is ... or (isinstance(given, dict) and any(... in _pair(pair) for pair in given.values())):
        raise NotWritten
    if not isinstance(given, dict) or given.keys() != UNITS.keys():
        raise Broken("keys")
    for case, pair in given.items():
        units, course = [*_pair(pair), None, None][:2]
        if len(_pair(pair)) != 2 or units not in UNITS.values() or course not in COURSE.values():
            raise Broken("words", case=case, got=shown(repr(pair)))


def _pair(value: Any) -> tuple[Any, ...]:
    """The words for one case, in small letters."""
    words = value if isinstance(value, (tuple, list)) else (value,)
    return tuple(word.strip().lower() if isinstance(word, str) else word for word in words)


@six_cases.holds
def usual(trial: Trial) -> None:
    _compare(trial, UNITS, 0)


@six_cases.holds
def course(trial: Trial) -> None:
    _compare(trial, COURSE, 1)


def _compare(trial: Trial, right: Mapping[str, str], place: int) -> None:
    for case, wanted in right.items():
        if _pair(trial.given[case])[place] != wanted:
            raise Broken(case)
