"""Alarms: states, M out of N, missing data, history, what is refused. Actions are in test_cloudwatch_actions."""

import datetime as dt
import json
from typing import Any

import boto3
import pytest
from behaviours import behaviour
from botocore.config import Config
from cloudwatch_kit import (
    API,
    GUIDE,
    MakeQueue,
    alarm_on,
    fill,
    full_minute,
    put_line,
    queue_metric,
    received,
    refused,
    stat,
    state_of,
    transitions_of,
    unique,
)

import labkit

EVALUATION = GUIDE + "alarm-evaluation.html"
MISSING = GUIDE + "alarms-and-missing-data.html"
PUT = API + "PutMetricAlarm.html"
MINUTE = dt.timedelta(minutes=1)
VISIBLE = "ApproximateNumberOfMessagesVisible"


def line(namespace: str) -> dict[str, Any]:
    return {"Namespace": namespace, "MetricName": "Line"}


@pytest.fixture(scope="module")
def unchecked(lab: labkit.Lab) -> Any:
    """A client that sends what boto3 itself would refuse."""
    return boto3.client("cloudwatch", config=Config(parameter_validation=False))


def drawn(picture: str) -> list[float | None]:
    """The page's pictures of five datapoints: 0 does not breach, X does, - is missing."""
    return [{"0": 0.0, "X": 1.0, "-": None}[sign] for sign in picture.split()]


@behaviour(
    "cw.alarm_initial_state",
    "a new alarm is in INSUFFICIENT_DATA, then it is evaluated",
    source=PUT,
)
def test_a_new_alarm_knows_nothing(lab: labkit.Lab, cloudwatch: Any) -> None:
    namespace, _ = put_line(cloudwatch, lab, 1, 1)
    with alarm_on(cloudwatch, line(namespace)) as alarm:
        (found,) = cloudwatch.describe_alarms(AlarmNames=[alarm])["MetricAlarms"]
        assert (found["StateValue"], found["StateReason"]) == (
            "INSUFFICIENT_DATA",
            "Unchecked: Initial alarm creation",
        )
        lab.wait(minutes=1)
        assert state_of(cloudwatch, alarm) == "ALARM"


@behaviour(
    "cw.alarm_evaluates",
    "an alarm on a queue's backlog goes to ALARM when the backlog is above the threshold, and back",
    source=EVALUATION,
)
def test_a_backlog_alarm(lab: labkit.Lab, cloudwatch: Any, sqs: Any, make_queue: MakeQueue) -> None:
    queue = make_queue()
    with alarm_on(cloudwatch, queue_metric(queue, VISIBLE), Threshold=10) as alarm:
        fill(sqs, queue, 10)
        lab.wait(minutes=2)
        assert state_of(cloudwatch, alarm) == "OK"
        fill(sqs, queue, 1)
        lab.wait(minutes=1)
        assert state_of(cloudwatch, alarm) == "ALARM"
        received(sqs, queue)
        lab.wait(minutes=1)
        assert state_of(cloudwatch, alarm) == "OK"


@behaviour(
    "cw.alarm.every_minute",
    "alarms are evaluated each minute, in order: the history of an hour has the right minutes",
    source=EVALUATION,
)
def test_an_hour_is_sixty_evaluations(lab: labkit.Lab, cloudwatch: Any, sqs: Any, make_queue: MakeQueue) -> None:
    queue, start = make_queue(), full_minute(lab)
    for minutes in (10, 11, 12, 15):  # a message becomes visible in each of these minutes
        sqs.send_message(QueueUrl=queue, MessageBody="x", DelaySeconds=minutes * 60 - 30)
    metric = queue_metric(queue, VISIBLE)
    with (
        alarm_on(cloudwatch, metric, Threshold=0) as first,
        alarm_on(cloudwatch, metric, Threshold=2, EvaluationPeriods=3) as second,
    ):
        lab.wait(hours=1)
        assert transitions_of(cloudwatch, first) == [(start + MINUTE, "OK"), (start + 10 * MINUTE, "ALARM")]
        assert transitions_of(cloudwatch, second) == [(start + MINUTE, "OK"), (start + 14 * MINUTE, "ALARM")]


