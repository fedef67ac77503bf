"""Queues in trouble, and healthy ones, to practise on: an hour of each, with the numbers that CloudWatch would show.

Each hour is run, with `labkit.queue_runs`; every queue is empty when its hour begins.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import inf

from labkit.errors import LabError
from labkit.queue_runs import HOUR, MINUTE, Plan, run
from labkit.texts import patients as texts

# In the order of `texts.SITUATIONS`; these are what `diagnose` returns, so they are not translated.
HEALTHY, NOBODY, TOO_SLOW, NEVER_DELETED, STUCK, TOO_SHORT = (
    "healthy",
    "nobody receives",
    "too slow",
    "never deleted",
    "stuck message",
    "timeout too short",
)
SITUATIONS = (HEALTHY, NOBODY, TOO_SLOW, NEVER_DELETED, STUCK, TOO_SHORT)


@dataclass(frozen=True)
class Patient:
    """One queue: which situation it is in, its visibility timeout in seconds, what happens around it, and in words."""

    situation: str
    timeout: int
    plan: Plan
    story: str  # a key of `texts.STORIES`

    @property
    def in_words(self) -> str:
        return texts.STORIES[self.story]

    def metrics(self) -> dict[str, list[float]]:
        """The hour's numbers by CloudWatch's names of them, one for each minute, the latest last."""
        settings = {"VisibilityTimeout": str(self.timeout), "ReceiveMessageWaitTimeSeconds": "20"}
        minutes = run(settings, self.plan, watched=True).minutes
        return {name: minutes[name] for name in sorted(minutes) if name != "SentMessageSize"}


def metrics_of(situation: str) -> dict[str, list[float]]:
    """An hour of a queue in this situation, one of `SITUATIONS`: metric → a number for each minute, the latest last.

    Raises LabError for any other.
    """
    for patient in ward():
        if patient.situation == situation:
            return patient.metrics()
    raise LabError(texts.SITUATION_IS_UNKNOWN.format(situation=situation, known=", ".join(SITUATIONS)))


def ward() -> list[Patient]:
    """All queues, those of one situation together; the first of each is the plainest."""
    return [
        Patient(HEALTHY, 60, _plan(3, 10), "steady"),
        Patient(HEALTHY, 60, Plan([*_every(60), *[20.0 * MINUTE] * 150], [4.0] * 210, until=HOUR), "rush"),
        Patient(HEALTHY, 60, Plan([400.0, 2000.0], [10.0, 10.0], until=HOUR), "quiet"),
        Patient(HEALTHY, 180, _plan(3, 70), "long work"),
        Patient(NOBODY, 60, _plan(3, 10, workers=0), "no workers"),
        Patient(NOBODY, 60, _plan(0.1, 10, workers=0), "no workers, few orders"),
        Patient(NOBODY, 60, _plan(3, 10, closed=(20 * MINUTE, inf)), "workers gone"),
        Patient(TOO_SLOW, 180, _plan(10, 60), "far too slow"),
        Patient(TOO_SLOW, 60, _plan(30, 10), "a little too slow"),
        Patient(NEVER_DELETED, 60, _plan(3, 10, deletes=False), "no deletes"),
        Patient(NEVER_DELETED, 7200, _plan(3, 10, deletes=False), "no deletes, long timeout"),
        Patient(STUCK, 60, _plan(3, 10, cannot=frozenset({15})), "one stuck"),
        Patient(STUCK, 120, _plan(6, 5, cannot=frozenset({30, 90, 200})), "three stuck"),
        Patient(STUCK, 600, _plan(1, 10, cannot=frozenset({2})), "one stuck, long timeout"),
        Patient(TOO_SHORT, 30, _plan(2, 45), "all slow"),
        Patient(TOO_SHORT, 30, Plan(_every(180), [10.0, 10.0, 45.0] * 60, until=HOUR), "some slow"),
    ]


def _plan(
    a_minute: float,
    takes: float,
    *,
    workers: int = 4,
    closed: tuple[float, float] = (inf, inf),
    cannot: frozenset[int] = frozenset(),
    deletes: bool = True,
) -> Plan:
    """An hour of so many orders a minute, each of which takes so many seconds."""
    sent_at = _every(round(60 * a_minute))
    return Plan(
        sent_at, [takes] * len(sent_at), until=HOUR, workers=workers, closed=closed, cannot=cannot, deletes=deletes
    )


def _every(orders: int) -> list[float]:
    """So many orders in an hour, evenly."""
    return [(number + 0.5) * HOUR / orders for number in range(orders)]
