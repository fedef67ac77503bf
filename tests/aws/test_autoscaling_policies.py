"""Scaling policies: simple, step, target tracking, and the alarms that drive them."""

import datetime as dt
import json
from typing import Any

import pytest
from behaviours import behaviour
from cloudwatch_kit import (
    SCALING,
    SCALING_API,
    MakeQueue,
    alarm_on,
    fill,
    full_minute,
    group_of,
    policy_for,
    queue_metric,
    received,
    refused,
    size_of,
    unique,
)

import labkit

SIMPLE = SCALING + "as-scaling-simple-step.html"
TRACKING = SCALING + "as-scaling-target-tracking.html"
BACKLOG = SCALING + "as-using-sqs-queue.html"
VISIBLE = "ApproximateNumberOfMessagesVisible"
NOBODY = {"Namespace": "N", "MetricName": "M"}


def simple(adjustment: int, kind: str = "ChangeInCapacity", **more: Any) -> dict[str, Any]:
    return {"PolicyType": "SimpleScaling", "AdjustmentType": kind, "ScalingAdjustment": adjustment, **more}


def steps(*bounds_and_adjustments: tuple[float | None, float | None, int], **more: Any) -> dict[str, Any]:
    names = ("MetricIntervalLowerBound", "MetricIntervalUpperBound", "ScalingAdjustment")
    adjustments = [
        {name: value for name, value in zip(names, step, strict=True) if value is not None}
        for step in bounds_and_adjustments
    ]
    return {"PolicyType": "StepScaling", "AdjustmentType": "ChangeInCapacity", "StepAdjustments": adjustments, **more}


def backlog_per_instance(queue: str, group: str, target: float, **more: Any) -> dict[str, Any]:
    """Target tracking on m1/m2, as the guide has it: no metric of one's own is needed."""
    group_metric = {
        "Namespace": "AWS/AutoScaling",
        "MetricName": "GroupInServiceInstances",
        "Dimensions": [{"Name": "AutoScalingGroupName", "Value": group}],
    }
    metrics = [
        {"Id": "m1", "MetricStat": {"Metric": queue_metric(queue, VISIBLE), "Stat": "Sum"}, "ReturnData": False},
        {"Id": "m2", "MetricStat": {"Metric": group_metric, "Stat": "Average"}, "ReturnData": False},
        {"Id": "e1", "Expression": "m1 / m2", "Label": "Backlog per instance", "ReturnData": True},
    ]
    configuration = {"TargetValue": target, "CustomizedMetricSpecification": {"Metrics": metrics}, **more}
    return {"PolicyType": "TargetTrackingScaling", "TargetTrackingConfiguration": configuration}


def sound(cloudwatch: Any, alarm: str, *values: float) -> None:
    """Set an alarm off, with the values that a policy scales by."""
    data = json.dumps({"recentDatapoints": values})
    cloudwatch.set_alarm_state(AlarmName=alarm, StateValue="ALARM", StateReason="drill", StateReasonData=data)


@behaviour(
    "asg.policy_execute",
    "ExecutePolicy of a simple policy changes the capacity",
    source=SCALING_API + "ExecutePolicy.html",
)
@pytest.mark.parametrize(
    ("size", "policy", "after"),
    [
        (2, simple(1), 3),
        (2, simple(-1), 1),
        (2, simple(5, "ExactCapacity"), 5),
        (10, simple(27, "PercentChangeInCapacity"), 12),  # 2.7 → 2
        (2, simple(30, "PercentChangeInCapacity"), 3),  # 0.6 → 1
        (4, simple(25, "PercentChangeInCapacity", MinAdjustmentMagnitude=2), 6),
        (10, simple(-7, "PercentChangeInCapacity"), 9),  # -0.7 → -1
        (2, simple(100), 15),  # MaxSize
        (2, simple(-100), 1),  # MinSize
    ],
)
def test_adjustments(autoscaling: Any, size: int, policy: dict[str, Any], after: int) -> None:
    with group_of(autoscaling, size, least=1, most=15) as group:
        arn = policy_for(autoscaling, group, **policy)
        autoscaling.execute_policy(AutoScalingGroupName=group, PolicyName=arn)
        assert size_of(autoscaling, group) == after


