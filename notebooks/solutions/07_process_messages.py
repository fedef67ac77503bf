import json
from collections.abc import Callable

import boto3

sqs = boto3.client("sqs")
dynamodb = boto3.client("dynamodb")


def process_messages(queue_url: str, table_name: str, handle: Callable[[str], object]) -> list[str]:
    """Receive up to ten messages. For each: `handle(text)`, write `complete` into the table, delete it from the queue.

    Return the ids of the messages that are complete now, in the order received; `[]` if nothing waits.
    """
    done = []
    received = sqs.receive_message(QueueUrl=queue_url, MaxNumberOfMessages=10)
    for message in received.get("Messages", []):
        order = json.loads(message["Body"])
        handle(order["text"])
        dynamodb.update_item(
            TableName=table_name,
            Key={"id": {"S": order["id"]}},
            UpdateExpression="SET #state = :complete",
            ExpressionAttributeNames={"#state": "state"},
            ExpressionAttributeValues={":complete": {"S": "complete"}},
        )
        # Last: a crash before this brings the message back, and it is done once more. After this nothing could.
        sqs.delete_message(QueueUrl=queue_url, ReceiptHandle=message["ReceiptHandle"])
        done.append(order["id"])
    return done
