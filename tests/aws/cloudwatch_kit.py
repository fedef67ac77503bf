"""What the CloudWatch, Auto Scaling and Budgets behaviours have in common."""

import datetime as dt
import itertools
import json
import os
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

import labkit

API = "https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_"
GUIDE = "https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/"
SQS_METRICS = "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/"
SCALING = "https://docs.aws.amazon.com/autoscaling/ec2/userguide/"
SCALING_API = "https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_"

_number = itertools.count(1)
_run = secrets.token_hex(3)  # on real AWS an earlier run may have left its histories and metrics


@contextmanager
def refused(code: str, *parts: str) -> Iterator[None]:
    """The block ends in the ClientError `code`, whose message has all `parts`."""
    with pytest.raises(ClientError) as caught:
        yield
    error = caught.value.response["Error"]
    assert error["Code"] == code
    for part in parts:
        assert part in error["Message"]


def unique(base: str) -> str:
    return f"{base}-{_run}-{next(_number)}"


def name_of(queue_url: str) -> str:
    return queue_url.rpartition("/")[2]


def queue_metric(queue_url: str, name: str) -> dict[str, Any]:
    """A metric of a queue, as the API's Metric structure."""
    dimensions = [{"Name": "QueueName", "Value": name_of(queue_url)}]
    return {"Namespace": "AWS/SQS", "MetricName": name, "Dimensions": dimensions}


def full_minute(lab: labkit.Lab) -> dt.datetime:
    """Move to just after a full minute, so that a test knows which minute it is in; that minute."""
    lab.wait(seconds=60 - lab.now().timestamp() % 60)
    return lab.now().replace(second=0, microsecond=0)


def put_line(cloudwatch: Any, lab: labkit.Lab, *values: float | None, metric: str = "Line") -> tuple[str, dt.datetime]:
    """Report a value for each of the minutes before now, the last one last; None for none. Namespace and now."""
    namespace, now = unique("Test"), full_minute(lab)
    data = [
        {"MetricName": metric, "Timestamp": now - dt.timedelta(minutes=len(values) - place), "Value": value}
        for place, value in enumerate(values)
        if value is not None
    ]
    if data:
        cloudwatch.put_metric_data(Namespace=namespace, MetricData=data)
    return namespace, now


def values_of(cloudwatch: Any, start: dt.datetime, end: dt.datetime, *queries: dict[str, Any]) -> list[list[float]]:
    """The values of each query that returns data, the oldest first."""
    answer = cloudwatch.get_metric_data(
        StartTime=start, EndTime=end, MetricDataQueries=list(queries), ScanBy="TimestampAscending"
    )
    return [result["Values"] for result in answer["MetricDataResults"]]


def stat(
    name: str, metric: dict[str, Any], statistic: str = "Average", *, period: int = 60, **more: Any
) -> dict[str, Any]:
    """A MetricDataQuery with the id `name`."""
    return {"Id": name, "MetricStat": {"Metric": metric, "Period": period, "Stat": statistic}, **more}


def state_of(cloudwatch: Any, alarm: str) -> str:
    (found,) = cloudwatch.describe_alarms(AlarmNames=[alarm])["MetricAlarms"]
    return str(found["StateValue"])


def transitions_of(cloudwatch: Any, alarm: str) -> list[tuple[dt.datetime, str]]:
    """When an alarm changed its state, and to which one, the first change first."""
    items = cloudwatch.describe_alarm_history(
        AlarmName=alarm, HistoryItemType="StateUpdate", ScanBy="TimestampAscending"
    )["AlarmHistoryItems"]
    return [(item["Timestamp"], json.loads(item["HistoryData"])["newState"]["stateValue"]) for item in items]


@contextmanager
def alarm_on(cloudwatch: Any, metric: dict[str, Any] | None, **more: Any) -> Iterator[str]:
    """An alarm, by default "1 of 1 minute above 0", which is gone afterwards; its name."""
    name = unique("alarm")
    defaults: dict[str, Any] = {
        "EvaluationPeriods": 1,
        "Threshold": 0,
        "ComparisonOperator": "GreaterThanThreshold",
    }
    if metric:
        defaults.update(metric, Period=60)
        if "ExtendedStatistic" not in more:
            defaults["Statistic"] = "Average"
    cloudwatch.put_metric_alarm(AlarmName=name, **{**defaults, **more})
    try:
        yield name
    finally:
        cloudwatch.delete_alarms(AlarmNames=[name])


