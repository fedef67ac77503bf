"""Exercise 7.4: answers that beginners give."""

import json
from typing import Any

import boto3
from botocore.exceptions import ClientError
from kit import Family, dynamodb, sqs

family = Family("7.4")
STRAY = "this is no order"


def receive(queue_url: str) -> list[Any]:
    return sqs.receive_message(QueueUrl=queue_url, MaxNumberOfMessages=10).get("Messages", [])


def delete(queue_url: str, message: Any) -> None:
    sqs.delete_message(QueueUrl=queue_url, ReceiptHandle=message["ReceiptHandle"])


def finish(
    table_name: str, message_id: str, state: str, reason: str = "", condition: str = "#state = :pending"
) -> bool:
    values = {":new": state, ":reason": reason} | ({":pending": "pending"} if ":pending" in condition else {})
    try:
        dynamodb.update_item(
            TableName=table_name,
            Key={"id": {"S": message_id}},
            UpdateExpression="SET #state = :new, reason = :reason",
            ConditionExpression=condition,
            ExpressionAttributeNames={"#state": "state"},
            ExpressionAttributeValues={name: {"S": value} for name, value in values.items()},
        )
    except dynamodb.exceptions.ConditionalCheckFailedException:
        return False
    return True


def overwrite(table_name: str, message_id: str, state: str, reason: str = "") -> bool:
    return finish(table_name, message_id, state, reason, condition="attribute_exists(id)")


def record(table_name: str, message: Any, reason: str = STRAY, **other: str) -> bool:
    item = {"id": message["MessageId"], "text": message["Body"], "state": "fail", "reason": reason, **other}
    dynamodb.put_item(TableName=table_name, Item={name: {"S": value} for name, value in item.items()})
    return True


def read(body: str) -> dict[str, str] | None:
    try:
        order = json.loads(body)
    except ValueError:
        return None
    ours = isinstance(order, dict) and isinstance(order.get("id"), str) and isinstance(order.get("text"), str)
    return order if ours else None


def decide(table_name: str, order: Any, handle: Any, write: Any = finish) -> bool:
    try:
        handle(order["text"])
    except Exception as error:
        return write(table_name, order["id"], "fail", str(error))
    return write(table_name, order["id"], "complete")


def process(queue_url, table_name, handle, *, read=read, record=record, decide=decide, delete=delete):
    """A right answer, of which the wrong ones replace a part."""
    decided = []
    for message in receive(queue_url):
        order = read(message["Body"])
        new = decide(table_name, order, handle) if order else record(table_name, message)
        delete(queue_url, message)
        if new:
            decided.append(order["id"] if order else message["MessageId"])
    return decided


def keep(queue_url, message):
    """In the place of delete."""


@family.wrong("batch", "raised")
def counts_on_messages(queue_url, table_name, handle):
    return [message["MessageId"] for message in sqs.receive_message(QueueUrl=queue_url)["Messages"]]


@family.wrong("batch", "type")
def returns_nothing(queue_url, table_name, handle):
    process(queue_url, table_name, handle)


@family.wrong("batch", "not_complete")
def forgets_the_table(queue_url, table_name, handle):
    return process(queue_url, table_name, handle, decide=lambda table_name, order, handle: not handle(order["text"]))


@family.wrong("batch", "too_few")
def takes_one_only(queue_url, table_name, handle):
    for message in sqs.receive_message(QueueUrl=queue_url).get("Messages", []):
        decide(table_name, json.loads(message["Body"]), handle)
        delete(queue_url, message)
    return []


@family.wrong("batch", "attribute_lost")
def writes_over_the_item(queue_url, table_name, handle):
    def write(table_name, message_id, state, reason=""):
        record(table_name, {"MessageId": message_id, "Body": ""}, reason, state=state)
        return True

    def decide_anew(table_name, order, handle):
        return decide(table_name, order, handle, write=write)

    return process(queue_url, table_name, handle, decide=decide_anew)


@family.wrong("batch", "stays")
def never_deletes(queue_url, table_name, handle):
    return process(queue_url, table_name, handle, delete=keep)


@family.wrong("batch", "not_the_ids")
def counts_instead(queue_url, table_name, handle):
    return [len(process(queue_url, table_name, handle))]


