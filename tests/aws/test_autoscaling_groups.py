"""Auto Scaling groups: limits, activities, metrics, schedules."""

import datetime as dt
from typing import Any

import boto3
import pytest
from behaviours import behaviour
from cloudwatch_kit import (
    SCALING,
    SCALING_API,
    full_minute,
    group_of,
    refused,
    size_of,
    stat,
    unique,
    values_of,
)

import labkit

MINUTE = dt.timedelta(minutes=1)
NEXT_DAY_AT_TEN = {"hour": 10, "minute": 0, "second": 0, "microsecond": 0}


def sizes_of(autoscaling: Any, group: str) -> tuple[int, int, int]:
    (found,) = autoscaling.describe_auto_scaling_groups(AutoScalingGroupNames=[group])["AutoScalingGroups"]
    return found["MinSize"], found["DesiredCapacity"], found["MaxSize"]


def causes(autoscaling: Any, group: str) -> list[str]:
    """The newest first."""
    return [a["Cause"] for a in autoscaling.describe_scaling_activities(AutoScalingGroupName=group)["Activities"]]


@behaviour(
    "asg.create",
    "a group starts as many instances as are desired",
    source=SCALING_API + "CreateAutoScalingGroup.html",
)
def test_a_group_has_its_instances(autoscaling: Any) -> None:
    with group_of(autoscaling, 2) as group:
        assert size_of(autoscaling, group) == 2


@behaviour(
    "asg.min_max_enforced",
    "the desired capacity stays between MinSize and MaxSize, or the request is refused",
    source=SCALING + "asg-capacity-limits.html",
)
def test_limits(autoscaling: Any) -> None:
    with group_of(autoscaling, 1, least=1, most=3) as group:
        with refused("ValidationError", "above max value 3"):
            autoscaling.set_desired_capacity(AutoScalingGroupName=group, DesiredCapacity=4)
        with refused("ValidationError", "below min value 1"):
            autoscaling.set_desired_capacity(AutoScalingGroupName=group, DesiredCapacity=0)
        with refused("ValidationError", "between"):
            autoscaling.update_auto_scaling_group(AutoScalingGroupName=group, DesiredCapacity=9)
        with refused("ValidationError", "Max bound"):
            autoscaling.update_auto_scaling_group(AutoScalingGroupName=group, MinSize=5)
        assert sizes_of(autoscaling, group) == (1, 1, 3)
        autoscaling.set_desired_capacity(AutoScalingGroupName=group, DesiredCapacity=3)
        assert size_of(autoscaling, group) == 3
        autoscaling.update_auto_scaling_group(AutoScalingGroupName=group, MaxSize=2)
        assert size_of(autoscaling, group) == 2
    with refused("ValidationError", "between the specified min size:1 and max size:3"):
        autoscaling.create_auto_scaling_group(
            AutoScalingGroupName=unique("bad"),
            MinSize=1,
            MaxSize=3,
            DesiredCapacity=4,
            LaunchTemplate={"LaunchTemplateName": "any"},
            AvailabilityZones=["us-east-1a"],
        )


@behaviour(
    "asg.activities",
    "DescribeScalingActivities lists each launch and termination with its cause, the newest first",
    source=SCALING + "as-verify-scaling-activity.html",
)
def test_activities(autoscaling: Any) -> None:
    with group_of(autoscaling, 1) as group:
        autoscaling.set_desired_capacity(AutoScalingGroupName=group, DesiredCapacity=2)
        autoscaling.set_desired_capacity(AutoScalingGroupName=group, DesiredCapacity=1)
        gone, second, first = autoscaling.describe_scaling_activities(AutoScalingGroupName=group)["Activities"]
        assert first["Cause"].split("  ")[0].endswith("changing the desired capacity from 0 to 1.")
        assert second["Description"].startswith("Launching a new EC2 instance: i-")
        assert "a user request explicitly set group desired capacity" in second["Cause"]
        assert "changing the desired capacity from 1 to 2" in second["Cause"]
        assert second["Cause"].endswith("increasing the capacity from 1 to 2.")
        assert gone["Description"].startswith("Terminating EC2 instance: i-")
        assert "shrinking the capacity from 2 to 1" in gone["Cause"]
        assert {a["StatusCode"] for a in (gone, second, first)} == {"Successful"}
        pages = autoscaling.get_paginator("describe_scaling_activities").paginate(
            AutoScalingGroupName=group, PaginationConfig={"PageSize": 2}
        )
        assert [len(page["Activities"]) for page in pages] == [2, 1]


