"""What is counted in a queue, for CloudWatch.

https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html
"""

from dataclasses import dataclass


@dataclass(slots=True)
class Totals:
    """What has happened in a queue since it was made."""

    sent: int = 0
    sent_bytes: int = 0
    received: int = 0
    deleted: int = 0  # valid deletes, repeated ones too
    empty_receives: int = 0
    deduplicated: int = 0


@dataclass(frozen=True, slots=True)
class Figures:
    """A queue at one moment: what is in it, and the totals until then."""

    visible: int
    not_visible: int
    delayed: int
    age_of_oldest: float  # seconds
    groups_in_flight: int
    totals: Totals
