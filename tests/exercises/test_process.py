"""Exercise 3.1: answers that beginners give."""

from typing import Any

import boto3
from kit import Family, sqs

family = Family("3.1")


def receive(queue_url: str, **more: Any) -> list[Any]:
    return sqs.receive_message(QueueUrl=queue_url, **{"MaxNumberOfMessages": 10, **more}).get("Messages", [])


def delete(queue_url: str, message: Any) -> None:
    sqs.delete_message(QueueUrl=queue_url, ReceiptHandle=message["ReceiptHandle"])


@family.wrong("empty_queue", "raised")
def counts_on_messages(queue_url, handle):
    return [handle(message["Body"]) for message in sqs.receive_message(QueueUrl=queue_url)["Messages"]]


@family.wrong("empty_queue", "type")
def returns_nothing(queue_url, handle):
    for message in receive(queue_url):
        handle(message["Body"])
        delete(queue_url, message)


@family.wrong("empty_queue", "handled")
def handles_what_is_not_there(queue_url, handle):
    messages = receive(queue_url) or [{"Body": "", "ReceiptHandle": ""}]
    for message in messages:
        handle(message["Body"])
    return []


@family.wrong("empty_queue", "not_empty")
def returns_what_is_not_there(queue_url, handle):
    messages = receive(queue_url) or [{"Body": ""}]
    return [message["Body"] for message in messages]


@family.wrong("empty_queue", "endless")
def waits_for_a_message(queue_url, handle):
    while True:
        for message in receive(queue_url, WaitTimeSeconds=20):
            handle(message["Body"])
            delete(queue_url, message)


@family.wrong("batch", "too_few")
def takes_one_only(queue_url, handle):
    done = []
    for message in receive(queue_url, MaxNumberOfMessages=1):
        handle(message["Body"])
        delete(queue_url, message)
        done.append(message["Body"])
    return done


@family.wrong("batch", "none")
def hides_its_own_slip(queue_url, handle):
    done = []
    for message in receive(queue_url):
        try:
            handle(message["body"])
        except Exception:
            continue
        delete(queue_url, message)
        done.append(message["Body"])
    return done


@family.wrong("batch", "not_the_body")
def hands_over_the_whole_message(queue_url, handle):
    for message in receive(queue_url):
        handle(message)
        delete(queue_url, message)
    return []


@family.wrong("batch", "twice")
def handles_to_see_whether_it_works(queue_url, handle):
    done = []
    for message in receive(queue_url):
        handle(message["Body"])
        if handle(message["Body"]) is None:
            delete(queue_url, message)
            done.append(message["Body"])
    return done


@family.wrong("batch", "not_hidden")
def hides_nothing(queue_url, handle):
    done = []
    for message in receive(queue_url, VisibilityTimeout=0):
        handle(message["Body"])
        delete(queue_url, message)
        done.append(message["Body"])
    return done


@family.wrong("batch", "not_deleted")
def never_deletes(queue_url, handle):
    done = []
    for message in receive(queue_url):
        handle(message["Body"])
        done.append(message["Body"])
    return done


@family.wrong("batch", "not_deleted")
def deletes_the_first_again_and_again(queue_url, handle):
    messages = receive(queue_url)
    for message in messages:
        handle(message["Body"])
        delete(queue_url, messages[0])
    return [message["Body"] for message in messages]


@family.wrong("batch", "not_deleted")
def hides_instead_of_deleting(queue_url, handle):
    messages = receive(queue_url)
    for message in messages:
        handle(message["Body"])
        sqs.change_message_visibility(
            QueueUrl=queue_url, ReceiptHandle=message["ReceiptHandle"], VisibilityTimeout=43_200 - 10
        )
    return [message["Body"] for message in messages]


@family.wrong("batch", "raised")
def deletes_by_the_id(queue_url, handle):
    for message in receive(queue_url):
        handle(message["Body"])
        sqs.delete_message(QueueUrl=queue_url, ReceiptHandle=message["MessageId"])
    return []


@family.wrong("batch", "not_the_bodies")
def returns_the_ids(queue_url, handle):
    messages = receive(queue_url)
    for message in messages:
        handle(message["Body"])
        delete(queue_url, message)
    return [message["MessageId"] for message in messages]


@family.wrong("more_than_ten", "gone")
def purges(queue_url, handle):
    done = []
    for message in receive(queue_url):
        handle(message["Body"])
        done.append(message["Body"])
    if done:
        try:
            sqs.purge_queue(QueueUrl=queue_url)
        except sqs.exceptions.PurgeQueueInProgress:
            pass
    return done


_started: set[str] = set()


@family.wrong("more_than_ten", "left")
def works_once_for_each_queue(queue_url, handle):
    if queue_url in _started:
        return []
    done = []
    for message in receive(queue_url):
        handle(message["Body"])
        delete(queue_url, message)
        done.append(message["Body"])
        _started.add(queue_url)
    return done


@family.wrong("crash", "lost")
def deletes_first(queue_url, handle):
    done = []
    for message in receive(queue_url):
        delete(queue_url, message)
        handle(message["Body"])
        done.append(message["Body"])
    return done


