"""6.2: one attribute of an item is changed, and only if the item is there."""

from __future__ import annotations

from decimal import Decimal

from labkit.checks.exercise import Broken, Exercise
from labkit.checks.keyed_tables import Tables
from labkit.checks.trial import Trial

put_price = Exercise("6.2", "put_price", ("table_name", "item_id", "price"))


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
