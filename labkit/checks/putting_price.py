"""6.2: one attribute of an item is changed, and only if the item is there."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from labkit.checks.exercise import Broken, Exercise
from labkit.checks.in_between import in_between
from labkit.checks.keyed_tables import Item, Tables
from labkit.checks.refusals import refused_writes
from labkit.checks.trial import Trial
from labkit.embedded.in_process import InProcessAws
from labkit.texts import explore as texts

put_price = Exercise("6.2", "put_price", ("table_name", "item_id", "price"))

TICKET: Item = {"id": {"S": "a"}, "name": {"S": "ticket"}, "status": {"S": "draft"}}
NOT_PRICED, PRICED = TICKET, TICKET | {"price": {"N": "5"}}


class OneItem(Tables):
    """A table with an item, `a`. A world to explore."""

    def __init__(self, aws: InProcessAws, item: Item = PRICED) -> None:
        super().__init__(aws)
        self.table = self.create("id")
        self.put(self.table, item)

    def item(self) -> Item:
        """What has become of it; empty if it is gone."""
        return next(iter(self.items(self.table)), {})

    def rename(self) -> None:
        self.dynamodb.update_item(
            TableName=self.table,
            Key={"id": {"S": "a"}},
            UpdateExpression="SET #name = :name",
            ExpressionAttributeNames={"#name": "name"},
            ExpressionAttributeValues={":name": {"S": "seat"}},
        )

    def delete(self) -> None:
        self.dynamodb.delete_item(TableName=self.table, Key={"id": {"S": "a"}})

    def settled(self) -> bool:
        return True

    def lanes(self) -> Mapping[str, str]:
        found = [f"{name} {value}" for name, one in sorted(self.item().items()) for value in one.values()]
        return {texts.TABLE: ", ".join(found) or texts.EMPTY}

    def outcome(self) -> Item:
        return self.item()


@put_price.holds
def changed(trial: Trial) -> None:
    for price, before in ((9.99, PRICED), (10, NOT_PRICED), (0.29, PRICED)):
        table = OneItem(trial.aws, before)
        answer = trial.call(table.table, "a", price, returns=bool)
        item = table.item()
        if "name" not in item:
            raise Broken("attribute_lost")
        if "price" not in item:
            raise Broken("no_price")
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
    table = OneItem(trial.aws)
    trial.call(table.table, "a", 0.0, returns=bool)
    if Decimal(table.item()["price"]["N"]) != 0:
        raise Broken("not_zero")


@put_price.holds
def missing(trial: Trial) -> None:
    table = OneItem(trial.aws)
    table.delete()
    answer = trial.call(table.table, "a", 9.99, returns=bool)
    if table.item():
        raise Broken("invented")
    if answer:
        raise Broken("not_false")


@put_price.holds
def table_away(trial: Trial) -> None:
    table = OneItem(trial.aws)
    with refused_writes(trial.aws):
        result = trial.attempt(table.table, "a", 9.99)
    if result.value is False:
        raise Broken("said_false")
    if result.value is True:
        raise Broken("said_true")


@put_price.holds
def meanwhile(trial: Trial) -> None:
    def price(table: OneItem) -> object:
        return trial.given(table.table, "a", 9.99)

    for experiment in in_between(trial, lambda: OneItem(trial.aws), price, OneItem.delete):
        if experiment.outcome:
            raise Broken("invented", experiment)
    for experiment in in_between(trial, lambda: OneItem(trial.aws), price, OneItem.rename):
        if experiment.outcome.get("name") != {"S": "seat"}:
            raise Broken("undone", experiment)
