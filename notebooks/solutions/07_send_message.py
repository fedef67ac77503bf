import json
import uuid

import boto3

sqs = boto3.client("sqs")
dynamodb = boto3.client("dynamodb")


def send_message(queue_url: str, table_name: str, text: str, sent_at: str) -> str:
    """Write a new message into the table as `pending`, then send it. Return its id.

    The item has `id`, `text`, `state`, `sent_at` (given, for example "2026-11-24T10:00:00.000+00:00") and `day`, the
    first ten characters of `sent_at`; all are strings. The body is JSON with `id` and `text`.
    """
    message_id = str(uuid.uuid4())
    item = {"id": message_id, "text": text, "state": "pending", "sent_at": sent_at, "day": sent_at[:10]}
    dynamodb.put_item(TableName=table_name, Item={name: {"S": value} for name, value in item.items()})
    # Second: a crash before this leaves a pending message that anybody can see and send again.
    sqs.send_message(QueueUrl=queue_url, MessageBody=json.dumps({"id": message_id, "text": text}))
    return message_id
