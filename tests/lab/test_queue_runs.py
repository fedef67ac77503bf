"""Runs of a queue in no time: what happens in them is what happens on the embedded AWS."""

import math
import random
from dataclasses import replace
from typing import Any

import pytest

import labkit
from labkit import patients, tuning
from labkit.embedded.sqs.errors import SqsError
from labkit.queue_runs import HOUR, Plan, run

ONE = Plan(sent_at=[5.0], takes=[40.0], until=HOUR, workers=1)
GOOD = {
    "VisibilityTimeout": "120",
    "ReceiveMessageWaitTimeSeconds": "20",
    "DelaySeconds": "60",
    "MessageRetentionPeriod": "345600",
}


def test_an_order_is_begun_as_soon_as_it_is_sent_and_done_when_its_time_is_over() -> None:
    (order,) = run({"VisibilityTimeout": "60", "ReceiveMessageWaitTimeSeconds": "20"}, ONE).orders
    assert (order.sent_at, order.begun_at, order.done_at) == (5, [5], 45)


def test_what_takes_longer_than_the_timeout_is_begun_by_a_second_worker() -> None:
    settings = {"VisibilityTimeout": "30", "ReceiveMessageWaitTimeSeconds": "20"}
    assert run(settings, replace(ONE, workers=2)).orders[0].begun_at == [5, 35]


def test_when_a_worker_dies_its_order_comes_back_after_the_timeout() -> None:
    settings = {"VisibilityTimeout": "300", "ReceiveMessageWaitTimeSeconds": "20"}
    (order,) = run(settings, replace(ONE, dies_on=frozenset({0}))).orders
    assert (order.begun_at, order.done_at) == ([5, 305], 345)


def test_an_order_that_always_fails_is_begun_again_and_again() -> None:
    order = run({"VisibilityTimeout": "600"}, replace(ONE, cannot=frozenset({0}))).orders[0]
    assert len(order.begun_at) == 6
    assert order.done_at == math.inf


@pytest.mark.parametrize(("wait", "requests"), [("0", 3600), ("1", 3600), ("5", 720), ("20", 180)])
def test_a_worker_without_orders_asks_once_in_each_waiting_time(wait: str, requests: int) -> None:
    idle = Plan([], [], until=HOUR, workers=1)
    outcome = run({"ReceiveMessageWaitTimeSeconds": wait}, idle, watched=True)
    assert len(outcome.requests) == requests
    assert abs(sum(outcome.minutes["NumberOfEmptyReceives"]) - requests) <= 1


def test_a_delay_puts_off_the_beginning_and_a_retention_period_ends_the_waiting() -> None:
    assert run({"DelaySeconds": "60", "VisibilityTimeout": "60"}, ONE).orders[0].begun_at == [65]
    away = replace(ONE, closed=(0, 1800))
    assert run({"MessageRetentionPeriod": "3600"}, away).orders[0].begun_at == [1800]
    assert run({"MessageRetentionPeriod": "900"}, away).orders[0].begun_at == []


def test_attributes_that_sqs_refuses_are_refused() -> None:
    with pytest.raises(SqsError, match="Unknown Attribute WaitTimeSeconds"):
        run({"WaitTimeSeconds": "20"}, ONE)


def test_a_run_is_the_same_each_time() -> None:
    assert tuning.findings(GOOD) == tuning.findings(GOOD)


def test_the_processing_times_are_those_that_their_file_says() -> None:
    draw = random.Random(9).lognormvariate
    assert tuning.processing_times() == [round(draw(math.log(9), 1.0), 1) for _ in range(600)]


def test_there_are_settings_that_give_the_shop_all_it_asks_for() -> None:
    found = tuning.findings(GOOD)
    assert len(found.twice) <= tuning.MOST_TWICE
    assert 120 <= found.longest_gap <= tuning.LONGEST_GAP
    assert found.requests <= tuning.MOST_REQUESTS
    assert found.earliest_start >= tuning.WITHDRAWAL
    assert found.usual_start <= tuning.USUAL_START
    assert (found.lost, found.stale) == (0, 0)


def test_orders_that_are_worked_on_twice_take_longer_than_the_timeout() -> None:
    seconds, twice = tuning.processing_times(), tuning.findings(GOOD | {"VisibilityTimeout": "150"}).twice
    assert twice
    assert all(seconds[number] > 150 for number in twice)


@pytest.mark.parametrize(
    ("name", "value", "spoilt"),
    [
        ("VisibilityTimeout", "47", "twice"),
        ("VisibilityTimeout", "301", "longest_gap"),
        ("ReceiveMessageWaitTimeSeconds", "10", "requests"),
        ("DelaySeconds", "59", "earliest_start"),
        ("DelaySeconds", "121", "usual_start"),
        ("MessageRetentionPeriod", "172800", "lost"),
        ("MessageRetentionPeriod", "1209600", "stale"),
    ],
)
def test_each_setting_has_its_own_way_of_being_wrong(name: str, value: str, spoilt: str) -> None:
    table = tuning.rehearse(GOOD | {name: value})
    good = tuning.rehearse(GOOD)
    found = tuning.findings(GOOD | {name: value})
    assert getattr(found, spoilt) != getattr(tuning.findings(GOOD), spoilt)
    assert table.shape == good.shape == (7, 2)
    assert not table.equals(good)


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ({"WaitTimeSeconds": "20"}, r"SQS refuses these settings: .*WaitTimeSeconds"),
        ({"VisibilityTimeout": "43201"}, r"SQS refuses these settings: .*VisibilityTimeout"),
        ({"VisibilityTimeout": 60}, "VisibilityTimeout is 60"),
        ({"VisibilityTimeout": ...}, "not filled in yet"),
        ({1: "60"}, "boto3 takes settings as texts"),
        (["VisibilityTimeout"], "this is list"),
        (None, "this is NoneType"),
    ],
    ids=str,
)
def test_settings_that_are_none_are_told_so_in_a_sentence(settings: Any, says: str) -> None:
    with pytest.raises(labkit.LabError, match=says):
        tuning.rehearse(settings)


def test_every_situation_has_queues_and_every_queue_has_an_hour_of_numbers() -> None:
    seen = {patient.situation for patient in patients.ward()}
    assert seen == set(patients.SITUATIONS)
    for situation in patients.SITUATIONS:
        numbers = patients.metrics_of(situation)
        assert {len(values) for values in numbers.values()} == {60}
        assert "ApproximateAgeOfOldestMessage" in numbers


def test_the_age_hides_the_stuck_message_and_the_receives_show_it() -> None:
    numbers = patients.metrics_of(patients.STUCK)
    assert max(numbers["ApproximateAgeOfOldestMessage"][-30:]) < 60
    assert sum(numbers["NumberOfMessagesReceived"]) > sum(numbers["NumberOfMessagesDeleted"]) + 30


def test_an_unknown_situation_is_answered_with_those_that_there_are() -> None:
    with pytest.raises(labkit.LabError, match="nobody receives"):
        patients.metrics_of("fine")
