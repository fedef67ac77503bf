"""Exercise 7.2: answers that beginners give."""

import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from botocore.exceptions import ClientError
from kit import Family, dynamodb, sqs

family = Family("7.2")


def receive(queue_url: str, **more: Any) -> list[Any]:
    return sqs.receive_message(QueueUrl=queue_url, **{"MaxNumberOfMessages": 10, **more}).get("Messages", [])


def complete(table_name: str, message_id: str) -> None:
    dynamodb.update_item(
        TableName=table_name,
        Key={"id": {"S": message_id}},
        UpdateExpression="SET #state = :complete",
        ExpressionAttributeNames={"#state": "state"},
        ExpressionAttributeValues={":complete": {"S": "complete"}},
    )


def delete(queue_url: str, message: Any) -> None:
    sqs.delete_message(QueueUrl=queue_url, ReceiptHandle=message["ReceiptHandle"])


@family.wrong("empty_queue", "raised")
def counts_on_messages(queue_url, table_name, handle):
    for message in sqs.receive_message(QueueUrl=queue_url)["Messages"]:
        handle(message["Body"])


@family.wrong("empty_queue", "type")
def returns_nothing(queue_url, table_name, handle):
    for message in receive(queue_url):
        order = json.loads(message["Body"])
        handle(order["text"])
        complete(table_name, order["id"])
        delete(queue_url, message)


@family.wrong("empty_queue", "printed")
def prints_instead(queue_url, table_name, handle):
    print([message["Body"] for message in receive(queue_url)])


@family.wrong("empty_queue", "endless")
def waits_for_ever(queue_url, table_name, handle):
    while True:
        for message in receive(queue_url):
            handle(json.loads(message["Body"])["text"])


@family.wrong("empty_queue", "arguments")
def takes_other_arguments(queue_url, handle):
    return []


@family.wrong("empty_queue", "coroutine")
async def is_async(queue_url, table_name, handle):
    return []


@family.wrong("empty_queue", "other_queue")
def uses_a_queue_of_its_own(queue_url, table_name, handle):
    return receive(queue_url + "-of-my-own")


@family.wrong("batch", "too_few")
def takes_one_only(queue_url, table_name, handle):
    done = []
    for message in receive(queue_url, MaxNumberOfMessages=1):
        order = json.loads(message["Body"])
        handle(order["text"])
        complete(table_name, order["id"])
        delete(queue_url, message)
        done.append(order["id"])
    return done


@family.wrong("batch", "none_handled")
def forgets_the_work(queue_url, table_name, handle):
    done = []
    for message in receive(queue_url):
        order = json.loads(message["Body"])
        complete(table_name, order["id"])
        delete(queue_url, message)
        done.append(order["id"])
    return done


@family.wrong("batch", "not_the_text")
def hands_over_the_whole_body(queue_url, table_name, handle):
    done = []
    for message in receive(queue_url):
        handle(message["Body"])
        complete(table_name, json.loads(message["Body"])["id"])
        delete(queue_url, message)
        done.append(json.loads(message["Body"])["id"])
    return done


@family.wrong("batch", "not_deleted")
def never_deletes(queue_url, table_name, handle):
    done = []
    for message in receive(queue_url):
        order = json.loads(message["Body"])
        handle(order["text"])
        complete(table_name, order["id"])
        done.append(order["id"])
    return done


@family.wrong("batch", "not_deleted")
def deletes_the_first_again_and_again(queue_url, table_name, handle):
    messages = receive(queue_url)
    done = []
    for message in messages:
        order = json.loads(message["Body"])
        handle(order["text"])
        complete(table_name, order["id"])
        delete(queue_url, messages[0])
        done.append(order["id"])
    return done


@family.wrong("batch", "not_complete")
def forgets_the_table(queue_url, table_name, handle):
    done = []
    for message in receive(queue_url):
        order = json.loads(message["Body"])
        handle(order["text"])
        delete(queue_url, message)
        done.append(order["id"])
    return done


@family.wrong("batch", "attribute_lost")
def writes_over_the_item(queue_url, table_name, handle):
    done = []
    for message in receive(queue_url):
        order = json.loads(message["Body"])
        handle(order["text"])
        item = {"id": {"S": order["id"]}, "text": {"S": order["text"]}, "state": {"S": "complete"}}
        dynamodb.put_item(TableName=table_name, Item=item)
        delete(queue_url, message)
        done.append(order["id"])
    return done