@behaviour(
    "cw.alarm.five_minutes",
    "a period of five minutes slides: it is evaluated each minute, over the last five",
    source=EVALUATION,
)
def test_periods_slide(lab: labkit.Lab, cloudwatch: Any, sqs: Any, make_queue: MakeQueue) -> None:
    queue, start = make_queue(), full_minute(lab)
    sqs.send_message(QueueUrl=queue, MessageBody="x", DelaySeconds=150)  # visible in the third minute
    with alarm_on(cloudwatch, queue_metric(queue, VISIBLE), Period=300, Statistic="Average", Threshold=0.5) as alarm:
        lab.wait(minutes=10)
        # There is one message in the third minute and after it: at the end of the fifth, in 3 of the last 5.
        assert transitions_of(cloudwatch, alarm) == [(start + MINUTE, "OK"), (start + 5 * MINUTE, "ALARM")]


@behaviour(
    "cw.alarm.missing_3_of_3",
    "3 out of 3 with missing datapoints, as in the guide's first table",
    source=MISSING,
)
@pytest.mark.parametrize(
    ("picture", "missing", "ignore", "breaching", "not_breaching"),
    [
        ("0 - X - X", "OK", "OK", "OK", "OK"),
        ("0 - - - -", "OK", "OK", "OK", "OK"),
        ("- - - - -", "INSUFFICIENT_DATA", "keeps", "ALARM", "OK"),
        ("0 X X - X", "ALARM", "ALARM", "ALARM", "ALARM"),
        ("- - X - -", "ALARM", "keeps", "ALARM", "OK"),
        ("- - - - X", "keeps", "keeps", "ALARM", "OK"),  # below the table: "premature"
        ("- - - X -", "keeps", "keeps", "ALARM", "OK"),
    ],
)
def test_three_of_three(
    lab: labkit.Lab, cloudwatch: Any, picture: str, missing: str, ignore: str, breaching: str, not_breaching: str
) -> None:
    expected = {"missing": missing, "ignore": ignore, "breaching": breaching, "notBreaching": not_breaching}
    assert {t: judged(lab, cloudwatch, picture, t, needed=3) for t in expected} == expected


@behaviour(
    "cw.alarm.missing_2_of_3",
    "2 out of 3 with missing datapoints, as in the guide's second table",
    source=MISSING,
)
@pytest.mark.parametrize(
    ("picture", "missing", "ignore", "breaching", "not_breaching"),
    [
        ("0 - X - X", "ALARM", "ALARM", "ALARM", "ALARM"),
        ("0 0 X 0 X", "ALARM", "ALARM", "ALARM", "ALARM"),
        ("0 - X - -", "OK", "OK", "ALARM", "OK"),
        ("- - - - 0", "OK", "OK", "ALARM", "OK"),
        ("- - - X -", "ALARM", "keeps", "ALARM", "OK"),
    ],
)
def test_two_of_three(
    lab: labkit.Lab, cloudwatch: Any, picture: str, missing: str, ignore: str, breaching: str, not_breaching: str
) -> None:
    expected = {"missing": missing, "ignore": ignore, "breaching": breaching, "notBreaching": not_breaching}
    assert {t: judged(lab, cloudwatch, picture, t, needed=2) for t in expected} == expected


