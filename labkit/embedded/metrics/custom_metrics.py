"""PutMetricData: numbers of the student's own.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricData.html
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from labkit.embedded.metrics.errors import invalid_combination, invalid_value, missing_parameter
from labkit.embedded.metrics.queries import dimensions_of
from labkit.embedded.metrics.readings import seconds
from labkit.embedded.metrics.series import DAY, Metric, Sample, of_statistics, of_values, single

MAX_DATUMS, MAX_VALUES, MAX_DIMENSIONS = 1000, 150, 30
LARGEST = 2.0**360
OLDEST, NEWEST = 14 * DAY, 2 * 3600  # seconds before and after now
_STATISTIC_SET = ("SampleCount", "Sum", "Minimum", "Maximum")


def samples(request: Mapping[str, Any], now: float) -> list[tuple[Metric, Sample]]:
    """What a PutMetricData has to store. Raises InvalidParameterValue and others; then nothing is stored."""
    namespace = request["Namespace"]
    if namespace.startswith("AWS/"):
        raise invalid_value("The value AWS/ for parameter Namespace is invalid.")
    return list(read(namespace, request.get("MetricData") or [], now))


def read(namespace: str, data: Sequence[Mapping[str, Any]], now: float) -> Iterator[tuple[Metric, Sample]]:
    if len(data) > MAX_DATUMS:
        raise invalid_value(f"The collection MetricData must not have a size greater than {MAX_DATUMS}.")
    for number, datum in enumerate(data, 1):
        where = f"MetricData.member.{number}"
        if len(datum.get("Dimensions") or ()) > MAX_DIMENSIONS:
            raise invalid_value(
                f"The collection {where}.Dimensions must not have a size greater than {MAX_DIMENSIONS}."
            )
        metric = Metric(namespace, datum["MetricName"], dimensions_of(datum.get("Dimensions")))
        yield metric, _sample(datum, where, _time(datum, where, now))


def _time(datum: Mapping[str, Any], where: str, now: float) -> float:
    """Kept to the second with high resolution, else to the minute."""
    resolution = datum.get("StorageResolution") or 60
    if resolution not in (1, 60):
        raise invalid_value(f"The value {resolution} for parameter {where}.StorageResolution is invalid.")
    at = seconds(datum["Timestamp"]) if datum.get("Timestamp") else now
    if not now - OLDEST <= at <= now + NEWEST:
        raise invalid_value(
            f"The parameter {where}.Timestamp must specify a time no more than two weeks in the past "
            "and no more than two hours in the future."
        )
    return at // resolution * resolution


def _sample(datum: Mapping[str, Any], where: str, at: float) -> Sample:
    ways = [way for way in ("Value", "Values", "StatisticValues") if datum.get(way) not in (None, [])]
    unit = datum.get("Unit") or "None"
    if len(ways) > 1:
        raise invalid_combination(
            f"The parameters {where}.{ways[0]} and {where}.{ways[1]} are mutually exclusive "
            "and you have specified both."
        )
    match ways:
        case ["Value"]:
            return single(at, _number(datum["Value"], f"{where}.Value"), unit)
        case ["Values"]:
            values = [_number(value, f"{where}.Values") for value in datum["Values"]]
            counts = [_number(c, f"{where}.Counts") for c in datum.get("Counts") or [1.0] * len(values)]
            if len(counts) != len(values):
                raise invalid_value(f"The parameters {where}.Values and {where}.Counts must be of the same size.")
            if len(values) > MAX_VALUES:
                raise invalid_value(f"The collection {where}.Values must not have a size greater than {MAX_VALUES}.")
            if min(counts) <= 0:
                raise invalid_value(f"The parameter {where}.Counts must be greater than 0.")
            return of_values(at, zip(values, counts, strict=True), unit)
        case ["StatisticValues"]:
            where += ".StatisticValues"
            for name in _STATISTIC_SET:
                if datum["StatisticValues"].get(name) is None:
                    raise missing_parameter(f"The parameter {where}.{name} is required.")
            count, total, low, high = (_number(datum["StatisticValues"][n], f"{where}.{n}") for n in _STATISTIC_SET)
            return of_statistics(at, count, total, low, high, unit)
    raise missing_parameter(f"At least one of the parameters must be specified: {where}.Value.")


def _number(value: float, where: str) -> float:
    if math.isnan(value) or abs(value) > LARGEST:
        raise invalid_value(f"The value {value} for parameter {where} is invalid.")
    return float(value)
