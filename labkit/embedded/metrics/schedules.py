"""Scheduled actions: a group's sizes at a time, once or again and again.

https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-scheduled-scaling.html
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from labkit.embedded.metrics.cron import Cron
from labkit.embedded.metrics.errors import validation_error

if TYPE_CHECKING:
    from moto.autoscaling.models import FakeAutoScalingGroup, FakeScheduledAction

    from labkit.embedded.metrics.scaling import AutoScaling


def check(action: Mapping[str, Any], now: float) -> None:
    """Raises ValidationError for what PutScheduledUpdateGroupAction does not take; moto's names for its parameters."""
    start, recurrence = action.get("start_time"), action.get("recurrence")
    if recurrence:
        Cron(recurrence)
    elif start is None:
        raise validation_error("Either StartTime or Recurrence must be given.")
    if all(action.get(size) is None for size in ("min_size", "max_size", "desired_capacity")):
        raise validation_error("At least one of MinSize, MaxSize and DesiredCapacity must be given.")
    if start and start.timestamp() < now:
        raise validation_error("Given start time is in the past")
    try:
        ZoneInfo(action.get("timezone") or "UTC")
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise validation_error(f"The time zone {action['timezone']} is not valid.") from None


def run(region: AutoScaling, now: float) -> None:
    """Once a minute, what is due in it. An action without recurrence is done once and then gone."""
    for name, action in list(region.scheduled_actions.items()):
        group = region.autoscaling_groups.get(action.auto_scaling_group_name)
        if group is None or _is_suspended(group) or not _is_due(action, now):
            continue
        _carry_out(region, group, action)
        if not action.recurrence:
            del region.scheduled_actions[name]


def _carry_out(region: AutoScaling, group: FakeAutoScalingGroup, action: FakeScheduledAction) -> None:
    group.min_size = group.min_size if action.min_size is None else action.min_size
    group.max_size = group.max_size if action.max_size is None else action.max_size
    wanted = group.desired_capacity if action.desired_capacity is None else action.desired_capacity
    limits = f"min: {group.min_size}, max: {group.max_size}, desired: {wanted}"
    region.resize(group, wanted, f"a scheduled action update of AutoScalingGroup constraints to {limits}")


def _is_suspended(group: FakeAutoScalingGroup) -> bool:
    return any(process["ProcessName"] == "ScheduledActions" for process in group.suspended_processes)


def _is_due(action: FakeScheduledAction, now: float) -> bool:
    start, end = action.start_time, action.end_time
    if (start and now < start.timestamp() // 60 * 60) or (end and now > end.timestamp()):
        return False
    if start and now == start.timestamp() // 60 * 60:
        return True
    local = datetime.fromtimestamp(now, ZoneInfo(action.time_zone) if action.time_zone else UTC)
    return bool(action.recurrence) and Cron(action.recurrence).matches(local)
