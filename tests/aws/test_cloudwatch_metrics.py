"""Metrics of one's own, statistics, percentiles and metric math."""

import datetime as dt
from typing import Any

import boto3
import pytest
from behaviours import behaviour
from cloudwatch_kit import API, GUIDE, put_line, refused, stat, unique, values_of
from cloudwatch_kit import full_minute as full

import labkit

MATH = GUIDE + "using-metric-math.html"
MINUTE = dt.timedelta(minutes=1)


def line(namespace: str, metric: str = "Line") -> dict[str, Any]:
    return {"Namespace": namespace, "MetricName": metric}


@behaviour(
    "cw.put_get_metric_data",
    "PutMetricData stores, GetMetricData and GetMetricStatistics give back",
    source=API + "PutMetricData.html",
)
def test_what_is_put_can_be_got(lab: labkit.Lab, cloudwatch: Any) -> None:
    namespace, now = put_line(cloudwatch, lab, 1, 2, 3)
    assert values_of(cloudwatch, now - 3 * MINUTE, now, stat("m", line(namespace))) == [[1, 2, 3]]
    answer = cloudwatch.get_metric_statistics(
        **line(namespace), StartTime=now - 3 * MINUTE, EndTime=now, Period=180, Statistics=["Sum", "Maximum"]
    )
    assert answer["Label"] == "Line"
    (point,) = answer["Datapoints"]
    assert (point["Timestamp"], point["Sum"], point["Maximum"]) == (now - 3 * MINUTE, 6, 3)
    assert "Average" not in point


@behaviour(
    "cw.newest_first",
    "GetMetricData gives the newest datapoint first, unless asked otherwise",
    source=API + "GetMetricData.html",
)
def test_newest_first(lab: labkit.Lab, cloudwatch: Any) -> None:
    namespace, now = put_line(cloudwatch, lab, 1, 2, 3)
    answer = cloudwatch.get_metric_data(
        StartTime=now - 3 * MINUTE, EndTime=now, MetricDataQueries=[stat("m", line(namespace))]
    )
    (result,) = answer["MetricDataResults"]
    assert (result["Values"], result["Timestamps"][0], result["StatusCode"]) == ([3, 2, 1], now - MINUTE, "Complete")


@behaviour(
    "cw.end_is_exclusive",
    "StartTime belongs to the answer, EndTime does not",
    source=API + "GetMetricStatistics.html",
)
def test_the_end_is_exclusive(lab: labkit.Lab, cloudwatch: Any) -> None:
    namespace, now = put_line(cloudwatch, lab, 1, 2, 3)
    assert values_of(cloudwatch, now - 3 * MINUTE, now - MINUTE, stat("m", line(namespace))) == [[1, 2]]


@behaviour(
    "cw.dimensions_make_metrics",
    "each combination of dimensions is another metric: without them, or with others, nothing is found",
    source=API + "GetMetricStatistics.html",
)
def test_dimensions_are_part_of_the_name(lab: labkit.Lab, cloudwatch: Any) -> None:
    namespace, now = unique("Test"), full(lab)
    here = [{"Name": "Where", "Value": "here"}]
    cloudwatch.put_metric_data(Namespace=namespace, MetricData=[{"MetricName": "M", "Value": 1, "Dimensions": here}])
    around = now - MINUTE, now + MINUTE
    there = [{"Name": "Where", "Value": "there"}]
    assert values_of(
        cloudwatch,
        *around,
        stat("a", {**line(namespace, "M"), "Dimensions": here}),
        stat("b", {**line(namespace, "M"), "Dimensions": there}),
        stat("c", line(namespace, "M")),
    ) == [[1], [], []]


@behaviour(
    "cw.percentile",
    "a percentile: so many percent of the period's values are at or below it",
    source=GUIDE + "Statistics-definitions.html",
)
def test_percentiles(lab: labkit.Lab, cloudwatch: Any) -> None:
    namespace, now = unique("Test"), full(lab)
    values = [float(i) for i in range(1, 101)]
    cloudwatch.put_metric_data(Namespace=namespace, MetricData=[{"MetricName": "Latency", "Values": values}])
    answer = cloudwatch.get_metric_statistics(
        **line(namespace, "Latency"),
        StartTime=now,
        EndTime=now + MINUTE,
        Period=60,
        ExtendedStatistics=["p50", "p90", "p99.5", "p100"],
    )
    (point,) = answer["Datapoints"]
    found = point["ExtendedStatistics"]
    assert found["p100"] == 100
    assert [round(found[name] / 10) * 10 for name in ("p50", "p90", "p99.5")] == [50, 90, 100]
    assert values_of(cloudwatch, now, now + MINUTE, stat("m", line(namespace, "Latency"), "p90")) == [[found["p90"]]]