def judged(lab: labkit.Lab, cloudwatch: Any, picture: str, treatment: str, *, needed: int) -> str:
    """What an alarm makes of its last five minutes: a state, or "keeps" if it stays in the one it was in."""
    after = {}
    for before in ("OK", "ALARM"):
        now, namespace = full_minute(lab), unique("Test")
        data = [
            {"MetricName": "Line", "Timestamp": now - (4 - place) * MINUTE, "Value": value}
            for place, value in enumerate(drawn(picture))
            if value is not None
        ]
        if data:
            cloudwatch.put_metric_data(Namespace=namespace, MetricData=data)
        how = {"EvaluationPeriods": 3, "DatapointsToAlarm": needed, "TreatMissingData": treatment}
        with alarm_on(cloudwatch, line(namespace), **how) as alarm:
            cloudwatch.set_alarm_state(AlarmName=alarm, StateValue=before, StateReason="test")
            lab.wait(minutes=1)
            after[before] = state_of(cloudwatch, alarm)
    if after == {"OK": "OK", "ALARM": "ALARM"}:
        return "keeps"
    assert after["OK"] == after["ALARM"]
    return after["OK"]


@behaviour(
    "cw.alarm.looks_further_back",
    "an alarm outlives a gap: it looks further back than N periods, and only then has insufficient data",
    source=MISSING,
)
def test_a_line_that_stops(lab: labkit.Lab, cloudwatch: Any) -> None:
    namespace, now = put_line(cloudwatch, lab, 1, 1, 1)
    with alarm_on(cloudwatch, line(namespace)) as alarm:
        lab.wait(minutes=30)
        (first, second) = transitions_of(cloudwatch, alarm)
        assert first == (now + MINUTE, "ALARM")
        assert second[1] == "INSUFFICIENT_DATA"
        assert second[0] > now + MINUTE


@behaviour(
    "cw.alarm.no_metric",
    "an alarm on a metric that does not exist yet is evaluated all the same",
    source=MISSING,
)
def test_an_alarm_on_nothing(lab: labkit.Lab, cloudwatch: Any) -> None:
    nothing = line(unique("Test"))
    with alarm_on(cloudwatch, nothing, TreatMissingData="breaching") as alarm, alarm_on(cloudwatch, nothing) as other:
        lab.wait(minutes=2)
        assert (state_of(cloudwatch, alarm), state_of(cloudwatch, other)) == ("ALARM", "INSUFFICIENT_DATA")


@behaviour(
    "cw.alarm.metric_math",
    "an alarm can watch an expression, such as the backlog of each instance",
    source=PUT,
)
def test_an_alarm_on_an_expression(lab: labkit.Lab, cloudwatch: Any) -> None:
    namespace, now = put_line(cloudwatch, lab, 1500, metric="Messages")
    cloudwatch.put_metric_data(
        Namespace=namespace,
        MetricData=[{"MetricName": "Instances", "Timestamp": now - MINUTE, "Value": 10}],
    )
    queries = [
        {"Id": "backlog", "Expression": "m1 / m2", "ReturnData": True},
        stat("m1", {"Namespace": namespace, "MetricName": "Messages"}, "Sum", ReturnData=False),
        stat("m2", {"Namespace": namespace, "MetricName": "Instances"}, ReturnData=False),
    ]
    with (
        alarm_on(cloudwatch, None, Metrics=queries, Threshold=149) as below,
        alarm_on(cloudwatch, None, Metrics=queries, Threshold=150) as at,
    ):
        lab.wait(minutes=1)
        assert [state_of(cloudwatch, alarm) for alarm in (below, at)] == ["ALARM", "OK"]


@behaviour("cw.alarm.percentile", "an alarm can watch a percentile", source=PUT)
def test_an_alarm_on_a_percentile(lab: labkit.Lab, cloudwatch: Any) -> None:
    namespace = unique("Test")
    full_minute(lab)
    values = [1.0] * 95 + [9.0] * 5
    cloudwatch.put_metric_data(Namespace=namespace, MetricData=[{"MetricName": "Line", "Values": values}])
    with (
        alarm_on(cloudwatch, line(namespace), ExtendedStatistic="p90", Threshold=5) as p90,
        alarm_on(cloudwatch, line(namespace), ExtendedStatistic="p99", Threshold=5) as p99,
        alarm_on(
            cloudwatch, line(namespace), ExtendedStatistic="p99", Threshold=5, EvaluateLowSampleCountPercentile="ignore"
        ) as too_few,
    ):
        lab.wait(minutes=1)
        assert [state_of(cloudwatch, alarm) for alarm in (p90, p99, too_few)] == ["OK", "ALARM", "INSUFFICIENT_DATA"]


