import json

import boto3

sqs = boto3.client("sqs")
dynamodb = boto3.client("dynamodb")


def book_orders(queue_url: str, table_name: str) -> list[str]:
    """Receive up to ten orders, book each under its `id`, and delete the messages that are done.

    Return the ids of the orders that this call booked; `[]` if there are none.
    """
    booked = []
    received = sqs.receive_message(QueueUrl=queue_url, MaxNumberOfMessages=10)
    for message in received.get("Messages", []):
        order = json.loads(message["Body"])
        try:
            dynamodb.put_item(
                TableName=table_name,
                Item={"id": {"S": order["id"]}, "tickets": {"N": str(order["tickets"])}},
                ConditionExpression="attribute_not_exists(id)",
            )
            booked.append(order["id"])
        except dynamodb.exceptions.ConditionalCheckFailedException:
            pass  # booked before, by whomever: nothing is left to do but to delete
        sqs.delete_message(QueueUrl=queue_url, ReceiptHandle=message["ReceiptHandle"])
    return booked