def topic_into(sns: Any, sqs: Any, queue_url: str, *, open_to: str | None = None) -> str:
    """A topic whose messages arrive in a queue as they are; its ARN. `open_to` is a service that may publish."""
    topic = sns.create_topic(Name=unique("topic"))["TopicArn"]
    queue_arn = sqs.get_queue_attributes(QueueUrl=queue_url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    allow = {
        "Effect": "Allow",
        "Principal": {"Service": "sns.amazonaws.com"},
        "Action": "sqs:SendMessage",
        "Resource": queue_arn,
        "Condition": {"ArnEquals": {"aws:SourceArn": topic}},
    }
    sqs.set_queue_attributes(QueueUrl=queue_url, Attributes={"Policy": _document(allow)})
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=queue_arn, Attributes={"RawMessageDelivery": "true"})
    if open_to:
        publish = {"Effect": "Allow", "Principal": {"Service": open_to}, "Action": "SNS:Publish", "Resource": topic}
        sns.set_topic_attributes(TopicArn=topic, AttributeName="Policy", AttributeValue=_document(publish))
    return str(topic)


def received(sqs: Any, queue_url: str) -> list[str]:
    """The bodies of what is in a queue, which is empty afterwards."""
    bodies = []
    while messages := sqs.receive_message(QueueUrl=queue_url, MaxNumberOfMessages=10).get("Messages"):
        bodies += [message["Body"] for message in messages]
        for message in messages:
            sqs.delete_message(QueueUrl=queue_url, ReceiptHandle=message["ReceiptHandle"])
    return bodies


def fill(sqs: Any, queue_url: str, count: int) -> None:
    for first in range(0, count, 10):
        entries = [{"Id": str(i), "MessageBody": "x"} for i in range(min(10, count - first))]
        sqs.send_message_batch(QueueUrl=queue_url, Entries=entries)


@contextmanager
def group_of(autoscaling: Any, size: int, *, least: int = 0, most: int = 20, **more: Any) -> Iterator[str]:
    """An Auto Scaling group, which is gone afterwards with its instances; its name.

    Only on the embedded AWS: real instances cost money, and more than a few of them end a class account for good.
    """
    if "AWS_ENDPOINT_URL" not in os.environ:
        pytest.skip("no test starts EC2 instances on real AWS")
    ec2, name = boto3.client("ec2"), unique("group")
    template = unique("template")
    ec2.create_launch_template(
        LaunchTemplateName=template, LaunchTemplateData={"ImageId": "ami-12345678", "InstanceType": "t3.nano"}
    )
    autoscaling.create_auto_scaling_group(
        AutoScalingGroupName=name,
        MinSize=least,
        MaxSize=most,
        DesiredCapacity=size,
        LaunchTemplate={"LaunchTemplateName": template},
        AvailabilityZones=["us-east-1a"],
        **more,
    )
    try:
        yield name
    finally:
        autoscaling.delete_auto_scaling_group(AutoScalingGroupName=name, ForceDelete=True)
        ec2.delete_launch_template(LaunchTemplateName=template)


def size_of(autoscaling: Any, group: str) -> int:
    """How many instances are in service; as many as desired."""
    (found,) = autoscaling.describe_auto_scaling_groups(AutoScalingGroupNames=[group])["AutoScalingGroups"]
    in_service = sum(instance["LifecycleState"] == "InService" for instance in found["Instances"])
    assert in_service == found["DesiredCapacity"]
    return int(found["DesiredCapacity"])


def policy_for(autoscaling: Any, group: str, **policy: Any) -> str:
    """Its ARN."""
    name = unique("policy")
    answer = autoscaling.put_scaling_policy(AutoScalingGroupName=group, PolicyName=name, **policy)
    return str(answer["PolicyARN"])


def _document(statement: dict[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


MakeQueue = Callable[..., str]
