"""What calls cost, collected."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median
from typing import Any, NamedTuple

from benchmarks.servers import NAMES, Server

Cycles = dict[Server, list[Callable[[], None]]]
"""For each server what makes one call of each kind, for each size."""


class Cost(NamedTuple):
    """Milliseconds that one call takes: for its sender, and of the server's CPU."""

    wall: float
    cpu: float


@dataclass(frozen=True)
class Plan:
    """How much is measured. Stock moto's calls get slower and slower, so for them time decides."""

    rounds: int  # in which each size gets one call of each kind
    seconds: float  # after which a size is left out of further rounds
    largest_for_stock: int  # messages waiting; beyond that, stock moto's calls are left out


class Costs:
    """Costs by server, size (messages waiting, or items) and call."""

    def __init__(self) -> None:
        self._costs: dict[tuple[str, int, str], list[Cost]] = defaultdict(list)
        self.memory: dict[str, int] = {}  # bytes that the largest size takes, by server

    def measure(self, server: Server, size: int, name: str, call: Callable[..., Any], **arguments: Any) -> Any:
        """Make the call, note what it costs, and return its answer."""
        cpu, start = server.cpu(), time.perf_counter()
        answer = call(**arguments)
        wall = time.perf_counter() - start
        self._costs[server.kind, size, name].append(Cost(wall * 1000, (server.cpu() - cpu) * 1000))
        return answer

    def typical(self, kind: str, size: int, name: str) -> Cost | None:
        """The median cost; None for what was not measured."""
        costs = self._costs.get((kind, size, name))
        return Cost(*map(median, zip(*costs, strict=True))) if costs else None

    def ours(self, size: int, name: str, field: str) -> float:
        """Our own median, of one field of `Cost`."""
        cost = self.typical("ours", size, name)
        assert cost is not None  # only stock moto is ever left out
        return float(getattr(cost, field))

    def growth(self, name: str, field: str) -> float:
        """How many times as much our call costs at the largest size as at the smallest."""
        smallest, *_, largest = self.sizes()
        return self.ours(largest, name, field) / self.ours(smallest, name, field)

    def sizes(self) -> list[int]:
        return sorted({size for _, size, _ in self._costs})

    def names(self) -> list[str]:
        return list(dict.fromkeys(name for _, _, name in self._costs))


def in_rounds(plan: Plan, cycles: Cycles, progress: Callable[[str], None]) -> None:
    """Make the calls: for each server its sizes in turns, so that what else the machine does hits all sizes.

    The servers do not take turns: whoever came after stock moto would find the processor's caches full of its data.
    """
    for server, of_server in cycles.items():
        spent = dict.fromkeys(of_server, 0.0)
        for number in range(plan.rounds):
            if number < 2 or number % 50 == 0:  # the first takes longest: stock moto's slowest calls
                progress(f"calls to {NAMES[server.kind]}, {number} of {plan.rounds} rounds done")
            for cycle in spent:
                if spent[cycle] <= plan.seconds:
                    start = time.perf_counter()
                    cycle()
                    spent[cycle] += time.perf_counter() - start
