"""PutItem, UpdateItem, DeleteItem; and one write of a batch or a transaction, which is one of these three."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from labkit.embedded.tables import capacity, conditions, legacy, matching, paths, updates
from labkit.embedded.tables.capacity import TABLE, Units
from labkit.embedded.tables.conditions import Condition
from labkit.embedded.tables.errors import TableError, condition_failed, invalid, invalid_parameter
from labkit.embedded.tables.paths import Path
from labkit.embedded.tables.store import Item, Key
from labkit.embedded.tables.syntax import Placeholders
from labkit.embedded.tables.table import Table
from labkit.embedded.tables.values import Attributes, checked_all

Request = dict[str, Any]
MAX_ITEM_BYTES = 400 * 1024
SINGLE = (
    "1 validation error detected: "  # how AWS begins some of its sentences in these three operations, and no others
)


@dataclass(frozen=True)
class Write:
    """One write that was asked for. `change` makes the item's attributes from the old ones; None deletes the item."""

    table: Table
    key: Key
    change: Callable[[Attributes], Attributes | None]
    condition: Condition | None = None
    return_item_on_failure: bool = False
    candidate: Item | None = None  # what a put wants to write: a failed condition is charged for it
    touched: tuple[Path, ...] = ()


@dataclass(frozen=True)
class Planned:
    """What a write that may go ahead does, and what that costs."""

    write: Write
    old: Item | None
    new: Item | None
    units: Units

    def commit(self) -> None:
        self.write.table.write(self.write.key, self.old, self.new)


def plan(write: Write) -> Planned:
    """Decide one write. Raises ConditionalCheckFailedException (which costs, too) or a throttling error."""
    table = write.table
    table.admit("Write", TABLE, write.key.partition)
    old = table.base.items.get(write.key)
    if write.condition and not matching.holds(write.condition, old.attributes if old else {}):
        table.charge("Write", {TABLE: capacity.write_units(old, write.candidate)}, write.key.partition)
        raise condition_failed(old.attributes if old and write.return_item_on_failure else None)
    attributes = write.change(old.attributes if old else {})
    new = None if attributes is None else Item.of(attributes)
    if new and new.size > MAX_ITEM_BYTES:
        to_update = " to update" if write.touched else ""
        raise invalid(f"Item size{to_update} has exceeded the maximum allowed size")
    units = table.write_units(old, new)
    for index in units:
        if index is not TABLE:
            table.admit("Write", index)
    return Planned(write, old, new, units)


def put_item(table: Table, request: Request) -> dict[str, Any]:
    if request.get("ReturnValues", "NONE") not in ("NONE", "ALL_OLD"):
        raise invalid("Return values set to invalid value")
    return _single(prepare_put(table, request, SINGLE), request)


def delete_item(table: Table, request: Request) -> dict[str, Any]:
    if request.get("ReturnValues", "NONE") not in ("NONE", "ALL_OLD"):
        raise invalid("Return values set to invalid value")
    return _single(prepare_delete(table, request, SINGLE), request)


def update_item(table: Table, request: Request) -> dict[str, Any]:
    return _single(prepare_update(table, request, SINGLE), request)


def _single(write: Write, request: Request) -> dict[str, Any]:
    planned = plan(write)
    planned.commit()
    consumed = write.table.charge("Write", planned.units, write.key.partition)
    answer: dict[str, Any] = {}
    if attributes := _returned(planned, request.get("ReturnValues", "NONE")):
        answer["Attributes"] = attributes
    for report in capacity.reported(request, [consumed]):
        answer["ConsumedCapacity"] = report
    return answer


def _returned(planned: Planned, which: str) -> Attributes:
    item = planned.old if which.endswith("OLD") else planned.new
    if which == "NONE" or item is None:
        return {}
    if which.startswith("ALL"):
        return item.attributes
    return paths.project(item.attributes, planned.write.touched)


def prepare_put(table: Table, request: Request, prefix: str = "") -> Write:
    attributes = _checked_item(request["Item"], prefix)
    item = Item.of(attributes)
    key = table.keys.of_item(attributes)
    return Write(table, key, lambda _: attributes, **_condition(request, prefix), candidate=item)


def prepare_delete(table: Table, request: Request, prefix: str = "") -> Write:
    return Write(table, table.keys.of(checked_all(request["Key"])), lambda _: None, **_condition(request, prefix))


def prepare_check(table: Table, request: Request, prefix: str = "") -> Write:
    """A transaction's ConditionCheck: a write that leaves the item as it is."""
    key = table.keys.of(checked_all(request["Key"]))
    return Write(table, key, lambda old: old or None, **_condition(request, prefix))


def prepare_update(table: Table, request: Request, prefix: str = "") -> Write:
    legacy.check_not_mixed(
        request, ["UpdateExpression", "ConditionExpression"], ["AttributeUpdates", "Expected", "ConditionalOperator"]
    )
    placeholders = Placeholders.of(request, prefix)
    if (expression := request.get("UpdateExpression")) is not None:
        actions = updates.parse(expression, placeholders)
    else:
        actions = legacy.actions(request.get("AttributeUpdates"))
    condition = _condition(request, prefix, placeholders)
    key_attributes = checked_all(request["Key"])
    key = table.keys.of(key_attributes)
    for action in actions:
        if action.path[0] in key_attributes:
            raise invalid_parameter(f"Cannot update attribute {action.path[0]}. This attribute is part of the key")

    def change(old: Attributes) -> Attributes:
        new = updates.apply(actions, old or key_attributes)
        table.keys.check_indexes(new)
        return new

    return Write(table, key, change, **condition, touched=tuple(action.path for action in actions))


def _condition(request: Request, prefix: str, placeholders: Placeholders | None = None) -> dict[str, Any]:
    """The part of a Write that says when it may go ahead."""
    if placeholders is None:
        legacy.check_not_mixed(request, ["ConditionExpression"], ["Expected", "ConditionalOperator"])
        placeholders = Placeholders.of(request, prefix)
    condition: Condition | None
    if (expression := request.get("ConditionExpression")) is not None:
        condition = conditions.parse("ConditionExpression", expression, placeholders)
    else:
        condition = legacy.condition(request.get("Expected"), request.get("ConditionalOperator"))
    placeholders.check_all_used()
    on_failure = request.get("ReturnValuesOnConditionCheckFailure", "NONE")
    return {"condition": condition, "return_item_on_failure": on_failure == "ALL_OLD"}


def _checked_item(item: object, prefix: str = "") -> Attributes:
    try:
        return checked_all(item)
    except TableError as error:
        if prefix and "may not be empty" in error.message:
            raise invalid(prefix + error.message) from None
        raise


def check_distinct(
    keys: Iterable[tuple[Table, Key]], message: str = "Provided list of item keys contains duplicates"
) -> None:
    """ValidationException if an item is named twice in one request."""
    seen = set()
    for table, key in keys:
        if (table.name, key) in seen:
            raise invalid(message)
        seen.add((table.name, key))
