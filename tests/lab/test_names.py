"""Names of what is made, and the tear-down."""

import json
from typing import Any

import boto3
import pytest

import labkit
from labkit.inventory import short_name

TRUST = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "sts:AssumeRole"}],
}
SEND = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sqs:SendMessage", "Resource": "*"}]}


@pytest.mark.parametrize("name", ["orders", "Orders_2-b", "x" * 50, "orders.fifo"])
def test_a_name_that_aws_takes(lab: labkit.Lab, name: str) -> None:
    assert lab.name(name) == name


@pytest.mark.parametrize("name", ["", "two words", "x" * 51, "x" * 46 + ".fifo", "órdenes", "a.b", ".fifo", "a\n"])
def test_a_name_that_aws_would_refuse(lab: labkit.Lab, name: str) -> None:
    with pytest.raises(labkit.LabError, match="cannot name"):
        lab.name(name)


def test_tear_down_removes_everything_and_says_what_it_was() -> None:
    lab = labkit.start()  # the session's AWS, clean; nothing else uses it at the same time
    names = ("sqs", "sns", "dynamodb", "cloudwatch", "iam")
    sqs, sns, dynamodb, cloudwatch, iam = (boto3.client(name) for name in names)
    for name in ("orders", "invoices"):
        sqs.create_queue(QueueName=name)
    topic = sns.create_topic(Name="events")["TopicArn"]
    queue_arn = "arn:aws:sqs:us-east-1:123456789012:orders"
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=queue_arn)
    sns.subscribe(TopicArn=topic, Protocol="email", Endpoint="pending@example.com")  # goes with its topic
    dynamodb.create_table(
        TableName="orders",
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )
    metric = {"Namespace": "AWS/SQS", "MetricName": "NumberOfMessagesSent", "Statistic": "Sum", "Period": 60}
    cloudwatch.put_metric_alarm(
        AlarmName="busy", EvaluationPeriods=1, Threshold=1, ComparisonOperator="GreaterThanThreshold", **metric
    )
    iam.create_role(RoleName="producer", AssumeRolePolicyDocument=json.dumps(TRUST))
    iam.put_role_policy(RoleName="producer", PolicyName="send", PolicyDocument=json.dumps(SEND))
    iam.attach_role_policy(RoleName="producer", PolicyArn="arn:aws:iam::aws:policy/ReadOnlyAccess")
    removed = lab.tear_down()
    assert list(removed.itertuples(index=False, name=None)) == [
        ("subscription", "events"),
        ("topic", "events"),
        ("queue", "invoices"),
        ("queue", "orders"),
        ("table", "orders"),
        ("alarm", "busy"),
        ("role", "producer"),
    ]
    left: list[Any] = [sqs.list_queues().get("QueueUrls", []), sns.list_topics()["Topics"]]
    left += [sns.list_subscriptions()["Subscriptions"], dynamodb.list_tables()["TableNames"]]
    left += [cloudwatch.describe_alarms()["MetricAlarms"], iam.list_roles()["Roles"]]
    assert left == [[]] * 6
    assert lab.tear_down().empty


def test_tear_down_finds_what_is_on_later_pages() -> None:
    lab = labkit.start()
    dynamodb = boto3.client("dynamodb")
    for number in range(101):  # a page of ListTables has 100
        dynamodb.create_table(
            TableName=f"t{number:03}",
            KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
            BillingMode="PAY_PER_REQUEST",
        )
    assert len(lab.tear_down()) == 101


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("http://127.0.0.1:5000/123456789012/orders.fifo", "orders.fifo"),
        ("arn:aws:sns:us-east-1:123456789012:events", "events"),
        ("arn:aws:sns:us-east-1:123456789012:events:0f0e-11", "events"),
        ("orders", "orders"),
    ],
)
def test_short_names(address: str, name: str) -> None:
    assert short_name(address) == name
