"""Exercise 2.2: answers that beginners give."""

import json
from typing import Any

from botocore.exceptions import ClientError
from kit import Family, dynamodb, sqs

family = Family("2.2")


def receive(queue_url: str, number: int = 10) -> list[Any]:
    return sqs.receive_message(QueueUrl=queue_url, MaxNumberOfMessages=number).get("Messages", [])


def delete(queue_url: str, message: Any) -> None:
    sqs.delete_message(QueueUrl=queue_url, ReceiptHandle=message["ReceiptHandle"])


def item(order: Any) -> dict[str, Any]:
    return {"id": {"S": order["id"]}, "tickets": {"N": str(order["tickets"])}}


def book(table_name: str, order: Any) -> bool:
    """Whether it was this call that booked the order."""
    try:
        dynamodb.put_item(TableName=table_name, Item=item(order), ConditionExpression="attribute_not_exists(id)")
    except dynamodb.exceptions.ConditionalCheckFailedException:
        return False
    return True


@family.wrong("empty_queue", "raised")
def counts_on_messages(queue_url, table_name):
    return [message["Body"] for message in sqs.receive_message(QueueUrl=queue_url)["Messages"]]


@family.wrong("empty_queue", "type")
def returns_nothing(queue_url, table_name):
    for message in receive(queue_url):
        book(table_name, json.loads(message["Body"]))
        delete(queue_url, message)


@family.wrong("empty_queue", "something")
def returns_a_word_of_its_own(queue_url, table_name):
    return [json.loads(message["Body"])["id"] for message in receive(queue_url)] or ["nothing"]


@family.wrong("three_orders", "not_booked")
def takes_one_only(queue_url, table_name):
    for message in receive(queue_url, 1):
        book(table_name, json.loads(message["Body"]))
        delete(queue_url, message)
    return ["order-1"] if receive(queue_url, 1) else []


@family.wrong("three_orders", "not_booked")
def takes_the_message_s_id_for_the_key(queue_url, table_name):
    booked = []
    for message in receive(queue_url):
        order = json.loads(message["Body"])
        if book(table_name, {**order, "id": message["MessageId"]}):
            booked.append(order["id"])
        delete(queue_url, message)
    return booked


@family.wrong("three_orders", "tickets")
def books_without_the_tickets(queue_url, table_name):
    booked = []
    for message in receive(queue_url):
        order = json.loads(message["Body"])
        dynamodb.put_item(TableName=table_name, Item={"id": {"S": order["id"]}})
        delete(queue_url, message)
        booked.append(order["id"])
    return booked


@family.wrong("three_orders", "no_number")
def books_the_tickets_as_a_text(queue_url, table_name):
    booked = []
    for message in receive(queue_url):
        order = json.loads(message["Body"])
        text = {"id": {"S": order["id"]}, "tickets": {"S": str(order["tickets"])}}
        dynamodb.put_item(TableName=table_name, Item=text)
        delete(queue_url, message)
        booked.append(order["id"])
    return booked


@family.wrong("three_orders", "raised")
def writes_a_number_as_a_number(queue_url, table_name):
    for message in receive(queue_url):
        order = json.loads(message["Body"])
        dynamodb.put_item(TableName=table_name, Item={"id": {"S": order["id"]}, "tickets": {"N": order["tickets"]}})
    return []


@family.wrong("three_orders", "not_deleted")
def never_deletes(queue_url, table_name):
    orders = [json.loads(message["Body"]) for message in receive(queue_url)]
    return [order["id"] for order in orders if book(table_name, order)]


@family.wrong("three_orders", "not_deleted")
def deletes_the_first_again_and_again(queue_url, table_name):
    messages = receive(queue_url)
    booked = []
    for message in messages:
        order = json.loads(message["Body"])
        if book(table_name, order):
            booked.append(order["id"])
        delete(queue_url, messages[0])
    return booked


@family.wrong("three_orders", "not_the_ids")
def returns_the_orders(queue_url, table_name):
    booked = []
    for message in receive(queue_url):
        order = json.loads(message["Body"])
        if book(table_name, order):
            booked.append(order)
        delete(queue_url, message)
    return booked


