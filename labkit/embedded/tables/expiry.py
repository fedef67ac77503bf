"""Time to live: items with an expiry time, and when they really go.

AWS deletes them "within a few days" of their expiry; here it is 48 hours of the movable clock after it. Until then they
are read and queried like all others, which is why a reader has to filter.
https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/TTL.html
"""

import heapq
import time
from collections.abc import Iterable, Iterator
from decimal import Decimal

from labkit.embedded.tables.store import Item, Key
from labkit.embedded.tables.values import Attributes

DELETED_AFTER = 48 * 3600
_TOO_LONG_AGO = 5 * 365 * 86400  # a time in the past this far is taken for a mistake


class Expiry:
    """Which items expire when, soonest first."""

    def __init__(self, attribute: str, items: Iterable[tuple[Key, Item]]) -> None:
        self.attribute = attribute
        self._queue: list[tuple[float, Key]] = []
        for key, item in items:
            self.note(key, item.attributes)

    def note(self, key: Key, attributes: Attributes) -> None:
        """An item was written. Only a number counts; whatever else is in the attribute never expires."""
        if (at := self.time_of(attributes)) is not None:
            heapq.heappush(self._queue, (at, key))

    def time_of(self, attributes: Attributes) -> float | None:
        number = attributes.get(self.attribute, {}).get("N")
        return None if number is None else float(Decimal(number))

    def due(self) -> Iterator[tuple[Key, float]]:
        """Keys whose time has come, with the expiry that was noted: the item may have another one by now."""
        now = time.time()
        while self._queue and self._queue[0][0] + DELETED_AFTER <= now:
            at, key = heapq.heappop(self._queue)
            if at > now - _TOO_LONG_AGO:
                yield key, at
