"""Exercise 7.6: answers that beginners give."""

import json
from typing import Any

import boto3
from boto3.dynamodb.conditions import Key
from kit import Family, dynamodb

family = Family("7.6")


def ask(table_name: str, day: str, **more: Any) -> Any:
    return dynamodb.query(
        TableName=table_name,
        IndexName="by_day",
        KeyConditionExpression="#day = :day",
        ExpressionAttributeNames={"#day": "day"},
        ExpressionAttributeValues={":day": {"S": day}},
        **{"ScanIndexForward": False, **more},
    )


def start_at(after: Any) -> dict[str, Any]:
    return {"ExclusiveStartKey": after} if after else {}


def plain(item: Any) -> dict[str, str]:
    return {name: value["S"] for name, value in item.items()}


def scan_all(table_name: str) -> list[dict[str, str]]:
    pages = dynamodb.get_paginator("scan").paginate(TableName=table_name)
    return [plain(item) for page in pages for item in page["Items"]]


@family.wrong("first_page", "type")
def returns_a_list(table_name, day, size, after=None):
    return [plain(item) for item in ask(table_name, day, Limit=size)["Items"]]


@family.wrong("first_page", "raised")
def has_no_index(table_name, day, size, after=None):
    return dynamodb.query(
        TableName=table_name,
        KeyConditionExpression="#day = :day",
        ExpressionAttributeNames={"#day": "day"},
        ExpressionAttributeValues={":day": {"S": day}},
    )


@family.wrong("first_page", "shape")
def hands_over_the_answer(table_name, day, size, after=None):
    return ask(table_name, day, Limit=size, **start_at(after))


@family.wrong("first_page", "message_shape")
def returns_the_ids(table_name, day, size, after=None):
    page = ask(table_name, day, Limit=size, **start_at(after))
    return {"messages": [item["id"]["S"] for item in page["Items"]], "next": page.get("LastEvaluatedKey")}


@family.wrong("first_page", "not_plain")
def leaves_the_types_in(table_name, day, size, after=None):
    page = ask(table_name, day, Limit=size, **start_at(after))
    return {"messages": page["Items"], "next": page.get("LastEvaluatedKey")}


@family.wrong("first_page", "too_many")
def has_no_limit(table_name, day, size, after=None):
    page = ask(table_name, day, **start_at(after))
    return {"messages": [plain(item) for item in page["Items"]], "next": page.get("LastEvaluatedKey")}


@family.wrong("first_page", "not_newest")
def begins_with_the_oldest(table_name, day, size, after=None):
    page = ask(table_name, day, Limit=size, ScanIndexForward=True, **start_at(after))
    return {"messages": [plain(item) for item in page["Items"]], "next": page.get("LastEvaluatedKey")}


@family.wrong("first_page", "other_day")
def forgets_the_day(table_name, day, size, after=None):
    page = dynamodb.scan(TableName=table_name, Limit=size, **start_at(after))
    found = sorted((plain(item) for item in page["Items"]), key=lambda message: message["sent_at"], reverse=True)
    return {"messages": found, "next": page.get("LastEvaluatedKey")}


@family.wrong("first_page", "raised")
def counts_on_a_reason(table_name, day, size, after=None):
    names = ("id", "text", "state", "sent_at", "reason")
    page = ask(table_name, day, Limit=size, **start_at(after))
    messages = [{name: item[name]["S"] for name in names} for item in page["Items"]]
    return {"messages": messages, "next": page.get("LastEvaluatedKey")}


@family.wrong("first_page", "reason")
def leaves_the_reason_out(table_name, day, size, after=None):
    page = ask(table_name, day, Limit=size, **start_at(after))
    messages = [{name: item[name]["S"] for name in ("id", "text", "state", "sent_at")} for item in page["Items"]]
    return {"messages": messages, "next": page.get("LastEvaluatedKey")}


@family.wrong("first_page", "no_json")
def makes_a_set_of_the_key(table_name, day, size, after=None):
    page = ask(table_name, day, Limit=size, **start_at(after))
    return {"messages": [plain(item) for item in page["Items"]], "next": {*page.get("LastEvaluatedKey", ())}}


@family.wrong("empty_day", "not_empty")
def says_so_in_words(table_name, day, size, after=None):
    page = ask(table_name, day, Limit=size, **start_at(after))
    messages = [plain(item) for item in page["Items"]] or ["no messages"]
    return {"messages": messages, "next": page.get("LastEvaluatedKey")}


@family.wrong("all_pages", "missing")
def knows_one_page_only(table_name, day, size, after=None):
    return {"messages": [plain(item) for item in ask(table_name, day, Limit=size)["Items"]], "next": None}


@family.wrong("all_pages", "shape")
def leaves_out_next_at_the_end(table_name, day, size, after=None):
    page = ask(table_name, day, Limit=size, **start_at(after))
    answer = {"messages": [plain(item) for item in page["Items"]]}
    if "LastEvaluatedKey" in page or not page["Items"]:
        answer["next"] = page.get("LastEvaluatedKey")
    return answer


@family.wrong("all_pages", "never_ends")
def takes_no_notice_of_after(table_name, day, size, after=None):
    page = ask(table_name, day, Limit=size)
    return {"messages": [plain(item) for item in page["Items"]], "next": page.get("LastEvaluatedKey")}


