"""From datapoints to the state of an alarm: M out of N, with some missing.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-evaluation.html
https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html
"""

import operator
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

State = Literal["OK", "ALARM", "INSUFFICIENT_DATA"]
TREATMENTS = ("missing", "ignore", "breaching", "notBreaching")
FURTHER_BACK = 2  # periods looked at beyond N; the page's examples have 5 for N = 3, the rest is said to depend

COMPARISONS: dict[str, tuple[Callable[[float, float], bool], str]] = {
    "GreaterThanThreshold": (operator.gt, "greater than"),
    "GreaterThanOrEqualToThreshold": (operator.ge, "greater than or equal to"),
    "LessThanThreshold": (operator.lt, "less than"),
    "LessThanOrEqualToThreshold": (operator.le, "less than or equal to"),
}


@dataclass(frozen=True, slots=True)
class Verdict:
    """`state` is None where the alarm keeps the one it has. `used` are the places of the datapoints it rests on."""

    state: State | None
    used: tuple[int, ...]
    filled: int  # how many missing datapoints took part


def judge(datapoints: Sequence[bool | None], needed: int, periods: int, treatment: str) -> Verdict:
    """What an alarm makes of its evaluation range.

    `datapoints` says whether each breaches, the oldest first, None for a missing one. ALARM takes `needed` (M) out of
    `periods` (N). Real datapoints come first, also older ones; missing ones are used as few times as possible.
    """
    real = [place for place, breaches in enumerate(datapoints) if breaches is not None][-periods:]
    breaching = sum(1 for place in real if datapoints[place])
    filled = periods - len(real)
    used = tuple(real)
    if filled == 0 or treatment == "notBreaching":
        return Verdict("ALARM" if breaching >= needed else "OK", used, filled)
    if treatment == "breaching":
        return Verdict("ALARM" if breaching + filled >= needed else "OK", used, filled)
    if not real:
        return Verdict("INSUFFICIENT_DATA" if treatment == "missing" else None, used, filled)
    if breaching >= needed:
        return Verdict("ALARM", used, filled)
    if breaching < len(real):
        return Verdict("OK", used, filled)
    # All there is breaches, but there are fewer than M of them. It is a premature alarm until the oldest is M periods
    # old: by then no later datapoint has spoken against it.
    old_enough = len(datapoints) - real[0] >= needed
    return Verdict("ALARM" if old_enough and treatment == "missing" else None, used, filled)
