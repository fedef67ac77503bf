"""The scaling policies of one region, with the alarms that target tracking makes for itself."""

import time
from collections.abc import Callable
from typing import Any

from moto.moto_api._internal import mock_random

from labkit.embedded.metrics.errors import validation_error
from labkit.embedded.metrics.monitor import Monitor
from labkit.embedded.metrics.scaling_policies import Policy, alarm_requests, check


class Policies:
    """`prefix` is what an ARN begins with; `monitor` gives the region's alarms."""

    def __init__(self, prefix: str, monitor: Callable[[], Monitor]) -> None:
        self._prefix = prefix
        self._monitor = monitor
        self._by_name: dict[tuple[str, str], Policy] = {}  # group and name

    def put(self, request: dict[str, Any]) -> Policy:
        """Make a policy, or another one of the same name. Raises ValidationError."""
        check(request)
        key = request["AutoScalingGroupName"], request["PolicyName"]
        old = self._by_name.get(key)
        arn = f"{self._prefix}scalingPolicy:{mock_random.uuid4()}:autoScalingGroupName/{key[0]}:policyName/{key[1]}"
        policy = Policy(*key, old.arn if old else arn, request)
        if policy.kind == "TargetTrackingScaling":
            requests = alarm_requests(policy, str(mock_random.uuid4()))
            alarms = [self._monitor().put_alarm(alarm, time.time()) for alarm in requests]
            policy.alarms = {alarm.name: alarm.alarm_arn for alarm in alarms}
        if old:
            self.remove(old)
        self._by_name[key] = policy
        return policy

    def of(self, group: str | None = None) -> list[Policy]:
        """Those of one group, or all."""
        return [policy for policy in self._by_name.values() if group in (None, policy.group)]

    def find(self, name_or_arn: str, group: str | None = None) -> Policy:
        """Raises ValidationError."""
        for policy in self.of(group):
            if name_or_arn in (policy.arn, policy.name):
                return policy
        raise validation_error(f"PolicyName not found - Policy {name_or_arn} not found")

    def remove(self, policy: Policy) -> None:
        self._monitor().delete_alarms(list(policy.alarms), time.time())
        del self._by_name[policy.group, policy.name]
