"""Stock moto and the embedded AWS, measured in one run: `python -m benchmarks.embedded`. See README.md beside this."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable

from benchmarks import clients, queues, report, tables
from benchmarks.costs import Plan
from benchmarks.results import Results

QUICK = Plan(rounds=50, seconds=2, largest_for_stock=1_000)
NORMAL = Plan(rounds=200, seconds=5, largest_for_stock=10_000)
FULL = Plan(rounds=200, seconds=5, largest_for_stock=50_000)
PASSAGE = {"stock": 1_000, "ours": 20_000}  # messages; stock moto needs longer for each, the more there are


def run(plan: Plan) -> Results:
    """Measure everything; a line on standard error says what is being measured."""
    start = time.perf_counter()

    def progress_of(what: str) -> Callable[[str], None]:
        return lambda step: print(f"{time.perf_counter() - start:4.0f} s  {what}: {step}", file=sys.stderr, flush=True)

    by_kind = {kind: queues.measure(plan, groups, progress_of(kind)) for kind, groups in queues.GROUPS.items()}
    of_tables = tables.measure(plan, progress_of("DynamoDB"))
    of_clients = clients.measure(PASSAGE, progress_of("many clients"))
    return Results(by_kind, of_tables, of_clients, minutes=(time.perf_counter() - start) / 60)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.embedded", description=__doc__)
    much = parser.add_mutually_exclusive_group()
    much.add_argument(
        "--quick", dest="plan", action="store_const", const=QUICK, help="stock moto's calls up to 1,000 messages only"
    )
    much.add_argument(
        "--full", dest="plan", action="store_const", const=FULL, help="stock moto's calls up to 50,000 messages"
    )
    parser.add_argument("--write", action="store_true", help="put the results into benchmarks/README.md as well")
    arguments = parser.parse_args()
    text = report.render(run(arguments.plan or NORMAL))
    print(text)
    if arguments.write:
        report.write(text)


if __name__ == "__main__":
    main()
