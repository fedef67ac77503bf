"""Exercises in which one decides: a dict with a word for each case, and what would go wrong with another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from labkit.checks.exercise import Broken, Exercise
from labkit.checks.trial import NotWritten, Trial


def choices_are(exercise: Exercise, answers: Mapping[str, str], possible: Sequence[str]) -> None:
    """Let the value of `exercise` be judged: all of `answers`, by case, each one of the `possible` words.

    Its properties are `six_answers`, with the reasons `jobs` and `unknown`, and one for each case, whose reason is the
    word that was chosen in place of the right one.
    """

    @exercise.holds
    def six_answers(trial: Trial) -> None:
        given = trial.given
        if given is ... or (isinstance(given, dict) and any(value is ... for value in given.values())):
            raise NotWritten
        if not isinstance(given, dict) or set(given) != set(answers):
            raise Broken("jobs", wanted=", ".join(answers))
        if strange := [value for value in given.values() if _word(value) not in possible]:
            raise Broken("unknown", got=strange[0])

    @exercise.holds_for({case: case for case in answers})
    def right_choice(trial: Trial, case: str) -> None:
        chosen = _word(trial.given[case])
        if chosen != answers[case]:
            raise Broken(chosen)


def _word(value: object) -> str:
    """A choice as it is compared: FIFO is `fifo`."""
    return value.strip().lower() if isinstance(value, str) else ""
