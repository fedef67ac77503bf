"""Throttling: what a table may consume in a second, and what it saved up.

A provisioned table or index keeps up to 300 seconds of the capacity that it did not use, from its creation on. Below
that there is a limit that no table escapes, on demand or not: a single partition key takes 1,000 write units and 3,000
read units in a second. (Partition keys of indexes have no such limit here.)
https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/burst-adaptive-capacity.html

A request is admitted while anything is left, and may take more than that: a 10 KB item can be written to a table with
one write unit, which then has nothing to give for ten seconds.
"""

import time
from dataclasses import dataclass
from typing import Any

from labkit.embedded.tables.errors import TableError
from labkit.embedded.tables.store import Partition

BURST_SECONDS = 300
PARTITION_RATES = {"Read": 3000.0, "Write": 1000.0}
_PROVISIONED = (
    "The level of configured provisioned throughput for the {0} was exceeded. "
    "Consider increasing your provisioning level with the UpdateTable API."
)
HOT_ON_DEMAND = (
    "Throughput exceeds the current capacity of your table or index. DynamoDB is automatically scaling your table or "
    "index so please try again shortly. If exceptions persist, check if you have a hot key: "
    "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/bp-partition-key-design.html"
)


@dataclass
class Bucket:
    """Units to give away: `rate` more each second, until there are `rate` × `seconds`."""

    units: float
    filled_at: float

    def fill(self, rate: float, seconds: int) -> None:
        now = time.time()
        self.units = min(self.units + rate * max(0.0, now - self.filled_at), rate * seconds)
        self.filled_at = now


class Throttle:
    """One table's buckets: for itself and each global index, and for each partition key in use."""

    def __init__(self) -> None:
        self._since = time.time()
        self._provisioned: dict[tuple[str, str | None], Bucket] = {}
        self._partitions: dict[tuple[str, Partition], Bucket] = {}

    def admit(self, kind: str, index: str | None, rate: float | None, arn: str) -> None:
        """ProvisionedThroughputExceededException if nothing is left. `kind`: `Read` or `Write`; no rate, no limit."""
        if rate is None:
            return
        bucket = self._provisioned.setdefault((kind, index), Bucket(rate, self._since))
        bucket.fill(rate, BURST_SECONDS)
        if bucket.units <= 0:
            if index is None:
                raise _exceeded(_PROVISIONED.format("table"), f"Table{kind}ProvisionedThroughputExceeded", arn)
            raise _exceeded(
                _PROVISIONED.format("table or for one or more global secondary indexes of the table"),
                f"Index{kind}ProvisionedThroughputExceeded",
                f"{arn}/index/{index}",
            )

    def admit_partition(self, kind: str, partition: Partition, arn: str, *, provisioned: bool) -> None:
        """The same for one partition key of the table."""
        bucket = self._partitions.get((kind, partition))
        if bucket is None:
            return
        bucket.fill(PARTITION_RATES[kind], 1)
        if bucket.units <= 0:
            reason = f"Table{kind}KeyRangeThroughputExceeded"
            if provisioned:
                raise _exceeded(_PROVISIONED.format("table"), reason, arn)
            more: dict[str, Any] = {"throttlingReasons": [{"reason": reason, "resource": arn}]}
            raise TableError("ThrottlingException", HOT_ON_DEMAND, **more)

    def charge(self, kind: str, index: str | None, units: float) -> None:
        bucket = self._provisioned.get((kind, index))
        if bucket:
            bucket.units -= units

    def charge_partition(self, kind: str, partition: Partition, units: float) -> None:
        rate = PARTITION_RATES[kind]
        bucket = self._partitions.setdefault((kind, partition), Bucket(rate, time.time()))
        bucket.fill(rate, 1)
        bucket.units -= units
        if len(self._partitions) > 10_000:  # those that nobody used for a second are full again
            now = time.time()
            self._partitions = {key: each for key, each in self._partitions.items() if now - each.filled_at < 1}


def _exceeded(message: str, reason: str, resource: str) -> TableError:
    reasons = [{"reason": reason, "resource": resource}]
    return TableError("ProvisionedThroughputExceededException", message, ThrottlingReasons=reasons)
