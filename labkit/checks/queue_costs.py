"""Exercise 2.3: what a month of messages costs."""

from __future__ import annotations

import math
from decimal import Decimal
from fractions import Fraction
from typing import Any, NamedTuple

from labkit import pricing
from labkit.checks.exercise import Broken, Exercise
from labkit.checks.trial import Trial

monthly_cost = Exercise("2.3", "monthly_cost", ("messages", "size", "batch", "empty_receives", "dollars_per_million"))

FREE = 1_000_000
TOLERATED = 40  # requests: how many the last, smaller batch carries is not what this is about
KB = 1024


class Case(NamedTuple):
    """What the function is asked for, in the order of its parameters."""

    messages: int
    size: int = KB
    batch: int = 1
    empty_receives: int = 0
    dollars_per_million: float = 0.40

    @property
    def requests(self) -> int:
        return pricing.sqs_requests(self.messages, self.size, batch=self.batch, empty_receives=self.empty_receives)

    @property
    def dollars(self) -> float:
        return self.price_of(self.requests)

    def price_of(self, requests: float, free: int = FREE) -> float:
        return max(requests - free, 0) * self.dollars_per_million / 1_000_000


@monthly_cost.holds
def one_by_one(trial: Trial) -> None:
    for case in (Case(1_000_000), Case(2_500_000)):
        got = _cost(trial, case)
        for reason, requests, free in (
            ("free_forgotten", 3 * case.messages, 0),
            ("sends_only", case.messages, FREE),
            ("two_calls", 2 * case.messages, FREE),
        ):
            if _near(case, got, case.price_of(requests, free)):
                raise Broken(reason, **_told(case, got))
        _exactly("differs", case, got)


@monthly_cost.holds
def free_million(trial: Trial) -> None:
    for case in (Case(0), Case(1000), Case(333_333)):
        got = _cost(trial, case)
        if got < 0:
            raise Broken("negative", **_told(case, got))
        if not _near(case, got):
            raise Broken("not_free", **_told(case, got))


@monthly_cost.holds
def batches(trial: Trial) -> None:
    for case in (Case(10_000_000, batch=10), Case(4_000_000, batch=4)):
        got = _cost(trial, case)
        if _near(case, got, case._replace(batch=1).dollars):
            raise Broken("batch_ignored", **_told(case, got))
        _exactly("differs", case, got)


@monthly_cost.holds
def large_messages(trial: Trial) -> None:
    for case in (Case(1_000_000, 224 * KB), Case(1_000_000, 65_000), Case(1_000_000, 1024 * KB)):
        got = _cost(trial, case)
        parts = Fraction(case.size, 64 * KB)
        steps = -(-case.size // (64 * KB))
        for reason, requests in (
            ("size_ignored", 3 * case.messages),
            ("broken_steps", float(2 * parts + 1) * case.messages),
            ("rounded_down", (2 * max(int(parts), 1) + 1) * case.messages),
            ("deletes", 3 * steps * case.messages),
            ("one_way", (steps + 2) * case.messages),
        ):
            if requests != case.requests and _near(case, got, case.price_of(requests)):
                raise Broken(reason, **_told(case, got))
        if case.size == 65_000 and _near(case, got, case.price_of(5 * case.messages)):  # a little more than 64,000
            raise Broken("thousands", **_told(case, got))
        _exactly("differs", case, got)


@monthly_cost.holds
def together(trial: Trial) -> None:
    case = Case(10_000_000, 10 * KB, batch=10)
    got = _cost(trial, case)
    if _near(case, got, case.price_of(3 * case.messages / 10)):
        raise Broken("each_alone", **_told(case, got))
    _exactly("differs", case, got)


@monthly_cost.holds
def empty_receives(trial: Trial) -> None:
    for case in (Case(0, empty_receives=5_200_000), Case(1_000_000, empty_receives=525_000)):
        got = _cost(trial, case)
        if _near(case, got, case._replace(empty_receives=0).dollars):
            raise Broken("polls_forgotten", **_told(case, got))
        _exactly("differs", case, got)


@monthly_cost.holds
def fifo_price(trial: Trial) -> None:
    case = Case(2_000_000, dollars_per_million=0.50)
    got = _cost(trial, case)
    if not _near(case, got):
        raise Broken("price_ignored", **_told(case, got))


@monthly_cost.holds
def last_batch(trial: Trial) -> None:
    """Of so few requests, each of them a dollar, none is tolerated."""
    for messages in (25, 20):
        case = Case(messages, batch=10, empty_receives=FREE, dollars_per_million=1_000_000.0)
        got = _cost(trial, case)
        if abs(got - case.dollars) > 1e-3:
            raise Broken("not_whole", **_told(case, got))


@monthly_cost.holds
def odd_numbers(trial: Trial) -> None:
    """Points all over, in a fixed order."""
    for number in range(1, 40):
        batch = number * 7 % 10 + 1
        size = number * number * 977 % (1024 * KB // batch) + 1
        case = Case(number * 123_457, size, batch, number % 5 * 77_777, 0.40 + number % 2 / 10)
        got = _cost(trial, case)
        if not _near(case, got) and abs(got - round(case.dollars, 2)) < 1e-9:
            raise Broken("rounded", **_told(case, got))
        _exactly("differs", case, got)


def _cost(trial: Trial, case: Case) -> float:
    got = trial.call(*case, returns=(float, int, Decimal))
    if isinstance(got, bool):
        raise Broken("type", got=got, kind="bool", wanted="number")
    return float(got) if abs(got) < 1e300 else math.inf


def _near(case: Case, got: float, wanted: float | None = None) -> bool:
    tolerated = TOLERATED * case.dollars_per_million / 1_000_000
    return abs(got - (case.dollars if wanted is None else wanted)) <= tolerated


def _exactly(reason: str, case: Case, got: float) -> None:
    if not _near(case, got):
        raise Broken(reason, **_told(case, got))


def _told(case: Case, got: float) -> dict[str, Any]:
    return {
        **case._asdict(),
        "got": f"{got:,.6g}",
        "wanted": f"{case.dollars:,.6g}",
        "requests": f"{case.requests:,}",
    }
