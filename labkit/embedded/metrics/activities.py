"""Scaling activities: what was launched and terminated, and why, in the words of DescribeScalingActivities.

https://docs.aws.amazon.com/autoscaling/ec2/userguide/as-verify-scaling-activity.html
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from moto.moto_api._internal import mock_random

KEPT = 6 * 7 * 86_400  # seconds; DescribeScalingActivities: "for six weeks"


class Activities:
    """Those of one region, the newest first."""

    def __init__(self) -> None:
        self._all: list[dict[str, Any]] = []

    def of(self, group: str | None, ids: list[str]) -> list[dict[str, Any]]:
        return [
            activity
            for activity in self._all
            if group in (None, activity["AutoScalingGroupName"]) and (not ids or activity["ActivityId"] in ids)
        ]

    @contextmanager
    def recorded(self, group: Any, why: str) -> Iterator[None]:
        """Note what happens to the instances of moto's `group` in this block.

        `why` says what asked for it, for example "a user request executed policy out".
        """
        before, capacity = list(group.instance_states), group.desired_capacity
        yield
        group.instance_states = _in_order(before, group.instance_states)
        self._note_changes(group, before, capacity, why)

    def note_creation(self, group: Any) -> None:
        self._note_changes(group, [], 0, "a user request created an AutoScalingGroup")

    def _note_changes(self, group: Any, before: list[Any], capacity: int, why: str) -> None:
        asked = f"At {_now()} {why}"
        if group.desired_capacity != capacity:
            asked += f" changing the desired capacity from {capacity} to {group.desired_capacity}"
        sizes = f"the capacity from {len(before)} to {len(group.instance_states)}"
        difference = "in response to a difference between desired and actual capacity"
        for state in before:
            if state not in group.instance_states:
                did = f"At {_now()} an instance was taken out of service {difference}, shrinking {sizes}."
                chosen = f"At {_now()} instance {state.instance_id} was selected for termination."
                self._note(group, f"Terminating EC2 instance: {state.instance_id}", f"{asked}.  {did}  {chosen}")
        for state in group.instance_states:
            if state not in before:
                did = f"At {_now()} an instance was started {difference}, increasing {sizes}."
                self._note(group, f"Launching a new EC2 instance: {state.instance_id}", f"{asked}.  {did}")

    def _note(self, group: Any, description: str, cause: str) -> None:
        now = datetime.fromtimestamp(time.time(), UTC)
        while self._all and (now - self._all[-1]["StartTime"]).total_seconds() > KEPT:
            self._all.pop()
        activity = {
            "ActivityId": str(mock_random.uuid4()),
            "AutoScalingGroupName": group.name,
            "AutoScalingGroupARN": group.arn,
            "Description": description,
            "Cause": cause,
            "StartTime": now,
            "EndTime": now,
            "StatusCode": "Successful",
            "Progress": 100,
            "Details": "{}",
        }
        self._all.insert(0, activity)


def _in_order(before: list[Any], after: list[Any]) -> list[Any]:
    """moto mixes the instances up when it takes some out; the oldest come first, here and on every run."""
    stayed = [state for state in before if state in after]
    return stayed + [state for state in after if state not in stayed]


def _now() -> str:
    return datetime.fromtimestamp(time.time(), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
