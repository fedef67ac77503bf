"""6.3: all of a table is copied to one with another key, whatever comes between."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from labkit.checks.exercise import Broken, Exercise
from labkit.checks.in_between import in_between
from labkit.checks.keyed_tables import Item, Tables, order
from labkit.checks.refusals import first_write_refused
from labkit.checks.trial import Trial
from labkit.embedded.in_process import InProcessAws
from labkit.explore import Bounds
from labkit.texts import explore as texts

rekey = Exercise("6.3", "rekey", ("old_table", "new_table"))


TOTAL: Item = {"total": {"N": "9.99"}, "tickets": {"L": [{"S": "A1"}, {"S": "A2"}]}}
CHANGED: Item = {"note": {"S": "changed since"}}


class TwoTables(Tables):
    """The old table, by id, and the new one, by customer and time: two orders of each customer. A world to explore."""

    def __init__(self, aws: InProcessAws, number: int = 4, size: int = 10) -> None:
        super().__init__(aws)
        self.old, self.new = self.create("id"), self.create("customer", "placed")
        for n in range(number):
            self.put(self.old, order(n, f"c-{n % (number // 2)}", size) | TOTAL)
        self.orders = self.items(self.old)  # in the order in which a scan finds them

    def change(self) -> Item:
        """An order is changed in the new table."""
        changed = self.orders[-1] | CHANGED
        self.put(self.new, changed)
        return changed

    def missing(self) -> int:
        """How many orders of the old table the new one has not."""
        there = {item.get("id", {}).get("S") for item in self.items(self.new)}
        return sum(one["id"]["S"] not in there for one in self.orders)

    def settled(self) -> bool:
        return not self.missing()

    def lanes(self) -> Mapping[str, str]:
        all_ = len(self.orders)
        return {texts.NEW_TABLE: texts.SO_MANY_OF.format(number=all_ - self.missing(), all=all_)}

    def outcome(self) -> int:
        return self.missing()


class Changing(TwoTables):
    """What comes of it is whether the change to an order stands."""

    def outcome(self) -> int:
        return sum(one.items() >= CHANGED.items() for one in self.items(self.new))


def _moved(trial: Trial, tables: TwoTables) -> int:
    answer: int = trial.call(tables.old, tables.new, returns=int)
    if left := tables.missing():
        raise Broken("missing", number=left, all=len(tables.orders))
    return answer


@rekey.holds
def moved(trial: Trial) -> None:
    tables = TwoTables(trial.aws)
    answer = _moved(trial, tables)
    items = tables.items(tables.new)
    if len(items) > len(tables.orders):
        raise Broken("invented")
    if any(one not in items for one in tables.orders):
        raise Broken("changed")
    if answer != len(items):
        raise Broken("not_the_count", got=answer, wanted=len(items))


@rekey.holds
def old_stays(trial: Trial) -> None:
    tables = TwoTables(trial.aws)
    _moved(trial, tables)
    left = tables.items(tables.old)
    if len(left) < len(tables.orders):
        raise Broken("emptied")
    if left != tables.orders:
        raise Broken("touched")


@rekey.holds
def newer(trial: Trial) -> None:
    """The program has written to the new table: an order was changed, and as many are new as make up the number."""
    tables = TwoTables(trial.aws)
    changed = tables.change()
    for number in range(1, len(tables.orders)):
        tables.put(tables.new, order(number + 10, "c-new"))
    answer = _moved(trial, tables)
    if changed not in tables.items(tables.new):
        raise Broken("overwritten")
    if answer != len(tables.orders) - 1:
        raise Broken("not_the_count", got=answer, wanted=len(tables.orders) - 1)


@rekey.holds
def pages(trial: Trial) -> None:
    _moved(trial, TwoTables(trial.aws, 8, 300_000))


@rekey.holds
def busy(trial: Trial) -> None:
    """One order cannot be written, even when boto3 has tried it again. To raise is right: the program is started again."""
    tables = TwoTables(trial.aws)
    with first_write_refused(trial.aws):
        result = trial.attempt(tables.old, tables.new)
    if tables.missing() and not result.error:
        raise Broken("passed_over")


@rekey.holds
def meanwhile(trial: Trial) -> None:
    """The program writes to the new table between two calls."""

    def copy(tables: TwoTables) -> Any:
        return trial.given(tables.old, tables.new)

    for experiment in in_between(trial, lambda: Changing(trial.aws, number=2), copy, Changing.change):
        if not experiment.outcome:
            raise Broken("overwritten", experiment)


@rekey.holds
def crash(trial: Trial) -> None:
    def work(tables: TwoTables) -> Any:
        return trial.given(tables.old, tables.new)

    for experiment in trial.explore(lambda: TwoTables(trial.aws), work, consumers=1, bounds=Bounds(switches=0)):
        if experiment.outcome:
            raise Broken("missing", experiment, number=experiment.outcome)
