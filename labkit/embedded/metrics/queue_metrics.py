"""The namespace AWS/SQS: what a minute leaves behind of each active queue.

https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html
"""

from collections.abc import Iterator
from functools import partial

from labkit.embedded.metrics.series import Metric, Sample, Samples, of_values, single
from labkit.embedded.sqs.figures import Figures
from labkit.embedded.sqs.service import Sqs

# SQS Developer Guide, "Monitoring queues using CloudWatch": active for up to six hours after it was used last.
ACTIVE_FOR = 6 * 3600  # seconds


class QueueMetrics:
    """Takes the figures of all queues, once a minute."""

    def __init__(self, sqs: Sqs) -> None:
        self._sqs = sqs

    def minute(self, now: float) -> Iterator[tuple[str, Samples]]:
        """The samples of the minute that ends `now`: those of each queue, with its region."""
        for arn, figures in self._sqs.figures(used_since=now - ACTIVE_FOR).items():
            _, _, _, region, _, name = arn.split(":")
            yield region, partial(_samples, now - 60, name, figures)

    def any_active(self, now: float) -> bool:
        return self._sqs.any_active(used_since=now - ACTIVE_FOR)


def _samples(at: float, name: str, figures: Figures) -> Iterator[tuple[Metric, Sample]]:
    for metric, sample in _by_name(at, figures, fifo=name.endswith(".fifo")):
        yield Metric("AWS/SQS", metric, (("QueueName", name),)), sample


def _by_name(at: float, figures: Figures, *, fifo: bool) -> Iterator[tuple[str, Sample]]:
    totals = figures.totals
    counts = {
        "ApproximateNumberOfMessagesVisible": figures.visible,
        "ApproximateNumberOfMessagesNotVisible": figures.not_visible,
        "ApproximateNumberOfMessagesDelayed": figures.delayed,
        "NumberOfMessagesSent": totals.sent,
        "NumberOfMessagesReceived": totals.received,
        "NumberOfMessagesDeleted": totals.deleted,
        "NumberOfEmptyReceives": totals.empty_receives,
    }
    if fifo:
        counts["ApproximateNumberOfGroupsWithInflightMessages"] = figures.groups_in_flight
        counts["NumberOfDeduplicatedSentMessages"] = totals.deduplicated
    for metric, count in counts.items():
        yield metric, single(at, float(count), "Count")
    yield "ApproximateAgeOfOldestMessage", single(at, float(int(figures.age_of_oldest)), "Seconds")
    if totals.sizes:
        yield "SentMessageSize", of_values(at, totals.sizes.items(), "Bytes")
