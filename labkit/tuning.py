"""A shop whose queue has to be tuned: what comes of its settings on a busy afternoon, at night, and while it is closed.

Everything is run, with `labkit.queue_runs`: `findings` counts what happened, `rehearse` shows it as a table.
"""

from __future__ import annotations

import csv
import random
import reprlib
from collections.abc import Mapping
from dataclasses import dataclass
from math import inf
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

from labkit.embedded.sqs.errors import SqsError
from labkit.errors import LabError
from labkit.queue_runs import DAY, HOUR, Outcome, Plan, run
from labkit.texts import tuning as texts

if TYPE_CHECKING:
    import pandas as pd

PROCESSING_TIMES = Path(__file__).resolve().parent.parent / "data" / "processing_times.csv"
WORKERS = 4
DIES_ON = frozenset({50, 200, 450})  # the orders whose first worker dies
CLOSED = 63 * HOUR  # from Friday 18:00 until Monday 9:00
ON_HOLIDAY = 8 * DAY
LATE_ORDERS = 20  # sent in the hour after the workers have gone

# What the shop asks for.
MOST_TWICE = 6  # of its 600 orders, one in a hundred
LONGEST_GAP = 300  # seconds from the first beginning to the second, where a worker died
MOST_REQUESTS = 200  # of one worker in an hour without orders
WITHDRAWAL = 60  # seconds in which a customer can take back an order, and no work on it begins
USUAL_START = 120  # seconds after which half of the orders are begun
STALE_AFTER = 7 * DAY


@dataclass(frozen=True)
class Findings:
    """What came of some settings. Times are in seconds."""

    orders: int
    twice: list[int]  # orders begun more than once though nobody died
    longest_gap: float  # until an order was begun again whose worker had died; infinity if that never happened
    requests: int  # of one worker, in an hour without orders
    earliest_start: float  # after an order was sent
    usual_start: float  # the median
    lost: int  # of the orders that were sent after the workers had gone for a weekend
    stale: int  # orders begun more than a week after they were sent


def findings(attributes: Mapping[str, str]) -> Findings:
    """What comes of a queue with these attributes in the shop.

    Raises LabError, with SQS's own words, for attributes that SQS refuses.
    """
    _check_texts(attributes)
    try:
        busy = run(attributes, _afternoon())
        night = run(attributes, Plan([], [], until=HOUR, workers=WORKERS))
        weekend, holiday = (run(attributes, _closed_for(seconds)) for seconds in (CLOSED, ON_HOLIDAY))
    except SqsError as refused:
        raise LabError(texts.REFUSED.format(reason=refused)) from None
    return Findings(
        orders=len(busy.orders),
        twice=[n for n, order in enumerate(busy.orders) if len(order.begun_at) > 1 and n not in DIES_ON],
        longest_gap=max(_gap(busy, number) for number in DIES_ON),
        requests=round(len(night.requests) / WORKERS),
        earliest_start=min(_delays(busy)),
        usual_start=median(_delays(busy)),
        lost=sum(not order.begun_at for order in weekend.orders),
        stale=sum(begun > order.sent_at + STALE_AFTER for order in holiday.orders for begun in order.begun_at),
    )


def rehearse(attributes: Mapping[str, str]) -> pd.DataFrame:
    """The same as a table: what the shop asks for, and what it got.

    Raises LabError for attributes that SQS refuses.
    """
    import pandas as pd

    found = findings(attributes)
    rows = {
        texts.TWICE: (texts.AT_MOST.format(MOST_TWICE), len(found.twice)),
        texts.GAP: (texts.AT_MOST_SECONDS.format(LONGEST_GAP), in_seconds(found.longest_gap)),
        texts.REQUESTS: (texts.AT_MOST.format(MOST_REQUESTS), found.requests),
        texts.EARLIEST: (texts.AT_LEAST_SECONDS.format(WITHDRAWAL), in_seconds(found.earliest_start)),
        texts.USUAL: (texts.AT_MOST_SECONDS.format(USUAL_START), in_seconds(found.usual_start)),
        texts.LOST: (texts.AT_MOST.format(0), found.lost),
        texts.STALE: (texts.AT_MOST.format(0), found.stale),
    }
    return pd.DataFrame.from_dict(rows, orient="index", columns=[texts.ASKED, texts.FOUND])


def processing_times() -> list[float]:
    """How long each order takes, in seconds: data/processing_times.csv, whose first lines say how it was made."""
    with PROCESSING_TIMES.open(encoding="utf-8") as file:
        return [float(row["seconds"]) for row in csv.DictReader(line for line in file if not line.startswith("#"))]


def _check_texts(attributes: object) -> None:
    """What boto3 would refuse before it asks SQS."""
    if not isinstance(attributes, Mapping):
        raise LabError(texts.NO_DICT.format(kind=type(attributes).__name__))
    for name, value in attributes.items():
        if value is ...:
            raise LabError(texts.NOT_FILLED_IN.format(name=name))
        if not isinstance(name, str) or not isinstance(value, str):
            raise LabError(texts.NO_TEXT.format(name=name, value=reprlib.repr(value)))


def _afternoon() -> Plan:
    """An hour of orders, and two more for what is left over."""
    takes = processing_times()
    rng = random.Random(1)
    sent_at = sorted(rng.uniform(0, HOUR) for _ in takes)
    return Plan(sent_at, takes, until=3 * HOUR, workers=WORKERS, dies_on=DIES_ON)


def _closed_for(seconds: float) -> Plan:
    """Orders that find nobody there, until the workers come back; and two hours more."""
    sent_at = [number * HOUR / LATE_ORDERS for number in range(LATE_ORDERS)]
    return Plan(sent_at, [10.0] * LATE_ORDERS, until=seconds + 2 * HOUR, workers=WORKERS, closed=(0, seconds))


def _gap(outcome: Outcome, number: int) -> float:
    begun_at = outcome.orders[number].begun_at
    return begun_at[1] - begun_at[0] if len(begun_at) > 1 else inf


def _delays(outcome: Outcome) -> list[float]:
    return [round(order.begun_at[0] - order.sent_at, 3) if order.begun_at else inf for order in outcome.orders]


def in_seconds(seconds: float) -> str:
    """In words, infinity too."""
    return texts.NEVER if seconds == inf else texts.SECONDS.format(seconds)
