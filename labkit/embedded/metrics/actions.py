"""What an alarm does when its state changes: it notifies an SNS topic, or has an Auto Scaling policy carried out."""

import json
from functools import cache
from typing import Any

from botocore.loaders import Loader
from moto.core.exceptions import ServiceException
from moto.sns.models import sns_backends

from labkit.embedded.metrics.late_scaling import LateScaling
from labkit.embedded.metrics.monitor import Act, ActionError, Transition
from labkit.embedded.metrics.transitions import stamp

_LIKE_STATISTICS = {"SampleCount": "SAMPLE_COUNT"}  # how a notification writes them: AVERAGE, SUM and so on
SUBJECT_LENGTH = 100  # SNS API Reference, Publish


def act_in(region: str, account: str, scaling: LateScaling) -> Act:
    """The actions of the alarms of one region."""

    def act(arn: str, transition: Transition) -> None:
        service = arn.split(":")[2]
        try:
            if service == "sns":
                publish(arn, *notification(transition, region, account))
            elif service == "autoscaling":
                scaling.load()[region].alarm_triggered(arn, transition)
            else:
                raise ActionError(f"The embedded AWS has no actions of {service}.")
        except ServiceException as refusal:
            raise ActionError(refusal.message) from None

    return act


def publish(topic_arn: str, subject: str, message: str) -> None:
    """Raises ActionError if there is no such topic."""
    _, _, _, region, account, _ = topic_arn.split(":", 5)
    topic = sns_backends[account][region].topics.get(topic_arn)
    if topic is None:
        raise ActionError(f"Resource: {topic_arn} does not exist.")
    topic.publish(message, subject=subject[:SUBJECT_LENGTH])


def notification(transition: Transition, region: str, account: str) -> tuple[str, str]:
    """Subject and text of what an alarm sends to a topic."""
    alarm, where = transition.alarm, long_name(region)
    request = alarm.request
    message = {
        "AlarmName": alarm.name,
        "AlarmDescription": request.get("AlarmDescription"),
        "AWSAccountId": account,
        "AlarmConfigurationUpdatedTimestamp": stamp(alarm.configured_at),
        "NewStateValue": transition.new,
        "NewStateReason": alarm.reason,
        "StateChangeTime": stamp(transition.at),
        "Region": where,
        "AlarmArn": alarm.alarm_arn,
        "OldStateValue": transition.old,
        "OKActions": alarm.actions("OK"),
        "AlarmActions": alarm.actions("ALARM"),
        "InsufficientDataActions": alarm.actions("INSUFFICIENT_DATA"),
        **({"AlarmRule": request["AlarmRule"]} if "AlarmRule" in request else {"Trigger": _trigger(request)}),
    }
    return f'{transition.new}: "{alarm.name}" in {where}', json.dumps(message)


def _trigger(request: dict[str, Any]) -> dict[str, Any]:
    conditions = {
        "EvaluationPeriods": request["EvaluationPeriods"],
        "DatapointsToAlarm": request.get("DatapointsToAlarm") or request["EvaluationPeriods"],
        "ComparisonOperator": request["ComparisonOperator"],
        "Threshold": float(request["Threshold"]),
        "TreatMissingData": request.get("TreatMissingData") or "missing",
        "EvaluateLowSampleCountPercentile": request.get("EvaluateLowSampleCountPercentile") or "",
    }
    if request.get("Metrics"):
        return {**conditions, "Metrics": request["Metrics"]}
    plain = request.get("Statistic")
    return {
        "MetricName": request["MetricName"],
        "Namespace": request["Namespace"],
        "StatisticType": "Statistic" if plain else "ExtendedStatistic",
        **({"Statistic": _LIKE_STATISTICS.get(plain, plain.upper())} if plain else {}),
        **({} if plain else {"ExtendedStatistic": request["ExtendedStatistic"]}),
        "Unit": request.get("Unit"),
        "Dimensions": [{"value": d["Value"], "name": d["Name"]} for d in request.get("Dimensions") or []],
        "Period": request["Period"],
        **conditions,
    }


@cache
def long_name(region: str) -> str:
    """As in US East (N. Virginia)."""
    for partition in Loader().load_data("endpoints")["partitions"]:
        if region in partition["regions"]:
            return str(partition["regions"][region]["description"])
    return region


def topic_policy(topic_arn: str) -> str | None:
    """A topic's access policy; None if there is no such topic."""
    _, _, _, region, account, _ = topic_arn.split(":", 5)
    topic = sns_backends[account][region].topics.get(topic_arn)
    return topic.policy if topic else None
