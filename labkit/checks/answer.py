"""`check`: try what a student wrote, and answer."""

from __future__ import annotations

import os
import traceback
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from labkit.checks.exercise import Broken, Exercise, Property, exercise, texts_of
from labkit.checks.progress import Tries, keep, tries_of
from labkit.checks.report import Report
from labkit.checks.trial import NotWritten, Trial
from labkit.embedded.in_process import InProcessAws
from labkit.errors import LabError
from labkit.texts import checks as texts

TRIES_BEFORE_SOLUTION = 3  # after so many the answer says where a solution is


def check(number: str, given: Any) -> Report:
    """Try what was written for an exercise, in an AWS of its own, and say which of its properties hold.

    Whatever `given` does (raise, loop for ever, print, take down the process), the answer is a Report.
    Raises LabError if there is no such exercise, if what is given cannot be one, or if the lab was not started.
    """
    asked = exercise(number)
    if asked.arguments is not None and not callable(given) and given is not ...:
        raise LabError(texts.NEEDS_FUNCTION.format(number=number, name=asked.name, kind=type(given).__name__))
    try:
        keys = os.environ["AWS_ACCESS_KEY_ID"], os.environ["AWS_SECRET_ACCESS_KEY"], os.environ.get("AWS_SESSION_TOKEN")
    except KeyError:
        raise LabError(texts.NEEDS_START) from None
    tries = tries_of(number)
    report = Report(number, asked.name)
    with InProcessAws(*keys) as aws:
        trial = Trial(given, aws)
        try:
            _judge(asked, trial, report, tries)
        except NotWritten:
            report.written = False
            return report
    if trial.cut_short and report.solved:
        report.notes.append(texts.CUT_SHORT.format(runs=trial.runs))
    _keep(asked, report, tries)
    return report


def _judge(asked: Exercise, trial: Trial, report: Report, tries: Tries) -> None:
    """Go through the properties up to the first that does not hold."""
    for judge in asked.properties:
        name = judge.__name__
        words = asked.texts[name]
        if broken := _tried(judge, trial):
            report.broken, report.fails = (name, broken.reason), words["holds"]
            found = _words_for(asked, words, broken.reason)
            report.happened = found[broken.reason].format(**broken.values)
            report.question = _question({**found, **words}, broken.reason, tries.broken[name])
            if broken.experiment:
                report.steps = broken.experiment.watch()
            return
        report.held.append(words["holds"])


def _tried(judge: Property, trial: Trial) -> Broken | None:
    """How the property is broken, if it is. Also where the check itself breaks: a student gets no traceback of ours."""
    try:
        judge(trial)
    except NotWritten:
        raise
    except Broken as broken:
        return broken
    except Exception as error:  # noqa: BLE001 (whatever it is, it is ours)
        place = traceback.extract_tb(error.__traceback__)[-1]
        where = f"{Path(place.filename).name}, line {place.lineno}"
        return Broken("check_broke", error=type(error).__name__, where=where)
    return None


def _words_for(asked: Exercise, words: Mapping[str, Any], reason: str) -> Mapping[str, Any]:
    """The texts that have this reason: the property's own, those of all exercises, or another property's of this one."""
    others = (asked.texts[judge.__name__] for judge in asked.properties)
    return next(found for found in (words, texts_of("common")["common"], *others) if reason in found)


def _question(words: Mapping[str, Any], reason: str, broken_before: int) -> str:
    """The question for this reason; the more often the same property was broken, the more it gives away."""
    questions = words.get(f"ask_{reason}") or words["ask"]
    return str(questions[min(broken_before, len(questions) - 1)])


def _keep(asked: Exercise, report: Report, tries: Tries) -> None:
    tries.tries += 1
    tries.solved |= report.solved
    if report.broken:
        tries.broken[report.broken[0]] += 1
    if report.steps:
        report.notes.append(texts.REPLAY.format(number=asked.number, name=asked.name))
    if report.broken and tries.tries >= TRIES_BEFORE_SOLUTION:
        report.notes.append(texts.SOLUTION.format(file=f"{asked.lesson}_{asked.name}.py"))
    try:
        keep(asked.number, tries)
    except OSError as error:
        report.notes.append(texts.NOT_KEPT.format(error=error.strerror or error))
