from typing import Any

import boto3

dynamodb = boto3.client("dynamodb")


def list_page(table_name: str, day: str, size: int, after: Any = None) -> dict[str, Any]:
    """Return up to `size` messages of one day, newest first: {"messages": [...], "next": ...}.

    The table has the index `by_day`. Each message is a dict with `id`, `text`, `state`, `sent_at` and, if it has one,
    `reason`, all plain strings. `next` is what to give as `after` for the page that follows, or None after the last.
    """
    start: Any = {"ExclusiveStartKey": after} if after else {}
    answer = dynamodb.query(
        TableName=table_name,
        IndexName="by_day",
        KeyConditionExpression="#day = :day",
        ExpressionAttributeNames={"#day": "day"},
        ExpressionAttributeValues={":day": {"S": day}},
        ScanIndexForward=False,
        Limit=size,
        **start,
    )
    messages = [{name: value["S"] for name, value in item.items() if "S" in value} for item in answer["Items"]]
    return {"messages": messages, "next": answer.get("LastEvaluatedKey")}
