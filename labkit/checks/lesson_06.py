"""The exercises of 06: a price, the newest orders, and a table that was born with the wrong key."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from labkit.checks.exercise import Broken, Exercise
from labkit.checks.listing import read_units
from labkit.checks.trial import Trial
from labkit.embedded.in_process import InProcessAws
from labkit.explore import Bounds

put_price = Exercise("6.1", "put_price", ("table_name", "item_id", "price"))
newest = Exercise("6.2", "newest", ("table_name", "customer", "n"))
rekey = Exercise("6.3", "rekey", ("old_table", "new_table"))
EXERCISES = (put_price, newest, rekey)

DEAREST = 30  # read units for three orders of 4 KB: pages of 25 cost 13, all of the customer's 100
_numbers = itertools.count(1)
Item = dict[str, dict[str, Any]]


class Tables:
    """Tables of one AWS, made and looked into."""

    def __init__(self, aws: InProcessAws) -> None:
        self.dynamodb = aws.client("dynamodb")

    def create(self, *keys: str) -> str:
        name = f"keys-{next(_numbers)}"
        self.dynamodb.create_table(
            TableName=name,
            KeySchema=[
                {"AttributeName": key, "KeyType": kind} for key, kind in zip(keys, ("HASH", "RANGE"), strict=False)
            ],
            AttributeDefinitions=[{"AttributeName": key, "AttributeType": "S"} for key in keys],
            BillingMode="PAY_PER_REQUEST",
        )
        self.dynamodb.describe_table(TableName=name)  # asked for once, it is ACTIVE
        return name

    def put(self, table_name: str, item: Item) -> None:
        self.dynamodb.put_item(TableName=table_name, Item=item)

    def items(self, table_name: str) -> list[Item]:
        pages = self.dynamodb.get_paginator("scan").paginate(TableName=table_name, ConsistentRead=True)
        return [item for page in pages for item in page["Items"]]


def _order(number: int, customer: str = "Ana", size: int = 10, **more: str) -> Item:
    texts = {"customer": customer, "placed": f"2026-11-24T10:{number:04}", "id": f"o-{number}", "note": "x" * size}
    return {name: {"S": text} for name, text in (texts | more).items()}


@put_price.holds
def changed(trial: Trial) -> None:
    tables = Tables(trial.aws)
    table = tables.create("id")
    for price in (9.99, 10, 0.1):
        tables.put(table, {"id": {"S": "a"}, "name": {"S": "ticket"}, "price": {"N": "5"}})
        answer = trial.call(table, "a", price, returns=bool)
        item = tables.items(table)[0]
        if "name" not in item:
            raise Broken("attribute_lost")
        if "N" not in item["price"]:
            raise Broken("not_number", got=item["price"])
        if Decimal(item["price"]["N"]) != Decimal(str(price)):
            raise Broken("other_price", got=item["price"]["N"], wanted=price)
        if item.get("status") != {"S": "on sale"}:
            raise Broken("not_status", got=item.get("status"))
        if not answer:
            raise Broken("not_true")


@put_price.holds
def free(trial: Trial) -> None:
    tables = Tables(trial.aws)
    table = tables.create("id")
    tables.put(table, {"id": {"S": "a"}, "price": {"N": "5"}})
    trial.call(table, "a", 0.0, returns=bool)
    if Decimal(tables.items(table)[0]["price"]["N"]) != 0:
        raise Broken("not_zero")


@put_price.holds
def missing(trial: Trial) -> None:
    tables = Tables(trial.aws)
    table = tables.create("id")
    answer = trial.call(table, "nobody", 9.99, returns=bool)
    if tables.items(table):
        raise Broken("invented")
    if answer:
        raise Broken("not_false")


def _ids(trial: Trial, table: str, customer: str, n: int) -> list[str]:
    answer: list[str] = trial.call(table, customer, n, returns=list)
    if any(not isinstance(one, str) for one in answer):
        raise Broken("not_ids", got=answer[0])
    return answer


@newest.holds
def few(trial: Trial) -> None:
    tables = Tables(trial.aws)
    table = tables.create("customer", "placed")
    for number in range(6):
        tables.put(table, _order(number))
        tables.put(table, _order(number + 10, "Ben"))
    got = _ids(trial, table, "Ana", 3)
    if set(got) & {f"o-{number}" for number in range(10, 16)}:
        raise Broken("others", got=got)
    if len(got) > 3:
        raise Broken("too_many", number=len(got))
    if got != ["o-5", "o-4", "o-3"]:
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
    for number in range(8):
        tables.put(table, _order(number, size=size, status="cancelled" if number > 2 else "complete"))
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
        tables.put(table, _order(number, size=4000))
        trial.aws.wait(0.01)
    with read_units() as units:
        _ids(trial, table, "Ana", 3)
    if sum(units) > DEAREST:
        raise Broken("dear", units=f"{sum(units):g}")


class TwoTables(Tables):
    """The old table, by id, and the new one, by customer and time. A world to explore."""

    def __init__(self, aws: InProcessAws, number: int = 4, size: int = 10) -> None:
        super().__init__(aws)
        self.old, self.new = self.create("id"), self.create("customer", "placed")
        for n in range(number):
            self.put(self.old, _order(n, f"c-{n % 2}", size))
            if size > 1000:
                aws.wait(1)
        self.orders = self.items(self.old)  # in the order in which a scan finds them

    def missing(self) -> int:
        there = {item.get("id", {}).get("S") for item in self.items(self.new)}
        return sum(order["id"]["S"] not in there for order in self.orders)

    def settled(self) -> bool:
        return not self.missing()

    def lanes(self) -> Mapping[str, str]:
        return {}

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
    if any(order not in items for order in tables.orders):
        raise Broken("changed")
    if answer != len(items):
        raise Broken("not_the_count", got=answer, wanted=len(items))


@rekey.holds
def old_stays(trial: Trial) -> None:
    tables = TwoTables(trial.aws)
    _moved(trial, tables)
    if len(tables.items(tables.old)) < len(tables.orders):
        raise Broken("emptied")


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

    runs: Iterator[Any] = trial.explore(lambda: TwoTables(trial.aws), work, consumers=1, bounds=Bounds(switches=0))
    for experiment in runs:
        if experiment.outcome:
            raise Broken("missing", experiment, number=experiment.outcome)