@behaviour(
    "cw.counts",
    "Values with Counts stand for as many values",
    source=API + "MetricDatum.html",
)
def test_counts(lab: labkit.Lab, cloudwatch: Any) -> None:
    namespace, now = unique("Test"), full(lab)
    datum = {"MetricName": "M", "Values": [1.0, 10.0], "Counts": [99.0, 1.0]}
    cloudwatch.put_metric_data(Namespace=namespace, MetricData=[datum])
    queries = [stat(f"m{i}", line(namespace, "M"), how) for i, how in enumerate(("SampleCount", "Sum", "p99", "p100"))]
    assert values_of(cloudwatch, now, now + MINUTE, *queries) == [[100], [109], [1], [10]]


@behaviour(
    "cw.statistic_sets",
    "of a statistic set there are no percentiles, unless all its values must be the same",
    source=API + "GetMetricStatistics.html",
)
@pytest.mark.parametrize(("lowest", "p50"), [(1.0, []), (2.0, [2.0])])
def test_statistic_sets(lab: labkit.Lab, cloudwatch: Any, lowest: float, p50: list[float]) -> None:
    namespace, now = unique("Test"), full(lab)
    values = {"SampleCount": 4.0, "Sum": 8.0, "Minimum": lowest, "Maximum": 2.0}
    cloudwatch.put_metric_data(Namespace=namespace, MetricData=[{"MetricName": "M", "StatisticValues": values}])
    queries = stat("a", line(namespace, "M")), stat("b", line(namespace, "M"), "p50")
    assert values_of(cloudwatch, now, now + MINUTE, *queries) == [[2], p50]


@behaviour(
    "cw.high_resolution",
    "with StorageResolution 1 seconds are told apart, else minutes",
    source=API + "MetricDatum.html",
)
def test_seconds(lab: labkit.Lab, cloudwatch: Any) -> None:
    namespace, now = unique("Test"), full(lab)
    for name, resolution in (("Fine", 1), ("Coarse", 60)):
        data = [
            {
                "MetricName": name,
                "Timestamp": now - dt.timedelta(seconds=seconds),
                "Value": seconds,
                "StorageResolution": resolution,
            }
            for seconds in (10, 20)
        ]
        cloudwatch.put_metric_data(Namespace=namespace, MetricData=data)
    fine, coarse = stat("a", line(namespace, "Fine"), period=10), stat("b", line(namespace, "Coarse"), period=10)
    assert values_of(cloudwatch, now - MINUTE, now, fine, coarse) == [[20, 10], [15]]


@behaviour(
    "cw.retention",
    "datapoints of a minute can be had for 15 days; then only those of five minutes",
    source=API + "GetMetricStatistics.html",
)
def test_old_datapoints_are_coarser(lab: labkit.Lab, cloudwatch: Any) -> None:
    namespace, now = put_line(cloudwatch, lab, *[1.0] * 10)
    lab.wait(days=16)
    minute, five = stat("a", line(namespace)), stat("b", line(namespace), "Sum", period=300)
    one, other = values_of(cloudwatch, now - 20 * MINUTE, now, minute, five)
    assert one == []
    assert sum(other) == 10


@behaviour(
    "cw.units",
    "with a unit only data that was reported with it is found",
    source=API + "MetricStat.html",
)
def test_units(lab: labkit.Lab, cloudwatch: Any) -> None:
    namespace, now = unique("Test"), full(lab)
    cloudwatch.put_metric_data(
        Namespace=namespace, MetricData=[{"MetricName": "M", "Value": 5, "Unit": "Milliseconds"}]
    )
    right, wrong = stat("a", line(namespace, "M")), stat("b", line(namespace, "M"))
    right["MetricStat"]["Unit"], wrong["MetricStat"]["Unit"] = "Milliseconds", "Seconds"
    assert values_of(cloudwatch, now, now + MINUTE, right, wrong) == [[5], []]


