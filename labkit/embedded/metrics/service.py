"""Once a minute of AWS's time: datapoints appear, alarms are evaluated, groups scale, budgets are looked at."""

import math
import time

from moto.budgets.models import budgets_backends
from moto.cloudwatch.models import cloudwatch_backends

from labkit.embedded.metrics import budgets, group_metrics, schedules
from labkit.embedded.metrics.late_scaling import LateScaling
from labkit.embedded.metrics.queue_metrics import QueueMetrics
from labkit.embedded.metrics.series import Metric, single
from labkit.embedded.metrics.spending import BUDGETS_EVERY, CHARGES_EVERY, Spending, period_of
from labkit.embedded.sqs.context import ACCOUNT
from labkit.embedded.sqs.service import Sqs

BILLING_REGION = "us-east-1"  # the only one that has billing metrics
MINUTE = 60  # seconds
BILLED_EVERY = math.gcd(CHARGES_EVERY, BUDGETS_EVERY)


class Metrics:
    """The clockwork. The caller sees to it that nothing else happens in moto meanwhile."""

    def __init__(self, sqs: Sqs, spending: Spending, scaling: LateScaling) -> None:
        self.spending = spending
        self.scaling = scaling
        self._queues = QueueMetrics(sqs)

    def next_needed_minute(self) -> float:
        """The next full minute in which anything can happen, in epoch seconds; infinity if there is none."""
        now = time.time()
        if self._watched(now):
            return (now // MINUTE + 1) * MINUTE
        if self.spending or self._has_budgets():
            return (now // BILLED_EVERY + 1) * BILLED_EVERY
        return math.inf

    def minute_passed(self, now: float) -> None:
        """`now` is a full minute, in epoch seconds; the datapoints are those of the minute that ends with it."""
        cloudwatch = cloudwatch_backends[ACCOUNT]
        for region, samples in self._queues.minute(now):
            cloudwatch[region].monitor.store.put_later(samples)
        for region, backend in self.scaling.so_far():
            for group in backend.autoscaling_groups.values():
                for metric, sample in group_metrics.minute(group, now):
                    cloudwatch[region].monitor.store.put(metric, sample)
            schedules.run(backend, now)
        if self.spending and now % CHARGES_EVERY == 0:
            self._publish_charges(now)
        for backend in list(cloudwatch.values()):
            backend.monitor.evaluate(now)
        budgets.evaluate(budgets_backends[ACCOUNT], now)

    def _watched(self, now: float) -> bool:
        """Whether there is anything that looks at every single minute."""
        return bool(
            self._queues.any_active(now)
            or any(
                backend.scheduled_actions or any(group.metrics for group in backend.autoscaling_groups.values())
                for _, backend in self.scaling.so_far()
            )
            or not all(backend.monitor.settled(now) for backend in cloudwatch_backends[ACCOUNT].values())
        )

    def _has_budgets(self) -> bool:
        return any(kept for backend in budgets_backends[ACCOUNT].values() for kept in backend.budgets.values())

    def _publish_charges(self, now: float) -> None:
        """What the month has cost so far; no projection, whatever its name says."""
        month, _ = period_of(now - 1, "MONTHLY")
        metric = Metric("AWS/Billing", "EstimatedCharges", (("Currency", "USD"),))
        charges = single(now - 60, self.spending.between(month, now))
        cloudwatch_backends[ACCOUNT][BILLING_REGION].monitor.store.put(metric, charges)
