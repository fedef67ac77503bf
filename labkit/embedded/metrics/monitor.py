"""The alarms of one region: they are put, evaluated each minute, act, and leave a history."""

import json
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from labkit.embedded.metrics.alarm_requests import is_scaling
from labkit.embedded.metrics.alarms import STATES, Alarm, CompositeAlarm, Finding, MetricAlarm
from labkit.embedded.metrics.errors import not_found, validation_error
from labkit.embedded.metrics.evaluation import State
from labkit.embedded.metrics.series import DAY, Store
from labkit.embedded.metrics.transitions import stamp

HISTORY_KEPT = 30 * DAY  # DescribeAlarmHistory; CloudWatch User Guide, "Using Amazon CloudWatch alarms"


@dataclass(frozen=True, slots=True)
class HistoryItem:
    at: float
    alarm: str
    kind: str  # MetricAlarm or CompositeAlarm
    item: str  # ConfigurationUpdate, StateUpdate or Action
    summary: str
    data: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Transition:
    """What an action is told."""

    alarm: Alarm
    old: State
    new: State
    at: float


Act = Callable[[str, Transition], None]
"""Does what an action's ARN says. Raises ActionError, with the reason, if it cannot."""


class ActionError(Exception):
    pass


class Monitor:
    """`prefix` is what an alarm's ARN has before its name."""

    def __init__(self, prefix: str, act: Act) -> None:
        self.store = Store()
        self.alarms: dict[str, Alarm] = {}
        self.history: deque[HistoryItem] = deque()  # oldest first
        self._prefix = prefix
        self._act = act
        self._under_evaluation: set[str] = set()  # composite alarms: they may depend on each other in a circle

    def put_alarm(self, request: Mapping[str, Any], now: float) -> Alarm:
        """Make an alarm, or give one of this name a new configuration; its state then stays as it is.

        Raises ValidationError.
        """
        make = CompositeAlarm if "AlarmRule" in request else MetricAlarm
        name = request["AlarmName"]
        existing = self.alarms.get(name)
        if existing is not None and type(existing) is not make:
            raise validation_error(f"An alarm of another type has the name {name}.")
        alarm = make(self._prefix + name, request, now)
        if isinstance(alarm, CompositeAlarm):
            self._check_children(alarm)
        if existing is not None:
            alarm.take_over(existing)
        self.alarms[name] = alarm
        done = "created" if existing is None else "updated"
        self._note(alarm, now, "ConfigurationUpdate", f'Alarm "{name}" {done}', {"type": done.removesuffix("d")})
        if isinstance(alarm, CompositeAlarm):
            self._move(alarm, alarm.evaluate(self._states()), now)
        return alarm

    def delete_alarms(self, names: list[str], now: float) -> None:
        """Raises ValidationError, and deletes none of them, if a composite alarm needs one that would be gone."""
        for alarm in self.alarms.values():
            if isinstance(alarm, CompositeAlarm) and alarm.name not in names:
                needed = {name.rpartition(":alarm:")[2] for name in alarm.rule.names}
                if needed & set(names):
                    raise validation_error(f"Alarms cannot be deleted while {alarm.name} depends on them.")
        for name in names:
            if deleted := self.alarms.pop(name, None):
                self._note(deleted, now, "ConfigurationUpdate", f'Alarm "{name}" deleted', {"type": "Delete"})

    def set_state(self, name: str, state: str, reason: str, data: str | None, now: float) -> None:
        """For a test; the next evaluation puts it right. Raises ResourceNotFound and ValidationError."""
        if state not in STATES:
            raise validation_error(
                f"1 validation error detected: Value '{state}' at 'stateValue' failed to satisfy constraint: "
                f"Member must satisfy enum value set: [{', '.join(STATES)}]"
            )
        if name not in self.alarms:
            raise not_found()
        known = _parsed(data or "{}")
        recent = known.get("recentDatapoints") if isinstance(known, dict) else None
        values = tuple(float(v) for v in recent if isinstance(v, int | float)) if isinstance(recent, list) else ()
        self._move(self.alarms[name], Finding(state, values, lambda: (reason, data or "{}")), now)  # type: ignore[arg-type]

    def evaluate(self, now: float) -> None:
        """Once a minute."""
        for alarm in list(self.alarms.values()):
            if isinstance(alarm, MetricAlarm) and alarm.is_evaluated_at(now):
                before = alarm.state
                finding = alarm.evaluate(self.store, now)
                if finding:
                    self._move(alarm, finding, now)
                elif alarm.state == "ALARM":
                    self._repeat_scaling(alarm, now)
                alarm.at_rest = alarm.state == before

    def settled(self, now: float) -> bool:
        """Whether nothing will change while only time passes."""
        return all(
            alarm.settled(self.store, now)
            and not (alarm.state == "ALARM" and any(map(is_scaling, alarm.actions("ALARM"))))
            for alarm in self.alarms.values()
            if isinstance(alarm, MetricAlarm)
        )

    def _states(self) -> dict[str, State]:
        return {key: alarm.state for alarm in self.alarms.values() for key in (alarm.name, alarm.alarm_arn)}

    def _move(self, alarm: Alarm, finding: Finding, now: float) -> None:
        old, alarm.values = alarm.state, finding.values
        if finding.state == old:
            if old == "ALARM":
                self._repeat_scaling(alarm, now)
            return
        before = {"stateValue": old, "stateReason": alarm.reason, "stateReasonData": _parsed(alarm.data)}
        alarm.state, (alarm.reason, alarm.data) = finding.state, finding.explain()
        alarm.state_since, alarm.at_rest = now, False
        after = {"stateValue": alarm.state, "stateReason": alarm.reason, "stateReasonData": _parsed(alarm.data)}
        summary = f"Alarm updated from {old} to {alarm.state}"
        self._note(alarm, now, "StateUpdate", summary, {"oldState": before, "newState": after})
        self._do(alarm, alarm.actions(alarm.state), Transition(alarm, old, alarm.state, now))
        self._tell_composites(alarm, now)

    def _tell_composites(self, child: Alarm, now: float) -> None:
        """A composite alarm is evaluated when an alarm in its rule changes, not by the clock."""
        for alarm in list(self.alarms.values()):
            if isinstance(alarm, CompositeAlarm) and alarm.rule.names & {child.name, child.alarm_arn}:
                if alarm.name in self._under_evaluation:
                    continue
                self._under_evaluation.add(alarm.name)
                self._move(alarm, alarm.evaluate(self._states()), now)
                self._under_evaluation.discard(alarm.name)

    def _repeat_scaling(self, alarm: Alarm, now: float) -> None:
        """Actions come with a change of state; those of Auto Scaling again each minute while it lasts."""
        again = [arn for arn in alarm.actions("ALARM") if is_scaling(arn)]
        self._do(alarm, again, Transition(alarm, "ALARM", "ALARM", now))

    def _do(self, alarm: Alarm, arns: list[str], transition: Transition) -> None:
        if not alarm.actions_enabled:
            return
        for arn in arns:
            data: dict[str, Any] = {
                "actionState": "Succeeded",
                "notificationResource": arn,
                "stateUpdateTimestamp": stamp(transition.at),
            }
            summary = f"Successfully executed action {arn}"
            try:
                self._act(arn, transition)
            except ActionError as failure:
                data.update(actionState="Failed", error=str(failure))
                summary = f"Failed to execute action {arn}. Received error: {failure}"
            self._note(alarm, transition.at, "Action", summary, data)

    def _check_children(self, composite: CompositeAlarm) -> None:
        unknown = composite.rule.names - self._states().keys() - {composite.name, composite.alarm_arn}
        if unknown:
            raise validation_error(f"Could not save the composite alarm as alarms {sorted(unknown)} do not exist.")

    def _note(self, alarm: Alarm, now: float, item: str, summary: str, data: dict[str, Any]) -> None:
        while self.history and self.history[0].at < now - HISTORY_KEPT:
            self.history.popleft()
        self.history.append(HistoryItem(now, alarm.name, alarm.kind, item, summary, {"version": "1.0", **data}))


def _parsed(data: str) -> Any:
    try:
        return json.loads(data)
    except ValueError:
        return {}
