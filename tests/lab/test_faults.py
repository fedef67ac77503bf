"""Trouble on request: each kind is seen where it was asked for, nowhere else, and the same again with the same seed."""

import itertools
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import boto3
import numpy as np
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError, ConnectionClosedError

import labkit
from labkit import faults

FIRST_ONLY = 0  # a seed: at a rate of 0.5 it strikes the first SendMessage and the first PutItem, and not the second
ONCE = Config(retries={"total_max_attempts": 1})  # boto3 asks once and reports what it gets
_number = itertools.count(1)


@pytest.fixture(autouse=True)
def calm(lab: labkit.Lab) -> Iterator[None]:
    yield
    faults.off(lab)


@pytest.fixture(autouse=True)
def _no_backoff(monkeypatch: pytest.MonkeyPatch) -> None:
    """boto3 waits up to seconds before it tries again; here it only counts."""
    monkeypatch.setattr("botocore.endpoint.time", SimpleNamespace(sleep=lambda _: None))


@pytest.fixture
def sqs(lab: labkit.Lab) -> Any:
    return boto3.client("sqs")


MakeQueue = Callable[..., str]


@pytest.fixture
def make_queue(sqs: Any) -> MakeQueue:
    def make(fifo: bool = False) -> str:
        attributes = {"FifoQueue": "true", "ContentBasedDeduplication": "true"} if fifo else {}
        name = f"faults-{next(_number)}" + ".fifo" * fifo
        url: str = sqs.create_queue(QueueName=name, Attributes=attributes)["QueueUrl"]
        return url

    return make


@pytest.fixture
def table(lab: labkit.Lab) -> str:
    name = f"faults-{next(_number)}"
    dynamodb = boto3.client("dynamodb")
    dynamodb.create_table(
        TableName=name,
        KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "pk", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )
    dynamodb.get_waiter("table_exists").wait(TableName=name, WaiterConfig={"Delay": 1})
    return name


def fill(sqs: Any, url: str, messages: int = 40) -> list[str]:
    bodies = [f"{number:02}" for number in range(messages)]
    for body in bodies:
        sqs.send_message(QueueUrl=url, MessageBody=body, **({"MessageGroupId": "g"} if url.endswith(".fifo") else {}))
    return bodies


def consume(sqs: Any, url: str) -> list[str]:
    """The bodies that a consumer gets that deletes what it receives, until there is nothing."""
    got = []
    while messages := sqs.receive_message(QueueUrl=url).get("Messages"):
        got.append(messages[0]["Body"])
        sqs.delete_message(QueueUrl=url, ReceiptHandle=messages[0]["ReceiptHandle"])
        if len(got) > 200:
            break
    return got


def waiting(sqs: Any, url: str) -> int:
    name = "ApproximateNumberOfMessages"
    return int(sqs.get_queue_attributes(QueueUrl=url, AttributeNames=[name])["Attributes"][name])


def outcomes(client: Any, operation: str, calls: int = 40, **parameters: Any) -> list[str]:
    """What became of each call: its error code, or ok."""

    def outcome() -> str:
        try:
            getattr(client, operation)(**parameters)
        except ClientError as error:
            return str(error.response["Error"]["Code"])
        except ConnectionClosedError:
            return "lost"
        return "ok"

    return [outcome() for _ in range(calls)]


# Queues


def test_a_standard_queue_duplicates_also_what_was_deleted(lab: labkit.Lab, sqs: Any, make_queue: MakeQueue) -> None:
    url = make_queue()
    sent = fill(sqs, url)
    with faults.on(lab, duplicate=0.3, seed=1):
        got = consume(sqs, url)
    assert sorted(set(got)) == sent
    assert 44 <= len(got) <= 64


def test_a_standard_queue_reorders(lab: labkit.Lab, sqs: Any, make_queue: MakeQueue) -> None:
    url = make_queue()
    sent = fill(sqs, url)
    with faults.on(lab, reorder=0.3, seed=1):
        got = consume(sqs, url)
    assert sorted(got) == sent != got


def test_a_fifo_queue_does_neither(lab: labkit.Lab, sqs: Any, make_queue: MakeQueue) -> None:
    url = make_queue(fifo=True)
    sent = fill(sqs, url)
    with faults.on(lab, duplicate=1, reorder=1):
        assert consume(sqs, url) == sent


