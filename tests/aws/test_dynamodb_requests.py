"""DynamoDB: requests that boto3 would not send."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from behaviours import behaviour
from dynamodb_kit import DYNALITE, GUIDE, raw

API_NAME = "DynamoDB_20120810."


@behaviour(
    "malformed.json",
    "what is not a JSON object, or not of the right types, is a SerializationException",
    source=DYNALITE + "connection",
)
@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b"\xff\xfe",
        b'{"TableName": 1, "Key": {}}',
        b'{"TableName": "abc", "Key": []}',
        b'{"TableName": "t-1", "Key": {"pk": "a"}}',
        b'{"TableName": "t-1", "Key": {"pk": {"S": 1}}}',
        b'{"TableName": "t-1", "Key": {"pk": {"B": "!"}}}',
        b'{"TableName": "abc", "Key": ' + b'{"pk":' * 100_000,
    ],
)  # fmt: skip
def test_malformed_json(body: bytes, make_table: Callable[..., str]) -> None:
    status, answer = raw(API_NAME + "GetItem", body.replace(b"t-1", make_table().encode()))
    assert (status, answer["__type"].rpartition("#")[2]) == (400, "SerializationException")


@behaviour(
    "malformed.action",
    "an operation that there is not is an UnknownOperationException",
    source=GUIDE + "Programming.LowLevelAPI.html",
)
@pytest.mark.parametrize("target", ["DropTable", "", "__init__", "reset"])
def test_unknown_operations(target: str) -> None:
    status, answer = raw(API_NAME + target, "{}")
    assert (status, answer["__type"].rpartition("#")[2]) == (400, "UnknownOperationException")


@behaviour(
    "malformed.constraints",
    "what the API's model does not allow is a ValidationException with all the faults",
    source=DYNALITE + "query, putItem",
)
@pytest.mark.parametrize(
    ("operation", "request_body", "message"),
    [
        ("GetItem", {"TableName": "abc"}, "Value null at 'key' failed to satisfy constraint: Member must not be null"),
        ("GetItem", {}, "2 validation errors detected: "),
        (
            "Scan",
            {"TableName": "abc", "Limit": 0},
            "1 validation error detected: Value '0' at 'limit' failed to satisfy constraint: Member must have value",
        ),
        (
            "Query",
            {"TableName": "abc", "Select": "count"},
            "Value 'count' at 'select' failed to satisfy constraint: Member must satisfy enum value set: [",
        ),
        ("BatchWriteItem", {"RequestItems": {}}, "Member must have length greater than or equal to 1"),
    ],
)
def test_constraints(operation: str, request_body: Any, message: str) -> None:
    status, answer = raw(API_NAME + operation, json.dumps(request_body))
    assert (status, answer["__type"].rpartition("#")[2]) == (400, "ValidationException")
    assert message in answer["message"]


@behaviour(
    "malformed.values",
    "an attribute value has exactly one type",
    source=DYNALITE + "putItem",
)
@pytest.mark.parametrize("value", [{}, {"X": "a"}, {"S": "a", "N": "1"}, {"S": None}, {"NULL": False}])
def test_values_that_are_none(value: Any, make_table: Callable[..., str]) -> None:
    item = {"pk": {"S": "a"}, "v": value}
    status, answer = raw(API_NAME + "PutItem", json.dumps({"TableName": make_table(), "Item": item}))
    assert (status, answer["__type"].rpartition("#")[2]) == (400, "ValidationException")
