"""How many instances a scaling policy asks for. Only arithmetic; the group's limits come after it.

https://docs.aws.amazon.com/autoscaling/ec2/userguide/as-scaling-simple-step.html
https://docs.aws.amazon.com/autoscaling/ec2/userguide/as-scaling-target-tracking.html
"""

import itertools
import math
from collections.abc import Mapping, Sequence
from typing import Any

from labkit.embedded.metrics.errors import validation_error

ADJUSTMENT_TYPES = ("ChangeInCapacity", "ExactCapacity", "PercentChangeInCapacity")
_SLACK = 1e-9  # of a division's rounding: 10 × 150 / 100 is 15


def adjusted(capacity: int, kind: str, adjustment: int, least: int | None = None) -> int:
    """The capacity after an adjustment of this kind; `least` is the MinAdjustmentMagnitude of a percentage.

    Fractions are cut off, 12.7 → 12 and -6.67 → -6, but less than one instance is one: 0.67 → 1 and -0.58 → -1.
    """
    if kind == "ExactCapacity":
        return adjustment
    if kind == "ChangeInCapacity":
        return capacity + adjustment
    change = capacity * adjustment / 100
    whole = math.trunc(change) if abs(change) >= 1 else math.ceil(abs(change)) * (1 if change > 0 else -1)
    if least and adjustment:
        whole = max(abs(whole), least) * (1 if adjustment > 0 else -1)
    return capacity + whole


def step_adjustment(steps: Sequence[Mapping[str, Any]], difference: float, *, above: bool) -> int | None:
    """The adjustment of the step for a metric this far from the alarm's threshold; None if no step is for it.

    `above`: whether the alarm is about values above the threshold. Then a step's lower bound belongs to it, else its
    upper bound does (StepAdjustment, MetricIntervalLowerBound).
    """
    for step in steps:
        low, high = bounds(step)
        if (low <= difference < high) if above else (low < difference <= high):
            return int(step["ScalingAdjustment"])
    return None


def tracked(capacity: int, value: float, target: float) -> int:
    """The capacity with which a metric that falls in proportion to it would be at its target, rounded up."""
    return max(1, math.ceil(capacity * value / target - _SLACK)) if value > 0 else 0


def bounds(step: Mapping[str, Any]) -> tuple[float, float]:
    low, high = step.get("MetricIntervalLowerBound"), step.get("MetricIntervalUpperBound")
    return (-math.inf if low is None else low), (math.inf if high is None else high)


def check_steps(steps: Sequence[Mapping[str, Any]]) -> None:
    """Raises ValidationError for steps that overlap, leave a gap or do not say where they begin or end."""
    if not steps:
        raise validation_error("StepAdjustments are required for policy type StepScaling.")
    ranges = sorted(bounds(step) for step in steps)
    for low, high in ranges:
        if (low, high) == (-math.inf, math.inf):
            raise validation_error("At most one bound of a step adjustment can be unspecified.")
        if low >= high:
            raise validation_error("The lower bound of a step adjustment must be less than its upper bound.")
    for (_, end), (begin, _) in itertools.pairwise(ranges):
        if end > begin:
            raise validation_error("StepAdjustment intervals can't overlap.")
        if end < begin:
            raise validation_error("StepAdjustment intervals can't have gaps between them.")
    if ranges[0][0] not in (-math.inf, 0) and ranges[0][0] < 0:
        raise validation_error("With a negative lower bound there must be a step with an unspecified lower bound.")
    if ranges[-1][1] != math.inf and ranges[-1][1] > 0:
        raise validation_error("With a positive upper bound there must be a step with an unspecified upper bound.")
