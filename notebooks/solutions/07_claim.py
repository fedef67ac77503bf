import boto3

dynamodb = boto3.client("dynamodb")


def claim(table_name: str, message_id: str, owner: str, now: str, until: str) -> bool:
    """Claim a message for `owner`: state `processing`, with `owner` and `leased_until`, which is `until`.

    It may be claimed if it is `pending`, or if it is `processing` and its lease has run out by `now`. Both times are
    strings such as "2026-11-24T10:00:00.000+00:00". Return True if `owner` has it now, else False.
    """
    try:
        dynamodb.update_item(
            TableName=table_name,
            Key={"id": {"S": message_id}},
            UpdateExpression="SET #state = :processing, #owner = :owner, leased_until = :until",
            ConditionExpression="#state = :pending OR (#state = :processing AND leased_until <= :now)",
            ExpressionAttributeNames={"#state": "state", "#owner": "owner"},
            ExpressionAttributeValues={
                ":pending": {"S": "pending"},
                ":processing": {"S": "processing"},
                ":owner": {"S": owner},
                ":until": {"S": until},
                ":now": {"S": now},
            },
        )
    except dynamodb.exceptions.ConditionalCheckFailedException:
        return False
    return True
