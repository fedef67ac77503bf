"""AWS/SNS: what a topic counts."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from behaviours import behaviour
from cloudwatch_kit import alarm_on, full_minute, stat, state_of, values_of
from sns_kit import GUIDE, Inbox, TopicUnderTest

import labkit

METRICS = GUIDE + "sns-monitoring-using-cloudwatch.html"
LATE = 5  # minutes after which AWS has a datapoint

MakeInbox = Callable[..., Inbox]
Counted = Callable[[TopicUnderTest], dict[str, list[float]]]


def metric(topic: TopicUnderTest, name: str) -> dict[str, Any]:
    dimensions = [{"Name": "TopicName", "Value": topic.arn.rpartition(":")[2]}]
    return {"Namespace": "AWS/SNS", "MetricName": name, "Dimensions": dimensions}


@pytest.fixture
def counted(lab: labkit.Lab, cloudwatch: Any) -> Counted:
    """`counted(topic)`: the sums of the minutes since now in which a metric is not 0, by the metric's short name."""
    start = full_minute(lab)
    names = ("MessagesPublished", "Delivered", "Failed", "FilteredOut", "RedrivenToDlq", "FailedToRedriveToDlq")

    def sums(topic: TopicUnderTest) -> dict[str, list[float]]:
        lab.wait(minutes=LATE)
        queries = [
            stat(f"m{number}", metric(topic, f"NumberOf{'' if number == 0 else 'Notifications'}{name}"), "Sum")
            for number, name in enumerate(names)
        ]
        found = values_of(cloudwatch, start, start + dt.timedelta(minutes=LATE), *queries)
        return {name: kept for name, values in zip(names, found, strict=True) if (kept := [v for v in values if v])}

    return sums


@behaviour(
    "cw.sns.delivered", "A topic counts messages once, and each subscriber's copy, minute by minute", source=METRICS
)
def test_copies_are_counted(lab: labkit.Lab, topic: TopicUnderTest, counted: Counted) -> None:
    for _ in range(2):
        topic.inbox()
    topic.publish_batch([{}, {}])
    lab.wait(minutes=1)
    topic.publish()
    assert counted(topic) == {"MessagesPublished": [2, 1], "Delivered": [4, 2]}


@behaviour("cw.sns.failed", "A copy that the queue's policy keeps out counts as failed", source=METRICS)
def test_failures_are_counted(sqs: Any, topic: TopicUnderTest, counted: Counted, make_inbox: MakeInbox) -> None:
    closed = make_inbox()
    sqs.set_queue_attributes(QueueUrl=closed.url, Attributes={"Policy": ""})
    topic.subscribe(closed)
    topic.inbox()
    topic.publish()
    assert counted(topic) == {"MessagesPublished": [1], "Delivered": [1], "Failed": [1]}


@behaviour("cw.sns.filtered", "What a filter policy stops counts as filtered out, and not as failed", source=METRICS)
def test_what_is_filtered_is_counted(topic: TopicUnderTest, counted: Counted) -> None:
    topic.inbox(FilterPolicy={"kind": ["user"]})
    topic.inbox(FilterPolicy={"kind": ["user"]}, FilterPolicyScope="MessageBody")
    topic.publish("news")
    assert counted(topic) == {"MessagesPublished": [1], "FilteredOut": [2]}


@behaviour(
    "cw.sns.redriven",
    "What cannot be delivered is counted once more by whether the subscription's dead-letter queue took it",
    source=METRICS,
)
def test_what_goes_to_dead_letter_queues_is_counted(
    lab: labkit.Lab, topic: TopicUnderTest, counted: Counted, make_inbox: MakeInbox
) -> None:
    arns = [make_inbox().arn, f"arn:aws:sqs:{lab.region}:{lab.account}:no-such-queue"]
    for arn in arns:
        gone = topic.inbox(RedrivePolicy={"deadLetterTargetArn": arn})
        gone.delete()
    lab.wait(seconds=60 - lab.now().timestamp() % 60)
    topic.publish()
    assert counted(topic) == {
        "MessagesPublished": [1],
        "Failed": [2],
        "RedrivenToDlq": [1],
        "FailedToRedriveToDlq": [1],
    }


@behaviour(
    "cw.sns.pending", "A subscription that nobody confirmed gets nothing, and nothing is counted", source=METRICS
)
def test_pending_subscriptions_are_not_counted(topic: TopicUnderTest, counted: Counted) -> None:
    topic.subscribe_with(Protocol="email", Endpoint="somebody@example.com")
    topic.publish()
    assert counted(topic) == {"MessagesPublished": [1]}


@behaviour("cw.sns.alarm", "An alarm can watch for deliveries that fail", source=METRICS)
def test_an_alarm_on_failures(
    lab: labkit.Lab, sqs: Any, cloudwatch: Any, topic: TopicUnderTest, make_inbox: MakeInbox
) -> None:
    closed = make_inbox()
    sqs.set_queue_attributes(QueueUrl=closed.url, Attributes={"Policy": ""})
    topic.subscribe(closed)
    with alarm_on(cloudwatch, metric(topic, "NumberOfNotificationsFailed"), Statistic="Sum") as alarm:
        full_minute(lab)
        topic.publish()
        lab.wait(minutes=1)
        assert state_of(cloudwatch, alarm) == "ALARM"


@behaviour(
    "cw.sns.filtered_why",
    "a topic counts apart what was filtered out because its body is no JSON, and other reasons of filters",
    source=METRICS,
    differs="it counts all that was filtered out together: the lessons need no more",
)
def test_why_it_was_filtered_is_counted(lab: labkit.Lab, cloudwatch: Any, topic: TopicUnderTest) -> None:
    start = full_minute(lab)
    topic.inbox(FilterPolicy={"kind": ["user"]}, FilterPolicyScope="MessageBody")
    topic.publish("no JSON")
    lab.wait(minutes=LATE)
    query = stat("m", metric(topic, "NumberOfNotificationsFilteredOut-InvalidMessageBody"), "Sum")
    assert values_of(cloudwatch, start, lab.now(), query) == [[1]]