@family.wrong("sent_twice", "raised")
def takes_the_refusal_for_a_failure(queue_url, table_name):
    booked = []
    for message in receive(queue_url):
        order = json.loads(message["Body"])
        dynamodb.put_item(TableName=table_name, Item=item(order), ConditionExpression="attribute_not_exists(id)")
        delete(queue_url, message)
        booked.append(order["id"])
    return booked


@family.wrong("sent_twice", "gave_up")
def stops_at_the_first_refusal(queue_url, table_name):
    booked = []
    for message in receive(queue_url):
        order = json.loads(message["Body"])
        if not book(table_name, order):
            break
        delete(queue_url, message)
        booked.append(order["id"])
    return booked


@family.wrong("sent_twice", "stays")
def leaves_the_duplicate_in_the_queue(queue_url, table_name):
    booked = []
    for message in receive(queue_url):
        order = json.loads(message["Body"])
        if book(table_name, order):
            delete(queue_url, message)
            booked.append(order["id"])
    return booked


@family.wrong("sent_twice", "counted")
def says_that_it_booked_both(queue_url, table_name):
    booked = []
    for message in receive(queue_url):
        order = json.loads(message["Body"])
        book(table_name, order)
        delete(queue_url, message)
        booked.append(order["id"])
    return booked


@family.wrong("late_copy", "overwritten")
def writes_over_the_booking(queue_url, table_name):
    booked = {}
    for message in receive(queue_url):
        order = json.loads(message["Body"])
        dynamodb.put_item(TableName=table_name, Item=item(order))
        delete(queue_url, message)
        booked[order["id"]] = True
    return list(booked)


@family.wrong("late_copy", "undone")
def sets_the_tickets_again(queue_url, table_name):
    booked = {}
    for message in receive(queue_url):
        order = json.loads(message["Body"])
        dynamodb.update_item(
            TableName=table_name,
            Key={"id": {"S": order["id"]}},
            UpdateExpression="SET tickets = :tickets",
            ExpressionAttributeValues={":tickets": {"N": str(order["tickets"])}},
        )
        delete(queue_url, message)
        booked[order["id"]] = True
    return list(booked)


@family.wrong("late_copy", "neighbour")
def books_all_or_nothing(queue_url, table_name):
    messages = receive(queue_url)
    orders = {order["id"]: order for order in (json.loads(message["Body"]) for message in messages)}
    puts = [{"TableName": table_name, "Item": item(order)} for order in orders.values()]
    try:
        dynamodb.transact_write_items(
            TransactItems=[{"Put": put | {"ConditionExpression": "attribute_not_exists(id)"}} for put in puts]
        ) if puts else None
        booked = [*orders]
    except dynamodb.exceptions.TransactionCanceledException:
        booked = []
    for message in messages:
        delete(queue_url, message)
    return booked


@family.wrong("table_away", "lost")
def takes_every_refusal_for_done(queue_url, table_name):
    booked = []
    for message in receive(queue_url):
        order = json.loads(message["Body"])
        try:
            dynamodb.put_item(TableName=table_name, Item=item(order), ConditionExpression="attribute_not_exists(id)")
            booked.append(order["id"])
        except ClientError:
            pass
        delete(queue_url, message)
    return booked


@family.wrong("table_away", "lost")
def deletes_first(queue_url, table_name):
    booked = []
    for message in receive(queue_url):
        delete(queue_url, message)
        order = json.loads(message["Body"])
        if book(table_name, order):
            booked.append(order["id"])
    return booked


@family.wrong("crash", "lost")
def deletes_first_and_sends_again_what_failed(queue_url, table_name):
    booked = []
    for message in receive(queue_url):
        delete(queue_url, message)
        order = json.loads(message["Body"])
        try:
            if book(table_name, order):
                booked.append(order["id"])
        except ClientError:
            sqs.send_message(QueueUrl=queue_url, MessageBody=message["Body"])
    return booked


