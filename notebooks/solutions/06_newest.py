import boto3

dynamodb = boto3.client("dynamodb")


def newest(table_name: str, customer: str, n: int) -> list[str]:
    """The ids of the customer's `n` newest orders that are not cancelled, newest first; fewer if there are fewer."""
    found: list[str] = []
    pages = dynamodb.get_paginator("query").paginate(
        TableName=table_name,
        KeyConditionExpression="customer = :customer",
        ExpressionAttributeValues={":customer": {"S": customer}},
        ScanIndexForward=False,
        PaginationConfig={"PageSize": n},
    )
    for page in pages:
        found += [item["id"]["S"] for item in page["Items"] if item.get("status") != {"S": "cancelled"}]
        if len(found) >= n:
            break
    return found[:n]
