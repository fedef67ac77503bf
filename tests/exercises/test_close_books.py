"""Exercise 4.3: consumers of dead letters as beginners write them."""

import json
from typing import Any

from kit import Family, dynamodb, sqs

family = Family("4.3")


def receive(url: str, **more: Any) -> list[Any]:
    how = {"MaxNumberOfMessages": 10, "MessageSystemAttributeNames": ["ApproximateReceiveCount"], **more}
    return sqs.receive_message(QueueUrl=url, **how).get("Messages", [])


def reason_of(letter: Any) -> str:
    return f"received {letter['Attributes']['ApproximateReceiveCount']} times"


def fail(table_name: str, message_id: str, reason: str, condition: str = "#state = :pending") -> None:
    dynamodb.update_item(
        TableName=table_name,
        Key={"id": {"S": message_id}},
        UpdateExpression="SET #state = :fail, reason = :reason",
        **({"ConditionExpression": condition} if condition else {}),
        ExpressionAttributeNames={"#state": "state"},
        ExpressionAttributeValues={
            ":fail": {"S": "fail"},
            ":reason": {"S": reason},
            **({":pending": {"S": "pending"}} if ":pending" in condition else {}),
        },
    )


def delete(url: str, letter: Any) -> None:
    sqs.delete_message(QueueUrl=url, ReceiptHandle=letter["ReceiptHandle"])


def id_of(letter: Any) -> str | None:
    try:
        found = json.loads(letter["Body"])["id"]
    except (ValueError, TypeError, KeyError):
        return None
    return found if isinstance(found, str) else None


def item_of(table_name: str, message_id: str) -> Any:
    return dynamodb.get_item(TableName=table_name, Key={"id": {"S": message_id}}).get("Item")


@family.wrong("no_dead_letters", "raised")
def counts_on_letters(dead_letter_url, table_name):
    return [letter["Body"] for letter in sqs.receive_message(QueueUrl=dead_letter_url)["Messages"]]


@family.wrong("no_dead_letters", "type")
def returns_nothing(dead_letter_url, table_name):
    for letter in receive(dead_letter_url):
        fail(table_name, id_of(letter), reason_of(letter))


@family.wrong("no_dead_letters", "not_empty")
def says_none(dead_letter_url, table_name):
    return [id_of(letter) for letter in receive(dead_letter_url)] or [None]


@family.wrong("written", "not_fail")
def only_deletes(dead_letter_url, table_name):
    letters = receive(dead_letter_url)
    for letter in letters:
        delete(dead_letter_url, letter)
    return [id_of(letter) for letter in letters]


@family.wrong("written", "attribute_lost")
def writes_over_the_item(dead_letter_url, table_name):
    failed = []
    for letter in receive(dead_letter_url):
        item = {"id": id_of(letter), "state": "fail", "reason": reason_of(letter)}
        dynamodb.put_item(TableName=table_name, Item={name: {"S": value} for name, value in item.items()})
        delete(dead_letter_url, letter)
        failed.append(id_of(letter))
    return failed


@family.wrong("written", "no_count")
def gives_a_reason_that_says_nothing(dead_letter_url, table_name):
    failed = []
    for letter in receive(dead_letter_url):
        fail(table_name, id_of(letter), "it was in the dead-letter queue")
        delete(dead_letter_url, letter)
        failed.append(id_of(letter))
    return failed


@family.wrong("written", "no_count")
def knows_the_count_by_heart(dead_letter_url, table_name):
    failed = []
    for letter in receive(dead_letter_url):
        fail(table_name, id_of(letter), "2026-11-05T05:05:05, received 3 times")
        delete(dead_letter_url, letter)
        failed.append(id_of(letter))
    return failed


@family.wrong("written", "not_deleted")
def never_deletes(dead_letter_url, table_name):
    failed = []
    for letter in receive(dead_letter_url):
        fail(table_name, id_of(letter), reason_of(letter))
        failed.append(id_of(letter))
    return failed


@family.wrong("written", "not_the_ids")
def returns_message_ids(dead_letter_url, table_name):
    failed = []
    for letter in receive(dead_letter_url):
        fail(table_name, id_of(letter), reason_of(letter))
        delete(dead_letter_url, letter)
        failed.append(letter["MessageId"])
    return failed


@family.wrong("decided_before", "turned_back")
def writes_whatever_was_there(dead_letter_url, table_name):
    failed = []
    for letter in receive(dead_letter_url):
        fail(table_name, id_of(letter), reason_of(letter), condition="")
        delete(dead_letter_url, letter)
        failed.append(id_of(letter))
    return failed


@family.wrong("decided_before", "written_over")
def spares_only_what_is_complete(dead_letter_url, table_name):
    failed = []
    for letter in receive(dead_letter_url):
        if item_of(table_name, id_of(letter))["state"]["S"] != "complete":
            fail(table_name, id_of(letter), reason_of(letter), condition="")
            failed.append(id_of(letter))
        delete(dead_letter_url, letter)
    return failed


@family.wrong("decided_before", "raised")
def does_not_expect_a_refusal(dead_letter_url, table_name):
    failed = []
    for letter in receive(dead_letter_url):
        fail(table_name, id_of(letter), reason_of(letter))
        delete(dead_letter_url, letter)
        failed.append(id_of(letter))
    return failed