@family.wrong("batch", "not_the_ids")
def returns_the_texts(queue_url, table_name, handle):
    done = []
    for message in receive(queue_url):
        order = json.loads(message["Body"])
        handle(order["text"])
        complete(table_name, order["id"])
        delete(queue_url, message)
        done.append(order["text"])
    return done


@family.wrong("empty_queue", "raised")
def asks_for_twelve(queue_url, table_name, handle):
    return [message["Body"] for message in receive(queue_url, MaxNumberOfMessages=12)]


@family.wrong("empty_queue", "handled")
def handles_in_any_case(queue_url, table_name, handle):
    messages = receive(queue_url)
    handle(json.loads(messages[0]["Body"])["text"] if messages else "")
    return []


@family.wrong("empty_queue", "not_the_ids")
def adds_a_word_of_its_own(queue_url, table_name, handle):
    messages = receive(queue_url)
    return [json.loads(message["Body"])["id"] for message in messages] or ["nothing"]


@family.wrong("batch", "twice")
def handles_to_be_sure_twice(queue_url, table_name, handle):
    done = []
    for message in receive(queue_url):
        order = json.loads(message["Body"])
        handle(order["text"])
        complete(table_name, order["id"])
        handle(order["text"])
        delete(queue_url, message)
        done.append(order["id"])
    return done


@family.wrong("more_than_ten", "left")
def stops_for_good_after_ten(queue_url, table_name, handle):
    done = []
    for message in receive(queue_url):
        order = json.loads(message["Body"])
        if order["id"] in ("m-11", "m-12"):
            break
        handle(order["text"])
        complete(table_name, order["id"])
        delete(queue_url, message)
        done.append(order["id"])
    return done


@family.wrong("more_than_ten", "again")
def has_one_list_for_all_calls(queue_url, table_name, handle, done=[]):
    for message in receive(queue_url):
        order = json.loads(message["Body"])
        handle(order["text"])
        complete(table_name, order["id"])
        delete(queue_url, message)
        done.append(order["id"])
    return done


@family.wrong("crash", "never")
def says_first_that_it_is_at_work(queue_url, table_name, handle):
    done = []
    for message in receive(queue_url):
        order = json.loads(message["Body"])
        try:
            dynamodb.update_item(
                TableName=table_name,
                Key={"id": {"S": order["id"]}},
                UpdateExpression="SET #state = :processing",
                ConditionExpression="#state = :pending",
                ExpressionAttributeNames={"#state": "state"},
                ExpressionAttributeValues={":processing": {"S": "processing"}, ":pending": {"S": "pending"}},
            )
        except dynamodb.exceptions.ConditionalCheckFailedException:
            continue  # somebody else does it
        handle(order["text"])
        complete(table_name, order["id"])
        delete(queue_url, message)
        done.append(order["id"])
    return done


@family.wrong("crash", "false")
def completes_then_works_then_trusts_the_table(queue_url, table_name, handle):
    done = []
    for message in receive(queue_url):
        order = json.loads(message["Body"])
        item = dynamodb.get_item(TableName=table_name, Key={"id": {"S": order["id"]}})["Item"]
        if item["state"]["S"] == "pending":
            complete(table_name, order["id"])
            handle(order["text"])
        delete(queue_url, message)
        done.append(order["id"])
    return done


@family.wrong("crash", "stays")
def leaves_what_is_complete_already(queue_url, table_name, handle):
    done = []
    for message in receive(queue_url):
        order = json.loads(message["Body"])
        item = dynamodb.get_item(TableName=table_name, Key={"id": {"S": order["id"]}})["Item"]
        if item["state"]["S"] == "complete":
            continue
        handle(order["text"])
        complete(table_name, order["id"])
        delete(queue_url, message)
        done.append(order["id"])
    return done


@family.wrong("crash", "lost")
def deletes_first(queue_url, table_name, handle):
    done = []
    for message in receive(queue_url):
        order = json.loads(message["Body"])
        delete(queue_url, message)
        handle(order["text"])
        complete(table_name, order["id"])
        done.append(order["id"])
    return done


@family.wrong("crash", "pending")
def deletes_before_it_writes(queue_url, table_name, handle):
    done = []
    for message in receive(queue_url):
        order = json.loads(message["Body"])
        handle(order["text"])
        delete(queue_url, message)
        complete(table_name, order["id"])
        done.append(order["id"])
    return done


