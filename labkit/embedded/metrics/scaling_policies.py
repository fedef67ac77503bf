"""Scaling policies as PutScalingPolicy takes them, and the alarms that AWS makes for target tracking.

https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_PutScalingPolicy.html
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from labkit.embedded.metrics.errors import not_here, validation_error
from labkit.embedded.metrics.scaling_amounts import ADJUSTMENT_TYPES, check_steps

# Seen in the alarms of real groups, in no document: above the target for 3 minutes, below 90 % of it for 15.
HIGH_MINUTES, LOW_MINUTES, LOW_SHARE = 3, 15, 0.9
_PREDEFINED = {  # metric name, namespace; the dimension is the group
    "ASGAverageCPUUtilization": ("CPUUtilization", "AWS/EC2"),
    "ASGAverageNetworkIn": ("NetworkIn", "AWS/EC2"),
    "ASGAverageNetworkOut": ("NetworkOut", "AWS/EC2"),
}


@dataclass
class Policy:
    group: str
    name: str
    arn: str
    request: Mapping[str, Any]
    alarms: dict[str, str] = field(default_factory=dict)  # of target tracking: names → ARNs

    @property
    def kind(self) -> str:
        return self.request.get("PolicyType") or "SimpleScaling"

    @property
    def target(self) -> Mapping[str, Any]:
        return self.request.get("TargetTrackingConfiguration") or {}

    @property
    def low_alarm(self) -> str | None:
        return next((name for name in self.alarms if "-AlarmLow-" in name), None)

    def describe(self) -> dict[str, Any]:
        extra = {"Cooldown": self.request.get("Cooldown")} if self.kind == "SimpleScaling" else {}
        return {
            "StepAdjustments": [],
            "Enabled": True,
            **{name: value for name, value in self.request.items() if value is not None},
            **extra,
            "PolicyARN": self.arn,
            "PolicyType": self.kind,
            "Alarms": self.described_alarms(),
        }

    def described_alarms(self) -> list[dict[str, str]]:
        return [{"AlarmName": name, "AlarmARN": arn} for name, arn in self.alarms.items()]


def check(request: Mapping[str, Any]) -> None:
    """Raises ValidationError for what PutScalingPolicy does not take."""
    kind = request.get("PolicyType") or "SimpleScaling"
    if kind == "PredictiveScaling":
        raise not_here("Predictive scaling")
    if kind not in ("SimpleScaling", "StepScaling", "TargetTrackingScaling"):
        raise validation_error(f"PolicyType {kind} is not valid.")
    if kind == "TargetTrackingScaling":
        target = request.get("TargetTrackingConfiguration")
        if not target:
            raise validation_error("TargetTrackingConfiguration is required for policy type TargetTrackingScaling.")
        if bool(target.get("PredefinedMetricSpecification")) == bool(target.get("CustomizedMetricSpecification")):
            raise validation_error(
                "Exactly one of PredefinedMetricSpecification and CustomizedMetricSpecification must be specified."
            )
        if target["TargetValue"] <= 0:
            raise validation_error("TargetValue must be greater than 0.")
        return
    if request.get("AdjustmentType") not in ADJUSTMENT_TYPES:
        raise validation_error(f"AdjustmentType must be one of {', '.join(ADJUSTMENT_TYPES)}.")
    if kind == "StepScaling":
        check_steps(request.get("StepAdjustments") or [])
    elif request.get("ScalingAdjustment") is None:
        raise validation_error("ScalingAdjustment is required for policy type SimpleScaling.")


def alarm_requests(policy: Policy, suffix: str) -> list[dict[str, Any]]:
    """The two alarms of a target tracking policy, or one if it must not scale in, as PutMetricAlarm takes them."""
    target = float(policy.target["TargetValue"])
    wanted = [("High", "GreaterThanThreshold", target, HIGH_MINUTES)]
    if not policy.target.get("DisableScaleIn"):
        wanted.append(("Low", "LessThanThreshold", target * LOW_SHARE, LOW_MINUTES))
    return [
        {
            "AlarmName": f"TargetTracking-{policy.group}-Alarm{which}-{suffix}",
            "AlarmDescription": f"DO NOT EDIT OR DELETE. For TargetTrackingScaling policy {policy.arn}.",
            "AlarmActions": [policy.arn],
            "ComparisonOperator": operator,
            "Threshold": threshold,
            "EvaluationPeriods": minutes,
            **_metric(policy),
        }
        for which, operator, threshold, minutes in wanted
    ]


def _metric(policy: Policy) -> dict[str, Any]:
    predefined, custom = (
        policy.target.get("PredefinedMetricSpecification"),
        policy.target.get("CustomizedMetricSpecification"),
    )
    if predefined:
        return _predefined(predefined, policy.group)
    assert custom
    if custom.get("Metrics"):
        return {"Metrics": [_query(query) for query in custom["Metrics"]]}
    for name in ("MetricName", "Namespace", "Statistic"):
        if not custom.get(name):
            raise validation_error(f"{name} is required in CustomizedMetricSpecification.")
    return {
        "MetricName": custom["MetricName"],
        "Namespace": custom["Namespace"],
        "Dimensions": custom.get("Dimensions") or [],
        "Statistic": custom["Statistic"],
        "Period": custom.get("Period") or 60,
        **({"Unit": custom["Unit"]} if custom.get("Unit") else {}),
    }


def _query(query: Mapping[str, Any]) -> dict[str, Any]:
    """A TargetTrackingMetricDataQuery differs from a MetricDataQuery in where it has its period, by default 60."""
    stat = query.get("MetricStat")
    if stat is None:
        return dict(query)
    period = stat.get("Period") or query.get("Period") or 60
    return {**{k: v for k, v in query.items() if k != "Period"}, "MetricStat": {**stat, "Period": period}}


def _predefined(metric: Mapping[str, Any], group: str) -> dict[str, Any]:
    kind = metric["PredefinedMetricType"]
    if kind == "ALBRequestCountPerTarget":
        label = metric.get("ResourceLabel") or ""
        balancer, found, target_group = label.partition("/targetgroup/")
        if not found:
            raise validation_error(
                "ResourceLabel must be app/name/id/targetgroup/name/id for ALBRequestCountPerTarget."
            )
        name, namespace, statistic = "RequestCountPerTarget", "AWS/ApplicationELB", "Sum"
        dimensions = {"LoadBalancer": balancer, "TargetGroup": f"targetgroup/{target_group}"}
    elif kind in _PREDEFINED:
        (name, namespace), statistic = _PREDEFINED[kind], "Average"
        dimensions = {"AutoScalingGroupName": group}
    else:
        raise not_here(f"The predefined metric {kind}")
    return {
        "MetricName": name,
        "Namespace": namespace,
        "Statistic": statistic,
        "Period": 60,
        "Dimensions": [{"Name": key, "Value": value} for key, value in dimensions.items()],
    }
