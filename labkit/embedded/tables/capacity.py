"""Capacity units: what a request costs, and how that is reported.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/read-write-operations.html
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from labkit.embedded.tables.errors import invalid
from labkit.embedded.tables.store import Item

READ_BYTES = 4096
WRITE_BYTES = 1024
TABLE = None  # in place of an index's name


def read_units(size: int, *, consistent: bool) -> float:
    """For one item, or for all that one Query or Scan request went through: at least one unit's worth."""
    units = max(1, -(-size // READ_BYTES))
    return units if consistent else units / 2


def write_units(old: Item | None, new: Item | None) -> float:
    """By the larger of the item before and after; deleting what does not exist costs one unit."""
    return max(1, *(-(-item.size // WRITE_BYTES) for item in (old, new) if item), 1)


def index_write_units(old: Item | None, new: Item | None, *, moved: bool) -> float:
    """For an index's entry: nothing if it stays the same, one write, or two if its key changed."""
    if old and new and moved:
        return write_units(old, None) + write_units(None, new)
    return 0 if old == new else write_units(old, new)


Units = dict[str | None, float]  # by index name, TABLE for the table itself


@dataclass
class Consumed:
    """What one request consumed of one table."""

    table: str
    local: frozenset[str] = frozenset()  # which indexes are local
    units: Units = field(default_factory=lambda: defaultdict(float))

    def add(self, units: Units, factor: int = 1) -> None:
        for index, amount in units.items():
            self.units[index] += amount * factor

    def report(self, mode: str, kind: str | None = None) -> dict[str, Any]:
        """ConsumedCapacity, as TOTAL or INDEXES; transactions also say of which `kind` (`Read`, `Write`) it is."""

        def amount(units: float) -> dict[str, float]:
            return {"CapacityUnits": units, **({f"{kind}CapacityUnits": units} if kind else {})}

        report: dict[str, Any] = {"TableName": self.table, **amount(sum(self.units.values()))}
        if mode == "INDEXES":
            report["Table"] = amount(self.units.get(TABLE, 0.0))
            for index, units in self.units.items():
                if index is not TABLE and units:
                    which = "LocalSecondaryIndexes" if index in self.local else "GlobalSecondaryIndexes"
                    report.setdefault(which, {})[index] = amount(units)
        return report


def reported(request: dict[str, Any], consumed: Iterable[Consumed], kind: str | None = None) -> list[dict[str, Any]]:
    """What `request` asked to be told: one report for each table, or nothing."""
    mode = request.get("ReturnConsumedCapacity", "NONE")
    if mode not in ("NONE", "TOTAL", "INDEXES"):
        raise invalid(
            f"1 validation error detected: Value '{mode}' at 'returnConsumedCapacity' failed to satisfy constraint: "
            "Member must satisfy enum value set: [INDEXES, TOTAL, NONE]"
        )
    return [] if mode == "NONE" else [each.report(mode, kind) for each in consumed]