@behaviour(
    "cw.set_alarm_state",
    "SetAlarmState changes the state until the next evaluation puts it right",
    source=API + "SetAlarmState.html",
)
def test_a_state_set_by_hand(lab: labkit.Lab, cloudwatch: Any, make_queue: MakeQueue) -> None:
    with alarm_on(cloudwatch, queue_metric(make_queue(), VISIBLE)) as alarm:
        lab.wait(minutes=1)
        cloudwatch.set_alarm_state(AlarmName=alarm, StateValue="ALARM", StateReason="drill")
        (found,) = cloudwatch.describe_alarms(StateValue="ALARM", AlarmNames=[alarm])["MetricAlarms"]
        assert found["StateReason"] == "drill"
        lab.wait(minutes=1)
        assert state_of(cloudwatch, alarm) == "OK"
        assert [state for _, state in transitions_of(cloudwatch, alarm)] == ["OK", "ALARM", "OK"]
        with refused("ValidationError", "enum value set"):
            cloudwatch.set_alarm_state(AlarmName=alarm, StateValue="BROKEN", StateReason="x")
    with refused("ResourceNotFound"):
        cloudwatch.set_alarm_state(AlarmName="no-such-alarm", StateValue="OK", StateReason="x")
    with refused("InvalidFormat"):
        cloudwatch.set_alarm_state(AlarmName=alarm, StateValue="OK", StateReason="x", StateReasonData="{")


@behaviour(
    "cw.alarm_history",
    "DescribeAlarmHistory has creation, changes of state with their reasons, and actions; also after the deletion",
    source=API + "DescribeAlarmHistory.html",
)
def test_history(lab: labkit.Lab, cloudwatch: Any) -> None:
    namespace, now = put_line(cloudwatch, lab, 5)
    with alarm_on(cloudwatch, line(namespace)) as alarm:
        lab.wait(minutes=1)
    items = cloudwatch.describe_alarm_history(AlarmName=alarm, ScanBy="TimestampAscending")["AlarmHistoryItems"]
    assert [(item["HistoryItemType"], item["HistorySummary"]) for item in items] == [
        ("ConfigurationUpdate", f'Alarm "{alarm}" created'),
        ("StateUpdate", "Alarm updated from INSUFFICIENT_DATA to ALARM"),
        ("ConfigurationUpdate", f'Alarm "{alarm}" deleted'),
    ]
    assert items[1]["Timestamp"] == now + MINUTE
    data = json.loads(items[1]["HistoryData"])
    assert data["oldState"]["stateValue"] == "INSUFFICIENT_DATA"
    assert data["newState"]["stateReasonData"]["recentDatapoints"] == [5.0]
    assert "1 out of the last 1 datapoint [5.0" in data["newState"]["stateReason"]
    newest = cloudwatch.describe_alarm_history(AlarmName=alarm, MaxRecords=1)
    assert newest["AlarmHistoryItems"][0]["HistorySummary"].endswith("deleted")
    assert newest["NextToken"]


@behaviour(
    "cw.alarm.update_keeps_state",
    "a changed alarm keeps its state until it is evaluated",
    source=PUT,
)
def test_an_update_keeps_the_state(lab: labkit.Lab, cloudwatch: Any) -> None:
    namespace, _ = put_line(cloudwatch, lab, 5, 5)
    with alarm_on(cloudwatch, line(namespace)) as alarm:
        lab.wait(minutes=1)
        conditions = {"EvaluationPeriods": 1, "ComparisonOperator": "GreaterThanThreshold", "Threshold": 9}
        cloudwatch.put_metric_alarm(AlarmName=alarm, **line(namespace), Period=60, Statistic="Average", **conditions)
        assert state_of(cloudwatch, alarm) == "ALARM"
        lab.wait(minutes=1)
        assert state_of(cloudwatch, alarm) == "OK"


