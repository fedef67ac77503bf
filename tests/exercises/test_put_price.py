"""Exercise 6.2: answers that beginners give."""

from typing import Any

import boto3
from botocore.exceptions import ClientError
from kit import Family, dynamodb

family = Family("6.2")


def update(table_name: str, item_id: str, price: Any, status: str | None = "on sale", **more: Any) -> None:
    values = {":p": price} | ({":s": {"S": status}} if status else {})
    dynamodb.update_item(
        TableName=table_name,
        Key={"id": {"S": item_id}},
        UpdateExpression="SET price = :p" + (", #s = :s" if status else ""),
        ExpressionAttributeValues=values,
        **({"ExpressionAttributeNames": {"#s": "status"}} if status else {}),
        **more,
    )


EXISTS = {"ConditionExpression": "attribute_exists(id)"}


@family.wrong("changed", "raised")
def gives_the_resource_a_float(table_name, item_id, price):
    boto3.resource("dynamodb").Table(table_name).put_item(Item={"id": item_id, "price": price})
    return True


@family.wrong("changed", "raised")
def gives_the_client_a_float(table_name, item_id, price):
    update(table_name, item_id, {"N": price})
    return True


@family.wrong("changed", "raised")
def writes_the_reserved_word(table_name, item_id, price):
    dynamodb.update_item(
        TableName=table_name,
        Key={"id": {"S": item_id}},
        UpdateExpression="SET status = :s",
        ExpressionAttributeValues={":s": {"S": "on sale"}},
    )
    return True


@family.wrong("changed", "not_number")
def stores_a_text(table_name, item_id, price):
    update(table_name, item_id, {"S": str(price)})
    return True


@family.wrong("changed", "attribute_lost")
def puts_the_item(table_name, item_id, price):
    item = {"id": {"S": item_id}, "price": {"N": str(price)}, "status": {"S": "on sale"}}
    dynamodb.put_item(TableName=table_name, Item=item)
    return True


@family.wrong("changed", "other_price")
def rounds(table_name, item_id, price):
    update(table_name, item_id, {"N": str(round(price))})
    return True


@family.wrong("changed", "other_price")
def counts_in_cents_as_floats(table_name, item_id, price):
    update(table_name, item_id, {"N": str(int(price * 100) / 100)})
    return True


@family.wrong("changed", "no_price")
def changes_only_what_has_a_price(table_name, item_id, price):
    try:
        update(table_name, item_id, {"N": str(price)}, ConditionExpression="attribute_exists(price)")
    except ClientError:
        return False
    return True


@family.wrong("changed", "not_status")
def keeps_a_status_that_is_there(table_name, item_id, price):
    dynamodb.update_item(
        TableName=table_name,
        Key={"id": {"S": item_id}},
        UpdateExpression="SET price = :p, #s = if_not_exists(#s, :s)",
        ExpressionAttributeNames={"#s": "status"},
        ExpressionAttributeValues={":p": {"N": str(price)}, ":s": {"S": "on sale"}},
    )
    return True


@family.wrong("changed", "not_status")
def forgets_the_status(table_name, item_id, price):
    update(table_name, item_id, {"N": str(price)}, status=None)
    return True


@family.wrong("changed", "not_true")
def returns_false(table_name, item_id, price):
    update(table_name, item_id, {"N": str(price)})
    return False


@family.wrong("changed", "type")
def returns_nothing(table_name, item_id, price):
    update(table_name, item_id, {"N": str(price)})


@family.wrong("free", "not_zero")
def takes_zero_for_none(table_name, item_id, price):
    if price:
        update(table_name, item_id, {"N": str(price)})
    return True


@family.wrong("missing", "invented")
def has_no_condition(table_name, item_id, price):
    update(table_name, item_id, {"N": str(price)})
    return True


@family.wrong("missing", "raised")
def does_not_expect_a_refusal(table_name, item_id, price):
    update(table_name, item_id, {"N": str(price)}, **EXISTS)
    return True


@family.wrong("missing", "not_false")
def claims_success(table_name, item_id, price):
    try:
        update(table_name, item_id, {"N": str(price)}, **EXISTS)
    except ClientError:
        pass
    return True


@family.wrong("table_away", "said_false")
def takes_every_refusal_for_no_item(table_name, item_id, price):
    try:
        update(table_name, item_id, {"N": str(price)}, **EXISTS)
    except ClientError:
        return False
    return True


@family.wrong("table_away", "said_true")
def looks_and_hides_what_goes_wrong(table_name, item_id, price):
    found = item_of(table_name, item_id)
    try:
        update(table_name, item_id, {"N": str(price)}, **EXISTS)
    except ClientError:
        pass
    return found is not None


def item_of(table_name: str, item_id: str) -> Any:
    return dynamodb.get_item(TableName=table_name, Key={"id": {"S": item_id}}).get("Item")


@family.wrong("meanwhile", "invented")
def looks_first(table_name, item_id, price):
    if item_of(table_name, item_id) is None:
        return False
    update(table_name, item_id, {"N": str(price)})
    return True


@family.wrong("meanwhile", "undone")
def puts_back_what_it_read(table_name, item_id, price):
    if (item := item_of(table_name, item_id)) is None:
        return False
    item |= {"price": {"N": str(price)}, "status": {"S": "on sale"}}
    try:
        dynamodb.put_item(TableName=table_name, Item=item, **EXISTS)
    except dynamodb.exceptions.ConditionalCheckFailedException:
        return False
    return True


@family.right
def in_a_transaction(table_name, item_id, price):
    set_both = {
        "TableName": table_name,
        "Key": {"id": {"S": item_id}},
        "UpdateExpression": "SET price = :p, #s = :s",
        "ExpressionAttributeNames": {"#s": "status"},
        "ExpressionAttributeValues": {":p": {"N": repr(price)}, ":s": {"S": "on sale"}},
    }
    try:
        dynamodb.transact_write_items(TransactItems=[{"Update": {**set_both, **EXISTS}}])
    except dynamodb.exceptions.TransactionCanceledException:
        return False
    return True


@family.right
def by_the_client(table_name, item_id, price):
    try:
        update(table_name, item_id, {"N": str(price)}, **EXISTS)
    except dynamodb.exceptions.ConditionalCheckFailedException:
        return False
    return True


@family.right
def by_the_resource(table_name, item_id, price):
    from decimal import Decimal

    try:
        boto3.resource("dynamodb").Table(table_name).update_item(
            Key={"id": item_id},
            UpdateExpression="SET price = :p, #s = :s",
            ConditionExpression="attribute_exists(id)",
            ExpressionAttributeNames={"#s": "status"},
            ExpressionAttributeValues={":p": Decimal(str(price)), ":s": "on sale"},
        )
        return True
    except ClientError as error:
        if error.response["Error"]["Code"] == "ConditionalCheckFailedException":
            return False
        raise


@family.right
def by_formatting(table_name, item_id, price):
    try:
        update(table_name, item_id, {"N": f"{price:.2f}"}, ConditionExpression="id = :p OR attribute_exists(id)")
    except dynamodb.exceptions.ConditionalCheckFailedException:
        return False
    else:
        return True


test_wrong, test_right = family.tests()
