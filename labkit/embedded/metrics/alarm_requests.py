"""What PutMetricAlarm accepts, as its API Reference has it."""

import re
from collections.abc import Mapping
from typing import Any

from labkit.embedded.metrics.errors import invalid_value, missing_parameter, not_here, validation_error
from labkit.embedded.metrics.evaluation import COMPARISONS, TREATMENTS
from labkit.embedded.metrics.queries import Queries, check_period
from labkit.embedded.metrics.series import DAY, statistic

SHORT_PERIODS = (10, 20, 30)
STATISTICS = ("SampleCount", "Average", "Sum", "Minimum", "Maximum")
ACTION_LISTS = {"ALARM": "AlarmActions", "OK": "OKActions", "INSUFFICIENT_DATA": "InsufficientDataActions"}
MAX_ACTIONS = 5
_OF_ONE_METRIC = ("MetricName", "Namespace", "Dimensions", "Period", "Unit", "Statistic", "ExtendedStatistic")
_ELSEWHERE = ("EvaluationCriteria", "EvaluationWindow", "WarmUpConfiguration", "ThresholdMetricId")
_ARN = re.compile(r"arn:aws:\w[\w-]*:[\w-]*:\d*:.+", re.DOTALL)


def queries_of(request: Mapping[str, Any]) -> Queries:
    """What an alarm watches, as queries; the one whose data is returned is the one that is compared.

    Raises ValidationError and others for a request that PutMetricAlarm does not take.
    """
    for name in _ELSEWHERE:
        if request.get(name):
            raise not_here(f"The parameter {name}")
    if request.get("Metrics") and request.get("MetricName"):
        raise validation_error("Parameters MetricName and Metrics are mutually exclusive and you have specified both.")
    if request.get("Metrics"):
        queries = _of_many(request)
    elif request.get("MetricName"):
        queries = _of_one(request)
    else:
        raise validation_error("Either MetricName or Metrics must be given.")
    _check_conditions(request, queries.period_of(queries.returned[0]))
    check_actions(request)
    return queries


def is_scaling(arn: str) -> bool:
    return arn.split(":")[2] == "autoscaling"


def check_actions(request: Mapping[str, Any]) -> None:
    for name in ACTION_LISTS.values():
        arns = request.get(name) or []
        if len(arns) > MAX_ACTIONS:
            raise validation_error(f"{name}: no more than {MAX_ACTIONS} actions are allowed.")
        for arn in arns:
            if not _ARN.fullmatch(arn):
                raise validation_error(f"Invalid arn syntax: {arn}")


def _of_many(request: Mapping[str, Any]) -> Queries:
    for name in _OF_ONE_METRIC[1:]:
        if request.get(name):
            raise validation_error(f"Parameters {name} and Metrics are mutually exclusive and you have specified both.")
    queries = Queries(request["Metrics"])
    if len(queries.returned) != 1:
        raise validation_error("Exactly one element of the metrics list should return data.")
    return queries


def _of_one(request: Mapping[str, Any]) -> Queries:
    plain, extended = request.get("Statistic"), request.get("ExtendedStatistic")
    if plain and extended:
        raise validation_error("Only one of Statistic and ExtendedStatistic can be given.")
    if not plain and not extended:
        raise validation_error("Either Statistic or ExtendedStatistic must be given.")
    if plain and plain not in STATISTICS:
        raise _not_in("statistic", plain, STATISTICS)
    if extended:
        if extended in STATISTICS:
            raise invalid_value(f"The value {extended} for parameter ExtendedStatistic is not supported.")
        statistic(extended)
    if request.get("Period") is None:
        raise missing_parameter("The parameter Period is required for an alarm on a metric.")
    if not request.get("Namespace"):
        raise missing_parameter("The parameter Namespace is required for an alarm on a metric.")
    check_period(request["Period"], short=SHORT_PERIODS)
    metric = {
        "Namespace": request["Namespace"],
        "MetricName": request["MetricName"],
        "Dimensions": request.get("Dimensions") or [],
    }
    stat = {"Metric": metric, "Period": request["Period"], "Stat": plain or extended, "Unit": request.get("Unit")}
    return Queries([{"Id": "m1", "MetricStat": stat}])


def _check_conditions(request: Mapping[str, Any], period: int) -> None:
    operator, treatment = request.get("ComparisonOperator"), request.get("TreatMissingData")
    if operator not in COMPARISONS:
        raise _not_in("comparisonOperator", operator, tuple(COMPARISONS))
    if request.get("Threshold") is None:
        raise missing_parameter("The parameter Threshold is required for an alarm with a static threshold.")
    if treatment and treatment not in TREATMENTS:
        raise validation_error(
            f"Option {treatment} is not supported. Supported options for parameter TreatMissingData are "
            "breaching, notBreaching, ignore and missing."
        )
    low_counts = request.get("EvaluateLowSampleCountPercentile")
    if low_counts and low_counts not in ("evaluate", "ignore"):
        raise validation_error(
            f"Option {low_counts} is not supported. "
            "Supported options for parameter EvaluateLowSampleCountPercentile are evaluate and ignore."
        )
    periods, needed = request.get("EvaluationPeriods"), request.get("DatapointsToAlarm")
    if periods is None:
        raise missing_parameter("The parameter EvaluationPeriods is required.")
    if needed is not None and needed > periods:
        raise validation_error("DatapointsToAlarm must be less than or equal to EvaluationPeriods.")
    longest = DAY if period < 3600 else 7 * DAY
    if periods * period > longest:
        raise validation_error(
            f"Metrics cannot be checked across more than {'a day' if longest == DAY else '7 days'} "
            f"(EvaluationPeriods * Period must be <= {longest})."
        )


def _not_in(name: str, value: object, allowed: tuple[str, ...]) -> Exception:
    return validation_error(
        f"1 validation error detected: Value '{value}' at '{name}' failed to satisfy constraint: "
        f"Member must satisfy enum value set: [{', '.join(allowed)}]"
    )
