"""The results as Markdown."""

from __future__ import annotations

import datetime as dt
import os
import platform
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from benchmarks import clients
from benchmarks.costs import Cost, Costs

README = Path(__file__).with_name("README.md")
BEGIN, END = "<!-- results: begin -->", "<!-- results: end -->"
MOST_GROWTH = 1.3  # how much more a call may cost at the largest size than at the smallest
MOST_CPU = 1.0  # milliseconds that a call on a queue may take of the server's CPU
LEAST_RATE = 400  # messages a second
LONGEST_GAP = 100  # milliseconds; a longer pause is one that is felt


@dataclass(frozen=True)
class Results:
    queues: Mapping[str, Costs]  # by kind of queue
    tables: Costs
    clients: clients.Results
    minutes: float  # that it all took


def render(results: Results) -> str:
    """Everything, the targets first."""
    parts = [_machine(results.minutes), "## What was asked", _targets(results)]
    for kind, costs in {**results.queues, "DynamoDB": results.tables}.items():
        size = "items" if costs is results.tables else "messages waiting"
        parts += [f"## {kind}", f"Milliseconds for the caller, by {size}: stock moto → ours (stock ÷ ours).", ""]
        parts[-1] = _costs(costs, "wall")
        parts += [f"Milliseconds of the server's CPU, by {size}:", _costs(costs, "cpu"), _memory(costs)]
    parts += ["## Many clients", *_clients(results.clients)]
    return "\n\n".join(parts)


def write(text: str) -> None:
    """Put it into the README, in place of the results that are there."""
    readme = README.read_text(encoding="utf-8")
    before, _, rest = readme.partition(BEGIN)
    _, _, after = rest.partition(END)
    README.write_text(f"{before}{BEGIN}\n\n{text}\n\n{END}{after}", encoding="utf-8", newline="\n")


def _machine(minutes: float) -> str:
    return (
        f"{dt.date.today():%Y-%m-%d} · {_processor()}, {os.cpu_count()} cores · {platform.system()} · "
        f"Python {platform.python_version()} · moto {version('moto')} · boto3 {version('boto3')} · "
        f"the run took {minutes:.0f} minutes"
    )


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()


# The targets


def _targets(results: Results) -> str:
    passage = results.clients.passage["ours"]
    passed = passage.rate >= LEAST_RATE and not (passage.lost or passage.doubled or passage.left_over)
    gap = results.clients.throughput["ours", "queue", max(clients.CROWDS)].longest_gap
    opened = results.clients.connections["ours"]
    cpu, dearest = _dearest(results.queues)
    rows = [
        _growth_target("A call with 50,000 messages waiting, against one with 100", results.queues, "cpu"),
        _growth_target("The same for the caller", results.queues, "wall"),
        _growth_target("Query with 100,000 items, against 1,000", {"": results.tables}, "cpu", only="query, Limit 1"),
        _growth_target("The same for the caller", {"": results.tables}, "wall", only="query, Limit 1"),
        (
            "Server CPU of a call on a queue",
            f"≤ {MOST_CPU:.0f} ms",
            f"{cpu:.2f} ms at most ({dearest})",
            cpu <= MOST_CPU,
        ),
        (
            f"{passage.messages:,} messages, {clients.PRODUCERS} producers, {clients.CONSUMERS} consumers",
            f"≥ {LEAST_RATE} a second; none lost, doubled, left over",
            f"{passage.rate:,.0f} a second; {passage.lost}, {passage.doubled}, {passage.left_over}",
            passed,
        ),
        ("Connections for 100 calls", "1", str(opened), opened == 1),
        (
            f"Longest pause of the kernel beside {max(clients.CROWDS)} clients",
            f"≤ {LONGEST_GAP} ms",
            f"{gap:.0f} ms",
            gap <= LONGEST_GAP,
        ),
    ]
    return _table(["", "asked", "measured", ""], ([*row[:3], "✔" if row[3] else "✘"] for row in rows))


