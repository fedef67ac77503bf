"""What a distributed queue may do and seldom does, on request: duplicates, changed order, polls that miss messages.

AWS promises a standard queue no more than at-least-once delivery and best-effort order, and a short poll asks only
some of the servers. https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/standard-queues.html
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field

REORDER_WITHIN = 10  # places by which a message may come too early


@dataclass
class Trouble:
    """Rates from 0 (never, as it is unless a lesson asks) to 1 (always), and the seed that makes them repeatable."""

    duplicate_rate: float = 0.0  # a delivered message is delivered once more, even if it is deleted meanwhile
    reorder_rate: float = 0.0  # a message overtakes some of those before it
    miss_rate: float = 0.0  # a short poll finds nothing although messages wait
    seed: int = 0
    _random: random.Random = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self._random = random.Random(self.seed)

    def become(self, other: Trouble) -> None:
        """Take on the other's settings, and begin its sequence. Queues keep the trouble that they were made with."""
        vars(self).update(vars(other))

    def duplicates(self) -> bool:
        return self._happens(self.duplicate_rate)

    def misses(self) -> bool:
        return self._happens(self.miss_rate)

    def places_skipped(self) -> int:
        """How many waiting messages the next delivered one overtakes."""
        return self._random.randint(1, REORDER_WITHIN) if self._happens(self.reorder_rate) else 0

    def _happens(self, rate: float) -> bool:
        return rate > 0 and self._random.random() < rate