@behaviour(
    "asg.replaces",
    "an instance that is terminated behind the group's back is replaced",
    source=SCALING + "ec2-auto-scaling-health-checks.html",
)
def test_a_lost_instance_is_replaced(lab: labkit.Lab, autoscaling: Any) -> None:
    with group_of(autoscaling, 2) as group:
        (found,) = autoscaling.describe_auto_scaling_groups(AutoScalingGroupNames=[group])["AutoScalingGroups"]
        lost = found["Instances"][0]["InstanceId"]
        boto3.client("ec2").terminate_instances(InstanceIds=[lost])
        lab.wait(minutes=5)
        assert size_of(autoscaling, group) == 2
        activities = autoscaling.describe_scaling_activities(AutoScalingGroupName=group)["Activities"]
        assert activities[0]["Description"].startswith("Launching a new EC2 instance")
        assert activities[1]["Description"] == f"Terminating EC2 instance: {lost}"
        assert "EC2 health check" in activities[1]["Cause"]


@behaviour(
    "asg.scale_in_protection",
    "an instance that is protected from scale in stays; another one goes",
    source=SCALING + "ec2-auto-scaling-instance-protection.html",
)
def test_protected_instances_stay(autoscaling: Any) -> None:
    with group_of(autoscaling, 3) as group:
        (found,) = autoscaling.describe_auto_scaling_groups(AutoScalingGroupNames=[group])["AutoScalingGroups"]
        ids = [instance["InstanceId"] for instance in found["Instances"]]
        autoscaling.set_instance_protection(AutoScalingGroupName=group, InstanceIds=ids[:1], ProtectedFromScaleIn=True)
        autoscaling.set_desired_capacity(AutoScalingGroupName=group, DesiredCapacity=1)
        (found,) = autoscaling.describe_auto_scaling_groups(AutoScalingGroupNames=[group])["AutoScalingGroups"]
        assert [instance["InstanceId"] for instance in found["Instances"]] == ids[:1]


@behaviour(
    "asg.metrics",
    "a group whose metrics collection is enabled has its sizes in CloudWatch, minute by minute",
    source=SCALING + "ec2-auto-scaling-metrics.html",
)
def test_group_metrics(lab: labkit.Lab, autoscaling: Any, cloudwatch: Any) -> None:
    with group_of(autoscaling, 2) as group:
        dimensions = [{"Name": "AutoScalingGroupName", "Value": group}]
        metric = {"Namespace": "AWS/AutoScaling", "MetricName": "GroupInServiceInstances", "Dimensions": dimensions}
        now = full_minute(lab)
        lab.wait(minutes=1)
        autoscaling.enable_metrics_collection(AutoScalingGroupName=group, Granularity="1Minute")
        lab.wait(minutes=2)
        autoscaling.set_desired_capacity(AutoScalingGroupName=group, DesiredCapacity=3)
        lab.wait(minutes=1)
        assert values_of(cloudwatch, now, now + 4 * MINUTE, stat("m", metric)) == [[2, 2, 3]]
        listed = cloudwatch.list_metrics(Namespace="AWS/AutoScaling", Dimensions=dimensions)["Metrics"]
        assert len(listed) == 8
        autoscaling.disable_metrics_collection(AutoScalingGroupName=group)
        lab.wait(minutes=2)
        assert values_of(cloudwatch, now, now + 6 * MINUTE, stat("m", metric)) == [[2, 2, 3]]


@behaviour(
    "asg.scheduled",
    "a scheduled action sets sizes at its time, once, and is then gone",
    source=SCALING + "ec2-auto-scaling-scheduled-scaling.html",
)
def test_a_scheduled_action(lab: labkit.Lab, autoscaling: Any) -> None:
    with group_of(autoscaling, 1) as group:
        opening = full_minute(lab) + dt.timedelta(hours=2)
        autoscaling.put_scheduled_update_group_action(
            AutoScalingGroupName=group,
            ScheduledActionName="opening",
            StartTime=opening,
            MinSize=4,
            DesiredCapacity=5,
        )
        lab.wait(minutes=119)
        assert size_of(autoscaling, group) == 1
        lab.wait(minutes=1)
        assert sizes_of(autoscaling, group) == (4, 5, 20)
        assert "a scheduled action update of AutoScalingGroup constraints to min: 4" in causes(autoscaling, group)[0]
        actions = autoscaling.describe_scheduled_actions(AutoScalingGroupName=group)
        assert actions["ScheduledUpdateGroupActions"] == []
        with refused("ValidationError", "past"):
            autoscaling.put_scheduled_update_group_action(
                AutoScalingGroupName=group,
                ScheduledActionName="late",
                StartTime=lab.now() - MINUTE,
                DesiredCapacity=1,
            )


