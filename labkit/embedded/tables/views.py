"""The table itself and each of its indexes, as something to be queried."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from labkit.embedded.tables.capacity import TABLE
from labkit.embedded.tables.store import Item, Key, OrderedItems


@dataclass
class View:
    """`name` is the index's, or None. `projected`: the attributes that are in it, None for all."""

    name: str | None
    partition_names: tuple[str, ...]
    sort_names: tuple[str, ...]
    projected: frozenset[str] | None
    local: bool
    items: OrderedItems

    @classmethod
    def of_table(cls, schema: Sequence[Mapping[str, str]]) -> "View":
        return cls._of(TABLE, schema, (), None, local=True)

    @classmethod
    def of_index(cls, index: Any, table_keys: Sequence[str], *, local: bool) -> "View":
        """`index` is moto's description of it."""
        projected = None
        if index.projection.get("ProjectionType", "ALL") != "ALL":
            extra = index.projection.get("NonKeyAttributes") or []
            projected = frozenset([*table_keys, *index.schema_key_attrs, *extra])
        return cls._of(index.name, index.schema, table_keys, projected, local=local)

    @classmethod
    def _of(
        cls,
        name: str | None,
        schema: Sequence[Mapping[str, str]],
        table_keys: Sequence[str],
        projected: frozenset[str] | None,
        *,
        local: bool,
    ) -> "View":
        partition, sort = (
            tuple(key["AttributeName"] for key in schema if key["KeyType"] == kind) for kind in ("HASH", "RANGE")
        )
        # An index's keys need not be unique. The table's key after them makes them so.
        sorts_by = [name for name in dict.fromkeys((*sort, *table_keys)) if name not in partition]
        return cls(name, partition, sort, projected, local, OrderedItems(partition, sorts_by))

    @property
    def key_names(self) -> tuple[str, ...]:
        """What a LastEvaluatedKey consists of."""
        return self.items.partition_names + self.items.sort_names

    def entry(self, item: Item | None) -> tuple[Key, Item] | None:
        """Where `item` lies here, and what of it; None if it does not belong here."""
        key = self.items.key_of(item.attributes) if item else None
        if item is None or key is None:
            return None
        if self.projected is None:
            return key, item
        return key, Item.of({name: value for name, value in item.attributes.items() if name in self.projected})
