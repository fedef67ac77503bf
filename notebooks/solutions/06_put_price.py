import boto3

dynamodb = boto3.client("dynamodb")


def put_price(table_name: str, item_id: str, price: float) -> bool:
    """Set the item's `price`, and its `status` to "on sale". Return True, or False if there is no such item."""
    try:
        dynamodb.update_item(
            TableName=table_name,
            Key={"id": {"S": item_id}},
            UpdateExpression="SET price = :price, #status = :status",
            ConditionExpression="attribute_exists(id)",
            ExpressionAttributeNames={"#status": "status"},
            ExpressionAttributeValues={":price": {"N": str(price)}, ":status": {"S": "on sale"}},
        )
    except dynamodb.exceptions.ConditionalCheckFailedException:
        return False
    return True
