"""The results as Markdown."""

from __future__ import annotations

import datetime as dt
import os
import platform
from collections.abc import Iterable, Iterator
from importlib.metadata import version
from pathlib import Path

from benchmarks import clients, targets
from benchmarks.costs import Costs
from benchmarks.results import Results
from benchmarks.servers import NAMES

README = Path(__file__).with_name("README.md")
BEGIN, END = "<!-- results: begin -->", "<!-- results: end -->"


def render(results: Results) -> str:
    """Everything, the targets first."""
    return "\n\n".join(_parts(results))


def write(text: str) -> None:
    """Put it into the README, in place of the results that are there."""
    readme = README.read_text(encoding="utf-8")
    before, _, rest = readme.partition(BEGIN)
    _, _, after = rest.partition(END)
    README.write_text(f"{before}{BEGIN}\n\n{text}\n\n{END}{after}", encoding="utf-8", newline="\n")


def _parts(results: Results) -> Iterator[str]:
    yield _machine(results.minutes)
    yield "### What was asked"
    rows = (
        [what, asked, measured, "✔" if reached else "✘"] for what, asked, measured, reached in targets.judge(results)
    )
    yield _table(["", "asked", "measured", ""], rows)
    for kind, costs in results.queues.items():
        yield f"### {kind[0].upper()}{kind[1:]}"
        yield from _costs(costs, "messages waiting")
    yield "### DynamoDB table"
    yield from _costs(results.tables, "items")
    yield "### Many clients"
    yield from _clients(results.clients)


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


def _costs(costs: Costs, of_what: str) -> Iterator[str]:
    yield f"Milliseconds for the caller, by {of_what}: stock moto → ours (stock ÷ ours)."
    yield _cost_table(costs, "wall")
    yield "Milliseconds of the server's CPU:"
    yield _cost_table(costs, "cpu")
    memory = ", ".join(f"{NAMES[kind]} {size / 1_048_576:.0f} MB" for kind, size in costs.memory.items())
    yield f"Memory that {max(costs.sizes()):,} {of_what} take: {memory}."


def _cost_table(costs: Costs, field: str) -> str:
    sizes = costs.sizes()
    rows = (
        [name, *(_comparison(costs, size, name, field) for size in sizes), f"{costs.growth(name, field):.2f}×"]
        for name in costs.names()
    )
    return _table(["", *(f"{size:,}" for size in sizes), "ours, largest ÷ smallest"], rows)


def _comparison(costs: Costs, size: int, name: str, field: str) -> str:
    ours = costs.ours(size, name, field)
    stock = costs.typical("stock", size, name)
    if stock is None:
        return f"– → {ours:.2f}"
    theirs = float(getattr(stock, field))
    return f"{theirs:,.{0 if theirs >= 10 else 2}f} → {ours:.2f} ({theirs / ours:,.1f}×)"


def _clients(results: clients.Results) -> Iterator[str]:
    yield "Calls a second:"
    header = ["", "clients", "stock moto", "ours", "ours ÷ stock", "ours: server CPU a call, ms"]
    header.append("longest pause of a kernel beside ours, ms")
    yield _table(header, _throughput(results))
    yield f"{clients.PRODUCERS} producers and {clients.CONSUMERS} consumers, in batches of ten:"
    passages = (
        [NAMES[kind], *(f"{number:,.0f}" for number in (p.messages, p.rate, p.lost, p.doubled, p.left_over))]
        for kind, p in results.passage.items()
    )
    yield _table(["", "messages", "a second", "lost", "doubled", "left over"], passages)
    opened = ", ".join(f"{NAMES[kind]} {count}" for kind, count in results.connections.items())
    yield f"Connections that one client opens for 100 calls: {opened}."


def _throughput(results: clients.Results) -> Iterator[list[str]]:
    for what, calls in (("queue", "send, receive, delete on a queue"), ("table", "put, get on a table")):
        for count in clients.CROWDS:
            stock, ours = (results.throughput[kind, what, count] for kind in NAMES)
            rates = [f"{stock.calls:,.0f}", f"{ours.calls:,.0f}", f"{ours.calls / stock.calls:.1f}×"]
            yield [calls, str(count), *rates, f"{ours.server_cpu:.2f}", f"{ours.longest_gap:.0f}"]


def _table(header: list[str], rows: Iterable[list[str]]) -> str:
    lines = [header, ["---"] + ["--:"] * (len(header) - 1), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)
