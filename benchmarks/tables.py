"""What a call on a DynamoDB table costs, by the number of items in it."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

from benchmarks.costs import Costs, Cycles, Plan, in_rounds
from benchmarks.servers import Server, both, client

ITEMS = (1_000, 100_000)
COLLECTIONS = 20  # item collections, which grow with the table


def measure(plan: Plan, progress: Callable[[str], None]) -> Costs:
    """The costs of all calls."""
    costs = Costs()
    with both() as servers:
        cycles: Cycles = {server: [] for server in servers}
        for items in sorted(ITEMS, reverse=True):  # the largest in a server that has nothing else in its memory
            for server in servers:
                progress(f"{items:,} items for {server.kind}")
                table = _Table(server, items, costs)
                costs.memory.setdefault(server.kind, table.memory)
                cycles[server].append(table.cycle)
        in_rounds(plan, cycles, progress)
    return costs


def create_table(dynamodb: Any, name: str) -> None:
    """Make the table, and wait until it can be used."""
    dynamodb.create_table(
        TableName=name,
        KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}],
        AttributeDefinitions=[
            {"AttributeName": "pk", "AttributeType": "S"},
            {"AttributeName": "sk", "AttributeType": "S"},
        ],
        BillingMode="PAY_PER_REQUEST",
    )
    dynamodb.get_waiter("table_exists").wait(TableName=name, WaiterConfig={"Delay": 1})


class _Table:
    """A table with items in it; `memory` is how many bytes they take."""

    def __init__(self, server: Server, items: int, costs: Costs) -> None:
        self._server, self._items, self._costs = server, items, costs
        self._name = f"t{items}"
        self._dynamodb = client("dynamodb", server.endpoint_url)
        self._numbers = itertools.count(step=7_919)  # a prime, so that the calls go all over the table
        create_table(self._dynamodb, self._name)
        before = server.memory()
        for first in range(0, items, 25):
            left = {self._name: [{"PutRequest": {"Item": _item(number)}} for number in range(first, first + 25)]}
            while left:  # ours throttles a new table's writes, as AWS does
                left = self._dynamodb.batch_write_item(RequestItems=left)["UnprocessedItems"]
        self.memory = server.memory() - before

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
        self._costs.measure(self._server, self._items, name, call, TableName=self._name, **arguments)


def _key(number: int) -> dict[str, Any]:
    return {"pk": {"S": f"collection {number % COLLECTIONS}"}, "sk": {"S": f"{number:08}"}}


def _item(number: int) -> dict[str, Any]:
    return {**_key(number), "version": {"N": "1"}, "text": {"S": "x" * 100}}
