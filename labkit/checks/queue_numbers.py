"""Two exercises of 03 about a queue's numbers: what they say of it (3.3), and which it should be given (3.4)."""

from __future__ import annotations

from typing import Any

import boto3
from botocore.exceptions import ClientError, ParamValidationError

from labkit import patients, tuning
from labkit.checks.exercise import Broken, Exercise
from labkit.checks.trial import NotWritten, Trial

diagnose = Exercise("3.3", "diagnose", ("metrics",))
settings = Exercise("3.4", "settings")

SITUATIONS = ("healthy", "nobody", "too_slow", "never_deleted", "stuck", "too_short")  # the properties' names


@diagnose.holds
def words(trial: Trial) -> None:
    (steady, *_) = patients.ward()
    answer = trial.call(steady.metrics(), returns=str)
    if answer not in patients.SITUATIONS:
        raise Broken("no_word", got=answer)


@diagnose.holds_for(dict(zip(SITUATIONS, patients.SITUATIONS, strict=True)))
def situation(trial: Trial, case: str) -> None:
    """All queues in this situation are told to be in it."""
    for patient in patients.ward():
        if patient.situation != case:
            continue
        answer = trial.call(patient.metrics(), returns=str)
        if answer != case:
            raise Broken("missed" if answer == patients.HEALTHY else "mistaken", story=patient.in_words, got=answer)


@settings.holds
def accepted(trial: Trial) -> None:
    given = trial.given
    if given is ... or (isinstance(given, dict) and any(value is ... for value in given.values())):
        raise NotWritten
    if not isinstance(given, dict):
        raise Broken("no_dict", kind=type(given).__name__)
    sqs: Any = boto3.client("sqs")
    try:
        sqs.create_queue(QueueName="shop", Attributes=given)
    except ParamValidationError:
        name, value = next(item for item in given.items() if not all(isinstance(part, str) for part in item))
        raise Broken("no_text", name=name, value=value) from None
    except ClientError as refused:
        raise Broken("refused", said=refused.response["Error"]["Message"]) from None


@settings.holds
def twice(trial: Trial) -> None:
    found = _findings(trial)
    if len(found.twice) > tuning.MOST_TWICE:
        number = found.twice[0]
        seconds = tuning.processing_times()[number]
        raise Broken("often", times=len(found.twice), number=number + 1, seconds=seconds, most=tuning.MOST_TWICE)


@settings.holds
def after_a_death(trial: Trial) -> None:
    if _findings(trial).longest_gap > tuning.LONGEST_GAP:
        raise Broken("late", seconds=tuning.in_seconds(_findings(trial).longest_gap), most=tuning.LONGEST_GAP)


@settings.holds
def cost(trial: Trial) -> None:
    if _findings(trial).requests > tuning.MOST_REQUESTS:
        raise Broken("dear", number=_findings(trial).requests, most=tuning.MOST_REQUESTS)


@settings.holds
def withdrawal(trial: Trial) -> None:
    if _findings(trial).earliest_start < tuning.WITHDRAWAL:
        raise Broken("early", seconds=_findings(trial).earliest_start, least=tuning.WITHDRAWAL)


@settings.holds
def usual_start(trial: Trial) -> None:
    if _findings(trial).usual_start > tuning.USUAL_START:
        raise Broken("slow", seconds=_findings(trial).usual_start, most=tuning.USUAL_START)


@settings.holds
def weekend(trial: Trial) -> None:
    if _findings(trial).lost:
        raise Broken("lost", number=_findings(trial).lost)


@settings.holds
def holiday(trial: Trial) -> None:
    if _findings(trial).stale:
        raise Broken("stale", number=_findings(trial).stale)


def _findings(trial: Trial) -> tuning.Findings:
    (found,) = trial.once("findings", lambda: iter([tuning.findings(trial.given)]))
    return found  # type: ignore[no-any-return]
