"""What is counted in a queue, for CloudWatch.

https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html
"""

from collections import Counter
from dataclasses import dataclass, field


@dataclass(slots=True)
class Totals:
    """What has happened in a queue since CloudWatch last looked."""

    sent: int = 0
    sizes: Counter[int] = field(default_factory=Counter)  # of the messages sent: bytes → how many
    received: int = 0
    deleted: int = 0  # valid deletes, repeated ones too
    empty_receives: int = 0
    deduplicated: int = 0


@dataclass(frozen=True, slots=True)
class Figures:
    """A queue at one moment: what is in it, and what happened before."""

    visible: int
    not_visible: int
    delayed: int
    age_of_oldest: float  # seconds
    groups_in_flight: int
    totals: Totals