@behaviour(
    "asg.alarm_drives_policy",
    "an alarm whose action is a policy scales the group, and the activity says which alarm and which policy",
    source=SIMPLE,
)
def test_an_alarm_scales(lab: labkit.Lab, cloudwatch: Any, autoscaling: Any, sqs: Any, make_queue: MakeQueue) -> None:
    queue = make_queue()
    with group_of(autoscaling, 1) as group:
        policy = policy_for(autoscaling, group, **simple(2))
        with alarm_on(cloudwatch, queue_metric(queue, VISIBLE), Threshold=10, AlarmActions=[policy]) as alarm:
            fill(sqs, queue, 11)
            lab.wait(minutes=1)
            assert size_of(autoscaling, group) == 3
            newest = autoscaling.describe_scaling_activities(AutoScalingGroupName=group)["Activities"][0]
            name = policy.rpartition("policyName/")[2]
            assert f"a monitor alarm {alarm} in state ALARM triggered policy {name}" in newest["Cause"]
            assert "changing the desired capacity from 1 to 3" in newest["Cause"]


@behaviour(
    "asg.alarm_set_by_hand",
    "SetAlarmState to ALARM has the policy carried out",
    source="https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_SetAlarmState.html",
)
def test_a_drill_scales(cloudwatch: Any, autoscaling: Any) -> None:
    with group_of(autoscaling, 2) as group:
        policy = policy_for(autoscaling, group, **simple(1))
        with alarm_on(cloudwatch, NOBODY, AlarmActions=[policy]) as alarm:
            cloudwatch.set_alarm_state(AlarmName=alarm, StateValue="ALARM", StateReason="drill")
            assert size_of(autoscaling, group) == 3


@behaviour(
    "asg.alarm_repeats",
    "while the alarm lasts its scaling action comes again each minute; a simple policy waits for its cooldown first",
    source=SCALING + "ec2-auto-scaling-scaling-cooldowns.html",
)
def test_cooldown(lab: labkit.Lab, cloudwatch: Any, autoscaling: Any, sqs: Any, make_queue: MakeQueue) -> None:
    queue = make_queue()
    full_minute(lab)
    with group_of(autoscaling, 1) as group:
        policy = policy_for(autoscaling, group, **simple(1, Cooldown=180))
        with alarm_on(cloudwatch, queue_metric(queue, VISIBLE), AlarmActions=[policy]):
            fill(sqs, queue, 1)
            sizes = []
            for _ in range(8):
                lab.wait(minutes=1)
                sizes.append(size_of(autoscaling, group))
    assert sizes == [2, 2, 2, 3, 3, 3, 4, 4]


@behaviour(
    "asg.policy_max",
    "policies stop at MaxSize and MinSize, without an error",
    source=SCALING + "asg-capacity-limits.html",
)
def test_policies_stay_within_limits(
    lab: labkit.Lab, cloudwatch: Any, autoscaling: Any, sqs: Any, make_queue: MakeQueue
) -> None:
    queue = make_queue()
    with group_of(autoscaling, 1, most=3) as group:
        policy = policy_for(autoscaling, group, **simple(2, Cooldown=0))
        with alarm_on(cloudwatch, queue_metric(queue, VISIBLE), AlarmActions=[policy]):
            fill(sqs, queue, 1)
            lab.wait(minutes=10)
            assert size_of(autoscaling, group) == 3
            activities = autoscaling.describe_scaling_activities(AutoScalingGroupName=group)["Activities"]
            assert len(activities) == 3


@behaviour(
    "asg.step",
    "a step policy scales by how far the metric is beyond the threshold; lower bounds are inclusive",
    source=SCALING_API + "StepAdjustment.html",
)
@pytest.mark.parametrize(("value", "after"), [(50, 2), (59, 2), (60, 3), (69, 3), (70, 5), (1000, 5)])
def test_steps_out(cloudwatch: Any, autoscaling: Any, value: float, after: int) -> None:
    with group_of(autoscaling, 1) as group:
        policy = policy_for(autoscaling, group, **steps((0, 10, 1), (10, 20, 2), (20, None, 4)))
        with alarm_on(
            cloudwatch,
            NOBODY,
            Threshold=50,
            ComparisonOperator="GreaterThanOrEqualToThreshold",
            AlarmActions=[policy],
        ) as alarm:
            sound(cloudwatch, alarm, value)
            assert size_of(autoscaling, group) == after


