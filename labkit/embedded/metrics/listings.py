"""What CloudWatch answers when it is asked about alarms: DescribeAlarms, DescribeAlarmsForMetric, their history."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from labkit.embedded.metrics.alarms import Alarm, CompositeAlarm, MetricAlarm
from labkit.embedded.metrics.errors import not_found, validation_error
from labkit.embedded.metrics.monitor import HistoryItem, Monitor
from labkit.embedded.metrics.pages import page
from labkit.embedded.metrics.queries import dimensions_of
from labkit.embedded.metrics.readings import seconds

ALARMS_PAGE, HISTORY_PAGE = 50, 100


def describe_alarms(monitor: Monitor, request: Mapping[str, Any]) -> dict[str, Any]:
    if request.get("AlarmNames") and request.get("AlarmNamePrefix"):
        raise validation_error("AlarmNames and AlarmNamePrefix are mutually exclusive and you have specified both.")
    kinds = request.get("AlarmTypes") or ["MetricAlarm"]
    found = [alarm for alarm in _named(monitor, request) if alarm.kind in kinds and _fits(alarm, request)]
    some, token = page(
        sorted(found, key=lambda a: a.name), request.get("MaxRecords") or ALARMS_PAGE, request.get("NextToken")
    )
    return {
        "MetricAlarms": [alarm.describe() for alarm in some if isinstance(alarm, MetricAlarm)],
        "CompositeAlarms": [alarm.describe() for alarm in some if isinstance(alarm, CompositeAlarm)],
        "NextToken": token,
    }


def describe_alarms_for_metric(monitor: Monitor, request: Mapping[str, Any]) -> dict[str, Any]:
    same = ("MetricName", "Namespace", "Statistic", "ExtendedStatistic", "Period", "Unit")
    dimensions = dimensions_of(request.get("Dimensions"))
    found = [
        alarm.describe()
        for alarm in monitor.alarms.values()
        if isinstance(alarm, MetricAlarm)
        and all(request.get(name) in (None, alarm.request.get(name)) for name in same)
        and dimensions == dimensions_of(alarm.request.get("Dimensions"))
    ]
    return {"MetricAlarms": found}


def describe_alarm_history(monitor: Monitor, request: Mapping[str, Any]) -> dict[str, Any]:
    start = seconds(request["StartDate"]) if request.get("StartDate") else float("-inf")
    end = seconds(request["EndDate"]) if request.get("EndDate") else float("inf")
    kinds = request.get("AlarmTypes") or ["MetricAlarm"]
    found = [
        item
        for item in monitor.history
        if request.get("AlarmName") in (None, item.alarm)
        and request.get("HistoryItemType") in (None, item.item)
        and item.kind in kinds
        and start <= item.at <= end
    ]
    if (request.get("ScanBy") or "TimestampDescending") == "TimestampDescending":
        found.reverse()
    some, token = page(found, request.get("MaxRecords") or HISTORY_PAGE, request.get("NextToken"))
    return {"AlarmHistoryItems": [_shown(item) for item in some], "NextToken": token}


def _named(monitor: Monitor, request: Mapping[str, Any]) -> list[Alarm]:
    parents, children = request.get("ParentsOfAlarmName"), request.get("ChildrenOfAlarmName")
    everything = list(monitor.alarms.values())
    about = parents or children
    if not about:
        return everything
    if about not in monitor.alarms:
        raise not_found()
    alarm = monitor.alarms[about]
    if parents:
        return [a for a in everything if isinstance(a, CompositeAlarm) and a.rule.names & {alarm.name, alarm.alarm_arn}]
    names = alarm.rule.names if isinstance(alarm, CompositeAlarm) else set()
    return [a for a in everything if names & {a.name, a.alarm_arn}]


def _fits(alarm: Alarm, request: Mapping[str, Any]) -> bool:
    prefix = request.get("ActionPrefix")
    return (
        alarm.name.startswith(request.get("AlarmNamePrefix") or "")
        and (not request.get("AlarmNames") or alarm.name in request["AlarmNames"])
        and request.get("StateValue") in (None, alarm.state)
        and (not prefix or any(arn.startswith(prefix) for arn in alarm.actions("ALARM")))
    )


def _shown(item: HistoryItem) -> dict[str, Any]:
    return {
        "AlarmName": item.alarm,
        "AlarmType": item.kind,
        "Timestamp": datetime.fromtimestamp(item.at, UTC),
        "HistoryItemType": item.item,
        "HistorySummary": item.summary,
        "HistoryData": json.dumps(item.data),
    }