@family.wrong("crash", "stays")
def passes_over_what_an_earlier_call_booked(queue_url, table_name):
    booked = []
    messages = receive(queue_url)
    for message in messages:
        order = json.loads(message["Body"])
        if book(table_name, order):
            booked.append(order["id"])
    for message in messages:
        if json.loads(message["Body"])["id"] in booked:
            delete(queue_url, message)
    return booked


@family.wrong("crash", "half")
def takes_the_place_and_books_later(queue_url, table_name):
    booked = []
    for message in receive(queue_url):
        order = json.loads(message["Body"])
        if book(table_name, {"id": order["id"], "tickets": 0}):
            dynamodb.put_item(TableName=table_name, Item=item(order))
            booked.append(order["id"])
        delete(queue_url, message)
    return booked


@family.wrong("crash", "never")
def passes_over_what_somebody_received_before(queue_url, table_name):
    booked = []
    received = sqs.receive_message(
        QueueUrl=queue_url, MaxNumberOfMessages=10, MessageSystemAttributeNames=["ApproximateReceiveCount"]
    )
    for message in received.get("Messages", []):
        order = json.loads(message["Body"])
        known = "Item" in dynamodb.get_item(TableName=table_name, Key={"id": {"S": order["id"]}})
        if not known and message["Attributes"]["ApproximateReceiveCount"] != "1":
            continue
        if book(table_name, order):
            booked.append(order["id"])
        delete(queue_url, message)
    return booked


@family.wrong("two_consumers", "both")
def looks_and_then_writes(queue_url, table_name):
    booked = []
    for message in receive(queue_url):
        order = json.loads(message["Body"])
        if "Item" not in dynamodb.get_item(TableName=table_name, Key={"id": {"S": order["id"]}}, ConsistentRead=True):
            dynamodb.put_item(TableName=table_name, Item=item(order))
            booked.append(order["id"])
        delete(queue_url, message)
    return booked


@family.right
def put_on_condition(queue_url, table_name):
    booked = []
    for message in receive(queue_url):
        order = json.loads(message["Body"])
        if book(table_name, order):
            booked.append(order["id"])
        delete(queue_url, message)
    return booked


@family.right
def hides_it_for_five_minutes(queue_url, table_name):
    booked = []
    received = sqs.receive_message(QueueUrl=queue_url, MaxNumberOfMessages=10, VisibilityTimeout=300)
    for message in received.get("Messages", []):
        order = json.loads(message["Body"])
        if book(table_name, order):
            booked.append(order["id"])
        delete(queue_url, message)
    return booked


@family.right
def update_that_looks_at_what_was_there(queue_url, table_name):
    messages = sqs.receive_message(QueueUrl=queue_url, MaxNumberOfMessages=10, WaitTimeSeconds=20).get("Messages", [])
    booked = []
    for message in messages:
        order = json.loads(message["Body"])
        answer = dynamodb.update_item(
            TableName=table_name,
            Key={"id": {"S": order["id"]}},
            UpdateExpression="SET tickets = if_not_exists(tickets, :tickets)",
            ExpressionAttributeValues={":tickets": {"N": str(order["tickets"])}},
            ReturnValues="ALL_OLD",
        )
        if not answer.get("Attributes"):
            booked.append(order["id"])
    entries = [{"Id": str(n), "ReceiptHandle": message["ReceiptHandle"]} for n, message in enumerate(messages)]
    if entries:
        sqs.delete_message_batch(QueueUrl=queue_url, Entries=entries)
    return booked


@family.right
def in_a_transaction_until_nothing_waits(queue_url, table_name):
    booked = []
    while messages := receive(queue_url):
        for message in messages:
            order = json.loads(message["Body"])
            put = {"TableName": table_name, "Item": item(order), "ConditionExpression": "attribute_not_exists(id)"}
            try:
                dynamodb.transact_write_items(TransactItems=[{"Put": put}])
                booked.append(order["id"])
            except dynamodb.exceptions.TransactionCanceledException as refused:
                if refused.response["CancellationReasons"][0]["Code"] != "ConditionalCheckFailed":
                    raise
            delete(queue_url, message)
    return booked


test_wrong, test_right = family.tests()