@behaviour(
    "asg.step_in",
    "below the threshold it is the upper bounds that are inclusive",
    source=SCALING_API + "StepAdjustment.html",
)
@pytest.mark.parametrize(("value", "after"), [(40, 9), (31, 9), (30, 8), (0, 8)])
def test_steps_in(cloudwatch: Any, autoscaling: Any, value: float, after: int) -> None:
    with group_of(autoscaling, 10) as group:
        policy = policy_for(autoscaling, group, **steps((-10, 0, -1), (None, -10, -2)))
        with alarm_on(
            cloudwatch, NOBODY, Threshold=40, ComparisonOperator="LessThanOrEqualToThreshold", AlarmActions=[policy]
        ) as alarm:
            sound(cloudwatch, alarm, value)
            assert size_of(autoscaling, group) == after


@behaviour(
    "asg.step_needs_a_value",
    "a step policy can do nothing with an alarm set by hand without StateReasonData",
    source="https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_SetAlarmState.html",
)
@pytest.mark.parametrize("data", [None, "[]", '{"recentDatapoints": "x"}', '{"recentDatapoints": [{}]}'])
def test_no_value_no_step(cloudwatch: Any, autoscaling: Any, data: str | None) -> None:
    with group_of(autoscaling, 1) as group:
        policy = policy_for(autoscaling, group, **steps((0, None, 1)))
        with alarm_on(cloudwatch, NOBODY, AlarmActions=[policy]) as alarm:
            more = {"StateReasonData": data} if data else {}
            cloudwatch.set_alarm_state(AlarmName=alarm, StateValue="ALARM", StateReason="drill", **more)
            assert size_of(autoscaling, group) == 1
            (item,) = cloudwatch.describe_alarm_history(AlarmName=alarm, HistoryItemType="Action")["AlarmHistoryItems"]
            assert item["HistorySummary"].startswith("Failed to execute action")


@behaviour(
    "asg.step_warmup",
    "instances that still warm up are on their way already: the same step again adds nothing, a bigger one the rest",
    source=SCALING + "ec2-auto-scaling-default-instance-warmup.html",
)
def test_warmup(lab: labkit.Lab, cloudwatch: Any, autoscaling: Any, sqs: Any, make_queue: MakeQueue) -> None:
    queue = make_queue()
    full_minute(lab)
    with group_of(autoscaling, 1) as group:
        policy = policy_for(autoscaling, group, **steps((0, 10, 1), (10, None, 3), EstimatedInstanceWarmup=180))
        metric = queue_metric(queue, VISIBLE)
        with alarm_on(cloudwatch, metric, Threshold=5, AlarmActions=[policy]):
            sizes = []
            for more in (10, 0, 10, 0, 0):  # 5 above the threshold, then 15
                fill(sqs, queue, more)
                lab.wait(minutes=1)
                sizes.append(size_of(autoscaling, group))
    # The first (+1) is warm after three minutes: then 15 above asks for 2 + 3.
    assert sizes == [2, 2, 4, 5, 5]


@behaviour(
    "asg.step_execute",
    "ExecutePolicy of a step policy needs a value and a threshold",
    source=SCALING_API + "ExecutePolicy.html",
)
def test_execute_steps(autoscaling: Any) -> None:
    with group_of(autoscaling, 1) as group:
        policy = policy_for(autoscaling, group, **steps((0, 10, 1), (10, None, 3)))
        autoscaling.execute_policy(PolicyName=policy, MetricValue=59, BreachThreshold=50)
        assert size_of(autoscaling, group) == 2
        with refused("ValidationError", "MetricValue"):
            autoscaling.execute_policy(PolicyName=policy)
        with refused("ValidationError", "step"):
            autoscaling.execute_policy(PolicyName=policy, MetricValue=40, BreachThreshold=50)


@behaviour(
    "asg.policy_put",
    "target tracking makes its two alarms, and takes them with it when it is deleted",
    source=TRACKING,
)
def test_target_tracking_has_alarms(cloudwatch: Any, autoscaling: Any, make_queue: MakeQueue) -> None:
    with group_of(autoscaling, 1) as group:
        answer = autoscaling.put_scaling_policy(
            AutoScalingGroupName=group, PolicyName="keep", **backlog_per_instance(make_queue(), group, 100)
        )
        names = [alarm["AlarmName"] for alarm in answer["Alarms"]]
        assert [
            f"TargetTracking-{group}-Alarm{which}-" in name for which, name in zip(("High", "Low"), names, strict=True)
        ] == [True] * 2
        high, low = cloudwatch.describe_alarms(AlarmNames=names)["MetricAlarms"]
        assert (high["Threshold"], high["ComparisonOperator"]) == (100, "GreaterThanThreshold")
        assert (low["Threshold"], low["ComparisonOperator"]) == (90, "LessThanThreshold")
        assert high["AlarmActions"] == low["AlarmActions"] == [answer["PolicyARN"]]
        (policy,) = autoscaling.describe_policies(AutoScalingGroupName=group)["ScalingPolicies"]
        assert [alarm["AlarmName"] for alarm in policy["Alarms"]] == names
        assert policy["TargetTrackingConfiguration"]["TargetValue"] == 100
        autoscaling.delete_policy(AutoScalingGroupName=group, PolicyName="keep")
        assert cloudwatch.describe_alarms(AlarmNames=names)["MetricAlarms"] == []