@family.wrong("failure", "raised")
def lets_the_exception_through(queue_url, table_name, handle):
    def decide(table_name, order, handle):
        handle(order["text"])
        return finish(table_name, order["id"], "complete")

    return process(queue_url, table_name, handle, decide=decide)


@family.wrong("failure", "raised")
def knows_one_exception_only(queue_url, table_name, handle):
    def decide(table_name, order, handle):
        try:
            handle(order["text"])
        except ValueError as error:
            return finish(table_name, order["id"], "fail", str(error))
        return finish(table_name, order["id"], "complete")

    return process(queue_url, table_name, handle, decide=decide)


@family.wrong("failure", "not_failed")
def takes_a_failure_for_a_body_it_cannot_read(queue_url, table_name, handle):
    decided = []
    for message in receive(queue_url):
        message_id = message["MessageId"]
        try:
            order = json.loads(message["Body"])
            handle(order["text"])
            message_id = order["id"]
            finish(table_name, message_id, "complete")
        except Exception as error:
            record(table_name, message, reason=str(error))
        delete(queue_url, message)
        decided.append(message_id)
    return decided


@family.wrong("failure", "not_failed")
def passes_over_failures(queue_url, table_name, handle):
    def decide(table_name, order, handle):
        try:
            handle(order["text"])
        except Exception:
            pass
        return finish(table_name, order["id"], "complete")

    return process(queue_url, table_name, handle, decide=decide)


@family.wrong("failure", "no_reason")
def says_only_that_it_failed(queue_url, table_name, handle):
    def decide(table_name, order, handle):
        try:
            handle(order["text"])
        except Exception as error:
            return finish(table_name, order["id"], "fail", type(error).__name__)
        return finish(table_name, order["id"], "complete")

    return process(queue_url, table_name, handle, decide=decide)


@family.wrong("failure", "neighbours")
def stops_at_the_first_failure(queue_url, table_name, handle):
    decided = []
    try:
        for message in receive(queue_url):
            order = json.loads(message["Body"])
            handle(order["text"])
            finish(table_name, order["id"], "complete")
            delete(queue_url, message)
            decided.append(order["id"])
    except Exception as error:
        finish(table_name, order["id"], "fail", str(error))
        delete(queue_url, message)
    return decided


@family.wrong("failure", "reason_of_another")
def says_something_in_any_case(queue_url, table_name, handle):
    def decide(table_name, order, handle):
        state, reason = "complete", "all went well"
        try:
            handle(order["text"])
        except Exception as error:
            state, reason = "fail", str(error)
        return finish(table_name, order["id"], state, reason)

    return process(queue_url, table_name, handle, decide=decide)


@family.wrong("failure", "reason_of_another")
def keeps_the_reason_of_the_one_before(queue_url, table_name, handle):
    reason = ""

    def decide(table_name, order, handle):
        nonlocal reason
        state = "complete"
        try:
            handle(order["text"])
        except Exception as error:
            state, reason = "fail", str(error)
        return finish(table_name, order["id"], state, reason)

    return process(queue_url, table_name, handle, decide=decide)


@family.wrong("failure", "stays")
def leaves_failures_in_the_queue(queue_url, table_name, handle):
    decided = []
    for message in receive(queue_url):
        order = json.loads(message["Body"])
        try:
            handle(order["text"])
        except Exception as error:
            finish(table_name, order["id"], "fail", str(error))
        else:
            finish(table_name, order["id"], "complete")
            delete(queue_url, message)
        decided.append(order["id"])
    return decided


@family.wrong("failure", "not_the_ids")
def returns_only_what_is_complete(queue_url, table_name, handle):
    decided = []
    for message in receive(queue_url):
        order = json.loads(message["Body"])
        try:
            handle(order["text"])
            finish(table_name, order["id"], "complete")
            decided.append(order["id"])
        except Exception as error:
            finish(table_name, order["id"], "fail", str(error))
        delete(queue_url, message)
    return decided


@family.wrong("unreadable", "raised")
def reads_whatever_comes(queue_url, table_name, handle):
    return process(queue_url, table_name, handle, read=json.loads)


