import json
from collections.abc import Callable

import boto3

sqs = boto3.client("sqs")
dynamodb = boto3.client("dynamodb")


def process_or_fail(queue_url: str, table_name: str, handle: Callable[[str], object]) -> list[str]:
    """Receive up to ten messages, decide on each, and delete it. Return the ids of those decided on now, in this order.

    A message is `complete` if `handle(text)` returns, and `fail` if it raises; `reason` is then the exception's text.
    A body that is not JSON with two strings `id` and `text` gets an item of its own: `id` is the message's MessageId,
    `text` the body, `state` is `fail`, and `reason` says what is wrong. What was decided before stays as it is.
    """
    decided = []
    received = sqs.receive_message(QueueUrl=queue_url, MaxNumberOfMessages=10)
    for message in received.get("Messages", []):
        order = read_order(message["Body"])
        if order is None:
            message_id = message["MessageId"]
            decided_now = write_failed(table_name, message_id, message["Body"], "the body is no JSON with id and text")
        else:
            # Only the work is inside of the try: an error of AWS is no failure of the message, which comes back then.
            state, reason = "complete", ""
            try:
                handle(order["text"])
            except Exception as error:  # noqa: BLE001
                state, reason = "fail", str(error)
            message_id = order["id"]
            decided_now = move_from_pending(table_name, message_id, state, reason)
        sqs.delete_message(QueueUrl=queue_url, ReceiptHandle=message["ReceiptHandle"])
        if decided_now:
            decided.append(message_id)
    return decided


def read_order(body: str) -> dict[str, str] | None:
    """What is in a body, or None if it is not one of ours."""
    try:
        order = json.loads(body)
    except ValueError:
        return None
    ours = isinstance(order, dict) and all(isinstance(order.get(name), str) for name in ("id", "text"))
    return order if ours else None


def write_failed(table_name: str, message_id: str, body: str, reason: str) -> bool:
    """Record a message that cannot be read. False if that was done before."""
    item = {"id": message_id, "text": body, "state": "fail", "reason": reason}
    try:
        dynamodb.put_item(
            TableName=table_name,
            Item={name: {"S": value} for name, value in item.items()},
            ConditionExpression="attribute_not_exists(id)",
        )
    except dynamodb.exceptions.ConditionalCheckFailedException:
        return False
    return True


def move_from_pending(table_name: str, message_id: str, state: str, reason: str) -> bool:
    """The same as `finish` of exercise 7.3."""
    try:
        dynamodb.update_item(
            TableName=table_name,
            Key={"id": {"S": message_id}},
            UpdateExpression="SET #state = :new, reason = :reason",
            ConditionExpression="#state = :pending",
            ExpressionAttributeNames={"#state": "state"},
            ExpressionAttributeValues={":new": {"S": state}, ":reason": {"S": reason}, ":pending": {"S": "pending"}},
        )
    except dynamodb.exceptions.ConditionalCheckFailedException:
        return False
    return True
