"""Exercise 6.3: answers that beginners give."""

from typing import Any

import boto3
from botocore.exceptions import ClientError
from kit import Family, dynamodb

family = Family("6.3")
NEW = {"ConditionExpression": "attribute_not_exists(placed)"}


def all_of(table_name: str) -> list[Any]:
    return [item for page in dynamodb.get_paginator("scan").paginate(TableName=table_name) for item in page["Items"]]


def put(table_name: str, item: Any, **more: Any) -> bool:
    try:
        dynamodb.put_item(TableName=table_name, Item=item, **more)
    except dynamodb.exceptions.ConditionalCheckFailedException:
        return False
    return True


def copy(items: list[Any], new_table: str) -> int:
    return sum(put(new_table, item, **NEW) for item in items)


@family.wrong("moved", "missing")
def copies_one(old_table, new_table):
    return copy(dynamodb.scan(TableName=old_table, Limit=1)["Items"], new_table)


@family.wrong("moved", "changed")
def copies_a_few_attributes(old_table, new_table):
    return copy([{name: item[name] for name in ("id", "customer", "placed")} for item in all_of(old_table)], new_table)


@family.wrong("moved", "changed")
def copies_texts_only(old_table, new_table):
    return copy([{name: one for name, one in item.items() if "S" in one} for item in all_of(old_table)], new_table)


@family.wrong("moved", "invented")
def leaves_a_mark(old_table, new_table):
    put(new_table, {"customer": {"S": "-"}, "placed": {"S": "started"}})
    return copy(all_of(old_table), new_table)


@family.wrong("moved", "not_the_count")
def returns_zero(old_table, new_table):
    return 0 * copy(all_of(old_table), new_table)


@family.wrong("moved", "type")
def returns_nothing(old_table, new_table):
    copy(all_of(old_table), new_table)


@family.wrong("moved", "raised")
def updates_the_key(old_table, new_table):
    for item in all_of(old_table):
        dynamodb.update_item(
            TableName=old_table,
            Key={"id": item["id"]},
            UpdateExpression="SET id = :c",
            ExpressionAttributeValues={":c": item["customer"]},
        )


@family.wrong("old_stays", "emptied")
def moves(old_table, new_table):
    items = all_of(old_table)
    number = copy(items, new_table)
    for item in items:
        dynamodb.delete_item(TableName=old_table, Key={"id": item["id"]})
    return number


@family.wrong("old_stays", "touched")
def marks_what_is_copied(old_table, new_table):
    items = all_of(old_table)
    number = copy(items, new_table)
    for item in items:
        put(old_table, item | {"copied": {"BOOL": True}})
    return number


@family.wrong("newer", "overwritten")
def puts_without_a_condition(old_table, new_table):
    return sum(put(new_table, item) for item in all_of(old_table))


@family.wrong("newer", "overwritten")
def writes_batches(old_table, new_table):
    items = all_of(old_table)
    for at in range(0, len(items), 25):
        puts = [{"PutRequest": {"Item": item}} for item in items[at : at + 25]]
        dynamodb.batch_write_item(RequestItems={new_table: puts})
    return len(items)


@family.wrong("newer", "raised")
def does_not_expect_a_refusal(old_table, new_table):
    items = all_of(old_table)
    for item in items:
        dynamodb.put_item(TableName=new_table, Item=item, **NEW)
    return len(items)


@family.wrong("newer", "not_the_count")
def counts_what_was_there(old_table, new_table):
    items = all_of(old_table)
    copy(items, new_table)
    return len(items)


@family.wrong("newer", "missing")
def does_nothing_if_something_is_there(old_table, new_table):
    return 0 if all_of(new_table) else copy(all_of(old_table), new_table)


@family.wrong("newer", "missing")
def compares_the_numbers(old_table, new_table):
    items = all_of(old_table)
    return 0 if len(items) == len(all_of(new_table)) else copy(items, new_table)


@family.wrong("pages", "missing")
def reads_one_page(old_table, new_table):
    return copy(dynamodb.scan(TableName=old_table)["Items"], new_table)


@family.wrong("busy", "passed_over")
def takes_every_refusal_for_there_already(old_table, new_table):
    number = 0
    for item in all_of(old_table):
        try:
            dynamodb.put_item(TableName=new_table, Item=item, **NEW)
            number += 1
        except ClientError:
            continue
    return number


@family.wrong("meanwhile", "overwritten")
def looks_first(old_table, new_table):
    number = 0
    for item in all_of(old_table):
        key = {name: item[name] for name in ("customer", "placed")}
        if "Item" not in dynamodb.get_item(TableName=new_table, Key=key):
            number += put(new_table, item)
    return number


@family.wrong("meanwhile", "overwritten")
def knows_what_was_there(old_table, new_table):
    there = [(item["customer"], item["placed"]) for item in all_of(new_table)]
    items = [item for item in all_of(old_table) if (item["customer"], item["placed"]) not in there]
    return sum(put(new_table, item) for item in items)


@family.wrong("crash", "missing")
def stops_at_the_first_that_is_there(old_table, new_table):
    number = 0
    for item in all_of(old_table):
        if not put(new_table, item, **NEW):
            break
        number += 1
    return number


@family.right
def with_a_condition(old_table, new_table):
    return copy(all_of(old_table), new_table)


@family.right
def one_transaction_each(old_table, new_table):
    number = 0
    for item in all_of(old_table):
        new = {"TableName": new_table, "Item": item, **NEW}
        try:
            dynamodb.transact_write_items(TransactItems=[{"Put": new}])
            number += 1
        except dynamodb.exceptions.TransactionCanceledException:
            pass
    return number


@family.right
def page_by_page(old_table, new_table):
    number, more = 0, {}
    while True:
        page = dynamodb.scan(TableName=old_table, Limit=2, **more)
        number += copy(page["Items"], new_table)
        if "LastEvaluatedKey" not in page:
            return number
        more = {"ExclusiveStartKey": page["LastEvaluatedKey"]}


@family.right
def by_the_resource(old_table, new_table):
    new, number = boto3.resource("dynamodb").Table(new_table), 0
    for page in boto3.resource("dynamodb").meta.client.get_paginator("scan").paginate(TableName=old_table):
        for item in page["Items"]:
            try:
                new.put_item(Item=item, **NEW)
                number += 1
            except ClientError as error:
                if error.response["Error"]["Code"] != "ConditionalCheckFailedException":
                    raise
    return number


test_wrong, test_right = family.tests()
