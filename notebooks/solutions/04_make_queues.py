import json

import boto3

sqs = boto3.client("sqs")

DAY = 86_400  # seconds


def make_queues(name: str, tries: int, fifo: bool = False) -> tuple[str, str]:
    """Make a queue `name` and its dead-letter queue; return their URLs, in this order.

    After `tries` receives the next one moves a message. Nothing that dies may be lost before seven days have passed in
    the dead-letter queue, and the queue itself keeps a message for four days. Only this queue may use the dead-letter
    queue. With `fifo` both are FIFO queues, which tell duplicates by their content.
    """
    ending = ".fifo" if fifo else ""
    kind = {"FifoQueue": "true", "ContentBasedDeduplication": "true"} if fifo else {}

    def make(queue_name: str, days: int) -> tuple[str, str]:
        attributes = {"MessageRetentionPeriod": str(days * DAY), **kind}
        url = sqs.create_queue(QueueName=queue_name + ending, Attributes=attributes)["QueueUrl"]
        arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
        return url, arn

    queue_url, queue_arn = make(name, 4)
    dead_url, dead_arn = make(f"{name}-dead", 14)  # a standard queue's letters bring their age: 4 and 7 must fit
    allow = json.dumps({"redrivePermission": "byQueue", "sourceQueueArns": [queue_arn]})
    sqs.set_queue_attributes(QueueUrl=dead_url, Attributes={"RedriveAllowPolicy": allow})
    policy = json.dumps({"deadLetterTargetArn": dead_arn, "maxReceiveCount": tries})
    sqs.set_queue_attributes(QueueUrl=queue_url, Attributes={"RedrivePolicy": policy})
    return queue_url, dead_url