@family.wrong("unreadable", "raised")
def reads_whatever_is_json(queue_url, table_name, handle):
    def read(body):
        try:
            return json.loads(body)
        except ValueError:
            return None

    return process(queue_url, table_name, handle, read=read)


@family.wrong("unreadable", "no_item")
def asks_only_whether_the_id_is_a_string(queue_url, table_name, handle):
    def read_id(body):
        try:
            order = json.loads(body)
        except ValueError:
            return None
        ours = isinstance(order, dict) and isinstance(order.get("id"), str) and "text" in order
        return order if ours else None

    return process(queue_url, table_name, handle, read=read_id)


@family.wrong("unreadable", "neighbour")
def stops_at_what_it_cannot_read(queue_url, table_name, handle):
    decided = []
    for message in receive(queue_url):
        order = read(message["Body"])
        if order is None:
            record(table_name, message)
            delete(queue_url, message)
            return [message["MessageId"]]
        decide(table_name, order, handle)
        delete(queue_url, message)
        decided.append(order["id"])
    return decided


@family.wrong("unreadable", "no_item")
def throws_away_what_it_cannot_read(queue_url, table_name, handle):
    return process(queue_url, table_name, handle, record=lambda table_name, message: False)


@family.wrong("unreadable", "attribute")
def forgets_the_body(queue_url, table_name, handle):
    def without_text(table_name, message):
        return record(table_name, message, text="?")

    return process(queue_url, table_name, handle, record=without_text)


@family.wrong("unreadable", "no_reason")
def does_not_say_what_is_wrong(queue_url, table_name, handle):
    def without_reason(table_name, message):
        return record(table_name, message, reason="")

    return process(queue_url, table_name, handle, record=without_reason)


@family.wrong("unreadable", "stays")
def leaves_it_to_somebody_else(queue_url, table_name, handle):
    def delete_orders(queue_url, message):
        if read(message["Body"]):
            delete(queue_url, message)

    return process(queue_url, table_name, handle, delete=delete_orders)


@family.wrong("unreadable", "not_the_ids")
def does_not_count_what_it_cannot_read(queue_url, table_name, handle):
    def and_says_no(table_name, message):
        return not record(table_name, message)

    return process(queue_url, table_name, handle, record=and_says_no)


@family.wrong("unreadable", "not_the_ids")
def begins_with_what_it_cannot_read(queue_url, table_name, handle):
    messages = sorted(receive(queue_url), key=lambda message: read(message["Body"]) is not None)
    decided = []
    for message in messages:
        order = read(message["Body"])
        if decide(table_name, order, handle) if order else record(table_name, message):
            decided.append(order["id"] if order else message["MessageId"])
        delete(queue_url, message)
    return decided


@family.wrong("empty_text", "not_complete")
def takes_an_empty_text_for_none(queue_url, table_name, handle):
    def read_something(body):
        order = read(body)
        return order if order and order["id"] and order["text"] else None

    return process(queue_url, table_name, handle, read=read_something)


@family.wrong("table_away", "lost")
def deletes_whatever_happens(queue_url, table_name, handle):
    def decide_somehow(table_name, order, handle):
        try:
            return decide(table_name, order, handle)
        except ClientError as error:
            print(error)
            return False

    return process(queue_url, table_name, handle, decide=decide_somehow)


@family.wrong("table_away", "mistaken")
def takes_an_error_of_aws_for_a_failure(queue_url, table_name, handle):
    def decide(table_name, order, handle):
        try:
            handle(order["text"])
            return finish(table_name, order["id"], "complete")
        except Exception as error:
            return finish(table_name, order["id"], "fail", str(error))

    return process(queue_url, table_name, handle, decide=decide)


@family.wrong("late_duplicate", "turned_back")
def writes_without_a_condition(queue_url, table_name, handle):
    def decide_again(table_name, order, handle):
        return decide(table_name, order, handle, write=overwrite)

    return process(queue_url, table_name, handle, decide=decide_again)


