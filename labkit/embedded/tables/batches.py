"""BatchWriteItem and BatchGetItem: many items in one request, each for itself."""

from collections.abc import Callable
from typing import Any

from labkit.embedded.tables import capacity, paths, reads
from labkit.embedded.tables.capacity import TABLE, Consumed
from labkit.embedded.tables.errors import TableError, invalid
from labkit.embedded.tables.store import Key
from labkit.embedded.tables.table import Table
from labkit.embedded.tables.values import Attributes, checked_all
from labkit.embedded.tables.writes import (
    MAX_ITEM_BYTES,
    Write,
    check_distinct,
    plan,
    prepare_delete,
    prepare_put,
)

MAX_WRITES = 25
MAX_READS = 100
MAX_RESPONSE_BYTES = 16 * 1024 * 1024
THROTTLED = ("ProvisionedThroughputExceededException", "ThrottlingException")

Find = Callable[[str], Table]


def batch_write_item(find: Find, request: dict[str, Any]) -> dict[str, Any]:
    """Up to 25 puts and deletes. What was throttled comes back in UnprocessedItems, unless everything was."""
    asked: list[tuple[Write, str, dict[str, Any]]] = []
    for name, wanted in request["RequestItems"].items():
        table = find(name)
        asked += [(prepared(table, each), name, each) for each in wanted]
    if len(asked) > MAX_WRITES:
        raise invalid("Too many items requested for the BatchWriteItem call")
    check_distinct((write.table, write.key) for write, _, _ in asked)
    consumed: dict[str, Consumed] = {}
    unprocessed: dict[str, list[dict[str, Any]]] = {}
    throttled: TableError | None = None
    for write, name, each in asked:
        try:
            planned = plan(write)
        except TableError as error:
            if error.code not in THROTTLED:
                raise
            throttled = error
            unprocessed.setdefault(name, []).append(each)
            continue
        planned.commit()
        _add(consumed, write.table.charge("Write", planned.units, write.key.partition))
    if throttled and not consumed:
        raise throttled
    return _answer({"UnprocessedItems": unprocessed}, request, consumed)


def prepared(table: Table, each: dict[str, Any]) -> Write:
    """One of a batch's writes, checked, and not done yet."""
    match each:
        case {"PutRequest": put, **rest} if not rest:
            write = prepare_put(table, put)
        case {"DeleteRequest": delete, **rest} if not rest:
            write = prepare_delete(table, delete)
        case _:
            raise invalid(
                "Supplied AttributeValue has more than one datatypes set, "
                "must contain exactly one of the supported datatypes"
            )
    if write.candidate and write.candidate.size > MAX_ITEM_BYTES:
        raise invalid("Item size has exceeded the maximum allowed size")
    return write


def batch_get_item(find: Find, request: dict[str, Any]) -> dict[str, Any]:
    """Up to 100 items. What was throttled, or is over 16 MB, comes back in UnprocessedKeys."""
    if sum(len(each["Keys"]) for each in request["RequestItems"].values()) > MAX_READS:
        raise invalid("Too many items requested for the BatchGetItem call")
    consumed: dict[str, Consumed] = {}
    responses: dict[str, list[Attributes]] = {}
    unprocessed: dict[str, dict[str, Any]] = {}
    throttled: TableError | None = None
    total = 0
    for name, wanted in request["RequestItems"].items():
        table = find(name)
        projection = reads.projection_of(wanted)
        keys: list[tuple[Key, Attributes]] = [
            (table.keys.of(attributes), attributes) for attributes in map(checked_all, wanted["Keys"])
        ]
        check_distinct((table, key) for key, _ in keys)
        responses[name] = []
        for key, attributes in keys:
            item = table.base.items.get(key)
            size = item.size if item else 0
            try:
                table.admit("Read", TABLE, key.partition)
            except TableError as error:
                throttled = error
            if throttled or total + size > MAX_RESPONSE_BYTES:
                unprocessed.setdefault(name, {**wanted, "Keys": []})["Keys"].append(attributes)
                continue
            total += size
            units = capacity.read_units(size, consistent=wanted.get("ConsistentRead", False))
            _add(consumed, table.charge("Read", {TABLE: units}, key.partition))
            if item:
                kept = item.attributes if projection is None else paths.project(item.attributes, projection)
                responses[name].append(kept)
    if throttled and not consumed:
        raise throttled
    return _answer({"Responses": responses, "UnprocessedKeys": unprocessed}, request, consumed)


def _add(all_consumed: dict[str, Consumed], one: Consumed) -> None:
    if one.table in all_consumed:
        all_consumed[one.table].add(one.units)
    else:
        all_consumed[one.table] = one


def _answer(answer: dict[str, Any], request: dict[str, Any], consumed: dict[str, Consumed]) -> dict[str, Any]:
    if reports := capacity.reported(request, consumed.values()):
        answer["ConsumedCapacity"] = reports
    return answer
