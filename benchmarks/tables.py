"""What a call on a DynamoDB table costs, by the number of items in it."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

from benchmarks.costs import Costs, Plan, in_rounds
from benchmarks.servers import Server, both, client

ITEMS = (1_000, 100_000)
COLLECTIONS = 10  # item collections, which grow with the table
TABLE = "t"


def measure(plan: Plan, progress: Callable[[str], None]) -> Costs:
    """The costs of all calls."""
    costs = Costs()
    with both() as servers:
        tables = {server: _Table(server, costs) for server in servers}
        before = {server: server.memory() for server in servers}
        for items in ITEMS:
            for server, table in tables.items():
                progress(f"{items:,} items: filling {server.kind}")
                table.grow_to(items)
            progress(f"{items:,} items: calls")
            in_rounds(plan, servers, lambda server: tables[server].cycle())
        costs.memory = {server.kind: server.memory() - before[server] for server in servers}
    return costs


def create_table(dynamodb: Any) -> None:
    """Make the table, and wait until it can be used."""
    dynamodb.create_table(
        TableName=TABLE,
        KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}],
        AttributeDefinitions=[
            {"AttributeName": "pk", "AttributeType": "S"},
            {"AttributeName": "sk", "AttributeType": "S"},
        ],
        BillingMode="PAY_PER_REQUEST",
    )
    dynamodb.get_waiter("table_exists").wait(TableName=TABLE, WaiterConfig={"Delay": 1})


class _Table:
    """A table with items in it."""

    def __init__(self, server: Server, costs: Costs) -> None:
        self._server, self._costs = server, costs
        self._dynamodb = client("dynamodb", server.endpoint_url)
        create_table(self._dynamodb)
        self._items = 0
        self._numbers = itertools.count(step=7_919)  # a prime, so that the calls go all over the table

    def grow_to(self, items: int) -> None:
        for first in range(self._items, items, 25):
            puts = [{"PutRequest": {"Item": _item(number)}} for number in range(first, min(first + 25, items))]
            self._dynamodb.batch_write_item(RequestItems={TABLE: puts})
        self._items = items

    def cycle(self) -> None:
        """Each call once, on an item that is there: the table stays as full as it is."""
        number = next(self._numbers) % self._items
        dynamodb, key = self._dynamodb, _key(number)
        self._measure("put", dynamodb.put_item, Item=_item(number))
        self._measure("get", dynamodb.get_item, Key=key)
        self._measure(
            "query, Limit 1",
            dynamodb.query,
            KeyConditionExpression="pk = :pk AND sk >= :sk",
            ExpressionAttributeValues={":pk": key["pk"], ":sk": key["sk"]},
            Limit=1,
        )
        self._measure(
            "conditional update",
            dynamodb.update_item,
            Key=key,
            UpdateExpression="SET version = :next",
            ConditionExpression="version = :known",
            ExpressionAttributeValues={":known": {"N": "1"}, ":next": {"N": "2"}},
        )

    def _measure(self, name: str, call: Callable[..., Any], **arguments: Any) -> None:
        self._costs.measure(self._server, self._items, name, call, TableName=TABLE, **arguments)


def _key(number: int) -> dict[str, Any]:
    return {"pk": {"S": f"collection {number % COLLECTIONS}"}, "sk": {"S": f"{number:08}"}}


def _item(number: int) -> dict[str, Any]:
    return {**_key(number), "version": {"N": "1"}, "text": {"S": "x" * 100}}
