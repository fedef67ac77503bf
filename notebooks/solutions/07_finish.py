import boto3

dynamodb = boto3.client("dynamodb")


def finish(table_name: str, message_id: str, state: str, reason: str = "") -> bool:
    """Move a message from `pending` to `state` and, in the same step, keep the reason if there is one, as `reason`.

    Return True if it moved. Return False, and change nothing, if it was decided before or is not in the table. Another
    error of DynamoDB is no answer: let it come out.
    """
    update = "SET #state = :new"
    values = {":new": {"S": state}, ":pending": {"S": "pending"}}
    if reason:
        update += ", reason = :reason"
        values[":reason"] = {"S": reason}
    try:
        dynamodb.update_item(
            TableName=table_name,
            Key={"id": {"S": message_id}},
            UpdateExpression=update,
            ConditionExpression="#state = :pending",  # looked at and written in one step; false if there is no item
            ExpressionAttributeNames={"#state": "state"},
            ExpressionAttributeValues=values,
        )
    except dynamodb.exceptions.ConditionalCheckFailedException:
        return False
    return True
