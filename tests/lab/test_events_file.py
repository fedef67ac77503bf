"""data/events.jsonl: companies and users, some of them malformed, made from a seed."""

import json
import random
from collections import Counter
from pathlib import Path

EVENTS = Path(__file__).parents[2] / "data" / "events.jsonl"


def make() -> list[str]:
    """What the file holds: 1,000 lines, of which about one in twenty is no event."""
    rng = random.Random(5)
    lines = []
    for number in range(1, 1001):
        kind = rng.choice(["company", "user", "user"])
        event = {"id": number, "kind": kind, "event": rng.choice(["created", "changed", "closed"])}
        if kind == "company":
            event["employees"] = rng.choice([3, 12, 80, 450])
        line = json.dumps(event)
        lines.append(rng.choice([line[:-9], "hello?", "[]"]) if rng.random() < 0.05 else line)
    return lines


def test_the_events_are_those_that_a_seed_makes() -> None:
    assert EVENTS.read_text("utf-8").splitlines() == make()


def test_there_are_events_of_both_kinds_and_malformed_ones() -> None:
    kinds: Counter[str] = Counter()
    for line in make():
        try:
            kinds[json.loads(line)["kind"]] += 1
        except (ValueError, TypeError):
            kinds["malformed"] += 1
    assert kinds["user"] > kinds["company"] > kinds["malformed"] > 20