@behaviour(
    "cw.alarm_validation",
    "PutMetricAlarm refuses what cannot be evaluated",
    source=PUT,
)
@pytest.mark.parametrize(
    ("wrong", "code", "part"),
    [
        ({"EvaluationPeriods": 1441}, "ValidationError", "86400"),
        ({"EvaluationPeriods": 3, "Period": 86_400 * 3}, "ValidationError", "604800"),
        ({"EvaluationPeriods": 0}, "ValidationError", "EvaluationPeriods"),
        ({"EvaluationPeriods": 3, "DatapointsToAlarm": 4}, "ValidationError", "DatapointsToAlarm"),
        ({"Period": 61}, "ValidationError", "multiple of 60"),
        ({"Period": 1}, "ValidationError", "10, 20, 30"),
        ({"Statistic": "Median"}, "ValidationError", "enum value set"),
        ({"ComparisonOperator": "Above"}, "ValidationError", "enum value set"),
        ({"TreatMissingData": "guess"}, "ValidationError", "TreatMissingData"),
        ({"ExtendedStatistic": "p90"}, "ValidationError", "Only one of"),
        ({"Statistic": None}, "ValidationError", "Statistic"),
        ({"Statistic": None, "ExtendedStatistic": "p101"}, "InvalidParameterValue", "p101"),
        ({"Statistic": None, "ExtendedStatistic": "Average"}, "InvalidParameterValue", "Average"),
        ({"Threshold": None}, "MissingParameter", "Threshold"),
        ({"Period": None}, "MissingParameter", "Period"),
        ({"MetricName": None}, "ValidationError", "MetricName"),
        ({"AlarmActions": ["not an arn"]}, "ValidationError", "Invalid arn syntax"),
        ({"Metrics": [{"Id": "e", "Expression": "1"}]}, "ValidationError", "mutually exclusive"),
    ],
)
def test_bad_alarms(cloudwatch: Any, unchecked: Any, wrong: dict[str, Any], code: str, part: str) -> None:
    good = {
        "AlarmName": unique("bad"),
        "Namespace": "N",
        "MetricName": "M",
        "Statistic": "Sum",
        "Period": 60,
        "EvaluationPeriods": 1,
        "Threshold": 1,
        "ComparisonOperator": "GreaterThanThreshold",
    }
    request = {name: value for name, value in {**good, **wrong}.items() if value is not None}
    with refused(code, part):
        unchecked.put_metric_alarm(**request)
    assert cloudwatch.describe_alarms(AlarmNames=[good["AlarmName"]])["MetricAlarms"] == []


@behaviour(
    "cw.alarm_validation.long",
    "a day is the most for periods below an hour, seven days for longer ones",
    source=PUT,
)
def test_the_longest_alarms(cloudwatch: Any) -> None:
    metric = {"Namespace": "N", "MetricName": "M"}
    with (
        alarm_on(cloudwatch, metric, EvaluationPeriods=1440),
        alarm_on(cloudwatch, metric, EvaluationPeriods=7, Period=86_400),
    ):
        pass


@behaviour(
    "cw.describe_alarms",
    "DescribeAlarms finds alarms by name, prefix, state and action, page by page",
    source=API + "DescribeAlarms.html",
)
def test_finding_alarms(cloudwatch: Any) -> None:
    metric, action = {"Namespace": "N", "MetricName": "M"}, "arn:aws:sns:us-east-1:123456789012:pager"
    with alarm_on(cloudwatch, metric) as one, alarm_on(cloudwatch, metric, AlarmActions=[action]) as two:

        def names(**wanted: Any) -> list[str]:
            pages = cloudwatch.get_paginator("describe_alarms").paginate(**wanted)
            return [alarm["AlarmName"] for page in pages for alarm in page["MetricAlarms"]]

        assert names(AlarmNames=[one, two, "none"]) == sorted([one, two])
        assert names(AlarmNamePrefix=two) == [two]
        assert names(ActionPrefix="arn:aws:sns:us-east-1") == [two]
        assert one in names(StateValue="INSUFFICIENT_DATA")
        assert set(names(PaginationConfig={"PageSize": 1})) >= {one, two}
        found = cloudwatch.describe_alarms_for_metric(**metric)["MetricAlarms"]
        assert {alarm["AlarmName"] for alarm in found} == {one, two}