@family.wrong("crash", "pending")
def says_in_any_case_that_it_is_at_work(queue_url, table_name, handle):
    """A slow consumer says so of what another one has completed and deleted meanwhile, and dies."""
    done = []
    for message in receive(queue_url):
        order = json.loads(message["Body"])
        dynamodb.update_item(
            TableName=table_name,
            Key={"id": {"S": order["id"]}},
            UpdateExpression="SET #state = :processing",
            ExpressionAttributeNames={"#state": "state"},
            ExpressionAttributeValues={":processing": {"S": "processing"}},
        )
        handle(order["text"])
        complete(table_name, order["id"])
        delete(queue_url, message)
        done.append(order["id"])
    return done


@family.wrong("order_of_steps", "complete_first")
def writes_complete_before_the_work(queue_url, table_name, handle):
    done = []
    for message in receive(queue_url):
        order = json.loads(message["Body"])
        complete(table_name, order["id"])
        handle(order["text"])
        delete(queue_url, message)
        done.append(order["id"])
    return done


@family.wrong("failing_handler", "complete")
def passes_over_failures(queue_url, table_name, handle):
    done = []
    for message in receive(queue_url):
        order = json.loads(message["Body"])
        try:
            handle(order["text"])
        except Exception:
            pass
        complete(table_name, order["id"])
        delete(queue_url, message)
        done.append(order["id"])
    return done


@family.wrong("failing_handler", "deleted")
def deletes_in_any_case(queue_url, table_name, handle):
    done = []
    for message in receive(queue_url):
        order = json.loads(message["Body"])
        try:
            handle(order["text"])
            complete(table_name, order["id"])
            done.append(order["id"])
        except ValueError:
            pass
        delete(queue_url, message)
    return done


@family.wrong("failing_handler", "said_complete")
def notes_the_id_before_the_work(queue_url, table_name, handle):
    done = []
    for message in receive(queue_url):
        order = json.loads(message["Body"])
        done.append(order["id"])
        try:
            handle(order["text"])
        except Exception:
            continue
        complete(table_name, order["id"])
        delete(queue_url, message)
    return done


@family.wrong("table_away", "deleted")
def passes_over_what_dynamodb_says(queue_url, table_name, handle):
    done = []
    for message in receive(queue_url):
        order = json.loads(message["Body"])
        handle(order["text"])
        try:
            complete(table_name, order["id"])
            done.append(order["id"])
        except ClientError as error:
            print(error)
        delete(queue_url, message)
    return done


@family.wrong("table_away", "deleted")
def deletes_in_threads_before_it_writes(queue_url, table_name, handle):
    def work(message):
        order = json.loads(message["Body"])
        handle(order["text"])
        delete(queue_url, message)
        complete(table_name, order["id"])
        return order["id"]

    with ThreadPoolExecutor(4) as pool:
        return list(pool.map(work, receive(queue_url)))


@family.right
def one_after_the_other(queue_url, table_name, handle):
    done = []
    for message in receive(queue_url):
        order = json.loads(message["Body"])
        handle(order["text"])
        complete(table_name, order["id"])
        delete(queue_url, message)
        done.append(order["id"])
    return done


@family.right
def in_three_rounds_with_a_batch(queue_url, table_name, handle):
    messages = receive(queue_url, WaitTimeSeconds=20)
    orders = [json.loads(message["Body"]) for message in messages]
    for order in orders:
        handle(order["text"])
    for order in orders:
        complete(table_name, order["id"])
    entries = [{"Id": str(n), "ReceiptHandle": message["ReceiptHandle"]} for n, message in enumerate(messages)]
    if entries:
        sqs.delete_message_batch(QueueUrl=queue_url, Entries=entries)
    return [order["id"] for order in orders]


@family.right
def until_nothing_waits_passing_over_failures(queue_url, table_name, handle):
    done = []
    while messages := receive(queue_url):
        for message in messages:
            order = json.loads(message["Body"])
            try:
                handle(order["text"])
            except Exception as error:
                print("not handled:", error)
            else:
                complete(table_name, order["id"])
                delete(queue_url, message)
                done.append(order["id"])
    return done


@family.right
def in_threads(queue_url, table_name, handle):
    def work(message):
        order = json.loads(message["Body"])
        handle(order["text"])
        complete(table_name, order["id"])
        delete(queue_url, message)
        return order["id"]

    with ThreadPoolExecutor(4) as pool:
        return list(pool.map(work, receive(queue_url)))


test_wrong, test_right = family.tests()
