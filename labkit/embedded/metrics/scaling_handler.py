"""Auto Scaling's requests: what moto does not do, or does without looking, is done here."""

from contextlib import AbstractContextManager
from typing import Any

from moto.autoscaling.responses import AutoScalingResponse
from moto.core.responses import ActionResult, EmptyResult

from labkit.embedded.metrics.errors import Refusal, validation_error
from labkit.embedded.metrics.pages import page
from labkit.embedded.metrics.requests import checked_request
from labkit.embedded.metrics.scaling import AutoScaling

GROUP_METRICS = [  # EC2 Auto Scaling User Guide, "Auto Scaling group metrics"
    "GroupMinSize",
    "GroupMaxSize",
    "GroupDesiredCapacity",
    "GroupInServiceInstances",
    "GroupPendingInstances",
    "GroupStandbyInstances",
    "GroupTerminatingInstances",
    "GroupTotalInstances",
]
ACTIVITIES_PAGE = POLICIES_PAGE = 50


class Handler(AutoScalingResponse):  # type: ignore[misc]
    @property
    def _groups(self) -> AutoScaling:
        groups: AutoScaling = self.autoscaling_backend
        return groups

    def call_action(self) -> Any:
        """A group that does not exist is an error of the caller's, in every action but those that list."""
        name = self._get_params().get("AutoScalingGroupName") if self._get_action() else None
        if (
            name
            and not self._get_action().startswith(("Create", "Describe"))
            and name not in self._groups.autoscaling_groups
        ):
            refusal = validation_error(f"AutoScalingGroup name not found - AutoScalingGroup '{name}' not found")
            return self.serialized(ActionResult(refusal))
        return super().call_action()

    # Groups

    def create_auto_scaling_group(self) -> ActionResult:
        request = checked_request(self)
        name = request["AutoScalingGroupName"]
        if name in self._groups.autoscaling_groups:
            raise Refusal(
                "AlreadyExists",
                f"AutoScalingGroup by this name already exists - A group with the name {name} already exists",
            )
        _check_limits(request["MinSize"], request["MaxSize"], request.get("DesiredCapacity"))
        answer = super().create_auto_scaling_group()
        group = self._groups.autoscaling_groups[name]
        group.default_instance_warmup = request.get("DefaultInstanceWarmup")
        self._groups.activities.note_creation(group)
        return answer

    def update_auto_scaling_group(self) -> ActionResult:
        request = checked_request(self)
        group = self._groups.group(request["AutoScalingGroupName"])
        low, high = request.get("MinSize", group.min_size), request.get("MaxSize", group.max_size)
        wanted = request.get("DesiredCapacity")
        _check_limits(low, high, wanted)
        capacity = min(max(group.desired_capacity if wanted is None else wanted, low), high)
        limits = f"min: {low}, max: {high}, desired: {capacity}"
        with self._recorded(group, f"a user request update of AutoScalingGroup constraints to {limits}"):
            answer = super().update_auto_scaling_group()
        if "DefaultInstanceWarmup" in request:
            group.default_instance_warmup = request["DefaultInstanceWarmup"]
        if "DefaultCooldown" in request:
            group.default_cooldown = request["DefaultCooldown"]
        return answer

    def delete_auto_scaling_group(self) -> ActionResult:
        request = checked_request(self)
        group = self._groups.group(request["AutoScalingGroupName"])
        if group.instance_states and not request.get("ForceDelete"):
            raise Refusal(
                "ResourceInUse",
                "You cannot delete an AutoScalingGroup while there are instances or pending Spot instance request(s) "
                "still in the group.",
            )
        self._groups.forget(group)
        for state in group.instance_states:
            state.protected_from_scale_in = False
        with self._recorded(group, "a user request force-deleted the AutoScalingGroup"):
            return super().delete_auto_scaling_group()

    def set_desired_capacity(self) -> ActionResult:
        request = checked_request(self)
        group, wanted = self._groups.group(request["AutoScalingGroupName"]), request["DesiredCapacity"]
        for limit, side, beyond in ((group.max_size, "above max", 1), (group.min_size, "below min", -1)):
            if (wanted - limit) * beyond > 0:
                raise validation_error(
                    f"New SetDesiredCapacity value {wanted} is {side} value {limit} for the AutoScalingGroup."
                )
        self._groups.resize(group, wanted, "a user request explicitly set group desired capacity")
        return EmptyResult()

    def terminate_instance_in_auto_scaling_group(self) -> ActionResult:
        instance = checked_request(self)["InstanceId"]
        for group in self._groups.autoscaling_groups.values():
            if any(state.instance_id == instance for state in group.instance_states):
                with self._recorded(group, "a user request terminated an instance"):
                    return super().terminate_instance_in_auto_scaling_group()
        raise validation_error(f"Instance Id not found - No managed instance found for instance ID: {instance}")

    def enable_metrics_collection(self) -> ActionResult:
        request = checked_request(self)
        wanted = request.get("Metrics") or GROUP_METRICS
        if unknown := set(wanted) - set(GROUP_METRICS):
            raise validation_error(f"Metric names are not valid: {', '.join(sorted(unknown))}")
        group = self._groups.group(request["AutoScalingGroupName"])
        group.metrics = [name for name in GROUP_METRICS if name in {*group.metrics, *wanted}]
        return EmptyResult()

    def disable_metrics_collection(self) -> ActionResult:
        request = checked_request(self)
        group = self._groups.group(request["AutoScalingGroupName"])
        group.metrics = [name for name in group.metrics if name not in (request.get("Metrics") or GROUP_METRICS)]
        return EmptyResult()

    def describe_scaling_activities(self) -> ActionResult:
        request = checked_request(self)
        found = self._groups.activities.of(request.get("AutoScalingGroupName"), request.get("ActivityIds") or [])
        some, token = page(found, request.get("MaxRecords") or ACTIVITIES_PAGE, request.get("NextToken"))
        return ActionResult({"Activities": some, "NextToken": token})

    # Policies

    def put_scaling_policy(self) -> ActionResult:
        policy = self._groups.policies.put(checked_request(self))
        return ActionResult({"PolicyARN": policy.arn, "Alarms": policy.described_alarms()})

    def describe_policies(self) -> ActionResult:
        request = checked_request(self)
        names, kinds = request.get("PolicyNames"), request.get("PolicyTypes")
        found = [
            policy.describe()
            for policy in self._groups.policies.of(request.get("AutoScalingGroupName"))
            if (not names or policy.name in names or policy.arn in names) and (not kinds or policy.kind in kinds)
        ]
        some, token = page(found, request.get("MaxRecords") or POLICIES_PAGE, request.get("NextToken"))
        return ActionResult({"ScalingPolicies": some, "NextToken": token})

    def delete_policy(self) -> ActionResult:
        request = checked_request(self)
        self._groups.policies.remove(
            self._groups.policies.find(request["PolicyName"], request.get("AutoScalingGroupName"))
        )
        return EmptyResult()

    def execute_policy(self) -> ActionResult:
        request = checked_request(self)
        policy = self._groups.policies.find(request["PolicyName"], request.get("AutoScalingGroupName"))
        self._groups.execute(policy, request)
        return EmptyResult()

    def _recorded(self, group: Any, why: str) -> AbstractContextManager[None]:
        return self._groups.activities.recorded(group, why)


def _check_limits(low: int, high: int, wanted: int | None) -> None:
    if low > high:
        raise validation_error(f"Max bound, {high}, must be greater than or equal to min bound, {low}")
    if wanted is not None and not low <= wanted <= high:
        raise validation_error(
            f"Desired capacity:{wanted} must be between the specified min size:{low} and max size:{high}"
        )
