"""What alarms do: topics that notify, and when they do not."""

import json
from typing import Any

from behaviours import behaviour
from cloudwatch_kit import (
    API,
    GUIDE,
    MakeQueue,
    alarm_on,
    fill,
    full_minute,
    name_of,
    put_line,
    queue_metric,
    received,
    topic_into,
    unique,
)

import labkit

ALARMS = GUIDE + "AlarmThatSendsEmail.html"
VISIBLE = "ApproximateNumberOfMessagesVisible"
NOBODY = {"Namespace": "N", "MetricName": "M"}


@behaviour(
    "cw.action.notify",
    "an alarm notifies a topic when its state changes: once, not again while the state lasts",
    source=ALARMS,
)
def test_a_topic_is_notified(lab: labkit.Lab, cloudwatch: Any, sns: Any, sqs: Any, make_queue: MakeQueue) -> None:
    work, pager = make_queue("work"), make_queue("pager")
    topic = topic_into(sns, sqs, pager)
    now = full_minute(lab)
    with alarm_on(
        cloudwatch, queue_metric(work, VISIBLE), AlarmActions=[topic], OKActions=[topic], AlarmDescription="too many"
    ) as alarm:
        fill(sqs, work, 7)
        lab.wait(minutes=5)
        (body,) = received(sqs, pager)
        message = json.loads(body)
        assert message["AlarmName"] == alarm
        assert message["AlarmDescription"] == "too many"
        assert (message["OldStateValue"], message["NewStateValue"]) == ("INSUFFICIENT_DATA", "ALARM")
        assert message["NewStateReason"].startswith("Threshold Crossed: 1 out of the last 1 datapoint [7.0")
        assert message["StateChangeTime"].startswith(f"{now:%Y-%m-%dT%H:}{(now.minute + 1) % 60:02}:00")
        assert (message["Region"], message["AWSAccountId"]) == ("US East (N. Virginia)", lab.account)
        assert message["Trigger"]["MetricName"] == VISIBLE
        assert message["Trigger"]["Statistic"] == "AVERAGE"
        assert message["Trigger"]["Dimensions"] == [{"value": name_of(work), "name": "QueueName"}]
        received(sqs, work)
        lab.wait(minutes=5)
        (body,) = received(sqs, pager)
        assert json.loads(body)["NewStateValue"] == "OK"


@behaviour(
    "cw.action.subject",
    "the notification's subject has the state, the alarm's name and the Region",
    source=ALARMS,
)
def test_the_subject(lab: labkit.Lab, cloudwatch: Any, sns: Any, sqs: Any, make_queue: MakeQueue) -> None:
    pager = make_queue("pager")
    topic = topic_into(sns, sqs, pager)
    (subscription,) = sns.list_subscriptions_by_topic(TopicArn=topic)["Subscriptions"]
    sns.set_subscription_attributes(
        SubscriptionArn=subscription["SubscriptionArn"], AttributeName="RawMessageDelivery", AttributeValue="false"
    )
    with alarm_on(cloudwatch, NOBODY, AlarmActions=[topic]) as alarm:
        cloudwatch.set_alarm_state(AlarmName=alarm, StateValue="ALARM", StateReason="drill")
    (body,) = received(sqs, pager)
    assert json.loads(body)["Subject"] == f'ALARM: "{alarm}" in US East (N. Virginia)'


@behaviour(
    "cw.action.set_state",
    "SetAlarmState has the action of the new state carried out, if it is another state",
    source=API + "SetAlarmState.html",
)
def test_a_drill_notifies(cloudwatch: Any, sns: Any, sqs: Any, make_queue: MakeQueue) -> None:
    pager = make_queue("pager")
    topic = topic_into(sns, sqs, pager)
    with alarm_on(cloudwatch, NOBODY, AlarmActions=[topic]) as alarm:
        for state in ("ALARM", "ALARM", "OK", "ALARM"):
            cloudwatch.set_alarm_state(AlarmName=alarm, StateValue=state, StateReason="drill")
        messages = [json.loads(body) for body in received(sqs, pager)]
        assert sorted(message["OldStateValue"] for message in messages) == ["INSUFFICIENT_DATA", "OK"]
        items = cloudwatch.describe_alarm_history(AlarmName=alarm, HistoryItemType="Action")["AlarmHistoryItems"]
        assert {item["HistorySummary"] for item in items} == {f"Successfully executed action {topic}"}


