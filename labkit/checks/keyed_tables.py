"""Tables of one AWS with whatever key, and orders to lay into them."""

from __future__ import annotations

import itertools
from typing import Any

from labkit.embedded.in_process import InProcessAws

Item = dict[str, dict[str, Any]]
_numbers = itertools.count(1)


class Tables:
    """Tables of one AWS, made and looked into."""

    def __init__(self, aws: InProcessAws) -> None:
        self.dynamodb = aws.client("dynamodb")

    def create(self, *keys: str) -> str:
        """A table whose key is one attribute, or two, all of them text. Its name."""
        name = f"table-{next(_numbers)}"
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


def order(number: int, customer: str = "Ana", size: int = 10, **more: str) -> Item:
    """An order that is complete: `number` says when it was placed, `size` how long its note is. `more` as texts."""
    texts = {
        "customer": customer,
        "placed": f"2026-11-24T{10 + number // 60}:{number % 60:02}:00",
        "id": f"o-{number}",
        "status": "complete",
        "note": "x" * size,
    }
    return {name: {"S": text} for name, text in (texts | more).items()}
