"""CloudWatch and Auto Scaling on the wire: other protocols than boto3's, and requests that are none."""

import json
from typing import Any

import boto3
import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.httpsession import URLLib3Session

import labkit

JSON = "application/x-amz-json-1.0"
FORM = "application/x-www-form-urlencoded; charset=utf-8"


def send(service: str, body: str | bytes, **headers: str) -> tuple[int, str, str]:
    """POST `body` as it is, signed: status, content type and text of what comes back."""
    client = boto3.client("cloudwatch")
    request = AWSRequest("POST", client.meta.endpoint_url, data=body, headers=headers)
    SigV4Auth(boto3.Session().get_credentials(), service, client.meta.region_name).add_auth(request)
    answer = URLLib3Session().send(request.prepare())
    return answer.status_code, answer.headers.get("Content-Type", ""), answer.content.decode("latin-1")


def target(action: str) -> dict[str, str]:
    return {"X-Amz-Target": f"GraniteServiceVersion20100801.{action}", "Content-Type": JSON}


def test_the_query_protocol(lab: labkit.Lab) -> None:
    """Older versions of boto3 speak it."""
    body = (
        "Action=PutMetricData&Version=2010-08-01&Namespace=Wire&MetricData.member.1.MetricName=Old"
        "&MetricData.member.1.Value=3"
    )
    status, _, _ = send("monitoring", body, **{"Content-Type": FORM})
    assert status == 200
    status, kind, text = send("monitoring", "Action=ListMetrics&Namespace=Wire", **{"Content-Type": FORM})
    assert (status, "xml" in kind, "<MetricName>Old</MetricName>" in text) == (200, True, True)
    status, kind, text = send("monitoring", "Action=GetMetricStatistics&Namespace=Wire", **{"Content-Type": FORM})
    assert (status, "<Code>ValidationError</Code>" in text) == (400, True)


@pytest.mark.parametrize(
    ("action", "body"),
    [
        ("PutMetricAlarm", {}),
        ("PutMetricAlarm", {"AlarmName": "a" * 300}),
        ("PutMetricAlarm", {"AlarmName": "a", "EvaluationPeriods": 0}),
        ("PutMetricAlarm", {"AlarmName": "a", "AlarmActions": "no list"}),
        ("PutMetricAlarm", {"AlarmName": 7}),
        ("GetMetricData", {"MetricDataQueries": [{}], "StartTime": 0, "EndTime": 60}),
        ("GetMetricData", {"MetricDataQueries": []}),
        ("GetMetricStatistics", {"Namespace": "N"}),
        ("PutMetricData", {"Namespace": "N", "MetricData": [{}]}),
        ("DescribeAlarmHistory", {"HistoryItemType": ["a"]}),
        ("PutCompositeAlarm", {"AlarmName": "a"}),
    ],
)
def test_requests_that_do_not_fit_the_model(lab: labkit.Lab, action: str, body: dict[str, Any]) -> None:
    status, kind, text = send("monitoring", json.dumps(body), **target(action))
    assert status == 400
    assert kind == JSON
    assert json.loads(text)["__type"].endswith(("ValidationException", "ValidationError", "ValidationErrorException"))


@pytest.mark.parametrize("body", ["", "{", "[]", "null", '"text"', "7", "\xff\xfe", "[" * 100_000])
def test_bodies_that_are_no_request(lab: labkit.Lab, body: str) -> None:
    status, kind, text = send("monitoring", body.encode("latin-1"), **target("PutMetricAlarm"))
    assert status in (400, 500)
    assert kind == JSON
    assert json.loads(text)["__type"]


def test_unknown_actions(lab: labkit.Lab) -> None:
    status, kind, text = send("monitoring", "{}", **target("DoMagic"))
    assert (status, kind) == (400, JSON) or status == 404
    assert "html" not in text.lower()
    status, _, text = send("autoscaling", "Action=DoMagic&Version=2011-01-01", **{"Content-Type": FORM})
    assert status == 400
    assert "<Code>InvalidAction</Code>" in text


def test_the_server_lives_on(lab: labkit.Lab) -> None:
    assert boto3.client("cloudwatch").list_metrics(Namespace="none")["Metrics"] == []
