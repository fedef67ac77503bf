"""Many items at once, past HTTP: what BatchWriteItem would store, without its price, its limits and its time."""

from typing import Any

from moto.dynamodb.models import dynamodb_backends

from labkit.embedded.tables.batches import prepared
from labkit.embedded.tables.store import Item


def fill(account: str, region: str, table_name: str, items: list[dict[str, Any]]) -> None:
    """Put `items`, each as PutItem takes it. Raises what BatchWriteItem would raise for an item that is none."""
    table = dynamodb_backends[account][region].get_table(table_name)
    for item in items:
        write = prepared(table, {"PutRequest": {"Item": item}})
        attributes = write.change({})
        table.write(write.key, table.base.items.get(write.key), attributes and Item.of(attributes))
