"""Many items at once, past HTTP: what BatchWriteItem would store, without its price, its throttling and its time."""

from typing import Any

from moto.dynamodb.models import dynamodb_backends

from labkit.embedded.tables.batches import MAX_WRITES, prepared
from labkit.embedded.tables.errors import not_found
from labkit.embedded.tables.table import Table
from labkit.embedded.tables.writes import check_distinct


def fill(account: str, region: str, table_name: str, items: list[dict[str, Any]]) -> None:
    """Put `items`, as the wire has them, in batches of 25, of which each is stored as a whole or not at all.

    Raises the TableError that BatchWriteItem would answer for an item that is none, or for a table that is not there.
    """
    table: Table | None = dynamodb_backends[account][region].tables.get(table_name)
    if table is None or not table.active:
        raise not_found()
    table.remove_expired()
    for first in range(0, len(items), MAX_WRITES):
        writes = [prepared(table, {"PutRequest": {"Item": item}}) for item in items[first : first + MAX_WRITES]]
        check_distinct((table, write.key) for write in writes)
        for write in writes:
            table.write(write.key, table.base.items.get(write.key), write.candidate)
