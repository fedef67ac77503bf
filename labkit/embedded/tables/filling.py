"""A table made, filled and read past its API: as CreateTable, BatchWriteItem and Scan would, without price or throttling.

For whoever needs a table to try something on; a lesson's own calls go through the API.
"""

import copy
from typing import Any

from moto.dynamodb.models import dynamodb_backends

from labkit.embedded.tables.batches import MAX_WRITES, prepared
from labkit.embedded.tables.errors import not_found
from labkit.embedded.tables.table import Table
from labkit.embedded.tables.writes import check_distinct


def make(account: str, region: str, table_name: str, *keys: str) -> None:
    """A table with a key of one attribute, or of two, all of them texts, paid by request. It is ACTIVE at once."""
    dynamodb_backends[account][region].create_table(
        table_name,
        schema=[{"AttributeName": key, "KeyType": kind} for key, kind in zip(keys, ("HASH", "RANGE"), strict=False)],
        attr=[{"AttributeName": key, "AttributeType": "S"} for key in keys],
        billing_mode="PAY_PER_REQUEST",
        throughput=None,
        global_indexes=[],
        indexes=[],
        streams=None,
        sse_specification=None,
        tags=[],
        deletion_protection_enabled=False,
        warm_throughput=None,
    )


def fill(account: str, region: str, table_name: str, items: list[dict[str, Any]]) -> None:
    """Put `items`, as the wire has them, in batches of 25, of which each is stored as a whole or not at all.

    Raises the TableError that BatchWriteItem would answer for an item that is none, or for a table that is not there.
    """
    table = _find(account, region, table_name)
    for first in range(0, len(items), MAX_WRITES):
        writes = [prepared(table, {"PutRequest": {"Item": item}}) for item in items[first : first + MAX_WRITES]]
        check_distinct((table, write.key) for write in writes)
        for write in writes:
            table.write(write.key, table.base.items.get(write.key), write.candidate)


def items(account: str, region: str, table_name: str) -> list[dict[str, Any]]:
    """All items, as the wire has them. Raises TableError for a table that is not there."""
    return [copy.deepcopy(item.attributes) for item in _find(account, region, table_name).base.items.scan()]


def _find(account: str, region: str, table_name: str) -> Table:
    table: Table | None = dynamodb_backends[account][region].tables.get(table_name)
    if table is None or not table.active:
        raise not_found()
    table.remove_expired()
    return table
