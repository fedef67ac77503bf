"""The namespace AWS/SNS: how many messages a topic took, and what became of its subscribers' copies.

https://docs.aws.amazon.com/sns/latest/dg/sns-monitoring-using-cloudwatch.html
"""

from moto.cloudwatch.models import cloudwatch_backends

from labkit.embedded.metrics.series import Metric, single


def count(topic_arn: str, name: str, at: float) -> None:
    """One more in the topic's metric `name`, in the minute of `at`, in epoch seconds. It can be read at once."""
    _, _, _, region, account, topic = topic_arn.split(":")
    metric = Metric("AWS/SNS", name, (("TopicName", topic),))
    cloudwatch_backends[account][region].monitor.store.put(metric, single(at // 60 * 60, 1.0, "Count"))
