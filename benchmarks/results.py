"""All that one run measured."""

from collections.abc import Mapping
from dataclasses import dataclass

from benchmarks import clients
from benchmarks.costs import Costs


@dataclass(frozen=True)
class Results:
    queues: Mapping[str, Costs]  # by kind of queue
    tables: Costs
    clients: clients.Results
    minutes: float  # that it all took
