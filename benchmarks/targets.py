"""What was asked of the embedded AWS, and whether a run reached it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from benchmarks.clients import CONSUMERS, CROWDS, PRODUCERS
from benchmarks.costs import Costs
from benchmarks.results import Results

MOST_GROWTH = 1.3  # how many times as much a call may cost at the largest size as at the smallest
MOST_CPU = 1.0  # milliseconds that a call on a queue may take of the server's CPU
LEAST_RATE = 400  # messages a second
LONGEST_GAP = 100  # milliseconds; a longer pause is one that is felt
QUERY = "query, Limit 1"


class Target(NamedTuple):
    what: str
    asked: str
    measured: str
    reached: bool


def judge(results: Results) -> Iterator[Target]:
    table = {"": results.tables}
    yield _growth("A call with 50,000 messages waiting, against one with 100: server CPU", results.queues, "cpu")
    yield _growth("The same: time for the caller", results.queues, "wall")
    yield _growth("Query with 100,000 items, against one with 1,000: server CPU", table, "cpu", only=QUERY)
    yield _growth("The same: time for the caller", table, "wall", only=QUERY)
    yield _cpu(results.queues)
    yield _passage(results)
    opened = results.clients.connections["ours"]
    yield Target("Connections for 100 calls", "1", str(opened), opened == 1)
    gap = results.clients.throughput["ours", "queue", max(CROWDS)].longest_gap
    what = f"Longest pause of the kernel beside {max(CROWDS)} clients"
    yield Target(what, f"≤ {LONGEST_GAP} ms", f"{gap:.0f} ms", gap <= LONGEST_GAP)


def _growth(what: str, by_kind: Mapping[str, Costs], field: str, *, only: str | None = None) -> Target:
    """The call that grows most."""
    growth, call = max(
        (costs.growth(name, field), f"{name}, {kind}" if kind else name)
        for kind, costs in by_kind.items()
        for name in costs.names()
        if only in (None, name)
    )
    return Target(what, f"≤ {MOST_GROWTH}×", f"{growth:.2f}× at most ({call})", growth <= MOST_GROWTH)


def _cpu(by_kind: Mapping[str, Costs]) -> Target:
    """The call that costs most."""
    cpu, call = max(
        (costs.ours(size, name, "cpu"), f"{name}, {kind}, {size:,} waiting")
        for kind, costs in by_kind.items()
        for size in costs.sizes()
        for name in costs.names()
    )
    measured = f"{cpu:.2f} ms at most ({call})"
    return Target("Server CPU of a call on a queue", f"≤ {MOST_CPU:.0f} ms", measured, cpu <= MOST_CPU)


def _passage(results: Results) -> Target:
    passage = results.clients.passage["ours"]
    return Target(
        f"{passage.messages:,} messages, {PRODUCERS} producers, {CONSUMERS} consumers",
        f"≥ {LEAST_RATE} a second; none lost, doubled, left over",
        f"{passage.rate:,.0f} a second; {passage.lost}, {passage.doubled}, {passage.left_over}",
        passage.rate >= LEAST_RATE and not (passage.lost or passage.doubled or passage.left_over),
    )