@family.wrong("all_pages", "missing")
def goes_on_behind_the_last_time(table_name, day, size, after=None):
    day_and_time = Key("day").eq(day) & Key("sent_at").lt(after) if after else Key("day").eq(day)
    page = (
        boto3.resource("dynamodb")
        .Table(table_name)
        .query(IndexName="by_day", KeyConditionExpression=day_and_time, ScanIndexForward=False, Limit=size)
    )
    items = page["Items"]
    return {"messages": items, "next": items[-1]["sent_at"] if "LastEvaluatedKey" in page else None}


@family.wrong("all_pages", "twice")
def begins_with_the_last_one_again(table_name, day, size, after=None):
    found = [plain(item) for item in ask(table_name, day)["Items"]]
    begin = next((n for n, message in enumerate(found) if message["id"] == after), 0)
    page = found[begin : begin + size]
    return {"messages": page, "next": page[-1]["id"] if begin + size < len(found) else None}


_place: list[Any] = [None]


@family.wrong("all_pages", "another")
def keeps_the_place_itself(table_name, day, size, after=None):
    page = ask(table_name, day, Limit=size, **start_at(_place[0] if after else None))
    _place[0] = page.get("LastEvaluatedKey")
    return {"messages": [plain(item) for item in page["Items"]], "next": "more" if _place[0] else None}


@family.wrong("price", "raised")
def takes_an_empty_text_for_the_first_page(table_name, day, size, after=""):
    start = {} if after == "" else {"ExclusiveStartKey": after}
    page = ask(table_name, day, Limit=size, **start)
    return {"messages": [plain(item) for item in page["Items"]], "next": page.get("LastEvaluatedKey")}


@family.wrong("price", "dear")
def scans_and_sorts(table_name, day, size, after=None):
    found = [message for message in scan_all(table_name) if message["day"] == day]
    found.sort(key=lambda message: (message["sent_at"], message["id"]), reverse=True)
    begin = after or 0
    return {
        "messages": found[begin : begin + size],
        "next": begin + size if begin + size < len(found) else None,
    }


@family.wrong("price", "dear")
def reads_the_day_and_cuts(table_name, day, size, after=None):
    found = [plain(item) for item in ask(table_name, day)["Items"]]
    begin = after or 0
    return {
        "messages": found[begin : begin + size],
        "next": begin + size if begin + size < len(found) else None,
    }


@family.wrong("price", "dear")
def counts_its_pages(table_name, day, size, after=None):
    """It begins at the first page each time, and goes on from there."""
    key = None
    for _ in range(after or 0):
        key = ask(table_name, day, Limit=size, **start_at(key)).get("LastEvaluatedKey")
    page = ask(table_name, day, Limit=size, **start_at(key))
    return {
        "messages": [plain(item) for item in page["Items"]],
        "next": (after or 0) + 1 if "LastEvaluatedKey" in page else None,
    }


@family.wrong("price", "dear")
def counts_what_was_shown(table_name, day, size, after=None):
    """It reads all that came before, and passes over it."""
    page = ask(table_name, day, Limit=(after or 0) + size)
    return {
        "messages": [plain(item) for item in page["Items"]][after or 0 :],
        "next": (after or 0) + size if "LastEvaluatedKey" in page else None,
    }


@family.right
def with_a_query(table_name, day, size, after=None):
    page = ask(table_name, day, Limit=size, **start_at(after))
    return {"messages": [plain(item) for item in page["Items"]], "next": page.get("LastEvaluatedKey")}


@family.right
def with_a_table_resource(table_name, day, size, after=None):
    page = (
        boto3.resource("dynamodb")
        .Table(table_name)
        .query(
            IndexName="by_day",
            KeyConditionExpression=Key("day").eq(day),
            ScanIndexForward=False,
            Limit=size,
            **start_at(after),
        )
    )
    return {"messages": page["Items"], "next": page.get("LastEvaluatedKey")}


@family.right
def with_a_paginator(table_name, day, size, after=None):
    found = (
        dynamodb.get_paginator("query")
        .paginate(
            TableName=table_name,
            IndexName="by_day",
            KeyConditionExpression="#day = :day",
            ExpressionAttributeNames={"#day": "day"},
            ExpressionAttributeValues={":day": {"S": day}},
            ScanIndexForward=False,
            PaginationConfig={"MaxItems": size, "PageSize": size, "StartingToken": after},
        )
        .build_full_result()
    )
    return {"messages": [plain(item) for item in found["Items"]], "next": found.get("NextToken")}


@family.right
def with_a_text_for_next(table_name, day, size, after=None):
    page = ask(table_name, day, Limit=size, **start_at(json.loads(after) if after else None))
    key = page.get("LastEvaluatedKey")
    return {"messages": [plain(item) for item in page["Items"]], "next": json.dumps(key) if key else None}


@family.right
def looks_one_ahead(table_name, day, size, after=None):
    """So that `next` is None exactly where nothing comes."""
    items = ask(table_name, day, Limit=size + 1, **start_at(after))["Items"]
    shown = items[:size]
    key = {name: shown[-1][name] for name in ("id", "day", "sent_at")} if len(items) > size else None
    names = ("id", "text", "state", "sent_at", "reason")
    return {
        "messages": [{name: item[name]["S"] if name in item else "" for name in names} for item in shown],
        "next": key,
    }


test_wrong_answers, test_right_answers = family.tests()