@behaviour("cw.metric_math", "metric math computes with metrics: m1/m2, SUM, constants", source=MATH)
def test_arithmetic(lab: labkit.Lab, cloudwatch: Any) -> None:
    namespace, now = put_line(cloudwatch, lab, 100, 150, 90, metric="Messages")
    data = [{"MetricName": "Instances", "Timestamp": now - i * MINUTE, "Value": 10} for i in (1, 2, 3)]
    cloudwatch.put_metric_data(Namespace=namespace, MetricData=data)
    m1 = stat("m1", line(namespace, "Messages"), ReturnData=False)
    m2 = stat("m2", line(namespace, "Instances"), ReturnData=False)
    texts = ("m1/m2", "SUM([m1,m2])", "(m1 + m2) * 2 - 2^3", "m1 - MIN(m1)", "IF(m1 > 95, 1, 0)", "-m1", "CEIL(m1/100)")
    expressions = [{"Id": f"e{i}", "Expression": text} for i, text in enumerate(texts)]
    assert values_of(cloudwatch, now - 3 * MINUTE, now, m1, m2, *expressions) == [
        [10, 15, 9],
        [110, 160, 100],
        [212, 312, 192],
        [10, 60, 0],
        [1, 1, 0],
        [-100, -150, -90],
        [1, 2, 1],
    ]


@behaviour(
    "cw.metric_math.missing",
    "a missing datapoint counts as 0 beside one that exists; a division by zero has no datapoint; FILL fills",
    source=MATH,
)
def test_missing_datapoints(lab: labkit.Lab, cloudwatch: Any) -> None:
    namespace, now = put_line(cloudwatch, lab, 8, None, 4, None, metric="A")
    data = [{"MetricName": "B", "Timestamp": now - i * MINUTE, "Value": value} for i, value in ((4, 2), (3, 1), (2, 0))]
    cloudwatch.put_metric_data(Namespace=namespace, MetricData=data)
    a, b = (stat(i, line(namespace, i.upper()), ReturnData=False) for i in "ab")
    texts = ("a + b", "a / b", "FILL(a, 7)", "FILL(a, REPEAT)", "FILL(a, LINEAR)")
    expressions = [{"Id": f"e{i}", "Expression": text} for i, text in enumerate(texts)]
    assert values_of(cloudwatch, now - 4 * MINUTE, now, a, b, *expressions) == [
        [10, 1, 4],
        [4, 0],
        [8, 7, 4, 7],
        [8, 8, 4, 4],
        [8, 6, 4],
    ]


@behaviour(
    "cw.metric_math.errors",
    "an expression that is none is refused with ValidationError",
    source=API + "GetMetricData.html",
)
@pytest.mark.parametrize(
    "text",
    [
        "m1 +",
        "NO_SUCH_FUNCTION(m1)",
        "m9 * 2",
        "SUM(m1)",
        "__import__('os')",
        "m1.real",
        "m1 if m1 else m1",
        "e * 2",
        "",
    ],
)
def test_bad_expressions(lab: labkit.Lab, cloudwatch: Any, text: str) -> None:
    namespace, now = put_line(cloudwatch, lab, 1)
    with refused("ValidationError"):
        values_of(cloudwatch, now - MINUTE, now, stat("m1", line(namespace)), {"Id": "e", "Expression": text or " "})


@behaviour(
    "cw.get_statistics_errors",
    "GetMetricStatistics refuses a start after the end, no statistic, and more than 1,440 datapoints",
    source=API + "GetMetricStatistics.html",
)
def test_bad_readings(lab: labkit.Lab, cloudwatch: Any) -> None:
    now = lab.now()
    asked = {"Namespace": "N", "MetricName": "M", "Period": 60}
    with refused("InvalidParameterValue", "StartTime must be less than"):
        cloudwatch.get_metric_statistics(**asked, StartTime=now, EndTime=now, Statistics=["Sum"])
    with refused("InvalidParameterCombination", "Statistics"):
        cloudwatch.get_metric_statistics(**asked, StartTime=now - MINUTE, EndTime=now)
    with refused("InvalidParameterCombination", "1,440"):
        start = now - dt.timedelta(days=2)
        cloudwatch.get_metric_statistics(**asked, StartTime=start, EndTime=now, Statistics=["Sum"])
    with refused("ValidationError", "multiple of 60"):
        asked["Period"] = 61
        cloudwatch.get_metric_statistics(**asked, StartTime=now - MINUTE, EndTime=now, Statistics=["Sum"])