@behaviour(
    "cw.alarm.multi_day",
    "an alarm over more than a day is evaluated once an hour",
    source=EVALUATION,
)
def test_long_alarms_are_evaluated_hourly(lab: labkit.Lab, cloudwatch: Any) -> None:
    namespace, _ = put_line(cloudwatch, lab, 1)
    with alarm_on(cloudwatch, line(namespace), Period=3600, EvaluationPeriods=48, DatapointsToAlarm=1) as alarm:
        lab.wait(hours=2)
        (change,) = transitions_of(cloudwatch, alarm)
        assert (change[0].minute, change[1]) == (0, "ALARM")


@behaviour(
    "cw.alarm.high_resolution",
    "an alarm with a period of 10 seconds is evaluated every 10 seconds",
    source=EVALUATION,
    differs="all alarms are evaluated once a minute",
)
def test_high_resolution_alarms(lab: labkit.Lab, cloudwatch: Any) -> None:
    namespace = unique("Test")
    full_minute(lab)
    with alarm_on(cloudwatch, line(namespace), Period=10) as alarm:
        datum = {"MetricName": "Line", "Value": 1, "StorageResolution": 1}
        cloudwatch.put_metric_data(Namespace=namespace, MetricData=[datum])
        lab.wait(seconds=20)
        assert state_of(cloudwatch, alarm) == "ALARM"


@behaviour(
    "cw.composite_alarm",
    "a composite alarm follows the states of others by its rule",
    source=API + "PutCompositeAlarm.html",
)
def test_composite_alarms(lab: labkit.Lab, cloudwatch: Any) -> None:
    metric, name = {"Namespace": "N", "MetricName": "M"}, unique("both")

    def state() -> str:
        (found,) = cloudwatch.describe_alarms(AlarmNames=[name], AlarmTypes=["CompositeAlarm"])["CompositeAlarms"]
        return str(found["StateValue"])

    with alarm_on(cloudwatch, metric) as one, alarm_on(cloudwatch, metric) as two:
        rule = f'ALARM("{one}") AND NOT (OK({two}) OR FALSE)'
        cloudwatch.put_composite_alarm(AlarmName=name, AlarmRule=rule)
        assert state() == "OK"
        cloudwatch.set_alarm_state(AlarmName=one, StateValue="ALARM", StateReason="x")
        assert state() == "ALARM"
        cloudwatch.set_alarm_state(AlarmName=two, StateValue="OK", StateReason="x")
        assert state() == "OK"
        assert cloudwatch.describe_alarms(AlarmNames=[name])["MetricAlarms"] == []
        with refused("ValidationError", name):  # others depend on it
            cloudwatch.delete_alarms(AlarmNames=[one])
        for bad in ("ALARM(", f"ALARM({one}) ALARM({two})", "ALARM(no-such-alarm)", "import os", "AND"):
            with refused("ValidationError"):
                cloudwatch.put_composite_alarm(AlarmName="bad", AlarmRule=bad)
        with refused("ValidationError", "no-such-alarm"):  # and the rule stays as it was
            cloudwatch.put_composite_alarm(AlarmName=name, AlarmRule="ALARM(no-such-alarm)")
        assert cloudwatch.describe_alarms(AlarmTypes=["CompositeAlarm"])["CompositeAlarms"][0]["AlarmRule"] == rule
        cloudwatch.delete_alarms(AlarmNames=[name])
