"""Exercise 8.3: endpoints that the daemon misunderstands."""

import contextlib
import json

from kit import Family, dynamodb

family = Family("8.3")


def complete(table_name, message_id):
    dynamodb.update_item(
        TableName=table_name,
        Key={"id": {"S": message_id}},
        UpdateExpression="SET #state = :complete",
        ExpressionAttributeNames={"#state": "state"},
        ExpressionAttributeValues={":complete": {"S": "complete"}},
    )


def is_complete(table_name, message_id):
    found = dynamodb.get_item(TableName=table_name, Key={"id": {"S": message_id}}, ConsistentRead=True)
    return found.get("Item", {}).get("state") == {"S": "complete"}


def read(body):
    try:
        order = json.loads(body)
        return order["id"], order["text"]
    except (ValueError, KeyError, TypeError):
        return None


@family.wrong("done", "not_the_text")
def hands_over_the_body(table_name, body, handle):
    handle(body)
    complete(table_name, json.loads(body)["id"])
    return 200


@family.wrong("done", "times")
def only_says_so(table_name, body, handle):
    complete(table_name, json.loads(body)["id"])
    return 200


@family.wrong("done", "not_complete")
def forgets_the_table(table_name, body, handle):
    handle(json.loads(body)["text"])
    return 200


@family.wrong("done", "not_200")
def says_created(table_name, body, handle):
    order = json.loads(body)
    handle(order["text"])
    complete(table_name, order["id"])
    return 201


@family.wrong("done", "type")
def returns_nothing(table_name, body, handle):
    order = json.loads(body)
    handle(order["text"])
    complete(table_name, order["id"])


@family.wrong("done", "type")
def returns_true(table_name, body, handle):
    order = json.loads(body)
    handle(order["text"])
    complete(table_name, order["id"])
    return "200 OK"


@family.wrong("done", "attribute_lost")
def writes_over_the_item(table_name, body, handle):
    order = json.loads(body)
    handle(order["text"])
    dynamodb.put_item(TableName=table_name, Item={"id": {"S": order["id"]}, "state": {"S": "complete"}})
    return 200


@family.wrong("done", "coroutine")
async def is_async(table_name, body, handle):
    return 200


@family.wrong("again", "twice")
def does_all_it_is_told(table_name, body, handle):
    order = json.loads(body)
    handle(order["text"])
    complete(table_name, order["id"])
    return 200


@family.wrong("again", "not_200")
def refuses_what_is_complete(table_name, body, handle):
    message_id, text = read(body)
    if is_complete(table_name, message_id):
        return 409
    handle(text)
    complete(table_name, message_id)
    return 200


@family.wrong("empty_text", "not_done")
def takes_an_empty_text_for_none(table_name, body, handle):
    message_id, text = read(body) or ("", "")
    if not message_id or not text:
        return 400
    return once(table_name, body, handle)


@family.wrong("failing_handler", "said_done")
def passes_over_failures(table_name, body, handle):
    message_id, text = read(body)
    if not is_complete(table_name, message_id):
        try:
            handle(text)
            complete(table_name, message_id)
        except Exception as error:
            print(error)
    return 200


@family.wrong("failing_handler", "raised")
def lets_the_exception_out(table_name, body, handle):
    message_id, text = read(body)
    if not is_complete(table_name, message_id):
        handle(text)
        complete(table_name, message_id)
    return 200


@family.wrong("failing_handler", "raised")
def knows_one_exception_only(table_name, body, handle):
    message_id, text = read(body)
    if not is_complete(table_name, message_id):
        try:
            handle(text)
        except ValueError:
            return 500
        complete(table_name, message_id)
    return 200


@family.wrong("failing_handler", "changed")
def notes_that_it_tried(table_name, body, handle):
    message_id, _ = read(body)
    if is_complete(table_name, message_id):
        return 200
    mark(table_name, message_id, "tried")
    return once(table_name, body, handle)


@family.wrong("failing_handler", "wrote")
def completes_before_the_work(table_name, body, handle):
    message_id, text = read(body)
    if is_complete(table_name, message_id):
        return 200
    complete(table_name, message_id)
    try:
        handle(text)
    except Exception:
        return 500
    return 200


_tried = set()


@family.wrong("failing_handler", "not_later")
def tries_only_once(table_name, body, handle):
    message_id, text = read(body)
    if is_complete(table_name, message_id):
        return 200
    if table_name in _tried:
        return 500
    _tried.add(table_name)
    try:
        handle(text)
    except Exception:
        return 500
    complete(table_name, message_id)
    return 200


