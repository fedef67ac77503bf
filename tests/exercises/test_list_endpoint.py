"""07's endpoint of the list: whatever comes as `after`, the answer is a page or a 400, with a student's function too."""

import itertools
import json
import runpy
import warnings
from collections.abc import Callable
from typing import Any

import boto3
import pytest
from boto3.dynamodb.conditions import Key
from botocore.exceptions import ClientError
from kit import SOLUTIONS, cells_of

import labkit
from labkit.messages import Messages, create_table

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # as in test_web.py
    from fastapi.testclient import TestClient

DAY = "2026-11-24"
NO_PAGES = (
    "page two",
    "2",
    "[]1",
    '["a"]',
    '"page two"',
    "true",
    "1.5",
    '{"id": 2}',
    '{"id": 2.5, "day": 1, "sent_at": null}',
    '{"id": "m-1"}',
    '{"id": {"S": "m-1"}}',
    '{"id": {"S": "m-1"}, "day": {"N": "1"}, "sent_at": {"S": ""}}',
    "[" * 20_000,
)
ListPage = Callable[[Any], Any]
_numbers = itertools.count(1)


@pytest.fixture
def table_name(lab: labkit.Lab) -> str:
    dynamodb = boto3.client("dynamodb")
    name = f"list-{next(_numbers)}"
    create_table(dynamodb, name)
    for number in range(3):
        item = {"id": f"m-{number}", "text": "", "state": "pending", "sent_at": f"{DAY}T10:0{number}", "day": DAY}
        dynamodb.put_item(TableName=name, Item={name: {"S": value} for name, value in item.items()})
    return name


def _solution(table_name: str, lab: labkit.Lab) -> ListPage:
    list_page = runpy.run_path(str(SOLUTIONS / "07_list_page.py"))["list_page"]
    return lambda after: list_page(table_name, DAY, 2, after)


def _with_a_resource(table_name: str, lab: labkit.Lab) -> ListPage:
    def list_page(after: Any) -> Any:
        start: Any = {"ExclusiveStartKey": after} if after else {}
        page = boto3.resource("dynamodb").Table(table_name)
        found = page.query(IndexName="by_day", KeyConditionExpression=Key("day").eq(DAY), Limit=2, **start)
        return {"messages": found["Items"], "next": found.get("LastEvaluatedKey")}

    return list_page


def _labkits(table_name: str, lab: labkit.Lab) -> ListPage:
    app = Messages(boto3.client("sqs"), boto3.client("dynamodb"), "", table_name, lab.now, lambda: "m-9")
    return lambda after: vars(app.find_page(2, after))


@pytest.fixture(params=(_solution, _with_a_resource, _labkits))
def endpoint(request: pytest.FixtureRequest, table_name: str, lab: labkit.Lab) -> TestClient:
    return _served(request.param(table_name, lab))


def _served(list_messages: ListPage) -> TestClient:
    """The notebook's own cells, with this function behind them."""
    names: dict[str, Any] = {"json": json, "labkit": labkit, "list_messages": list_messages}
    for cell in cells_of("07"):
        if "web = FastAPI()" in cell.source or '@web.get("/messages")' in cell.source:
            exec(cell.source, names)
    return TestClient(names["web"], raise_server_exceptions=False)


def test_what_is_no_page_gets_a_400(endpoint: TestClient) -> None:
    statuses = {after: endpoint.get("/messages", params={"after": after}).status_code for after in NO_PAGES}
    assert {after[:40]: status for after, status in statuses.items() if status != 400} == {}


def test_a_page_leads_to_the_next(endpoint: TestClient) -> None:
    first = endpoint.get("/messages")
    assert first.status_code == 200
    after = json.dumps(first.json()["next"])
    assert endpoint.get("/messages", params={"after": after}).status_code == 200


def test_a_busy_table_is_not_the_callers_fault() -> None:
    def list_messages(after: Any) -> Any:
        raise ClientError({"Error": {"Code": "ThrottlingException"}}, "Query")

    assert _served(list_messages).get("/messages").status_code == 500
