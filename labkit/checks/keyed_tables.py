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
        self._aws = aws

    @property
    def dynamodb(self) -> Any:
        """The client, for what else is to be done with them."""
        return self._aws.client("dynamodb")

    def create(self, *keys: str) -> str:
        """A table whose key is one attribute, or two, all of them text. Its name."""
        name = f"table-{next(_numbers)}"
        self._aws.make_table(name, *keys)
        return name

    def put(self, table_name: str, item: Item) -> None:
        self._aws.fill_table(table_name, [item])

    def items(self, table_name: str) -> list[Item]:
        return self._aws.items(table_name)


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
