"""Items in the order in which DynamoDB keeps them.

A partition key's hash says where its items lie, so a scan goes by hash, which looks like no order at all. Items of one
partition key, an item collection, lie together, sorted by their sort key. Every look-up here is O(log n), and so is
every write, but for the shifting of a list of references, which is microseconds at 100,000 items.
"""

import hashlib
from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, NamedTuple

from labkit.embedded.tables.values import Attributes, size, sortable

HASH_BITS = 64

Partition = tuple[Any, ...]  # the sortable values of the partition key
SortKey = tuple[Any, ...]  # of the sort key; in an index also of the table's key, which makes it unique


class Key(NamedTuple):
    partition: Partition
    sort: SortKey


@dataclass(frozen=True, slots=True)
class Item:
    """What lies in a table, or of it in an index. Never changed, only replaced."""

    attributes: Attributes
    size: int

    @classmethod
    def of(cls, attributes: Attributes) -> "Item":
        return cls(attributes, size(attributes))


@dataclass(slots=True)
class Collection:
    """The items of one partition key."""

    order: list[SortKey] = field(default_factory=list)
    items: dict[SortKey, Item] = field(default_factory=dict)


@dataclass(frozen=True)
class Range:
    """A part of a collection: sort keys that begin with `equal`, and go on between `low` and `high` (if not None).

    `low` and `high` are values with "may be equal"; `prefix` is what a string or binary must begin with.
    """

    equal: SortKey = ()
    low: tuple[Any, bool] | None = None
    high: tuple[Any, bool] | None = None
    prefix: bytes | None = None

    def bounds(self, order: Sequence[SortKey]) -> tuple[int, int]:
        """First position and the one after the last."""
        n = len(self.equal)
        first = bisect_left(order, self.equal, key=lambda sort: sort[:n])
        last = bisect_right(order, self.equal, key=lambda sort: sort[:n])
        if self.prefix is not None:
            cut = len(self.prefix)
            first = bisect_left(order, self.prefix, first, last, key=lambda sort: sort[n][:cut])
            last = bisect_right(order, self.prefix, first, last, key=lambda sort: sort[n][:cut])
        if self.low:
            value, included = self.low
            bisect = bisect_left if included else bisect_right
            first = bisect(order, value, first, last, key=lambda sort: sort[n])
        if self.high:
            value, included = self.high
            bisect = bisect_right if included else bisect_left
            last = bisect(order, value, first, last, key=lambda sort: sort[n])
        return first, last


class OrderedItems:
    """A table's items, or an index's.

    `partition_names` are the attributes of the partition key (an index can have several), `sort_names` those that
    sort a collection. An item without one of them does not belong here: that is what makes an index sparse.
    """

    def __init__(self, partition_names: Sequence[str], sort_names: Sequence[str]) -> None:
        self.partition_names = tuple(partition_names)
        self.sort_names = tuple(sort_names)
        self._collections: dict[Partition, Collection] = {}
        self._order: list[tuple[int, Partition]] = []
        self._count = 0

    def __len__(self) -> int:
        return self._count

    def key_of(self, attributes: Attributes) -> Key | None:
        try:
            return Key(
                tuple(sortable(attributes[name]) for name in self.partition_names),
                tuple(sortable(attributes[name]) for name in self.sort_names),
            )
        except KeyError:
            return None

    def get(self, key: Key) -> Item | None:
        collection = self._collections.get(key.partition)
        return collection.items.get(key.sort) if collection else None

    def put(self, key: Key, item: Item) -> None:
        collection = self._collections.get(key.partition)
        if collection is None:
            collection = self._collections[key.partition] = Collection()
            insort(self._order, (_hash(key.partition), key.partition))
        if key.sort not in collection.items:
            insort(collection.order, key.sort)
            self._count += 1
        collection.items[key.sort] = item

    def remove(self, key: Key) -> None:
        collection = self._collections.get(key.partition)
        if collection is None or key.sort not in collection.items:
            return
        del collection.items[key.sort]
        del collection.order[bisect_left(collection.order, key.sort)]
        self._count -= 1
        if not collection.items:
            del self._collections[key.partition]
            del self._order[bisect_left(self._order, (_hash(key.partition), key.partition))]

    def query(
        self, partition: Partition, range_: Range, *, after: SortKey | None = None, backwards: bool = False
    ) -> Iterator[Item]:
        """A collection's items in `range_`, in order, from the one that follows `after`."""
        collection = self._collections.get(partition)
        if collection is None:
            return
        first, last = range_.bounds(collection.order)
        if after is not None and backwards:
            last = min(last, bisect_left(collection.order, after))
        elif after is not None:
            first = max(first, bisect_right(collection.order, after))
        positions = range(last - 1, first - 1, -1) if backwards else range(first, last)
        for position in positions:
            yield collection.items[collection.order[position]]

    def scan(self, *, after: Key | None = None, segment: int = 0, segments: int = 1) -> Iterator[Item]:
        """All items, or those of one of `segments` equal parts of the hashes' range, from the one after `after`."""
        first = bisect_left(self._order, -(-(segment << HASH_BITS) // segments), key=lambda entry: entry[0])
        last = bisect_left(self._order, -(-((segment + 1) << HASH_BITS) // segments), key=lambda entry: entry[0])
        if after:
            here = (_hash(after.partition), after.partition)
            yield from self.query(after.partition, Range(), after=after.sort)
            first = max(first, bisect_right(self._order, here))
        for position in range(first, last):
            collection = self._collections[self._order[position][1]]
            for sort in collection.order:
                yield collection.items[sort]


def _hash(partition: Partition) -> int:
    """The same in every process, unlike Python's own."""
    text = b"\0".join(str(part).encode() if isinstance(part, Decimal) else part for part in partition)
    return int.from_bytes(hashlib.md5(text, usedforsecurity=False).digest()[: HASH_BITS // 8])