def test_a_short_poll_misses_and_a_long_one_does_not(lab: labkit.Lab, sqs: Any, make_queue: MakeQueue) -> None:
    url = make_queue()
    fill(sqs, url, 1)
    with faults.on(lab, miss=1):
        assert "Messages" not in sqs.receive_message(QueueUrl=url)
        assert "Messages" in sqs.receive_message(QueueUrl=url, WaitTimeSeconds=1)


def test_short_polls_miss_at_the_rate(lab: labkit.Lab, sqs: Any, make_queue: MakeQueue) -> None:
    url = make_queue()
    fill(sqs, url)
    with faults.on(lab, miss=0.5, seed=1):
        found = sum("Messages" in sqs.receive_message(QueueUrl=url) for _ in range(40))
    assert 10 <= found <= 30


def test_without_trouble_each_message_comes_once_and_in_order(lab: labkit.Lab, sqs: Any, make_queue: MakeQueue) -> None:
    url = make_queue()
    with faults.on(lab, duplicate=1, reorder=1, miss=1, throttle=1, slow=1, lose_response=1):
        pass
    before = lab.now()
    sent = fill(sqs, url)
    assert [sqs.receive_message(QueueUrl=url)["Messages"][0]["Body"] for _ in sent] == sent
    assert lab.now() - before < timedelta(seconds=5)


def test_duplicates_that_are_still_owed_do_not_outlive_it(lab: labkit.Lab, sqs: Any, make_queue: MakeQueue) -> None:
    url = make_queue()
    fill(sqs, url, 1)
    with faults.on(lab, duplicate=1):
        sqs.receive_message(QueueUrl=url)
    assert "Messages" not in sqs.receive_message(QueueUrl=url)
    with faults.on(lab, duplicate=1):
        assert "Messages" not in sqs.receive_message(QueueUrl=url)


# Throttling

THROTTLED = [
    ("sqs", "list_queues", "RequestThrottled", 403),
    ("sns", "list_topics", "Throttling", 400),
    ("dynamodb", "list_tables", "ThrottlingException", 400),
    ("cloudwatch", "describe_alarms", "Throttling", 400),
    ("autoscaling", "describe_auto_scaling_groups", "Throttling", 400),
]


@pytest.mark.parametrize(("service", "operation", "code", "status"), THROTTLED, ids=[row[0] for row in THROTTLED])
def test_each_service_throttles_in_its_own_words_and_boto3_tries_again(
    lab: labkit.Lab, service: Any, operation: str, code: str, status: int
) -> None:
    client = boto3.client(service)
    with faults.on(lab, throttle=1, services=service), pytest.raises(ClientError) as caught:
        getattr(client, operation)()
    assert caught.value.response["Error"]["Code"] == code
    assert caught.value.response["Error"]["Message"]
    retries = 3 if service == "dynamodb" else 2  # botocore/retries/standard.py: 4 and 3 attempts
    metadata = caught.value.response["ResponseMetadata"]
    assert (metadata["HTTPStatusCode"], metadata["RetryAttempts"]) == (status, retries)
    getattr(client, operation)()


def test_the_modelled_exceptions_catch_it(lab: labkit.Lab) -> None:
    sqs, dynamodb = boto3.client("sqs", config=ONCE), boto3.client("dynamodb", config=ONCE)
    with faults.on(lab, throttle=1):
        with pytest.raises(sqs.exceptions.RequestThrottled):
            sqs.list_queues()
        with pytest.raises(dynamodb.exceptions.ThrottlingException):
            dynamodb.get_item(TableName="any", Key={"pk": {"S": "1"}})


def test_a_throttled_call_has_no_effect(lab: labkit.Lab, sqs: Any, make_queue: MakeQueue) -> None:
    url = make_queue()
    with faults.on(lab, throttle=1), pytest.raises(sqs.exceptions.RequestThrottled):
        sqs.send_message(QueueUrl=url, MessageBody="refused")
    assert waiting(sqs, url) == 0