@behaviour(
    "cw.action.insufficient_data",
    "INSUFFICIENT_DATA has its own actions",
    source=API + "PutMetricAlarm.html",
)
def test_silence_notifies(lab: labkit.Lab, cloudwatch: Any, sns: Any, sqs: Any, make_queue: MakeQueue) -> None:
    pager = make_queue("pager")
    namespace, _ = put_line(cloudwatch, lab, 0)
    metric = {"Namespace": namespace, "MetricName": "Line"}
    with alarm_on(cloudwatch, metric, InsufficientDataActions=[topic_into(sns, sqs, pager)]):
        lab.wait(minutes=20)
    (body,) = received(sqs, pager)
    assert json.loads(body)["NewStateReason"].startswith("Insufficient Data")


@behaviour(
    "cw.action.disabled",
    "with its actions disabled an alarm still changes its state",
    source=API + "DisableAlarmActions.html",
)
def test_disabled_actions(cloudwatch: Any, sns: Any, sqs: Any, make_queue: MakeQueue) -> None:
    pager = make_queue("pager")
    with alarm_on(cloudwatch, NOBODY, AlarmActions=[topic_into(sns, sqs, pager)]) as alarm:
        cloudwatch.disable_alarm_actions(AlarmNames=[alarm])
        cloudwatch.set_alarm_state(AlarmName=alarm, StateValue="ALARM", StateReason="drill")
        (found,) = cloudwatch.describe_alarms(AlarmNames=[alarm])["MetricAlarms"]
        assert (found["ActionsEnabled"], found["StateValue"]) == (False, "ALARM")
        assert received(sqs, pager) == []
        cloudwatch.enable_alarm_actions(AlarmNames=[alarm])
        cloudwatch.set_alarm_state(AlarmName=alarm, StateValue="OK", StateReason="drill")
        cloudwatch.set_alarm_state(AlarmName=alarm, StateValue="ALARM", StateReason="drill")
        assert len(received(sqs, pager)) == 1


@behaviour(
    "cw.action.failed",
    "an action that cannot be carried out is in the history, and the alarm goes on",
    source=GUIDE + "AlarmThatSendsEmail.html",
)
def test_an_action_that_fails(lab: labkit.Lab, cloudwatch: Any) -> None:
    gone = f"arn:aws:sns:us-east-1:{lab.account}:gone"
    with alarm_on(cloudwatch, NOBODY, AlarmActions=[gone]) as alarm:
        cloudwatch.set_alarm_state(AlarmName=alarm, StateValue="ALARM", StateReason="drill")
        (item,) = cloudwatch.describe_alarm_history(AlarmName=alarm, HistoryItemType="Action")["AlarmHistoryItems"]
    assert item["HistorySummary"].startswith(f"Failed to execute action {gone}")
    assert json.loads(item["HistoryData"])["actionState"] == "Failed"


@behaviour(
    "cw.action.composite",
    "a composite alarm notifies, too, and says by which rule",
    source=API + "PutCompositeAlarm.html",
)
def test_a_composite_alarm_notifies(cloudwatch: Any, sns: Any, sqs: Any, make_queue: MakeQueue) -> None:
    pager, name = make_queue("pager"), unique("composite")
    with alarm_on(cloudwatch, NOBODY) as alarm:
        rule = f'ALARM("{alarm}")'
        cloudwatch.put_composite_alarm(AlarmName=name, AlarmRule=rule, AlarmActions=[topic_into(sns, sqs, pager)])
        cloudwatch.set_alarm_state(AlarmName=alarm, StateValue="ALARM", StateReason="drill")
        (body,) = received(sqs, pager)
        message = json.loads(body)
        assert (message["AlarmName"], message["AlarmRule"], message["NewStateValue"]) == (name, rule, "ALARM")
        cloudwatch.delete_alarms(AlarmNames=[name])