@family.wrong("table_away", "said_done")
def passes_over_what_dynamodb_says(table_name, body, handle):
    message_id, text = read(body)
    if is_complete(table_name, message_id):
        return 200
    try:
        handle(text)
    except Exception:
        return 500
    with contextlib.suppress(dynamodb.exceptions.ClientError):
        complete(table_name, message_id)
    return 200


@family.wrong("unreadable", "raised")
def counts_on_json(table_name, body, handle):
    order = json.loads(body)
    if is_complete(table_name, order["id"]):
        return 200
    try:
        handle(order["text"])
    except Exception:
        return 500
    complete(table_name, order["id"])
    return 200


@family.wrong("unreadable", "said_done")
def throws_away_what_it_cannot_read(table_name, body, handle):
    if read(body) is None:
        return 200
    return once(table_name, body, handle)


@family.wrong("unreadable", "handled")
def handles_whatever_comes(table_name, body, handle):
    if read(body) is None:
        handle(body)
        return 400
    return once(table_name, body, handle)


@family.wrong("unreadable", "wrote")
def writes_fail_for_what_it_cannot_read(table_name, body, handle):
    if read(body) is None:
        dynamodb.put_item(TableName=table_name, Item={"id": {"S": "unreadable"}, "state": {"S": "fail"}})
        return 400
    return once(table_name, body, handle)


@family.wrong("crash", "lost")
def puts_it_back_by_hand(table_name, body, handle):
    if read(body) is None:
        return 400
    message_id, text = read(body)
    if is_complete(table_name, message_id):
        return 200
    complete(table_name, message_id)
    try:
        handle(text)
    except Exception:
        dynamodb.update_item(
            TableName=table_name,
            Key={"id": {"S": message_id}},
            UpdateExpression="SET #state = :pending",
            ExpressionAttributeNames={"#state": "state"},
            ExpressionAttributeValues={":pending": {"S": "pending"}},
        )
        return 500
    return 200


_seen: set[str] = set()


@family.wrong("crash", "pending")
def remembers_what_it_did_in_a_variable(table_name, body, handle):
    if read(body) is None:
        return 400
    message_id, text = read(body)
    if table_name in _seen:
        return 200
    try:
        handle(text)
    except Exception:
        return 500
    _seen.add(table_name)
    complete(table_name, message_id)
    return 200


def mark(table_name, message_id, name):
    dynamodb.update_item(
        TableName=table_name,
        Key={"id": {"S": message_id}},
        UpdateExpression="SET #name = :yes",
        ExpressionAttributeNames={"#name": name},
        ExpressionAttributeValues={":yes": {"S": "yes"}},
    )


@family.wrong("crash", "stays")
def says_done_only_to_the_second_one(table_name, body, handle):
    if read(body) is None:
        return 400
    message_id, text = read(body)
    item = dynamodb.get_item(TableName=table_name, Key={"id": {"S": message_id}}, ConsistentRead=True)["Item"]
    if item["state"]["S"] == "complete":
        return 200 if "told" in item else 500
    try:
        handle(text)
    except Exception:
        return 500
    complete(table_name, message_id)
    mark(table_name, message_id, "told")
    return 200


def once(table_name, body, handle):
    message_id, text = read(body)
    if is_complete(table_name, message_id):
        return 200
    try:
        handle(text)
    except Exception:
        return 500
    complete(table_name, message_id)
    return 200


@family.right
def reads_works_writes_answers(table_name, body, handle):
    return once(table_name, body, handle) if read(body) else 400


@family.right
def with_a_condition_on_the_write(table_name, body, handle):
    order = read(body)
    if order is None:
        return 422
    if is_complete(table_name, order[0]):
        return 200
    try:
        handle(order[1])
    except Exception:
        return 503
    try:
        dynamodb.update_item(
            TableName=table_name,
            Key={"id": {"S": order[0]}},
            UpdateExpression="SET #state = :complete",
            ConditionExpression="#state = :pending",
            ExpressionAttributeNames={"#state": "state"},
            ExpressionAttributeValues={":complete": {"S": "complete"}, ":pending": {"S": "pending"}},
        )
    except dynamodb.exceptions.ConditionalCheckFailedException:
        print("another one was quicker")
    return 200


@family.right
def everything_in_one_try(table_name, body, handle):
    try:
        order = json.loads(body)
        text = order["text"]
        item = dynamodb.get_item(TableName=table_name, Key={"id": {"S": order["id"]}})["Item"]
        if item["state"]["S"] == "pending":
            handle(text)
            complete(table_name, order["id"])
    except Exception:
        return 500
    return 200


test_wrong, test_right = family.tests()