@family.wrong("decided_before", "not_empty")
def reports_what_it_did_not_do(dead_letter_url, table_name):
    failed = []
    for letter in receive(dead_letter_url):
        if item_of(table_name, id_of(letter))["state"]["S"] == "pending":
            fail(table_name, id_of(letter), reason_of(letter))
        delete(dead_letter_url, letter)
        failed.append(id_of(letter))
    return failed


@family.wrong("unreadable", "thrown_away")
def deletes_what_it_cannot_read(dead_letter_url, table_name):
    failed = []
    for letter in receive(dead_letter_url):
        if (message_id := id_of(letter)) and item_of(table_name, message_id):
            try:
                fail(table_name, message_id, reason_of(letter))
                failed.append(message_id)
            except dynamodb.exceptions.ConditionalCheckFailedException:
                pass
        delete(dead_letter_url, letter)
    return failed


@family.wrong("unreadable", "invented")
def makes_an_item_for_what_nobody_knows(dead_letter_url, table_name):
    failed = []
    for letter in receive(dead_letter_url):
        if message_id := id_of(letter):
            try:
                fail(table_name, message_id, reason_of(letter), "attribute_not_exists(id) OR #state = :pending")
                failed.append(message_id)
            except dynamodb.exceptions.ConditionalCheckFailedException:
                delete(dead_letter_url, letter)
            else:
                if item_of(table_name, message_id).get("text"):
                    delete(dead_letter_url, letter)
    return failed


@family.wrong("unreadable", "neighbour")
def stops_at_the_first_that_it_cannot_read(dead_letter_url, table_name):
    failed = []
    for letter in receive(dead_letter_url):
        message_id = id_of(letter)
        if message_id is None:
            break
        try:
            fail(table_name, message_id, reason_of(letter))
            failed.append(message_id)
        except dynamodb.exceptions.ConditionalCheckFailedException:
            if item_of(table_name, message_id) is None:
                continue
        delete(dead_letter_url, letter)
    return failed


@family.wrong("crash_in_between", "pending")
def deletes_first(dead_letter_url, table_name):
    failed = []
    for letter in receive(dead_letter_url):
        message_id = id_of(letter)
        item = message_id and item_of(table_name, message_id)
        if not item:
            continue
        delete(dead_letter_url, letter)
        if item["state"]["S"] == "pending":
            fail(table_name, message_id, reason_of(letter))
            failed.append(message_id)
    return failed


@family.wrong("crash_in_between", "stays")
def leaves_what_is_decided(dead_letter_url, table_name):
    failed = []
    for letter in receive(dead_letter_url):
        message_id = id_of(letter)
        item = message_id and item_of(table_name, message_id)
        if item and item["state"]["S"] == "pending":
            fail(table_name, message_id, reason_of(letter))
            delete(dead_letter_url, letter)
            failed.append(message_id)
    return failed


@family.wrong("late_consumer", "overtaken")
def reads_first_and_then_writes(dead_letter_url, table_name):
    failed = []
    for letter in receive(dead_letter_url):
        message_id = id_of(letter)
        item = message_id and item_of(table_name, message_id)
        if not item:
            continue
        if item["state"]["S"] == "pending":
            fail(table_name, message_id, reason_of(letter), condition="")
            failed.append(message_id)
        delete(dead_letter_url, letter)
    return failed


@family.right
def with_a_condition(dead_letter_url, table_name):
    failed = []
    for letter in receive(dead_letter_url):
        message_id = id_of(letter)
        if message_id is None:
            continue
        try:
            fail(table_name, message_id, reason_of(letter))
            failed.append(message_id)
        except dynamodb.exceptions.ConditionalCheckFailedException:
            if item_of(table_name, message_id) is None:
                continue
        delete(dead_letter_url, letter)
    return failed


@family.right
def reads_first_and_still_has_a_condition(dead_letter_url, table_name):
    failed = []
    for letter in receive(dead_letter_url, WaitTimeSeconds=5):
        message_id = id_of(letter)
        item = item_of(table_name, message_id) if message_id else None
        if item is None:
            continue
        if item["state"]["S"] == "pending":
            try:
                fail(table_name, message_id, reason_of(letter))
                failed.append(message_id)
            except dynamodb.exceptions.ConditionalCheckFailedException:
                pass
        delete(dead_letter_url, letter)
    return failed


@family.right
def in_a_batch_at_the_end(dead_letter_url, table_name):
    failed, done_with = [], []
    for number, letter in enumerate(receive(dead_letter_url)):
        message_id = id_of(letter)
        if message_id is None or item_of(table_name, message_id) is None:
            continue
        try:
            fail(table_name, message_id, reason_of(letter))
            failed.append(message_id)
        except dynamodb.exceptions.ConditionalCheckFailedException:
            pass
        done_with.append({"Id": str(number), "ReceiptHandle": letter["ReceiptHandle"]})
    if done_with:
        sqs.delete_message_batch(QueueUrl=dead_letter_url, Entries=done_with)
    return failed


test_wrong, test_right = family.tests()
