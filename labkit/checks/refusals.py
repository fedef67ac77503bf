"""A DynamoDB that refuses for a while, because it is too busy: what a check of a function's errors needs."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from labkit.embedded.faults import CallTrouble, Fate
from labkit.embedded.in_process import InProcessAws
from labkit.embedded.sqs.trouble import Trouble

WRITES = ("UpdateItem", "PutItem", "TransactWriteItems", "BatchWriteItem", "ExecuteStatement")
ATTEMPTS = 4  # that boto3 makes of a call to DynamoDB: Boto3 Developer Guide, "Retries"


@contextmanager
def refused(aws: InProcessAws) -> Iterator[None]:
    """Within, DynamoDB refuses whatever it is asked for, reads as well as writes."""
    with _trouble(aws, CallTrouble(throttle_rate=1.0, services=("dynamodb",))):
        yield


@contextmanager
def refused_writes(aws: InProcessAws) -> Iterator[None]:
    """Within, DynamoDB refuses to write; reads it answers."""
    with _trouble(aws, CallTrouble(throttle_rate=1.0, services=("dynamodb",), operations=WRITES)):
        yield


@contextmanager
def first_write_refused(aws: InProcessAws) -> Iterator[None]:
    """Within, DynamoDB refuses one write for as long as boto3 tries it by itself; what comes after is written."""
    with _trouble(aws, _AtFirst(services=("dynamodb",), operations=WRITES)):
        yield


@contextmanager
def _trouble(aws: InProcessAws, calls: CallTrouble) -> Iterator[None]:
    aws.make_trouble(Trouble(), calls)
    try:
        yield
    finally:
        aws.make_trouble(Trouble(), CallTrouble())


@dataclass
class _AtFirst(CallTrouble):
    _numbers: Iterator[int] = field(default_factory=itertools.count, init=False, repr=False)

    def next_fate(self, service: str, operation: str) -> Fate:
        return Fate(throttled=next(self._numbers) < ATTEMPTS, slow=False, lost=False)
