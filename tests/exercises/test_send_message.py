"""Exercise 7.1: answers that beginners give."""

import datetime
import hashlib
import itertools
import json
import uuid

import boto3
from kit import Family, dynamodb, sqs

family = Family("7.1")


def write(table_name, **item):
    dynamodb.put_item(TableName=table_name, Item={name: {"S": value} for name, value in item.items()})


def write_pending(table_name, message_id, text, sent_at):
    write(table_name, id=message_id, text=text, state="pending", sent_at=sent_at, day=sent_at[:10])


def put_into_queue(queue_url, message_id, text):
    sqs.send_message(QueueUrl=queue_url, MessageBody=json.dumps({"id": message_id, "text": text}))


def with_id(message_id, queue_url, table_name, text, sent_at):
    write_pending(table_name, message_id, text, sent_at)
    put_into_queue(queue_url, message_id, text)
    return message_id


@family.wrong("item", "items")
def forgets_the_table(queue_url, table_name, text, sent_at):
    message_id = str(uuid.uuid4())
    put_into_queue(queue_url, message_id, text)
    return message_id


@family.wrong("item", "not_the_id")
def returns_the_id_that_sqs_gave(queue_url, table_name, text, sent_at):
    message_id = str(uuid.uuid4())
    write_pending(table_name, message_id, text, sent_at)
    return sqs.send_message(QueueUrl=queue_url, MessageBody=json.dumps({"id": message_id, "text": text}))["MessageId"]


@family.wrong("item", "attribute")
def is_complete_at_once(queue_url, table_name, text, sent_at):
    message_id = str(uuid.uuid4())
    write(table_name, id=message_id, text=text, state="complete", sent_at=sent_at, day=sent_at[:10])
    put_into_queue(queue_url, message_id, text)
    return message_id


@family.wrong("item", "attribute")
def forgets_the_day(queue_url, table_name, text, sent_at):
    message_id = str(uuid.uuid4())
    write(table_name, id=message_id, text=text, state="pending", sent_at=sent_at)
    put_into_queue(queue_url, message_id, text)
    return message_id


@family.wrong("item", "attribute")
def takes_the_whole_time_for_the_day(queue_url, table_name, text, sent_at):
    message_id = str(uuid.uuid4())
    write(table_name, id=message_id, text=text, state="pending", sent_at=sent_at, day=sent_at)
    put_into_queue(queue_url, message_id, text)
    return message_id


@family.wrong("item", "attribute")
def takes_today_for_the_day(queue_url, table_name, text, sent_at):
    message_id = str(uuid.uuid4())
    today = datetime.date.today().isoformat()
    write(table_name, id=message_id, text=text, state="pending", sent_at=sent_at, day=today)
    put_into_queue(queue_url, message_id, text)
    return message_id


@family.wrong("item", "type")
def returns_nothing(queue_url, table_name, text, sent_at):
    with_id(str(uuid.uuid4()), queue_url, table_name, text, sent_at)


@family.wrong("item", "printed")
def prints_the_id(queue_url, table_name, text, sent_at):
    print(with_id(str(uuid.uuid4()), queue_url, table_name, text, sent_at))


@family.wrong("item", "type")
def returns_an_id_that_is_no_text(queue_url, table_name, text, sent_at):
    message_id = uuid.uuid4()
    with_id(str(message_id), queue_url, table_name, text, sent_at)
    return message_id


@family.wrong("item", "raised")
def leaves_out_the_types(queue_url, table_name, text, sent_at):
    dynamodb.put_item(TableName=table_name, Item={"id": "m-1", "text": text, "state": "pending"})


@family.wrong("item", "other_queue")
def writes_to_a_table_of_its_own(queue_url, table_name, text, sent_at):
    return with_id(str(uuid.uuid4()), queue_url, "my-messages", text, sent_at)


@family.wrong("item", "arguments")
def asks_the_clock_itself(queue_url, table_name, text):
    return ""


@family.wrong("message", "messages")
def forgets_the_queue(queue_url, table_name, text, sent_at):
    message_id = str(uuid.uuid4())
    write_pending(table_name, message_id, text, sent_at)
    return message_id


@family.wrong("message", "messages")
def sends_twice_to_be_sure(queue_url, table_name, text, sent_at):
    message_id = with_id(str(uuid.uuid4()), queue_url, table_name, text, sent_at)
    put_into_queue(queue_url, message_id, text)
    return message_id