def _growth_target(
    what: str, by_kind: Mapping[str, Costs], field: str, only: str | None = None
) -> tuple[str, str, str, bool]:
    growths = {
        f"{name}, {kind}" if kind else name: _growth(costs, name, field)
        for kind, costs in by_kind.items()
        for name in costs.names()
        if only in (None, name)
    }
    worst = max(growths, key=lambda name: growths[name])
    unit = "server CPU" if field == "cpu" else "time"
    return f"{what}: {unit}", f"≤ {MOST_GROWTH}×", f"{growths[worst]:.2f}× ({worst})", growths[worst] <= MOST_GROWTH


def _growth(costs: Costs, name: str, field: str) -> float:
    smallest, *_, largest = costs.sizes()
    return _value(costs, "ours", largest, name, field) / _value(costs, "ours", smallest, name, field)


def _dearest(by_kind: Mapping[str, Costs]) -> tuple[float, str]:
    return max(
        (_value(costs, "ours", size, name, "cpu"), f"{name}, {kind}, {size:,} waiting")
        for kind, costs in by_kind.items()
        for size in costs.sizes()
        for name in costs.names()
    )


def _value(costs: Costs, kind: str, size: int, name: str, field: str) -> float:
    cost = costs.typical(kind, size, name)
    assert cost is not None  # ours is measured everywhere
    return float(getattr(cost, field))


# The tables


def _costs(costs: Costs, field: str) -> str:
    sizes = costs.sizes()
    rows = (
        [name, *(_comparison(costs, size, name, field) for size in sizes), f"{_growth(costs, name, field):.2f}×"]
        for name in costs.names()
    )
    return _table(["", *(f"{size:,}" for size in sizes), "ours, largest ÷ smallest"], rows)


def _comparison(costs: Costs, size: int, name: str, field: str) -> str:
    stock: Cost | None = costs.typical("stock", size, name)
    ours = _value(costs, "ours", size, name, field)
    if stock is None:
        return f"– → {ours:.2f}"
    theirs = float(getattr(stock, field))
    return f"{_number(theirs)} → {ours:.2f} ({theirs / ours:,.1f}×)"


def _memory(costs: Costs) -> str:
    size = max(costs.sizes())
    stock, ours = (costs.memory[kind] / 1_048_576 for kind in ("stock", "ours"))
    return f"Memory that {size:,} take: stock moto {stock:.0f} MB, ours {ours:.0f} MB."


def _clients(results: clients.Results) -> list[str]:
    rows = []
    for what, calls in (("queue", "send, receive, delete on a queue"), ("table", "put, get on a table")):
        for count in clients.CROWDS:
            stock, ours = (results.throughput[kind, what, count] for kind in ("stock", "ours"))
            times = f"{ours.calls / stock.calls:.1f}×"
            rows.append(
                [calls, str(count), f"{stock.calls:,.0f}", f"{ours.calls:,.0f}", times, f"{ours.longest_gap:.0f}"]
            )
    passages = (
        [
            "ours" if kind == "ours" else "stock moto",
            *(f"{number:,.0f}" for number in (p.messages, p.rate, p.lost, p.doubled, p.left_over)),
        ]
        for kind, p in results.passage.items()
    )
    opened = results.connections
    return [
        "Calls a second:",
        _table(["", "clients", "stock moto", "ours", "", "longest pause of a kernel beside ours, ms"], rows),
        f"{clients.PRODUCERS} producers and {clients.CONSUMERS} consumers, in batches of ten:",
        _table(["", "messages", "a second", "lost", "doubled", "left over"], passages),
        f"Connections that one client opens for 100 calls: stock moto {opened['stock']}, ours {opened['ours']}.",
    ]


def _table(header: list[str], rows: Iterable[list[str]]) -> str:
    lines = [header, ["---"] + ["--:"] * (len(header) - 1), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def _number(milliseconds: float) -> str:
    return f"{milliseconds:,.2f}" if milliseconds < 10 else f"{milliseconds:,.0f}"