@family.wrong("late_duplicate", "stays")
def deletes_only_what_it_decided(queue_url, table_name, handle):
    decided = []
    for message in receive(queue_url):
        order = read(message["Body"])
        if decide(table_name, order, handle) if order else record(table_name, message):
            delete(queue_url, message)
            decided.append(order["id"] if order else message["MessageId"])
    return decided


@family.wrong("late_duplicate", "decided_twice")
def counts_duplicates(queue_url, table_name, handle):
    def and_says_yes(table_name, order, handle):
        decide(table_name, order, handle)
        return True

    return process(queue_url, table_name, handle, decide=and_says_yes)


def deleting_early(queue_url, table_name, handle, when):
    """`when(message, order)`: whether it is deleted before it is decided on."""
    decided = []
    for message in receive(queue_url):
        order = read(message["Body"])
        early = when(order)
        if early:
            delete(queue_url, message)
        if decide(table_name, order, handle) if order else record(table_name, message):
            decided.append(order["id"] if order else message["MessageId"])
        if not early:
            delete(queue_url, message)
    return decided


@family.wrong("crash", "lost")
def deletes_first(queue_url, table_name, handle):
    return deleting_early(queue_url, table_name, handle, when=lambda order: True)


@family.wrong("crash", "untraced")
def deletes_what_it_cannot_read_first(queue_url, table_name, handle):
    return deleting_early(queue_url, table_name, handle, when=lambda order: order is None)


@family.wrong("crash", "pending")
def deletes_before_it_writes(queue_url, table_name, handle):
    decided = []
    for message in receive(queue_url):
        order = read(message["Body"])
        state, reason = "complete", ""
        if order:
            try:
                handle(order["text"])
            except Exception as error:
                state, reason = "fail", str(error)
        else:
            record(table_name, message)
        delete(queue_url, message)
        if not order or finish(table_name, order["id"], state, reason):
            decided.append(order["id"] if order else message["MessageId"])
    return decided


@family.wrong("crash", "false")
def writes_complete_before_the_work(queue_url, table_name, handle):
    def promise(table_name, order, handle):
        if not finish(table_name, order["id"], "complete"):
            return False
        try:
            handle(order["text"])
        except Exception as error:
            overwrite(table_name, order["id"], "fail", str(error))
        return True

    return process(queue_url, table_name, handle, decide=promise)


@family.wrong("crash", "stays")
def leaves_what_it_has_seen_in_the_table(queue_url, table_name, handle):
    """It deletes a duplicate only of what it has not decided on itself: the owner of the first copy will see to it."""
    decided = []
    for message in receive(queue_url):
        order = read(message["Body"])
        key = {"id": {"S": order["id"] if order else message["MessageId"]}}
        before = dynamodb.get_item(TableName=table_name, Key=key).get("Item", {})
        if order is None and before:
            continue
        if decide(table_name, order, handle) if order else record(table_name, message):
            decided.append(key["id"]["S"])
        delete(queue_url, message)
    return decided


@family.right
def one_after_the_other(queue_url, table_name, handle):
    return process(queue_url, table_name, handle)


@family.right
def looks_before_it_works(queue_url, table_name, handle):
    """What was decided is not handled again; the condition is there all the same."""

    def once(table_name, order, handle):
        item = dynamodb.get_item(TableName=table_name, Key={"id": {"S": order["id"]}}, ConsistentRead=True)["Item"]
        return item["state"]["S"] == "pending" and decide(table_name, order, handle)

    return process(queue_url, table_name, handle, decide=once)


@family.right
def deletes_all_of_them_in_the_end(queue_url, table_name, handle):
    messages = receive(queue_url)
    table = boto3.resource("dynamodb").Table(table_name)
    decided = []
    for message in messages:
        if order := read(message["Body"]):
            new, message_id = decide(table_name, order, handle), order["id"]
        else:
            new, message_id = True, message["MessageId"]
            table.put_item(Item={"id": message_id, "text": message["Body"], "state": "fail", "reason": STRAY})
        decided += [message_id] * new
    entries = [{"Id": str(n), "ReceiptHandle": message["ReceiptHandle"]} for n, message in enumerate(messages)]
    if entries:
        sqs.delete_message_batch(QueueUrl=queue_url, Entries=entries)
    return decided


test_wrong_answers, test_right_answers = family.tests()
