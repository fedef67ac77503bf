"""Alarms: what they watch, the state they are in, and what changes it."""

import json
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from labkit.embedded.metrics import transitions
from labkit.embedded.metrics.alarm_requests import ACTION_LISTS, check_actions, is_scaling, queries_of
from labkit.embedded.metrics.composites import Rule
from labkit.embedded.metrics.errors import validation_error
from labkit.embedded.metrics.evaluation import COMPARISONS, FURTHER_BACK, State, judge
from labkit.embedded.metrics.math_functions import Grid
from labkit.embedded.metrics.series import DAY, Store

STATES = ("OK", "ALARM", "INSUFFICIENT_DATA")
LONGEST_REASON = 1023  # characters; SetAlarmState, StateReason


@dataclass(frozen=True, slots=True)
class Finding:
    """The outcome of one evaluation. Most change nothing, so the explanation is made only for those that do."""

    state: State
    values: tuple[float, ...]  # of the datapoints that it rests on, the newest last
    explain: Callable[[], tuple[str, str]]  # the reason, in words and in JSON


class Alarm:
    """What all alarms have in common. `request` is the one that made it, in the API's shape."""

    kind: str

    def __init__(self, arn: str, request: Mapping[str, Any], now: float) -> None:
        self.alarm_arn = arn
        self.name: str = request["AlarmName"]
        self.state: State = "INSUFFICIENT_DATA"
        self.values: tuple[float, ...] = ()  # those that were judged last
        self.reason, self.data = "Unchecked: Initial alarm creation", "{}"
        self.state_since = self.configured_at = now
        self.request = {name: value for name, value in request.items() if name != "Tags"}
        self.actions_enabled = request.get("ActionsEnabled") is not False
        self.at_rest = False  # the last evaluation changed nothing

    def take_over(self, other: "Alarm") -> None:
        """Begin in another alarm's state, whose name and place this one gets."""
        self.state, self.state_since, self.values = other.state, other.state_since, other.values
        self.reason, self.data = other.reason, other.data

    def actions(self, state: str) -> list[str]:
        return self.request.get(ACTION_LISTS[state]) or []

    def describe(self) -> dict[str, Any]:
        return {
            "OKActions": [],
            "AlarmActions": [],
            "InsufficientDataActions": [],
            **{name: value for name, value in self.request.items() if value is not None},
            "AlarmArn": self.alarm_arn,
            "AlarmConfigurationUpdatedTimestamp": datetime.fromtimestamp(self.configured_at, UTC),
            "ActionsEnabled": self.actions_enabled,
            "StateValue": self.state,
            "StateReason": self.reason,
            "StateReasonData": self.data,
            "StateUpdatedTimestamp": datetime.fromtimestamp(self.state_since, UTC),
            "StateTransitionedTimestamp": datetime.fromtimestamp(self.state_since, UTC),
        }


class MetricAlarm(Alarm):
    kind = "MetricAlarm"

    def __init__(self, arn: str, request: Mapping[str, Any], now: float) -> None:
        super().__init__(arn, request, now)
        self._queries = queries_of(request)
        self._watched = self._queries.returned[0]
        self.period = self._queries.period_of(self._watched)
        self.metrics = self._queries.metrics_behind(self._watched)
        self._periods: int = request["EvaluationPeriods"]
        self._needed: int = request.get("DatapointsToAlarm") or self._periods
        self._treatment: str = request.get("TreatMissingData") or _default_treatment(self.metrics)
        self._compare, _ = COMPARISONS[request["ComparisonOperator"]]
        self._threshold = float(request["Threshold"])

    def describe(self) -> dict[str, Any]:
        dimensions = {} if "Metrics" in self.request else {"Dimensions": self.request.get("Dimensions") or []}
        return {**super().describe(), **dimensions}

    def is_evaluated_at(self, now: float) -> bool:
        """Every minute; one that looks at more than a day, once an hour."""
        return self._periods * self.period <= DAY or now % 3600 == 0

    def settled(self, store: Store, now: float) -> bool:
        """Whether it has no data to look at any more, so that time alone changes nothing."""
        looks_back = (self._periods + FURTHER_BACK + 1) * self.period
        return self.at_rest and all(store.latest(metric) < now - looks_back for metric in self.metrics)

    def evaluate(self, store: Store, now: float) -> Finding | None:
        """None if the state stays as it is for lack of data. The window ends `now` and slides with it."""
        count = self._periods + FURTHER_BACK
        grid = Grid(now - count * self.period, self.period, count)
        lines = self._queries.lines(self._watched, store, grid)
        if len(lines) != 1 or self._too_few(store, grid):
            return None
        line = lines[0]
        breaches = [
            None if place not in line else self._compare(line[place], self._threshold) for place in range(count)
        ]
        verdict = judge(breaches, self._needed, self._periods, self._treatment)
        if verdict.state is None:
            return None

        def explain() -> tuple[str, str]:
            points = [(grid.start + place * self.period, line[place]) for place in reversed(verdict.used)]
            treated = self._treatment if verdict.filled else ""
            return (
                transitions.reason(self.request, verdict, points),
                transitions.reason_data(self.request, points, now, self.period, treated),
            )

        return Finding(verdict.state, tuple(line[place] for place in verdict.used), explain)

    def _too_few(self, store: Store, grid: Grid) -> bool:
        """CloudWatch User Guide, "Percentile-based alarms and low data samples": 10 / (1 - percentile), mirrored."""
        name: str | None = self.request.get("ExtendedStatistic")
        if not name or self.request.get("EvaluateLowSampleCountPercentile") != "ignore" or not self._watched.metric:
            return False
        share = float(name[1:]) / 100
        tail = min(share, 1 - share)
        samples = store.periods(self._watched.metric, grid.start, grid.period * grid.count, 1)
        return bool(samples) and samples[0].sample_count < (10 / tail if tail else math.inf)


class CompositeAlarm(Alarm):
    kind = "CompositeAlarm"

    def __init__(self, arn: str, request: Mapping[str, Any], now: float) -> None:
        super().__init__(arn, request, now)
        check_actions(request)
        if any(is_scaling(arn) for state in STATES for arn in request.get(ACTION_LISTS[state]) or []):
            raise validation_error("A composite alarm cannot have Auto Scaling actions.")
        self.rule = Rule(request["AlarmRule"])

    def evaluate(self, states: Mapping[str, State]) -> Finding:
        """`states` are those of the other alarms, by their names and by their ARNs."""
        state: State = "ALARM" if self.rule.holds(states) else "OK"

        def explain() -> tuple[str, str]:
            children = [{"name": name, "state": states[name]} for name in sorted(self.rule.names)]
            reason = f"{self.alarm_arn} was updated to {state} by its rule {self.rule.text}"
            return reason[:LONGEST_REASON], json.dumps({"triggeringAlarms": children})

        return Finding(state, (), explain)


def _default_treatment(metrics: set[Any]) -> str:
    """DynamoDB's metrics are the exception; CloudWatch User Guide, "Configuring how alarms treat missing data"."""
    return "ignore" if any(metric.namespace == "AWS/DynamoDB" for metric in metrics) else "missing"