@behaviour(
    "asg.backlog_per_instance",
    "AWS's example: 1,500 messages, 10 instances, 100 messages each are acceptable → scale out by 5, to 15",
    source=BACKLOG,
)
def test_the_worked_example(lab: labkit.Lab, autoscaling: Any, sqs: Any, make_queue: MakeQueue) -> None:
    queue = make_queue()
    with group_of(autoscaling, 10) as group:
        autoscaling.enable_metrics_collection(AutoScalingGroupName=group, Granularity="1Minute")
        policy_for(autoscaling, group, **backlog_per_instance(queue, group, 100))
        fill(sqs, queue, 1500)
        lab.wait(minutes=10)
        assert size_of(autoscaling, group) == 15
        newest = autoscaling.describe_scaling_activities(AutoScalingGroupName=group)["Activities"][0]
        assert "changing the desired capacity from 10 to 15" in newest["Cause"]


@behaviour(
    "asg.target_tracking_in",
    "below the target the group shrinks, later than it grows, and not below MinSize",
    source=TRACKING,
)
def test_target_tracking_scales_in(lab: labkit.Lab, autoscaling: Any, sqs: Any, make_queue: MakeQueue) -> None:
    queue = make_queue()
    with group_of(autoscaling, 4, least=2) as group:
        autoscaling.enable_metrics_collection(AutoScalingGroupName=group, Granularity="1Minute")
        policy_for(autoscaling, group, **backlog_per_instance(queue, group, 10))
        fill(sqs, queue, 30)
        lab.wait(minutes=10)
        assert size_of(autoscaling, group) == 4  # 7.5 each: below 9, but not for 15 minutes
        lab.wait(minutes=10)
        assert size_of(autoscaling, group) == 3
        received(sqs, queue)
        lab.wait(minutes=30)
        assert size_of(autoscaling, group) == 2


@behaviour(
    "asg.target_tracking_no_scale_in",
    "with DisableScaleIn a policy only grows the group",
    source=SCALING_API + "TargetTrackingConfiguration.html",
)
def test_scale_in_disabled(lab: labkit.Lab, autoscaling: Any, make_queue: MakeQueue) -> None:
    queue = make_queue()
    with group_of(autoscaling, 4) as group:
        autoscaling.enable_metrics_collection(AutoScalingGroupName=group, Granularity="1Minute")
        policy_for(autoscaling, group, **backlog_per_instance(queue, group, 10, DisableScaleIn=True))
        lab.wait(hours=1)
        assert size_of(autoscaling, group) == 4


@behaviour(
    "asg.all_agree",
    "a group shrinks only if all its target tracking policies agree; it grows if one of them asks",
    source=TRACKING,
)
def test_two_policies(lab: labkit.Lab, autoscaling: Any, sqs: Any, make_queue: MakeQueue) -> None:
    idle, busy = make_queue("idle"), make_queue("busy")
    with group_of(autoscaling, 4) as group:
        autoscaling.enable_metrics_collection(AutoScalingGroupName=group, Granularity="1Minute")
        for queue in (idle, busy):
            policy_for(autoscaling, group, **backlog_per_instance(queue, group, 10))
        fill(sqs, busy, 38)  # 9.5 each: neither above 10 nor below 9
        lab.wait(hours=1)
        assert size_of(autoscaling, group) == 4
        fill(sqs, busy, 12)
        lab.wait(minutes=10)
        assert size_of(autoscaling, group) == 5


