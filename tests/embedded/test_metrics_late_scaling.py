"""Auto Scaling is loaded for the first request that needs it, and then it is all there."""

import subprocess
import sys

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


def test_ec2_is_not_imported_before_a_group_could_matter() -> None:
    """It takes longer than all the rest of a start. An alarm whose policy is gone may be the first to need it."""
    script = """
client("sqs").create_queue(QueueName="q")
client("dynamodb").list_tables()
client("sns").list_topics()
client("budgets").describe_budgets(AccountId="123456789012")
cloudwatch = client("cloudwatch")
policy = "arn:aws:autoscaling:us-east-1:123456789012:scalingPolicy:1:autoScalingGroupName/g:policyName/p"
cloudwatch.put_metric_alarm(
    AlarmName="busy", Namespace="N", MetricName="M", Statistic="Sum", Period=60, EvaluationPeriods=1,
    Threshold=1, ComparisonOperator="GreaterThanThreshold", AlarmActions=[policy],
)
server.move_clock(600)  # and no further: boto3 signs by the same clock
assert "moto.ec2" not in sys.modules

cloudwatch.set_alarm_state(AlarmName="busy", StateValue="ALARM", StateReason="a test")
(action,) = cloudwatch.describe_alarm_history(HistoryItemType="Action")["AlarmHistoryItems"]
assert "PolicyName not found" in action["HistorySummary"], action
assert "moto.ec2" in sys.modules
assert client("autoscaling").describe_auto_scaling_groups()["AutoScalingGroups"] == []
"""
    subprocess.run([sys.executable, "-c", PRELUDE + script], check=True, timeout=60)


def test_another_aws_in_the_same_process_has_no_groups_of_the_first() -> None:
    first = Aws().metrics.scaling
    in_use = first.load()["us-east-1"]
    assert first.so_far() == [("us-east-1", in_use)]
    second = Aws().metrics.scaling
    assert second.so_far() == []
    assert second.load()["us-east-1"] is not in_use
