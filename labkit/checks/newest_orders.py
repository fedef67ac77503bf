"""6.1: a customer's newest orders, at the price of little more than what is returned."""

from __future__ import annotations

from labkit.checks.exercise import Broken, Exercise
from labkit.checks.keyed_tables import Tables, order
from labkit.checks.read_units import read_units
from labkit.checks.trial import Trial

newest = Exercise("6.1", "newest", ("table_name", "customer", "n"))

DEAREST = 30  # read units for three orders of 4 KB: pages of 25 cost 13, all of the customer's 200 cost 100


def _ids(trial: Trial, table: str, customer: str, n: int) -> list[str]:
    answer: list[str] = trial.call(table, customer, n, returns=list)
    if any(not isinstance(one, str) for one in answer):
        raise Broken("not_ids", got=answer[0])
    return answer


@newest.holds
def few(trial: Trial) -> None:
    tables = Tables(trial.aws)
    table = tables.create("customer", "placed")
    for number in range(6, 12):  # as texts, o-9 is the last of them
        tables.put(table, order(number))
        tables.put(table, order(number + 10, "Ben"))
    got = _ids(trial, table, "Ana", 3)
    if set(got) & {f"o-{number}" for number in range(16, 22)}:
        raise Broken("others", got=got)
    if len(got) > 3:
        raise Broken("too_many", number=len(got))
    if got != ["o-11", "o-10", "o-9"]:
        raise Broken("not_newest", got=got)


@newest.holds
def none(trial: Trial) -> None:
    if got := trial.call(Tables(trial.aws).create("customer", "placed"), "Ana", 3, returns=list):
        raise Broken("not_empty", got=got)


@newest.holds
def cancelled(trial: Trial) -> None:
    _cancelled(trial, size=10)


@newest.holds
def large(trial: Trial) -> None:
    _cancelled(trial, size=300_000)


def _cancelled(trial: Trial, size: int) -> None:
    tables = Tables(trial.aws)
    table = tables.create("customer", "placed")
    for number, status in enumerate(("complete", "pending", "complete", *["cancelled"] * 5)):
        tables.put(table, order(number, size=size, status=status))
        trial.aws.wait(1)
    got = _ids(trial, table, "Ana", 2)
    if any(one > "o-2" for one in got):
        raise Broken("not_skipped", got=got)
    if got != ["o-2", "o-1"]:
        raise Broken("missing", got=got)


@newest.holds
def price(trial: Trial) -> None:
    tables = Tables(trial.aws)
    table = tables.create("customer", "placed")
    for number in range(200):
        tables.put(table, order(number, size=4000))
        trial.aws.wait(0.01)
    with read_units() as units:
        _ids(trial, table, "Ana", 3)
    if sum(units) > DEAREST:
        raise Broken("dear", units=f"{sum(units):g}")