def test_boto3_gets_over_a_throttle_by_itself(lab: labkit.Lab, sqs: Any, make_queue: MakeQueue) -> None:
    url = make_queue()
    with faults.on(lab, throttle=0.4, seed=2, operations="SendMessage"):
        answers = [sqs.send_message(QueueUrl=url, MessageBody="order") for _ in range(10)]
    assert 1 <= sum(answer["ResponseMetadata"]["RetryAttempts"] for answer in answers) <= 20
    assert waiting(sqs, url) == 10


def test_other_services_are_left_alone(lab: labkit.Lab, sqs: Any) -> None:
    with faults.on(lab, throttle=1, services=["dynamodb"]):
        sqs.list_queues()
        boto3.client("sns").list_topics()
        boto3.client("s3").list_buckets()


def test_other_operations_are_left_alone(lab: labkit.Lab, table: str) -> None:
    dynamodb = boto3.client("dynamodb", config=ONCE)
    with faults.on(lab, throttle=1, services=["dynamodb"], operations=["PutItem"]):
        assert set(outcomes(dynamodb, "put_item", 3, TableName=table, Item={"pk": {"S": "1"}})) == {
            "ThrottlingException"
        }
        dynamodb.scan(TableName=table)


def test_sessions_are_got_and_the_clock_moves_under_any_trouble(lab: labkit.Lab) -> None:
    with faults.on(lab, throttle=1, lose_response=1, services=faults.SERVICES):
        boto3.client("sts", config=ONCE).get_caller_identity()
        before = lab.now()
        lab.wait(hours=1)
        assert lab.now() - before >= timedelta(hours=1)


# Lost responses


def test_a_lost_response_is_a_closed_connection_and_the_call_took_effect(
    lab: labkit.Lab, sqs: Any, make_queue: MakeQueue
) -> None:
    url = make_queue()
    once = boto3.client("sqs", config=ONCE)
    with faults.on(lab, lose_response=1):
        for _ in range(20):
            with pytest.raises(ConnectionClosedError):
                once.send_message(QueueUrl=url, MessageBody="order")
    assert waiting(once, url) == 20  # and the server, and this client, live on


def test_boto3_sends_again_and_a_standard_queue_has_two(lab: labkit.Lab, sqs: Any, make_queue: MakeQueue) -> None:
    url = make_queue()
    with faults.on(lab, lose_response=0.5, operations=("SendMessage",), seed=FIRST_ONLY):
        answer = sqs.send_message(QueueUrl=url, MessageBody="order")
    assert answer["ResponseMetadata"]["RetryAttempts"] == 1
    assert consume(sqs, url) == ["order", "order"]


def test_boto3_sends_again_and_a_fifo_queue_has_one(lab: labkit.Lab, sqs: Any, make_queue: MakeQueue) -> None:
    url = make_queue(fifo=True)
    with faults.on(lab, lose_response=0.5, operations=("SendMessage",), seed=FIRST_ONLY):
        answer = sqs.send_message(QueueUrl=url, MessageBody="order", MessageGroupId="g")
    assert answer["ResponseMetadata"]["RetryAttempts"] == 1
    assert consume(sqs, url) == ["order"]


def test_a_conditional_write_that_is_tried_again_fails_on_its_own_effect(lab: labkit.Lab, table: str) -> None:
    dynamodb = boto3.client("dynamodb")
    item: Any = {"pk": {"S": "seat 12"}, "owner": {"S": "Ana"}}
    with (
        faults.on(lab, lose_response=0.5, operations=("PutItem",), seed=FIRST_ONLY),
        pytest.raises(dynamodb.exceptions.ConditionalCheckFailedException),
    ):
        dynamodb.put_item(TableName=table, Item=item, ConditionExpression="attribute_not_exists(pk)")
    assert dynamodb.get_item(TableName=table, Key={"pk": item["pk"]})["Item"] == item


def test_what_is_published_twice_for_a_lost_response_arrives_twice(
    lab: labkit.Lab, sqs: Any, make_queue: MakeQueue
) -> None:
    sns, url = boto3.client("sns"), make_queue()
    arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    policy = (
        '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"Service": "sns.amazonaws.com"}, '
        f'"Action": "sqs:SendMessage", "Resource": "{arn}"}}]}}'
    )
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": policy})
    topic = sns.create_topic(Name=f"faults-{next(_number)}")["TopicArn"]
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn)
    once = boto3.client("sns", config=ONCE)
    with faults.on(lab, lose_response=1):
        assert outcomes(once, "publish", 2, TopicArn=topic, Message="news") == ["lost", "lost"]
    assert len(consume(sqs, url)) == 2


