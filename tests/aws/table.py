"""The behaviour suite as one table, docs/embedded-aws.md: what AWS does, its source, and where the embedded AWS differs.

python lab.py run python tests/aws/table.py
"""

import importlib
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
TARGET = HERE.parents[1] / "docs" / "embedded-aws.md"
SERVICES = {
    "access": "Access: keys, tokens, policies",
    "autoscaling": "Auto Scaling",
    "budgets": "Budgets",
    "cloudwatch": "CloudWatch",
    "dynamodb": "DynamoDB",
    "sns": "SNS",
    "sqs": "SQS",
}

HEAD = """# What the embedded AWS does, and what it does otherwise

Made from the behaviour suite in `tests/aws` by `python lab.py run python tests/aws/table.py`; do not edit it by hand.
Every line is a test that runs against the embedded AWS with all the others, and unchanged against real AWS with
`python lab.py test tests/aws --on-real-aws-this-costs-money`. It has not been run there yet: what AWS does is taken from
the source in the last column.

What the lab does to it is nothing that AWS does, and has no line here: it moves the clock, spends money, makes trouble, and
fills tables past price and throttling (`tests/lab/test_seeding.py` compares those with tables that BatchWriteItem filled).
"""


def behaviours() -> Iterator[tuple[str, dict[str, Any]]]:
    """The service and the mark of every behaviour, in a fixed order."""
    for path in sorted(HERE.glob("test_*.py")):
        service = path.stem.split("_")[1]
        module = importlib.import_module(path.stem)
        for name, test in vars(module).items():
            if name.startswith("test_"):
                for mark in _marks(test):
                    if mark.name == "behaviour":
                        yield service, mark.kwargs


def _marks(test: Any) -> Iterator[Any]:
    """Those of a test, and those of its single cases."""
    for mark in getattr(test, "pytestmark", []):
        yield mark
        if mark.name == "parametrize":
            for case in mark.args[1]:
                yield from getattr(case, "marks", ())


def document() -> str:
    """The whole text of docs/embedded-aws.md."""
    found = list(behaviours())
    different = [(service, mark) for service, mark in found if mark["differs"]]
    parts = [
        HEAD,
        "## What differs, and why\n",
        _table(("AWS", "the embedded AWS, and why"), map(_difference, different)),
    ]
    for service in sorted({service for service, _ in found}):
        marks = [mark for name, mark in found if name == service]
        rows = ((f"`{m['key']}`", m["statement"], m["source"]) for m in marks if not m["differs"])
        parts += [f"## {SERVICES[service]}\n", _table(("behaviour", "AWS, and the embedded AWS", "source"), rows)]
    return "\n".join(parts)


def _difference(found: tuple[str, dict[str, Any]]) -> tuple[str, str]:
    service, mark = found
    return f"{SERVICES[service]}: {mark['statement']}", mark["differs"]


def _table(head: tuple[str, ...], rows: Any) -> str:
    lines = [head, ("---",) * len(head), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines) + "\n"


if __name__ == "__main__":
    sys.path[:0] = [str(HERE), str(HERE.parent)]  # as pytest has it
    TARGET.write_text(document(), encoding="utf-8")
