import json

import boto3

sqs = boto3.client("sqs")
dynamodb = boto3.client("dynamodb")


def close_books(dead_letter_url: str, table_name: str) -> list[str]:
    """Receive up to ten dead letters. For each write `fail` into the table, with a `reason`, and delete it.

    The reason says how often the message was received. Only what is `pending` becomes `fail`. A letter that cannot be
    read, or that the table does not know, stays in the dead-letter queue for people to look at. Return a list of the
    ids that became `fail`.
    """
    failed = []
    answer = sqs.receive_message(
        QueueUrl=dead_letter_url,
        MaxNumberOfMessages=10,
        MessageSystemAttributeNames=["ApproximateReceiveCount"],
    )
    for letter in answer.get("Messages", []):
        try:
            message_id = json.loads(letter["Body"])["id"]
        except (ValueError, TypeError, KeyError):
            continue
        if not isinstance(message_id, str):
            continue
        times = letter["Attributes"]["ApproximateReceiveCount"]
        try:
            dynamodb.update_item(
                TableName=table_name,
                Key={"id": {"S": message_id}},
                UpdateExpression="SET #state = :fail, reason = :reason",
                ConditionExpression="#state = :pending",
                ExpressionAttributeNames={"#state": "state"},
                ExpressionAttributeValues={
                    ":fail": {"S": "fail"},
                    ":reason": {"S": f"received {times} times, and never processed"},
                    ":pending": {"S": "pending"},
                },
                ReturnValuesOnConditionCheckFailure="ALL_OLD",
            )
            failed.append(message_id)
        except dynamodb.exceptions.ConditionalCheckFailedException as refused:
            if "Item" not in refused.response:
                continue  # nobody knows it: for people to look at
        sqs.delete_message(QueueUrl=dead_letter_url, ReceiptHandle=letter["ReceiptHandle"])
    return failed
