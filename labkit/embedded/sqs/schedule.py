"""Things in the order in which they are due."""

import heapq
from collections.abc import Hashable, Iterator
from typing import Generic, TypeVar

T = TypeVar("T", bound=Hashable)


class Schedule(Generic[T]):
    """Holds each thing once, at the moment (or rank) it was put at; every operation is O(log n), amortised.

    A thing that is put again or discarded leaves its old entry in the heap, to be skipped when it comes up. Such
    garbage is swept when it is more than half of the heap, so a heartbeat that extends a timeout for hours costs no
    memory.
    """

    def __init__(self) -> None:
        self._heap: list[tuple[float, int, T]] = []
        self._entry_of: dict[T, tuple[float, int, T]] = {}
        self._serial = 0

    def __len__(self) -> int:
        return len(self._entry_of)

    def __contains__(self, thing: T) -> bool:
        return thing in self._entry_of

    def __iter__(self) -> Iterator[T]:
        """Everything held, in no particular order."""
        return iter(self._entry_of)

    def put(self, thing: T, due: float) -> None:
        self._serial += 1  # things due at the same moment keep the order in which they were put
        entry = (due, self._serial, thing)
        self._entry_of[thing] = entry
        heapq.heappush(self._heap, entry)
        self._sweep()

    def discard(self, thing: T) -> None:
        if self._entry_of.pop(thing, None):
            self._sweep()

    def due_of(self, thing: T) -> float:
        return self._entry_of[thing][0]

    def next_due(self) -> float:
        """When the first is due; infinity if there is none."""
        while self._heap:
            entry = self._heap[0]
            if self._entry_of.get(entry[2]) is entry:
                return entry[0]
            heapq.heappop(self._heap)
        return float("inf")

    def pop(self, until: float = float("inf")) -> T | None:
        """Take out the first that is due at `until` or before; None if there is none."""
        if not self._entry_of or self.next_due() > until:
            return None
        thing = heapq.heappop(self._heap)[2]
        del self._entry_of[thing]
        return thing

    def clear(self) -> None:
        self._heap.clear()
        self._entry_of.clear()

    def _sweep(self) -> None:
        if len(self._heap) > 2 * len(self._entry_of) + 64:
            self._heap = list(self._entry_of.values())
            heapq.heapify(self._heap)