@family.wrong("message", "not_json")
def sends_the_text_alone(queue_url, table_name, text, sent_at):
    message_id = str(uuid.uuid4())
    write_pending(table_name, message_id, text, sent_at)
    sqs.send_message(QueueUrl=queue_url, MessageBody=text)
    return message_id


@family.wrong("message", "not_json")
def sends_a_dictionary_as_python_shows_it(queue_url, table_name, text, sent_at):
    message_id = str(uuid.uuid4())
    write_pending(table_name, message_id, text, sent_at)
    sqs.send_message(QueueUrl=queue_url, MessageBody=str({"id": message_id, "text": text}))
    return message_id


@family.wrong("message", "content")
def leaves_the_id_out_of_the_body(queue_url, table_name, text, sent_at):
    message_id = str(uuid.uuid4())
    write_pending(table_name, message_id, text, sent_at)
    sqs.send_message(QueueUrl=queue_url, MessageBody=json.dumps({"text": text}))
    return message_id


@family.wrong("message", "content")
def has_another_id_in_the_body(queue_url, table_name, text, sent_at):
    message_id = str(uuid.uuid4())
    write_pending(table_name, message_id, text, sent_at)
    put_into_queue(queue_url, str(uuid.uuid4()), text)
    return message_id


@family.wrong("any_text", "not_json")
def puts_the_json_together_by_hand(queue_url, table_name, text, sent_at):
    message_id = str(uuid.uuid4())
    write_pending(table_name, message_id, text, sent_at)
    sqs.send_message(QueueUrl=queue_url, MessageBody=f'{{"id": "{message_id}", "text": "{text}"}}')
    return message_id


@family.wrong("any_text", "changed")
def tidies_the_text(queue_url, table_name, text, sent_at):
    return with_id(str(uuid.uuid4()), queue_url, table_name, text.strip(), sent_at)


@family.wrong("own_ids", "same")
def makes_the_id_of_the_text(queue_url, table_name, text, sent_at):
    return with_id(hashlib.sha256(text.encode()).hexdigest(), queue_url, table_name, text, sent_at)


@family.wrong("own_ids", "same")
def takes_the_time_for_an_id(queue_url, table_name, text, sent_at):
    return with_id(sent_at, queue_url, table_name, text, sent_at)


_numbers = itertools.count(1)


@family.wrong("own_ids", "counted")
def counts_its_messages(queue_url, table_name, text, sent_at):
    return with_id(f"message-{next(_numbers):06}", queue_url, table_name, text, sent_at)


@family.wrong("own_ids", "counted")
def counts_what_is_in_the_table(queue_url, table_name, text, sent_at):
    number = dynamodb.scan(TableName=table_name)["Count"] + 1
    return with_id(f"m-{number}", queue_url, table_name, text, sent_at)


@family.wrong("table_away", "sent")
def goes_on_when_it_could_not_write(queue_url, table_name, text, sent_at):
    message_id = str(uuid.uuid4())
    try:
        write_pending(table_name, message_id, text, sent_at)
    except Exception as error:
        print("not written:", error)
    put_into_queue(queue_url, message_id, text)
    return message_id


@family.wrong("crash", "not_written")
def sends_first(queue_url, table_name, text, sent_at):
    message_id = str(uuid.uuid4())
    put_into_queue(queue_url, message_id, text)
    write_pending(table_name, message_id, text, sent_at)
    return message_id


@family.right
def with_a_random_id(queue_url, table_name, text, sent_at):
    return with_id(str(uuid.uuid4()), queue_url, table_name, text, sent_at)


@family.right
def with_a_table_resource_and_a_batch(queue_url, table_name, text, sent_at):
    message_id = uuid.uuid1().hex
    item = {"id": message_id, "text": text, "state": "pending", "sent_at": sent_at, "day": sent_at.split("T")[0]}
    boto3.resource("dynamodb").Table(table_name).put_item(Item=item)
    body = json.dumps(item, ensure_ascii=False)  # there may be more in it
    sqs.send_message_batch(QueueUrl=queue_url, Entries=[{"Id": "1", "MessageBody": body}])
    return message_id


@family.right
def only_if_the_id_is_free(queue_url, table_name, text, sent_at):
    message_id = f"m-{uuid.uuid4()}"
    attributes = {"id": message_id, "text": text, "state": "pending", "sent_at": sent_at, "day": sent_at[:10]}
    dynamodb.put_item(
        TableName=table_name,
        Item={name: {"S": value} for name, value in attributes.items()},
        ConditionExpression="attribute_not_exists(id)",
    )
    put_into_queue(queue_url, message_id, text)
    return message_id


test_wrong_answers, test_right_answers = family.tests()