@behaviour(
    "asg.target_tracking_custom_metric",
    "target tracking of a metric of one's own",
    source=SCALING_API + "CustomizedMetricSpecification.html",
)
def test_a_custom_metric(lab: labkit.Lab, cloudwatch: Any, autoscaling: Any) -> None:
    namespace = unique("Test")
    with group_of(autoscaling, 2) as group:
        metric = {"Namespace": namespace, "MetricName": "Busy", "Statistic": "Average"}
        policy_for(
            autoscaling,
            group,
            PolicyType="TargetTrackingScaling",
            TargetTrackingConfiguration={"TargetValue": 50, "CustomizedMetricSpecification": metric},
        )
        now = full_minute(lab)
        data = [{"MetricName": "Busy", "Timestamp": now + dt.timedelta(minutes=i), "Value": 120} for i in range(4)]
        cloudwatch.put_metric_data(Namespace=namespace, MetricData=data)
        lab.wait(minutes=4)
        assert size_of(autoscaling, group) == 5  # 2 × 120 / 50 = 4.8


@behaviour(
    "asg.suspended",
    "with AlarmNotification suspended alarms do not scale",
    source=SCALING + "as-suspend-resume-processes.html",
)
def test_suspended(cloudwatch: Any, autoscaling: Any) -> None:
    with group_of(autoscaling, 1) as group:
        policy = policy_for(autoscaling, group, **simple(1))
        autoscaling.suspend_processes(AutoScalingGroupName=group, ScalingProcesses=["AlarmNotification"])
        with alarm_on(cloudwatch, NOBODY, AlarmActions=[policy]) as alarm:
            cloudwatch.set_alarm_state(AlarmName=alarm, StateValue="ALARM", StateReason="drill")
            assert size_of(autoscaling, group) == 1


@behaviour(
    "asg.policy_validation",
    "PutScalingPolicy refuses what does not fit its type",
    source=SCALING_API + "PutScalingPolicy.html",
)
@pytest.mark.parametrize(
    ("policy", "part"),
    [
        ({"PolicyType": "Magic"}, "Magic"),
        ({"PolicyType": "SimpleScaling", "ScalingAdjustment": 1}, "AdjustmentType"),
        ({"PolicyType": "SimpleScaling", "AdjustmentType": "ChangeInCapacity"}, "ScalingAdjustment"),
        ({"PolicyType": "StepScaling", "AdjustmentType": "ChangeInCapacity"}, "StepAdjustments"),
        (steps((0, 10, 1), (5, None, 2)), "overlap"),
        (steps((0, 10, 1), (20, None, 2)), "gaps"),
        (steps((0, 10, 1)), "unspecified upper bound"),
        (steps((None, None, 1)), "At most one bound"),
        ({"PolicyType": "TargetTrackingScaling"}, "TargetTrackingConfiguration"),
        ({"PolicyType": "TargetTrackingScaling", "TargetTrackingConfiguration": {"TargetValue": 1}}, "Exactly one"),
    ],
)
def test_bad_policies(autoscaling: Any, bare_group: str, policy: dict[str, Any], part: str) -> None:
    with refused("ValidationError", part):
        autoscaling.put_scaling_policy(AutoScalingGroupName=bare_group, PolicyName="bad", **policy)
    assert autoscaling.describe_policies(AutoScalingGroupName=bare_group)["ScalingPolicies"] == []


@pytest.fixture(scope="module")
def bare_group(lab: labkit.Lab, autoscaling: Any) -> Any:
    with group_of(autoscaling, 0) as group:
        yield group


@behaviour(
    "asg.policy_of_a_group",
    "policies of two groups may have the same name",
    source=SCALING_API + "PutScalingPolicy.html",
)
def test_names_belong_to_groups(autoscaling: Any) -> None:
    with group_of(autoscaling, 1) as one, group_of(autoscaling, 1) as two:
        for group, adjustment in ((one, 1), (two, 2)):
            autoscaling.put_scaling_policy(AutoScalingGroupName=group, PolicyName="out", **simple(adjustment))
        autoscaling.execute_policy(AutoScalingGroupName=one, PolicyName="out")
        assert (size_of(autoscaling, one), size_of(autoscaling, two)) == (2, 1)


@behaviour(
    "asg.boot_time",
    "a new instance takes a while until it is InService",
    source=SCALING + "ec2-auto-scaling-lifecycle.html",
    differs="instances are in service at once: there is nothing that boots",
)
def test_instances_boot(autoscaling: Any) -> None:
    with group_of(autoscaling, 1) as group:
        (found,) = autoscaling.describe_auto_scaling_groups(AutoScalingGroupNames=[group])["AutoScalingGroups"]
        assert found["Instances"][0]["LifecycleState"] == "Pending"
