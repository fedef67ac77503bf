"""Auto Scaling is loaded for the first request that needs it, and then it is all there."""

import subprocess
import sys
import textwrap

from labkit.embedded.aws import Aws

# In a process of its own: whether a module is loaded is a matter of the whole process.
PRELUDE = """
import sys
import boto3
from labkit.embedded.server import EmbeddedServer

KEYS = {"access_key_id": "AKIAIOSFODNN7EXAMPLE", "secret_access_key": "EXAMPLE"}
server = EmbeddedServer(0)
server.serve()
server.accept_keys(**KEYS)
session = boto3.Session(region_name="us-east-1", **{f"aws_{name}": value for name, value in KEYS.items()})
client = lambda service: session.client(service, endpoint_url=f"http://127.0.0.1:{server.port}")
"""


def run(script: str) -> None:
    subprocess.run([sys.executable, "-c", PRELUDE + textwrap.dedent(script)], check=True, timeout=60)


def test_ec2_is_not_imported_before_auto_scaling_is_asked_for() -> None:
    """It takes longer than all the rest of a start."""
    run("""
        client("sqs").create_queue(QueueName="q")
        client("dynamodb").list_tables()
        client("sns").list_topics()
        client("cloudwatch").describe_alarms()
        client("budgets").describe_budgets(AccountId="123456789012")
        server.move_clock(600)  # and no further: boto3 signs by the same clock
        assert "moto.ec2" not in sys.modules
        assert client("autoscaling").describe_auto_scaling_groups()["AutoScalingGroups"] == []
        assert "moto.ec2" in sys.modules
    """)


def test_an_alarm_may_be_the_first_to_ask() -> None:
    run("""
        cloudwatch = client("cloudwatch")
        policy = "arn:aws:autoscaling:us-east-1:123456789012:scalingPolicy:1:autoScalingGroupName/g:policyName/p"
        cloudwatch.put_metric_alarm(
            AlarmName="busy", Namespace="N", MetricName="M", Statistic="Sum", Period=60, EvaluationPeriods=1,
            Threshold=1, ComparisonOperator="GreaterThanThreshold", AlarmActions=[policy],
        )
        cloudwatch.set_alarm_state(AlarmName="busy", StateValue="ALARM", StateReason="a test")
        history = cloudwatch.describe_alarm_history(HistoryItemType="Action")["AlarmHistoryItems"]
        assert ["PolicyName not found" in item["HistorySummary"] for item in history] == [True], history
    """)


def test_another_aws_in_the_same_process_has_no_groups_of_the_first() -> None:
    first = Aws().metrics.scaling
    in_use = first.load()["us-east-1"]
    assert first.so_far() == [("us-east-1", in_use)]
    second = Aws().metrics.scaling
    assert second.so_far() == []
    assert second.load()["us-east-1"] is not in_use