# Slow answers


def test_a_visibility_timeout_runs_out_on_the_way_to_the_consumer(
    lab: labkit.Lab, sqs: Any, make_queue: MakeQueue
) -> None:
    url = make_queue()
    fill(sqs, url, 1)
    before = lab.now()
    with faults.on(lab, slow=1, slow_seconds=31, operations="ReceiveMessage"):
        sqs.receive_message(QueueUrl=url)
    assert timedelta(seconds=31) <= lab.now() - before < timedelta(seconds=60)
    assert waiting(sqs, url) == 1


def test_slow_answers_come_at_the_rate(lab: labkit.Lab, sqs: Any) -> None:
    before = lab.now()
    with faults.on(lab, slow=0.3, slow_seconds=60, seed=2):
        outcomes(sqs, "list_queues")
    assert 5 <= (lab.now() - before) / timedelta(minutes=1) <= 20


def test_slow_answers_of_many_clients_add_up(lab: labkit.Lab) -> None:
    clients: list[Any] = [boto3.client("sqs"), boto3.client("sns"), boto3.client("dynamodb")]
    operations = ("list_queues", "list_topics", "list_tables")
    threads = [threading.Thread(target=outcomes, args=pair) for pair in zip(clients, operations, strict=True)]
    before = lab.now()
    with faults.on(lab, slow=1, slow_seconds=1):
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert lab.now() - before >= timedelta(seconds=120)


# The same again


def test_the_same_seed_makes_the_same_trouble_whatever_else_is_called(lab: labkit.Lab) -> None:
    sqs, dynamodb = boto3.client("sqs", config=ONCE), boto3.client("dynamodb", config=ONCE)

    def run(seed: int, *, others: bool = False) -> list[str]:
        with faults.on(lab, throttle=0.3, lose_response=0.3, seed=seed):
            got = []
            for _ in range(30):
                got += outcomes(sqs, "list_queues", 1)
                if others:
                    outcomes(dynamodb, "list_tables", 1)
            return got

    first = run(1)
    assert {"RequestThrottled", "lost", "ok"} == set(first)
    assert first == run(1) == run(1, others=True) != run(2)


def test_threads_meet_together_what_one_meets_alone(lab: labkit.Lab) -> None:
    sqs = boto3.client("sqs", config=ONCE)
    with faults.on(lab, throttle=0.4, seed=1):
        alone = outcomes(sqs, "list_queues", 40)
    together: list[str] = []
    threads = [threading.Thread(target=lambda: together.extend(outcomes(sqs, "list_queues", 10))) for _ in range(4)]
    with faults.on(lab, throttle=0.4, seed=1):
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert sorted(together) == sorted(alone)
    assert 8 <= alone.count("RequestThrottled") <= 24


def test_queues_repeat_their_trouble(lab: labkit.Lab, sqs: Any, make_queue: MakeQueue) -> None:
    def run(seed: int) -> list[str]:
        url = make_queue()
        fill(sqs, url, 20)
        with faults.on(lab, duplicate=0.3, reorder=0.3, seed=seed):
            return consume(sqs, url)

    assert run(1) == run(1) != run(2)


# On and off


def test_it_says_so_while_it_is_on(lab: labkit.Lab, capsys: pytest.CaptureFixture[str]) -> None:
    quiet = repr(lab)
    with faults.on(lab, duplicate=0.2, slow=0.07, services=("sqs", "cloudwatch"), seed=3):
        line = (
            "Trouble on: 20% of messages delivered twice · 7% of calls answered 5 s late · calls: sqs, cloudwatch "
            "· seed 3"
        )
        assert capsys.readouterr().out == line + "\n"
        assert repr(lab) == f"{quiet}\n{line}"
    assert repr(lab) == quiet
    assert capsys.readouterr().out == ""
    faults.on(lab, miss=1)
    assert capsys.readouterr().out == "Trouble on: 100% of short polls find nothing · seed 0\n"
    faults.off(lab)
    assert capsys.readouterr().out == "Trouble off.\n"
    assert repr(lab) == quiet


