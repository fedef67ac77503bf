import json

import boto3

sqs = boto3.client("sqs")
sns = boto3.client("sns")


def route(topic_arn: str, queues: dict[str, str]) -> None:
    """Subscribe each queue, a URL by its name, to the topic, so that it gets only what its rule says.

    companies: events of kind company. big_companies: of companies with 100 employees or more.
    new_users: of kind user, with the event created. not_closed: all whose event is not closed.
    The events' values are in the body; the queues let the topic in already.
    """
    policies = {
        "companies": {"kind": ["company"]},
        "big_companies": {"kind": ["company"], "employees": [{"numeric": [">=", 100]}]},
        "new_users": {"kind": ["user"], "event": ["created"]},
        "not_closed": {"event": [{"anything-but": ["closed"]}]},
    }
    for name, url in queues.items():
        arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
        attributes = {"FilterPolicy": json.dumps(policies[name]), "FilterPolicyScope": "MessageBody"}
        sns.subscribe(TopicArn=topic_arn, Protocol="sqs", Endpoint=arn, Attributes=attributes)
