"""Exercise 6.1: answers that beginners give."""

from typing import Any

import boto3
from kit import Family, dynamodb

family = Family("6.1")
NOT_CANCELLED = {
    "FilterExpression": "#s <> :cancelled",
    "ExpressionAttributeNames": {"#s": "status"},
}


def query(table_name: str, customer: str, filtered: bool = False, **more: Any) -> dict[str, Any]:
    values = {":c": {"S": customer}} | ({":cancelled": {"S": "cancelled"}} if filtered else {})
    how = {"ScanIndexForward": False, "KeyConditionExpression": "customer = :c", "ExpressionAttributeValues": values}
    return dynamodb.query(**{"TableName": table_name, **how, **(NOT_CANCELLED if filtered else {}), **more})


def ids(items: list[Any]) -> list[str]:
    return [item["id"]["S"] for item in items]


def scanned(table_name: str) -> list[Any]:
    return [item for page in dynamodb.get_paginator("scan").paginate(TableName=table_name) for item in page["Items"]]


def good(items: list[Any]) -> list[Any]:
    return [item for item in items if item.get("status") != {"S": "cancelled"}]


def every_page(table_name: str, customer: str, **more: Any) -> list[Any]:
    page = query(table_name, customer, **more)
    items = page["Items"]
    while "LastEvaluatedKey" in page:
        page = query(table_name, customer, ExclusiveStartKey=page["LastEvaluatedKey"], **more)
        items += page["Items"]
    return items


@family.wrong("few", "not_newest")
def oldest_first(table_name, customer, n):
    return ids(query(table_name, customer, ScanIndexForward=True, Limit=n)["Items"])


@family.wrong("few", "others")
def scans_for_everybody(table_name, customer, n):
    return ids(scanned(table_name))


@family.wrong("few", "not_newest")
def sorts_ids_as_texts(table_name, customer, n):
    return sorted(ids(query(table_name, customer)["Items"]), reverse=True)[:n]


@family.wrong("few", "too_many")
def ignores_n(table_name, customer, n):
    return ids(query(table_name, customer)["Items"])


@family.wrong("few", "not_ids")
def returns_items(table_name, customer, n):
    return query(table_name, customer, Limit=n)["Items"]


@family.wrong("few", "not_ids")
def returns_typed_ids(table_name, customer, n):
    return [item["id"] for item in query(table_name, customer, Limit=n)["Items"]]


@family.wrong("few", "raised")
def half_a_key(table_name, customer, n):
    return [dynamodb.get_item(TableName=table_name, Key={"customer": {"S": customer}})["Item"]["id"]["S"]]


@family.wrong("none", "raised")
def counts_on_an_order(table_name, customer, n):
    items = query(table_name, customer, Limit=n)["Items"]
    return ids([items[0], *items[1:]])


@family.wrong("none", "endless")
def goes_on_for_ever(table_name, customer, n):
    found, more = [], {}
    while len(found) < n:
        page = query(table_name, customer, Limit=n, **more)
        found += ids(good(page["Items"]))
        more = {"ExclusiveStartKey": page["LastEvaluatedKey"]} if "LastEvaluatedKey" in page else {}
    return found


@family.wrong("none", "type")
def returns_none(table_name, customer, n):
    return ids(query(table_name, customer, Limit=n)["Items"]) or None


@family.wrong("none", "not_empty")
def says_it_in_words(table_name, customer, n):
    return ids(query(table_name, customer, Limit=n)["Items"]) or ["no orders"]


@family.wrong("cancelled", "not_skipped")
def forgets_cancelled_ones(table_name, customer, n):
    return ids(query(table_name, customer, Limit=n)["Items"])


@family.wrong("cancelled", "missing")
def limits_before_the_filter(table_name, customer, n):
    return ids(query(table_name, customer, filtered=True, Limit=n)["Items"])


@family.wrong("cancelled", "missing")
def takes_complete_ones_only(table_name, customer, n):
    items = query(table_name, customer, Limit=100)["Items"]
    return ids([item for item in items if item["status"]["S"] == "complete"])[:n]


@family.wrong("large", "missing")
def reads_one_page(table_name, customer, n):
    return ids(query(table_name, customer, filtered=True)["Items"])[:n]


@family.wrong("large", "missing")
def stops_at_an_empty_page(table_name, customer, n):
    page = query(table_name, customer, filtered=True)
    items = page["Items"]
    while page["Items"] and "LastEvaluatedKey" in page:
        page = query(table_name, customer, filtered=True, ExclusiveStartKey=page["LastEvaluatedKey"])
        items += page["Items"]
    return ids(items)[:n]


@family.wrong("price", "dear")
def scans_and_sorts(table_name, customer, n):
    mine = [item for item in good(scanned(table_name)) if item["customer"]["S"] == customer]
    return ids(sorted(mine, key=lambda item: item["placed"]["S"], reverse=True))[:n]


@family.wrong("price", "dear")
def reads_the_whole_history(table_name, customer, n):
    return ids(every_page(table_name, customer, filtered=True))[:n]


@family.right
def pages_of_n(table_name, customer, n):
    page = query(table_name, customer, Limit=n)
    items = good(page["Items"])
    while len(items) < n and "LastEvaluatedKey" in page:
        page = query(table_name, customer, Limit=n, ExclusiveStartKey=page["LastEvaluatedKey"])
        items += good(page["Items"])
    return ids(items)[:n]


@family.right
def filter_in_pages_of_twenty(table_name, customer, n):
    found, more = [], {}
    while len(found) < n:
        page = query(table_name, customer, filtered=True, Limit=20, **more)
        found += ids(page["Items"])
        if "LastEvaluatedKey" not in page:
            break
        more = {"ExclusiveStartKey": page["LastEvaluatedKey"]}
    return found[:n]


@family.right
def by_the_resource_and_by_its_own_tail(table_name, customer, n, start=None):
    from boto3.dynamodb.conditions import Key

    more = {"ExclusiveStartKey": start} if start else {}
    page = (
        boto3.resource("dynamodb")
        .Table(table_name)
        .query(
            KeyConditionExpression=Key("customer").eq(customer),
            ScanIndexForward=False,
            Limit=n,
            ConsistentRead=True,
            **more,
        )
    )
    found = [item["id"] for item in page["Items"] if item["status"] != "cancelled"]
    if len(found) < n and "LastEvaluatedKey" in page:
        found += by_the_resource_and_by_its_own_tail(table_name, customer, n - len(found), page["LastEvaluatedKey"])
    return found


@family.right
def one_at_a_time(table_name, customer, n):
    import itertools

    def orders():
        more = {}
        while True:
            page = query(table_name, customer, Limit=1, **more)
            yield from good(page["Items"])
            if "LastEvaluatedKey" not in page:
                return
            more = {"ExclusiveStartKey": page["LastEvaluatedKey"]}

    return ids(list(itertools.islice(orders(), n)))


test_wrong, test_right = family.tests()