@behaviour(
    "cw.put_errors",
    "PutMetricData refuses AWS's own namespaces, data older than two weeks, and two kinds of value at once",
    source=API + "PutMetricData.html",
)
def test_bad_data(lab: labkit.Lab, cloudwatch: Any) -> None:
    def put(namespace: str = "Mine", **datum: Any) -> None:
        cloudwatch.put_metric_data(Namespace=namespace, MetricData=[{"MetricName": "M", **datum}])

    with refused("InvalidParameterValue", "AWS/"):
        put("AWS/SQS", Value=1)
    with refused("InvalidParameterValue", "Timestamp"):
        put(Value=1, Timestamp=lab.now() - dt.timedelta(days=15))
    with refused("InvalidParameterValue", "Timestamp"):
        put(Value=1, Timestamp=lab.now() + dt.timedelta(hours=3))
    with refused("InvalidParameterCombination", "mutually exclusive"):
        put(Value=1, Values=[1.0])
    with refused("InvalidParameterValue", "same size"):
        put(Values=[1.0, 2.0], Counts=[1.0])
    with refused("MissingParameter"):
        put()


@behaviour(
    "cw.list_metrics",
    "ListMetrics finds metrics by namespace, name and dimensions, page by page",
    source=API + "ListMetrics.html",
)
def test_listing(cloudwatch: Any) -> None:
    namespace = unique("Test")
    data = [{"MetricName": "M", "Value": 1, "Dimensions": [{"Name": "I", "Value": str(i)}]} for i in range(501)]
    cloudwatch.put_metric_data(Namespace=namespace, MetricData=data)
    pages = list(cloudwatch.get_paginator("list_metrics").paginate(Namespace=namespace))
    assert [len(page["Metrics"]) for page in pages] == [500, 1]
    (one,) = cloudwatch.list_metrics(Namespace=namespace, Dimensions=[{"Name": "I", "Value": "7"}])["Metrics"]
    assert one == {"Namespace": namespace, "MetricName": "M", "Dimensions": [{"Name": "I", "Value": "7"}]}
    assert cloudwatch.list_metrics(Namespace=namespace, MetricName="Other")["Metrics"] == []
    with refused("InvalidNextToken"):
        cloudwatch.list_metrics(Namespace=namespace, NextToken="nonsense")


@behaviour(
    "cw.data_pages",
    "GetMetricData gives no more than MaxDatapoints at once, and a token for the rest",
    source=API + "GetMetricData.html",
)
def test_pages_of_datapoints(lab: labkit.Lab, cloudwatch: Any) -> None:
    namespace, now = put_line(cloudwatch, lab, 1, 2, 3, 4, 5)
    asked = {
        "StartTime": now - 5 * MINUTE,
        "EndTime": now,
        "MetricDataQueries": [stat("m", line(namespace))],
        "MaxDatapoints": 2,
        "ScanBy": "TimestampAscending",
    }
    values, states = [], []
    while True:
        answer = cloudwatch.get_metric_data(**asked)
        values.append(answer["MetricDataResults"][0]["Values"])
        states.append(answer["MetricDataResults"][0]["StatusCode"])
        if "NextToken" not in answer:
            break
        asked["NextToken"] = answer["NextToken"]
    assert (values, states) == ([[1, 2], [3, 4], [5]], ["PartialData", "PartialData", "Complete"])


@behaviour("cw.regions", "metrics belong to a region", source=API + "ListMetrics.html")
def test_regions_are_apart(lab: labkit.Lab, cloudwatch: Any) -> None:
    namespace, _ = put_line(cloudwatch, lab, 1)
    elsewhere = boto3.client("cloudwatch", region_name="eu-west-1")
    assert elsewhere.list_metrics(Namespace=namespace)["Metrics"] == []
    assert len(cloudwatch.list_metrics(Namespace=namespace)["Metrics"]) == 1


@behaviour("cw.dashboard", "a dashboard is kept as it was put", source=API + "PutDashboard.html")
def test_dashboards(cloudwatch: Any) -> None:
    cloudwatch.put_dashboard(DashboardName="mine", DashboardBody='{"widgets": []}')
    assert cloudwatch.get_dashboard(DashboardName="mine")["DashboardBody"] == '{"widgets": []}'
    cloudwatch.delete_dashboards(DashboardNames=["mine"])
