"""What CloudWatch answers when it is asked for numbers: GetMetricData, GetMetricStatistics, ListMetrics."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from labkit.embedded.metrics.errors import invalid_combination, invalid_value, validation_error
from labkit.embedded.metrics.math_functions import Grid
from labkit.embedded.metrics.pages import page
from labkit.embedded.metrics.queries import Queries, check_period, dimensions_of
from labkit.embedded.metrics.series import DAY, Metric, Store, retained, statistic

MAX_DATAPOINTS = 1440  # of one GetMetricStatistics
DATA_PAGE = 100_800  # datapoints of one GetMetricData
LIST_PAGE = 500
LISTED_FOR = 14 * DAY  # ListMetrics: "up to two weeks"
RECENTLY = 3 * 3600


def seconds(moment: datetime) -> float:
    """Epoch seconds; a moment without a time zone is in UTC."""
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()


def get_metric_data(store: Store, request: Mapping[str, Any], now: float) -> dict[str, Any]:
    start, end = seconds(request["StartTime"]), seconds(request["EndTime"])
    if start >= end:
        raise validation_error("The parameter StartTime must be less than the parameter EndTime.")
    queries = Queries(request["MetricDataQueries"])
    newest_first = (request.get("ScanBy") or "TimestampDescending") == "TimestampDescending"
    flat = []  # (result, datapoint): a page may end inside a result
    results: list[dict[str, Any]] = []
    for query in queries.returned:
        grid = _grid(start, end, queries.period_of(query), now)
        for line in queries.lines(query, store, grid):
            results.append({"Id": query.id, "Label": query.label})
            for place in sorted(line, reverse=newest_first):
                at = grid.start + place * grid.period
                if retained(at, grid.period, now):
                    flat.append((len(results) - 1, (at, line[place])))
    some, token = page(flat, request.get("MaxDatapoints") or DATA_PAGE, request.get("NextToken"))
    unfinished = flat[int(token)][0] if token else len(results)
    for number, result in enumerate(results):
        points = [point for of, point in some if of == number]
        result["Timestamps"] = [datetime.fromtimestamp(at, UTC) for at, _ in points]
        result["Values"] = [value for _, value in points]
        result["StatusCode"] = "PartialData" if number >= unfinished else "Complete"
    return {"MetricDataResults": results, "NextToken": token, "Messages": []}


def get_metric_statistics(store: Store, request: Mapping[str, Any], now: float) -> dict[str, Any]:
    plain, extended = request.get("Statistics") or [], request.get("ExtendedStatistics") or []
    if not plain and not extended:
        raise invalid_combination("Must specify either Statistics or ExtendedStatistics")
    start, end = seconds(request["StartTime"]), seconds(request["EndTime"])
    if start >= end:
        raise invalid_value("The parameter StartTime must be less than the parameter EndTime.")
    grid = _grid(start, end, check_period(request["Period"]), now)
    if grid.count > MAX_DATAPOINTS:
        raise invalid_combination(
            f"You have requested up to {grid.count:,} datapoints, which exceeds the limit of {MAX_DATAPOINTS:,}. "
            "You may reduce the datapoints requested by increasing Period, or decreasing the time range."
        )
    metric = Metric(request["Namespace"], request["MetricName"], dimensions_of(request.get("Dimensions")))
    datapoints = []
    found = store.periods(metric, grid.start, grid.period, grid.count, unit=request.get("Unit"))
    for place, sample in found.items():
        at = grid.start + place * grid.period
        if not retained(at, grid.period, now):
            continue
        values = {name: statistic(name)(sample) for name in plain}
        percentiles = {name: statistic(name)(sample) for name in extended}
        datapoint: dict[str, Any] = {"Timestamp": datetime.fromtimestamp(at, UTC), "Unit": sample.unit, **values}
        if known := {name: value for name, value in percentiles.items() if value is not None}:
            datapoint["ExtendedStatistics"] = known
        if known or plain:
            datapoints.append(datapoint)
    return {"Label": request["MetricName"], "Datapoints": datapoints}


def list_metrics(store: Store, request: Mapping[str, Any], now: float) -> dict[str, Any]:
    recent = request.get("RecentlyActive")
    if recent and recent != "PT3H":
        raise invalid_value(f"The value {recent} for parameter RecentlyActive is not supported.")
    wanted = request.get("Dimensions") or []
    metrics = [
        {
            "Namespace": metric.namespace,
            "MetricName": metric.name,
            "Dimensions": [{"Name": name, "Value": value} for name, value in metric.dimensions],
        }
        for metric in store.metrics(now - (RECENTLY if recent else LISTED_FOR))
        if request.get("Namespace") in (None, metric.namespace)
        and request.get("MetricName") in (None, metric.name)
        and all(_has(metric, dimension) for dimension in wanted)
    ]
    some, token = page(metrics, LIST_PAGE, request.get("NextToken"))
    return {"Metrics": some, "NextToken": token}


def _has(metric: Metric, wanted: Mapping[str, str]) -> bool:
    return any(name == wanted["Name"] and wanted.get("Value") in (None, value) for name, value in metric.dimensions)


def _grid(start: float, end: float, period: int, now: float) -> Grid:
    """Periods from StartTime on, which is rounded down: the further in the past, the more."""
    age = now - start
    step = 60 if age < 15 * DAY else 300 if age < 63 * DAY else 3600
    if age < RECENTLY and period < 60:
        step = period
    first = start // step * step
    return Grid(first, period, max(1, -int((first - end) // period)))
