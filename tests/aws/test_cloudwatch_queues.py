"""AWS/SQS: the numbers of a queue, which appear by themselves."""

import datetime as dt
from typing import Any

import pytest
from behaviours import behaviour
from cloudwatch_kit import (
    SQS_METRICS,
    MakeQueue,
    fill,
    full_minute,
    name_of,
    queue_metric,
    received,
    stat,
    values_of,
)

import labkit

METRICS = SQS_METRICS + "sqs-available-cloudwatch-metrics.html"
MONITORING = SQS_METRICS + "monitoring-using-cloudwatch.html"
VISIBLE, AGE = "ApproximateNumberOfMessagesVisible", "ApproximateAgeOfOldestMessage"


def minutes(cloudwatch: Any, queue: str, name: str, start: dt.datetime, count: int, how: str = "Sum") -> list[float]:
    """One value for each of so many minutes from `start` on; missing ones are left out."""
    end = start + dt.timedelta(minutes=count)
    (values,) = values_of(cloudwatch, start, end, stat("m", queue_metric(queue, name), how))
    return values


def dimensions_of(cloudwatch: Any, queue: str) -> dict[str, list[dict[str, str]]]:
    """The metrics that a queue has, each with its dimensions."""
    mine = [{"Name": "QueueName", "Value": name_of(queue)}]
    found = cloudwatch.list_metrics(Namespace="AWS/SQS", Dimensions=mine)["Metrics"]
    return {metric["MetricName"]: metric["Dimensions"] for metric in found}


@behaviour(
    "cw.sqs_auto_metrics",
    "a queue's metrics appear by themselves, one datapoint a minute: an hour makes sixty",
    source=MONITORING,
)
def test_an_hour_has_sixty_datapoints(lab: labkit.Lab, cloudwatch: Any, sqs: Any, make_queue: MakeQueue) -> None:
    queue, start = make_queue(), full_minute(lab)
    fill(sqs, queue, 3)
    lab.wait(hours=1)
    answer = cloudwatch.get_metric_statistics(
        **queue_metric(queue, VISIBLE),
        StartTime=start,
        EndTime=start + dt.timedelta(hours=1),
        Period=60,
        Statistics=["Average", "SampleCount"],
    )
    points = sorted(answer["Datapoints"], key=lambda point: point["Timestamp"])
    assert [point["Timestamp"] for point in points] == [start + dt.timedelta(minutes=i) for i in range(60)]
    assert {(p["Average"], p["SampleCount"], p["Unit"]) for p in points} == {(3.0, 1.0, "Count")}


@behaviour(
    "cw.sqs.names",
    "a standard queue has these metrics, and QueueName is their only dimension",
    source=METRICS,
)
def test_the_metrics_of_a_standard_queue(lab: labkit.Lab, cloudwatch: Any, sqs: Any, make_queue: MakeQueue) -> None:
    queue = make_queue()
    fill(sqs, queue, 1)
    lab.wait(minutes=1)
    found = dimensions_of(cloudwatch, queue)
    assert set(found) == {
        AGE,
        VISIBLE,
        "ApproximateNumberOfMessagesNotVisible",
        "ApproximateNumberOfMessagesDelayed",
        "NumberOfMessagesSent",
        "NumberOfMessagesReceived",
        "NumberOfMessagesDeleted",
        "NumberOfEmptyReceives",
        "SentMessageSize",
    }
    assert all([d["Name"] for d in dimensions] == ["QueueName"] for dimensions in found.values())


@behaviour(
    "cw.sqs.fifo_names",
    "a FIFO queue has two more: deduplicated messages, and groups with messages in flight",
    source=METRICS,
)
def test_the_metrics_of_a_fifo_queue(lab: labkit.Lab, cloudwatch: Any, sqs: Any, make_queue: MakeQueue) -> None:
    queue, start = make_queue(fifo=True, VisibilityTimeout=600), full_minute(lab)
    for group in "aab":
        sqs.send_message(QueueUrl=queue, MessageBody=group, MessageGroupId=group, MessageDeduplicationId=group)
    sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10)
    lab.wait(minutes=2)
    assert minutes(cloudwatch, queue, "NumberOfDeduplicatedSentMessages", start, 2) == [1, 0]
    assert minutes(cloudwatch, queue, "ApproximateNumberOfGroupsWithInflightMessages", start, 2) == [2, 2]
    assert minutes(cloudwatch, queue, "NumberOfMessagesSent", start, 2) == [2, 0]


