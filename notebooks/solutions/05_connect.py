import json

import boto3

sqs = boto3.client("sqs")
sns = boto3.client("sns")


def connect(topic_arn: str, queue_url: str) -> str:
    """Subscribe a queue to a topic, so that what is published arrives raw. Returns the subscription's ARN.

    Its policy lets this topic send, and whom it let send before; what it denied stays denied.
    A second call for the same topic and queue changes nothing.
    """
    attributes = sqs.get_queue_attributes(QueueUrl=queue_url, AttributeNames=["QueueArn", "Policy"])["Attributes"]
    allow = {
        "Effect": "Allow",
        "Principal": {"Service": "sns.amazonaws.com"},
        "Action": "sqs:SendMessage",
        "Resource": attributes["QueueArn"],
        "Condition": {"ArnEquals": {"aws:SourceArn": topic_arn}},
    }
    policy = json.loads(attributes.get("Policy") or '{"Version": "2012-10-17", "Statement": []}')
    if allow not in policy["Statement"]:
        policy["Statement"].append(allow)
        sqs.set_queue_attributes(QueueUrl=queue_url, Attributes={"Policy": json.dumps(policy)})
    return sns.subscribe(
        TopicArn=topic_arn,
        Protocol="sqs",
        Endpoint=attributes["QueueArn"],
        Attributes={"RawMessageDelivery": "true"},
        ReturnSubscriptionArn=True,
    )["SubscriptionArn"]