@behaviour(
    "asg.scheduled.recurring",
    "a recurring action is a cron expression, in UTC unless a time zone is given",
    source=SCALING_API + "PutScheduledUpdateGroupAction.html",
)
@pytest.mark.parametrize(("zone", "hour"), [(None, 10), ("America/Bogota", 15)])
def test_a_recurring_action(lab: labkit.Lab, autoscaling: Any, zone: str | None, hour: int) -> None:
    ten = lab.now().replace(hour=hour, minute=0, second=0, microsecond=0) + dt.timedelta(days=1)
    lab.wait(seconds=(ten - lab.now()).total_seconds() - 30)
    with group_of(autoscaling, 1) as group:
        autoscaling.put_scheduled_update_group_action(
            AutoScalingGroupName=group,
            ScheduledActionName="every-day-at-ten",
            Recurrence="0 10 * * *",
            DesiredCapacity=2,
            **({"TimeZone": zone} if zone else {}),
        )
        for _ in range(2):
            assert size_of(autoscaling, group) == 1
            lab.wait(minutes=1)
            assert size_of(autoscaling, group) == 2
            autoscaling.set_desired_capacity(AutoScalingGroupName=group, DesiredCapacity=1)
            lab.wait(hours=23, minutes=59)


@behaviour(
    "asg.scheduled.errors",
    "a scheduled action needs a time that exists, and something to do",
    source=SCALING_API + "PutScheduledUpdateGroupAction.html",
)
@pytest.mark.parametrize(
    "wrong",
    [
        {"Recurrence": "10 * *"},
        {"Recurrence": "60 * * * *"},
        {"Recurrence": "a b c d e"},
        {"TimeZone": "Nowhere/Land"},
        {"TimeZone": "../etc"},
        {"DesiredCapacity": None},
        {"Recurrence": None},
        {"Recurrence": None, "StartTime": dt.datetime(2020, 1, 1, tzinfo=dt.UTC)},
    ],
)
def test_bad_schedules(lab: labkit.Lab, autoscaling: Any, wrong: dict[str, Any]) -> None:
    with group_of(autoscaling, 0) as group:
        good = {"Recurrence": "0 10 * * *", "DesiredCapacity": 1}
        request = {name: value for name, value in {**good, **wrong}.items() if value is not None}
        with refused("ValidationError"):
            autoscaling.put_scheduled_update_group_action(
                AutoScalingGroupName=group, ScheduledActionName="bad", **request
            )
        actions = autoscaling.describe_scheduled_actions(AutoScalingGroupName=group)
        assert actions["ScheduledUpdateGroupActions"] == []


@behaviour(
    "asg.delete_in_use",
    "a group with instances is deleted only with ForceDelete",
    source=SCALING_API + "DeleteAutoScalingGroup.html",
)
def test_a_group_in_use_stays(autoscaling: Any) -> None:
    with group_of(autoscaling, 1) as group, refused("ResourceInUse"):
        autoscaling.delete_auto_scaling_group(AutoScalingGroupName=group)


@behaviour(
    "asg.unknown_group",
    "a group that does not exist is a ValidationError",
    source=SCALING_API + "CommonErrors.html",
)
def test_unknown_groups(autoscaling: Any) -> None:
    with refused("ValidationError", "not found"):
        autoscaling.set_desired_capacity(AutoScalingGroupName="nobody", DesiredCapacity=1)
    with refused("ValidationError", "not found"):
        autoscaling.suspend_processes(AutoScalingGroupName="nobody")
    with refused("ValidationError", "not found"):
        autoscaling.delete_auto_scaling_group(AutoScalingGroupName="nobody")
    with group_of(autoscaling, 0) as group, refused("AlreadyExists"):
        autoscaling.create_auto_scaling_group(
            AutoScalingGroupName=group,
            MinSize=0,
            MaxSize=1,
            LaunchTemplate={"LaunchTemplateName": "any"},
            AvailabilityZones=["us-east-1a"],
        )
