import json
from collections.abc import Callable

import boto3

dynamodb = boto3.client("dynamodb")


def answer(table_name: str, body: str, handle: Callable[[str], object]) -> int:
    """Do the work of one message that the daemon has posted, and return the HTTP status: 200 if and only if it is done.

    `body` is JSON text with `id` and `text`. Done means: `handle(text)` has returned and the item's state is
    `complete`. What is `complete` already is not handled again. If `handle` raises, or the body cannot be read,
    return a status that makes the daemon try again, and leave the table as it is.
    """
    try:
        order = json.loads(body)
        key, text = {"id": {"S": order["id"]}}, order["text"]
    except (ValueError, KeyError, TypeError):
        return 400
    found = dynamodb.get_item(TableName=table_name, Key=key, ConsistentRead=True)
    if found.get("Item", {}).get("state") == {"S": "complete"}:
        return 200
    try:
        handle(text)
    except Exception:  # noqa: BLE001 (whatever it raises, the work is not done)
        return 500
    dynamodb.update_item(
        TableName=table_name,
        Key=key,
        UpdateExpression="SET #state = :complete",
        ExpressionAttributeNames={"#state": "state"},
        ExpressionAttributeValues={":complete": {"S": "complete"}},
    )
    return 200