@family.wrong("crash", "lost")
def deletes_the_whole_batch_first(queue_url, handle):
    messages = receive(queue_url)
    for message in messages:
        delete(queue_url, message)
    for message in messages:
        handle(message["Body"])
    return [message["Body"] for message in messages]


@family.wrong("crash", "stays")
def leaves_what_comes_again_alone(queue_url, handle):
    done = []
    for message in receive(queue_url, MessageSystemAttributeNames=["ApproximateReceiveCount"]):
        handle(message["Body"])
        if message["Attributes"]["ApproximateReceiveCount"] == "1":
            delete(queue_url, message)
        done.append(message["Body"])
    return done


@family.wrong("crash", "never")
def passes_over_what_was_received_before(queue_url, handle):
    done = []
    for message in receive(queue_url, MessageSystemAttributeNames=["ApproximateReceiveCount"]):
        if message["Attributes"]["ApproximateReceiveCount"] == "1":
            handle(message["Body"])
            delete(queue_url, message)
            done.append(message["Body"])
    return done


@family.wrong("failing_handler", "lets_through")
def expects_one_kind_of_failure(queue_url, handle):
    done = []
    for message in receive(queue_url):
        try:
            handle(message["Body"])
        except (ValueError, RuntimeError, OSError):
            continue
        delete(queue_url, message)
        done.append(message["Body"])
    return done


@family.wrong("failing_handler", "another")
def sends_again_what_failed(queue_url, handle):
    done = []
    for message in receive(queue_url):
        try:
            handle(message["Body"])
            done.append(message["Body"])
        except Exception:
            sqs.send_message(QueueUrl=queue_url, MessageBody=message["Body"])
        delete(queue_url, message)
    return done


@family.wrong("failing_handler", "lets_through")
def does_not_expect_failures(queue_url, handle):
    done = []
    for message in receive(queue_url):
        handle(message["Body"])
        delete(queue_url, message)
        done.append(message["Body"])
    return done


@family.wrong("failing_handler", "deleted")
def deletes_in_any_case(queue_url, handle):
    done = []
    for message in receive(queue_url):
        try:
            handle(message["Body"])
            done.append(message["Body"])
        except Exception:
            pass
        delete(queue_url, message)
    return done


@family.wrong("failing_handler", "neighbour")
def stops_at_the_first_failure(queue_url, handle):
    done = []
    try:
        for message in receive(queue_url):
            handle(message["Body"])
            delete(queue_url, message)
            done.append(message["Body"])
    except Exception:
        pass
    return done


@family.wrong("failing_handler", "comes_back")
def deletes_only_if_all_went_well(queue_url, handle):
    messages, done = receive(queue_url), []
    for message in messages:
        try:
            handle(message["Body"])
            done.append(message["Body"])
        except Exception:
            pass
    if len(done) == len(messages):
        for message in messages:
            delete(queue_url, message)
    return done


@family.wrong("failing_handler", "claims")
def says_that_all_were_handled(queue_url, handle):
    messages = receive(queue_url)
    for message in messages:
        try:
            handle(message["Body"])
        except Exception:
            continue
        delete(queue_url, message)
    return [message["Body"] for message in messages]


@family.wrong("failing_handler", "endless")
def tries_again_until_it_works(queue_url, handle):
    done = []
    for message in receive(queue_url):
        while True:
            try:
                handle(message["Body"])
                break
            except Exception:
                pass
        delete(queue_url, message)
        done.append(message["Body"])
    return done


@family.right
def one_after_the_other(queue_url, handle):
    done = []
    for message in receive(queue_url, WaitTimeSeconds=20):
        try:
            handle(message["Body"])
        except Exception as error:
            print("not handled:", error)
        else:
            delete(queue_url, message)
            done.append(message["Body"])
    return done


@family.right
def with_a_batch_of_deletes(queue_url, handle):
    handled = []
    for message in receive(queue_url):
        try:
            handle(message["Body"])
            handled.append(message)
        except Exception:
            pass
    entries = [{"Id": str(n), "ReceiptHandle": message["ReceiptHandle"]} for n, message in enumerate(handled)]
    if entries:
        sqs.delete_message_batch(QueueUrl=queue_url, Entries=entries)
    return [message["Body"] for message in handled]


@family.right
def hidden_for_five_minutes(queue_url, handle):
    def is_done(message):
        try:
            handle(message["Body"])
        except Exception:
            return False
        delete(queue_url, message)
        return True

    return [message["Body"] for message in receive(queue_url, VisibilityTimeout=300) if is_done(message)]


@family.right
def with_boto3s_resource(queue_url, handle):
    done = []
    for message in boto3.resource("sqs").Queue(queue_url).receive_messages(MaxNumberOfMessages=10):
        try:
            handle(message.body)
        except Exception:
            message.change_visibility(VisibilityTimeout=0)
        else:
            message.delete()
            done.append(message.body)
    return done


@family.right
def until_nothing_waits(queue_url, handle):
    done = []
    while messages := receive(queue_url):
        for message in messages:
            try:
                handle(message["Body"])
            except Exception:
                continue
            delete(queue_url, message)
            done.append(message["Body"])
    return done


test_wrong, test_right = family.tests()
