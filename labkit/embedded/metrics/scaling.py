"""Auto Scaling in moto's place: moto keeps groups and starts instances; here policies, limits and activities.

https://docs.aws.amazon.com/autoscaling/ec2/userguide/what-is-amazon-ec2-auto-scaling.html
"""

import statistics
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from typing import Any

from moto.autoscaling import urls
from moto.autoscaling.models import DEFAULT_COOLDOWN, AutoScalingBackend, FakeAutoScalingGroup
from moto.cloudwatch.models import cloudwatch_backends

from labkit.embedded.metrics import scaling_amounts, schedules
from labkit.embedded.metrics.activities import Activities
from labkit.embedded.metrics.errors import validation_error
from labkit.embedded.metrics.monitor import Monitor, Transition
from labkit.embedded.metrics.policy_store import Policies
from labkit.embedded.metrics.scaling_policies import Policy

FOUND_TERMINATED = "an instance was taken out of service in response to an EC2 health check indicating it has been terminated or stopped"
_AGGREGATIONS: dict[str, Callable[[Sequence[float]], float]] = {
    "Average": statistics.fmean,
    "Minimum": min,
    "Maximum": max,
}


class AutoScaling(AutoScalingBackend):  # type: ignore[misc]
    """The groups of one region."""

    _url_module = urls  # moto would look for one beside this module

    def __init__(self, region_name: str, account_id: str) -> None:
        super().__init__(region_name, account_id)
        self.activities = Activities()
        self.policies = Policies(f"arn:{self.partition}:autoscaling:{region_name}:{account_id}:", lambda: self._monitor)
        self._warm_at: dict[str, float] = {}  # by instance
        self._cool_at: dict[str, float] = {}  # by group

    @property
    def _monitor(self) -> Monitor:
        monitor: Monitor = cloudwatch_backends[self.account_id][self.region_name].monitor
        return monitor

    def group(self, name: str) -> FakeAutoScalingGroup:
        """Raises ValidationError."""
        if name not in self.autoscaling_groups:
            raise validation_error(f"AutoScalingGroup name not found - AutoScalingGroup '{name}' not found")
        return self.autoscaling_groups[name]

    def forget(self, group: FakeAutoScalingGroup) -> None:
        """A group's policies and scheduled actions go with it."""
        for policy in self.policies.of(group.name):
            self.policies.remove(policy)
        for name in [n for n, a in self.scheduled_actions.items() if a.auto_scaling_group_name == group.name]:
            del self.scheduled_actions[name]
        self._cool_at.pop(group.name, None)

    def put_scheduled_update_group_action(self, **action: Any) -> Any:
        """Raises ValidationError."""
        schedules.check(action, time.time())
        return super().put_scheduled_update_group_action(**action)

    # What changes a group's size

    def alarm_triggered(self, policy_arn: str, transition: Transition) -> None:
        """An alarm's action. Raises ValidationError if there is no such policy, or no value to scale by."""
        policy = self.policies.find(policy_arn)
        group = self.group(policy.group)
        suspended = {process["ProcessName"] for process in group.suspended_processes}
        if policy.request.get("Enabled") is False or "AlarmNotification" in suspended:
            return
        alarm = transition.alarm
        why = f"a monitor alarm {alarm.name} in state {transition.new} triggered policy {policy.name}"
        if policy.kind == "SimpleScaling":
            if _now() >= self._cool_at.get(group.name, 0):
                self._scale_simply(group, policy, why)
            return
        values = alarm.values
        if not values:
            raise validation_error("StateReasonData has no recentDatapoints to scale by.")
        if policy.kind == "StepScaling":
            value = _AGGREGATIONS[policy.request.get("MetricAggregationType") or "Average"](values)
            above = alarm.request["ComparisonOperator"].startswith("Greater")
            self._scale_in_steps(group, policy, value - float(alarm.request["Threshold"]), above, why)
        else:
            self._track(group, policy, float(values[-1]), why, outwards=alarm.name != policy.low_alarm)

    def execute(self, policy: Policy, request: dict[str, Any]) -> None:
        """ExecutePolicy. Raises ValidationError."""
        group, why = self.group(policy.group), f"a user request executed policy {policy.name}"
        if policy.kind == "TargetTrackingScaling":
            raise validation_error("ExecutePolicy is not supported for TargetTrackingScaling policies.")
        if policy.kind == "SimpleScaling":
            if request.get("HonorCooldown") and _now() < self._cool_at.get(group.name, 0):
                raise validation_error("A scaling activity was completed less than a cooldown period ago.")
            self._scale_simply(group, policy, why)
            return
        value, threshold = request.get("MetricValue"), request.get("BreachThreshold")
        if value is None or threshold is None:
            raise validation_error("MetricValue and BreachThreshold are required for policy type StepScaling.")
        if not self._scale_in_steps(group, policy, value - threshold, value >= threshold, why):
            raise validation_error("The MetricValue does not correspond to any step adjustment of the policy.")

    def resize(self, group: FakeAutoScalingGroup, capacity: int, why: str, *, warmup: float = 0) -> None:
        """Set the desired capacity, within the group's limits."""
        capacity = min(max(capacity, group.min_size), group.max_size)
        before = {state.instance_id for state in group.instance_states}
        with self.activities.recorded(group, why):
            self.set_desired_capacity(group.name, capacity)
        for state in group.instance_states:
            if state.instance_id not in before:
                self._warm_at[state.instance_id] = _now() + warmup

    def notify_terminate_instances(self, instance_ids: list[str]) -> None:
        """moto's EC2 tells that it has terminated instances; the group starts others in their place."""
        with ExitStack() as recorded:
            for group in self.autoscaling_groups.values():
                if any(state.instance_id in instance_ids for state in group.instance_states):
                    recorded.enter_context(self.activities.recorded(group, FOUND_TERMINATED))
            super().notify_terminate_instances(instance_ids)

    def _scale_simply(self, group: FakeAutoScalingGroup, policy: Policy, why: str) -> None:
        size = group.desired_capacity
        request = policy.request
        wanted = scaling_amounts.adjusted(
            size, request["AdjustmentType"], request["ScalingAdjustment"], request.get("MinAdjustmentMagnitude")
        )
        self.resize(group, wanted, why)
        if group.desired_capacity != size:
            cooldown = request.get("Cooldown")
            self._cool_at[group.name] = _now() + (group.default_cooldown if cooldown is None else cooldown)

    def _scale_in_steps(
        self, group: FakeAutoScalingGroup, policy: Policy, difference: float, above: bool, why: str
    ) -> bool:
        request = policy.request
        adjustment = scaling_amounts.step_adjustment(request["StepAdjustments"], difference, above=above)
        if adjustment is None:
            return False
        kind, least = request["AdjustmentType"], request.get("MinAdjustmentMagnitude")
        wanted = scaling_amounts.adjusted(self._warm(group), kind, adjustment, least)
        self._move_to(group, policy, wanted, why, outwards=wanted > self._warm(group))
        return True

    def _track(self, group: FakeAutoScalingGroup, policy: Policy, value: float, why: str, *, outwards: bool) -> None:
        wanted = scaling_amounts.tracked(max(self._warm(group), 1), value, float(policy.target["TargetValue"]))
        if outwards or self._all_agree_to_shrink(policy):
            self._move_to(group, policy, wanted, why, outwards=outwards)

    def _move_to(self, group: FakeAutoScalingGroup, policy: Policy, wanted: int, why: str, *, outwards: bool) -> None:
        """Out: instances that still warm up are on their way already. In: not while any of them does.

        EC2 Auto Scaling User Guide, "Set the default instance warmup".
        """
        size = group.desired_capacity
        if wanted > size if outwards else (wanted < size and self._warm(group) >= size):
            self.resize(group, wanted, why, warmup=self._warmup(group, policy))

    def _all_agree_to_shrink(self, policy: Policy) -> bool:
        """A group shrinks only if all target tracking policies that may shrink it want that."""
        alarms = self._monitor.alarms
        lows = [p.low_alarm for p in self.policies.of(policy.group) if p.low_alarm]
        return all(alarms[name].state == "ALARM" for name in lows if name in alarms)

    def _warm(self, group: FakeAutoScalingGroup) -> int:
        """How many instances are in service and not warming up."""
        now = _now()
        return sum(1 for state in group.active_instances() if self._warm_at.get(state.instance_id, 0) <= now)

    def _warmup(self, group: FakeAutoScalingGroup, policy: Policy) -> float:
        """EstimatedInstanceWarmup, else the group's default, else its cooldown (PutScalingPolicy)."""
        choices = (
            policy.request.get("EstimatedInstanceWarmup"),
            getattr(group, "default_instance_warmup", None),
            group.default_cooldown,
        )
        return float(next((choice for choice in choices if choice is not None), DEFAULT_COOLDOWN))


def _now() -> int:
    """Cooldowns and warmups are in whole seconds: they end with the minute, however long its work takes."""
    return int(time.time())
