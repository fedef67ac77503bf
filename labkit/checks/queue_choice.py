"""Exercise 2.4: which queue for which job, or none."""

from __future__ import annotations

from labkit.checks.exercise import Broken, Exercise
from labkit.checks.trial import NotWritten, Trial

choices = Exercise("2.4", "choices")

# What each job is, the lesson says.
ANSWERS = {
    "photos": "standard",
    "accounts": "fifo",
    "departments": "neither",
    "sensors": "standard",
    "games": "fifo",
    "once": "neither",
}
POSSIBLE = ("standard", "fifo", "neither")


@choices.holds
def six_answers(trial: Trial) -> None:
    given = trial.given
    if given is ... or (isinstance(given, dict) and any(value is ... for value in given.values())):
        raise NotWritten
    if not isinstance(given, dict) or set(given) != set(ANSWERS):
        raise Broken("jobs", wanted=", ".join(ANSWERS))
    if strange := [value for value in given.values() if value not in POSSIBLE]:
        raise Broken("unknown", got=strange[0])


@choices.holds_for({job: job for job in ANSWERS})
def right_queue(trial: Trial, case: str) -> None:
    if trial.given[case] != ANSWERS[case]:
        raise Broken(trial.given[case])