@behaviour(
    "cw.sqs.fair_names",
    "a standard queue whose messages have group ids (fair queue) has metrics of noisy and quiet groups",
    source=METRICS,
    differs="no group is ever held to be noisy here, so there is nothing to count",
)
def test_the_metrics_of_a_fair_queue(lab: labkit.Lab, cloudwatch: Any, sqs: Any, make_queue: MakeQueue) -> None:
    queue = make_queue()
    sqs.send_message(QueueUrl=queue, MessageBody="x", MessageGroupId="tenant")
    lab.wait(minutes=1)
    assert "ApproximateNumberOfNoisyGroups" in dimensions_of(cloudwatch, queue)


@behaviour(
    "cw.sqs.states",
    "visible, in flight and delayed are states: they follow delays and visibility timeouts by the minute",
    source=METRICS,
)
def test_states_follow_the_clock(lab: labkit.Lab, cloudwatch: Any, sqs: Any, make_queue: MakeQueue) -> None:
    queue, start = make_queue(VisibilityTimeout=90), full_minute(lab)
    fill(sqs, queue, 2)
    sqs.send_message(QueueUrl=queue, MessageBody="later", DelaySeconds=150)
    sqs.receive_message(QueueUrl=queue)
    lab.wait(minutes=4)
    assert minutes(cloudwatch, queue, VISIBLE, start, 4) == [1, 2, 3, 3]
    assert minutes(cloudwatch, queue, "ApproximateNumberOfMessagesNotVisible", start, 4) == [1, 0, 0, 0]
    assert minutes(cloudwatch, queue, "ApproximateNumberOfMessagesDelayed", start, 4) == [1, 1, 0, 0]


@behaviour(
    "cw.sqs.events",
    "sent, received, deleted and empty receives are counted in the minute in which they happen, 0 where none do",
    source=METRICS,
)
def test_events_belong_to_their_minute(lab: labkit.Lab, cloudwatch: Any, sqs: Any, make_queue: MakeQueue) -> None:
    queue, start = make_queue(), full_minute(lab)
    fill(sqs, queue, 4)
    lab.wait(minutes=1)
    assert len(received(sqs, queue)) == 4  # the last receive finds nothing
    lab.wait(minutes=2)
    assert minutes(cloudwatch, queue, "NumberOfMessagesSent", start, 3) == [4, 0, 0]
    assert minutes(cloudwatch, queue, "NumberOfMessagesReceived", start, 3) == [0, 4, 0]
    assert minutes(cloudwatch, queue, "NumberOfMessagesDeleted", start, 3) == [0, 4, 0]
    assert minutes(cloudwatch, queue, "NumberOfEmptyReceives", start, 3) == [0, 1, 0]


@behaviour(
    "cw.sqs.size",
    "SentMessageSize has a minimum, a maximum, an average and percentiles over the messages of its minute",
    source=METRICS,
)
def test_sizes(lab: labkit.Lab, cloudwatch: Any, sqs: Any, make_queue: MakeQueue) -> None:
    queue, start = make_queue(), full_minute(lab)
    for size in (10, 20, 20, 30):
        sqs.send_message(QueueUrl=queue, MessageBody="x" * size)
    lab.wait(minutes=2)
    names = ("Minimum", "Maximum", "Average", "Sum", "SampleCount", "p50")
    assert [minutes(cloudwatch, queue, "SentMessageSize", start, 2, name) for name in names] == [
        [10],
        [30],
        [20],
        [80],
        [4],
        [20],
    ]


@behaviour(
    "cw.sqs.age",
    "ApproximateAgeOfOldestMessage grows by a minute each minute, and is 0 when the queue is empty",
    source=METRICS,
)
def test_the_age_grows(lab: labkit.Lab, cloudwatch: Any, sqs: Any, make_queue: MakeQueue) -> None:
    queue, start = make_queue(), full_minute(lab)
    fill(sqs, queue, 1)
    lab.wait(minutes=3)
    received(sqs, queue)
    lab.wait(minutes=1)
    ages = minutes(cloudwatch, queue, AGE, start, 4, "Maximum")
    assert [round(age / 60) for age in ages] == [1, 2, 3, 0]


