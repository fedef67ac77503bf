"""An AWS inside this process: private, gone afterwards, and never in the way of anybody else."""

import contextlib
import os
import threading
import time
from collections.abc import Callable, Iterator

import boto3
import pytest

import labkit
from labkit.embedded.in_process import InProcessAws


@pytest.fixture
def make_aws(lab: labkit.Lab) -> Callable[[], InProcessAws]:
    return lambda: InProcessAws(os.environ["AWS_ACCESS_KEY_ID"], os.environ["AWS_SECRET_ACCESS_KEY"])


@pytest.fixture
def aws(make_aws: Callable[[], InProcessAws]) -> Iterator[InProcessAws]:
    with make_aws() as aws:
        yield aws


def test_a_client_that_was_there_before_is_answered_by_it_while_it_lasts(make_aws: Callable[[], InProcessAws]) -> None:
    sqs = boto3.client("sqs")
    before = sqs.list_queues().get("QueueUrls", [])
    with make_aws():
        assert "QueueUrls" not in sqs.list_queues()
        sqs.create_queue(QueueName="private")
    assert sqs.list_queues().get("QueueUrls", []) == before


def test_clients_that_were_made_for_real_aws_are_answered_by_it_too(lab: labkit.Lab) -> None:
    """On real AWS exercises are checked in here all the same: nothing of them may go out, or cost anything."""
    keys = {"aws_access_key_id": "ASIAEXAMPLE", "aws_secret_access_key": "secret", "aws_session_token": "token"}
    address = "https://sqs.us-east-1.amazonaws.com"
    sqs = boto3.client("sqs", endpoint_url=address, **keys)  # type: ignore[call-overload]
    with InProcessAws("ASIAEXAMPLE", "secret", "token"):
        url = sqs.create_queue(QueueName="orders")["QueueUrl"]
        sqs.send_message(QueueUrl=url, MessageBody="x")
        assert len(sqs.receive_message(QueueUrl=url)["Messages"]) == 1
    with pytest.raises(labkit.LabError, match="was stopped"):
        sqs.list_queues()


def test_each_is_empty_at_first(make_aws: Callable[[], InProcessAws]) -> None:
    for _ in range(2):
        with make_aws() as aws:
            aws.client("sqs").create_queue(QueueName="orders")
            aws.client("dynamodb").create_table(
                TableName="orders",
                KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
                AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
                BillingMode="PAY_PER_REQUEST",
            )


def test_a_thread_that_ran_before_still_reaches_the_labs_own(make_aws: Callable[[], InProcessAws]) -> None:
    go_on, seen = threading.Event(), []

    def outsider() -> None:
        go_on.wait(10)
        seen.append(boto3.client("sqs").create_queue(QueueName="of-the-outsider")["QueueUrl"])

    thread = threading.Thread(target=outsider)
    thread.start()
    with make_aws() as aws:
        aws.wait(3600)  # it signs with this computer's own time even so, or the gate would send it away
        go_on.set()
        thread.join(10)
        assert "QueueUrls" not in aws.client("sqs").list_queues()
    assert seen
    boto3.client("sqs").delete_queue(QueueUrl=seen[0])


def test_a_thread_that_is_started_meanwhile_belongs_to_it(aws: InProcessAws) -> None:
    thread = threading.Thread(target=lambda: boto3.client("sqs").create_queue(QueueName="from-a-thread"))
    thread.start()
    thread.join(10)
    assert aws.client("sqs").get_queue_url(QueueName="from-a-thread")


def test_sleeping_and_long_polls_move_its_clock_and_take_no_time(aws: InProcessAws) -> None:
    sqs = aws.client("sqs")
    queue_url = sqs.create_queue(QueueName="orders")["QueueUrl"]
    sqs.send_message(QueueUrl=queue_url, MessageBody="late", DelaySeconds=10)
    begun, then = time.monotonic(), aws.now()
    assert sqs.receive_message(QueueUrl=queue_url, WaitTimeSeconds=20)["Messages"]
    assert 9 < (aws.now() - then).total_seconds() < 12
    assert "Messages" not in sqs.receive_message(QueueUrl=queue_url, WaitTimeSeconds=15)
    assert 24 < (aws.now() - then).total_seconds() < 30
    time.sleep(60)
    assert (aws.now() - then).total_seconds() > 84
    assert time.monotonic() - begun < 5


def test_a_table_made_and_filled_past_the_api_is_like_one_made_through_it(aws: InProcessAws) -> None:
    dynamodb = aws.client("dynamodb")
    dynamodb.create_table(
        TableName="by-call",
        KeySchema=[{"AttributeName": "a", "KeyType": "HASH"}, {"AttributeName": "b", "KeyType": "RANGE"}],
        AttributeDefinitions=[{"AttributeName": name, "AttributeType": "S"} for name in "ab"],
        BillingMode="PAY_PER_REQUEST",
    )
    dynamodb.get_waiter("table_exists").wait(TableName="by-call")
    aws.make_table("made", "a", "b")
    items = [{"a": {"S": "1"}, "b": {"S": str(number)}, "c": {"L": [{"N": "7"}]}} for number in range(60)]
    aws.fill_table("made", items)
    for item in items:
        dynamodb.put_item(TableName="by-call", Item=item)
    described = [dynamodb.describe_table(TableName=name)["Table"] for name in ("made", "by-call")]
    for table in described:
        for own in ("TableName", "TableArn", "CreationDateTime"):
            assert table.pop(own)
    assert described[0] == described[1]
    assert described[0]["TableStatus"] == "ACTIVE"
    assert aws.items("made") == dynamodb.scan(TableName="by-call")["Items"] == dynamodb.scan(TableName="made")["Items"]
    aws.items("made")[0]["c"]["L"].clear()
    assert all(item["c"]["L"] for item in aws.items("made"))


def test_afterwards_time_is_what_it_was(make_aws: Callable[[], InProcessAws]) -> None:
    before = time.time()
    with make_aws() as aws:
        aws.wait(86_400)
        assert time.time() > before + 86_000
    assert time.time() < before + 60


def test_what_it_took_over_it_gives_back_even_after_an_exception(make_aws: Callable[[], InProcessAws]) -> None:
    sleep = time.sleep
    with contextlib.suppress(KeyError), make_aws():
        assert time.sleep is not sleep
        raise KeyError
    assert time.sleep is sleep


def test_other_services_and_errors_are_there_as_over_http(aws: InProcessAws) -> None:
    assert aws.client("sts").get_caller_identity()["Arn"].endswith(":user/student")
    sqs = aws.client("sqs")
    with pytest.raises(sqs.exceptions.QueueDoesNotExist):
        sqs.get_queue_url(QueueName="nowhere")
    topic = aws.client("sns").create_topic(Name="news")["TopicArn"]
    assert [found["TopicArn"] for found in aws.client("sns").list_topics()["Topics"]] == [topic]


def test_a_thread_that_would_go_on_ends_with_it(make_aws: Callable[[], InProcessAws]) -> None:
    def for_ever() -> None:
        while True:
            time.sleep(1)
            boto3.client("sqs").list_queues()

    def for_ever_whatever_happens() -> None:
        while True:
            try:  # noqa: SIM105
                boto3.client("sqs").list_queues()
            except:  # noqa: E722, S110
                pass

    for target in (for_ever, for_ever_whatever_happens):
        with make_aws():
            thread = threading.Thread(target=target, daemon=True)
            thread.start()
        thread.join(5)
        assert not thread.is_alive()