def test_all_rates_may_be_0_and_then_it_is_off(lab: labkit.Lab, capsys: pytest.CaptureFixture[str]) -> None:
    faults.on(lab, miss=1)
    capsys.readouterr()
    faults.on(lab, duplicate=0, throttle=0.0)
    assert capsys.readouterr().out == "Trouble off.\n"
    assert "Trouble" not in repr(lab)


def test_a_new_setting_takes_the_place_of_the_old_one(lab: labkit.Lab) -> None:
    once = boto3.client("sqs", config=ONCE)
    faults.on(lab, throttle=1)
    faults.on(lab, lose_response=1)
    assert outcomes(once, "list_queues", 1) == ["lost"]


def test_it_ends_with_a_block_that_fails(lab: labkit.Lab, sqs: Any) -> None:
    with pytest.raises(KeyError), faults.on(lab, throttle=1):
        raise KeyError
    sqs.list_queues()


def test_a_new_start_is_without_trouble(lab: labkit.Lab) -> None:
    once = boto3.client("sqs", config=ONCE)
    faults.on(lab, throttle=1)
    again = labkit.start()
    assert "Trouble" not in repr(again) + repr(lab)
    once.list_queues()


def test_a_lab_is_torn_down_under_any_trouble(lab: labkit.Lab, make_queue: MakeQueue) -> None:
    make_queue()
    faults.on(lab, miss=1, throttle=1, lose_response=1)
    assert "queue" in set(lab.tear_down()["kind"])
    assert "Trouble" not in repr(lab)


# Slips


@pytest.mark.parametrize(
    ("given", "says"),
    [
        *[({name: 2}, f"{name} is a rate from 0") for name in ("duplicate", "reorder", "miss", "throttle", "slow")],
        ({"lose_response": -0.1}, "lose_response is a rate from 0"),
        ({"throttle": float("nan")}, "throttle is a rate.* this is nan"),
        ({"throttle": float("inf")}, "throttle is a rate"),
        ({"throttle": 10**400}, "throttle is a rate"),
        ({"throttle": "0.1"}, "throttle is a rate.* this is '0.1'"),
        ({"throttle": None}, "throttle is a rate"),
        ({"throttle": True}, "throttle is a rate"),
        ({"throttle": 1j}, "throttle is a rate"),
        ({"slow": 1, "slow_seconds": 0}, "slow_seconds is a number of seconds above 0 and at most 60"),
        ({"slow": 1, "slow_seconds": 61}, "slow_seconds"),
        ({"slow": 1, "slow_seconds": float("nan")}, "slow_seconds"),
        ({"slow": 1, "slow_seconds": "5"}, "slow_seconds"),
        ({"seed": 1.5}, "seed is a whole number"),
        ({"seed": "1"}, "seed is a whole number"),
        ({"services": "sts"}, "services names one or more of sqs, sns.* this is 'sts'"),
        ({"services": ()}, "services names"),
        ({"services": None}, "services names"),
        ({"services": [["sqs"]]}, "services names"),
        ({"services": [1]}, "services names"),
        ({"operations": "send_message"}, "operations names calls of sqs, sns, dynamodb.* this is 'send_message'"),
        ({"operations": ["PutItem"], "services": "sqs"}, "operations names calls of sqs as"),
        ({"operations": 5}, "operations names"),
        ({"operations": [None]}, "operations names"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_what_makes_no_sense_is_refused_in_a_sentence_and_changes_nothing(
    lab: labkit.Lab, given: dict[str, Any], says: str
) -> None:
    faults.on(lab, miss=1)
    before = repr(lab)
    with pytest.raises(labkit.LabError, match=says) as caught:
        faults.on(lab, **given)
    assert str(caught.value).count("\n") == 0
    assert len(str(caught.value)) < 300
    assert repr(lab) == before


def test_numbers_of_any_kind_will_do(lab: labkit.Lab) -> None:
    given: dict[str, Any] = {"throttle": np.float32(0.5), "miss": np.int64(1), "seed": np.int64(3)}
    faults.on(lab, **given)
    assert "100% of short polls find nothing · 50% of calls throttled" in repr(lab)