@behaviour(
    "cw.sqs.poison_pill",
    "on a standard queue a message received three times and never deleted no longer counts for the age: "
    "the number hides the one that is stuck",
    source=METRICS,
)
def test_the_age_hides_a_poison_pill(lab: labkit.Lab, cloudwatch: Any, sqs: Any, make_queue: MakeQueue) -> None:
    queue, start = make_queue(VisibilityTimeout=0), full_minute(lab)
    sqs.send_message(QueueUrl=queue, MessageBody="poison")
    lab.wait(minutes=30)
    sqs.send_message(QueueUrl=queue, MessageBody="healthy")
    for _ in range(2):
        assert sqs.receive_message(QueueUrl=queue)["Messages"][0]["Body"] == "poison"
    lab.wait(minutes=1)
    assert minutes(cloudwatch, queue, AGE, start + dt.timedelta(minutes=30), 1, "Maximum")[0] >= 30 * 60
    assert sqs.receive_message(QueueUrl=queue)["Messages"][0]["Body"] == "poison"
    lab.wait(minutes=1)
    assert minutes(cloudwatch, queue, AGE, start + dt.timedelta(minutes=31), 1, "Maximum")[0] < 3 * 60
    assert minutes(cloudwatch, queue, VISIBLE, start + dt.timedelta(minutes=31), 1) == [2]


@behaviour(
    "cw.sqs.poison_pill_fifo",
    "a FIFO queue does not reorder: the stuck message stays the oldest",
    source=METRICS,
)
def test_the_age_of_a_fifo_queue_hides_nothing(
    lab: labkit.Lab, cloudwatch: Any, sqs: Any, make_queue: MakeQueue
) -> None:
    queue, start = make_queue(fifo=True, VisibilityTimeout=0), full_minute(lab)
    sqs.send_message(QueueUrl=queue, MessageBody="poison", MessageGroupId="g", MessageDeduplicationId="1")
    lab.wait(minutes=10)
    for _ in range(4):
        sqs.receive_message(QueueUrl=queue)
    lab.wait(minutes=1)
    assert minutes(cloudwatch, queue, AGE, start + dt.timedelta(minutes=10), 1, "Maximum")[0] >= 600


@behaviour(
    "cw.sqs.dlq_not_sent",
    "a message that is moved to the dead-letter queue is visible there, but was not sent there",
    source=SQS_METRICS + "sqs-dead-letter-queues.html",
)
def test_moves_are_no_sends(lab: labkit.Lab, cloudwatch: Any, sqs: Any, make_queue: MakeQueue) -> None:
    dead = make_queue("dead")
    arn = sqs.get_queue_attributes(QueueUrl=dead, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    policy = f'{{"deadLetterTargetArn": "{arn}", "maxReceiveCount": 1}}'
    queue, start = make_queue(VisibilityTimeout=0, RedrivePolicy=policy), full_minute(lab)
    fill(sqs, queue, 1)
    for _ in range(2):
        sqs.receive_message(QueueUrl=queue)
    lab.wait(minutes=1)
    assert minutes(cloudwatch, dead, VISIBLE, start, 1) == [1]
    assert minutes(cloudwatch, dead, "NumberOfMessagesSent", start, 1) == [0]


@behaviour(
    "cw.sqs.inactive",
    "a queue that is empty and has not been used for six hours has no datapoints; used again, it has",
    source=MONITORING,
)
def test_an_unused_queue_falls_asleep(lab: labkit.Lab, cloudwatch: Any, sqs: Any, make_queue: MakeQueue) -> None:
    queue, start = make_queue(), full_minute(lab)
    lab.wait(hours=10)
    asleep = minutes(cloudwatch, queue, VISIBLE, start, 600, "SampleCount")
    assert abs(len(asleep) - 360) <= 1
    woken = full_minute(lab)
    sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["All"])
    lab.wait(minutes=5)
    assert len(minutes(cloudwatch, queue, VISIBLE, woken, 5)) == 5


@behaviour(
    "cw.sqs.empty",
    "an empty queue in use has datapoints of 0",
    source=METRICS,
)
def test_zero_is_a_number(lab: labkit.Lab, cloudwatch: Any, make_queue: MakeQueue) -> None:
    queue, start = make_queue(), full_minute(lab)
    lab.wait(minutes=2)
    assert minutes(cloudwatch, queue, VISIBLE, start, 2) == [0, 0]
    assert minutes(cloudwatch, queue, AGE, start, 2) == [0, 0]


@pytest.mark.usefixtures("empty_lab")
def test_two_weeks_are_passed_minute_by_minute(
    lab: labkit.Lab, cloudwatch: Any, sqs: Any, make_queue: MakeQueue
) -> None:
    """Not a matter of AWS: the embedded one must get through all of them."""
    queue, start = make_queue(MessageRetentionPeriod=1_209_600), full_minute(lab)
    fill(sqs, queue, 1)
    lab.wait(days=14)
    end = start + dt.timedelta(days=14)
    (values,) = values_of(cloudwatch, start, end, stat("m", queue_metric(queue, VISIBLE), "SampleCount", period=3600))
    assert values == [60] * (14 * 24)
