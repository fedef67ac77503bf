"""6.3: all of a table is copied to one with another key, whatever comes between."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from labkit.checks.exercise import Broken, Exercise
from labkit.checks.keyed_tables import Tables, order
from labkit.checks.trial import Trial
from labkit.embedded.in_process import InProcessAws
from labkit.explore import Bounds
from labkit.texts import explore as texts

rekey = Exercise("6.3", "rekey", ("old_table", "new_table"))


class TwoTables(Tables):
    """The old table, by id, and the new one, by customer and time. A world to explore."""

    def __init__(self, aws: InProcessAws, number: int = 4, size: int = 10) -> None:
        super().__init__(aws)
        self.old, self.new = self.create("id"), self.create("customer", "placed")
        for n in range(number):
            self.put(self.old, order(n, f"c-{n % 2}", size))
        self.orders = self.items(self.old)  # in the order in which a scan finds them

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
    """The program writes to the new table already."""
    tables = TwoTables(trial.aws)
    changed_since = tables.orders[-1] | {"note": {"S": "changed since"}}
    tables.put(tables.new, changed_since)
    answer = _moved(trial, tables)
    if changed_since not in tables.items(tables.new):
        raise Broken("overwritten")
    if answer != len(tables.orders) - 1:
        raise Broken("not_the_count", got=answer, wanted=len(tables.orders) - 1)


@rekey.holds
def pages(trial: Trial) -> None:
    _moved(trial, TwoTables(trial.aws, 8, 300_000))


@rekey.holds
def crash(trial: Trial) -> None:
    def work(tables: TwoTables) -> Any:
        return trial.given(tables.old, tables.new)

    for experiment in trial.explore(lambda: TwoTables(trial.aws), work, consumers=1, bounds=Bounds(switches=0)):
        if experiment.outcome:
            raise Broken("missing", experiment, number=experiment.outcome)
