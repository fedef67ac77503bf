"""An AWS for the behaviour suite, and things on it that are removed afterwards."""

import contextlib
import itertools
import secrets
from collections.abc import Callable, Iterator
from typing import Any

import boto3
import pytest
from sns_kit import make_inbox, make_topic, topic  # noqa: F401 (fixtures)
from sqs_calls import queue  # noqa: F401 (a fixture)

import labkit


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "behaviour(key, statement, source, differs): one thing that AWS does")


def _client(service: str) -> Callable[..., Any]:
    @pytest.fixture(scope="session", name=service)
    def client(lab: labkit.Lab) -> Any:
        return boto3.client(service)

    return client


sqs = _client("sqs")
sns = _client("sns")
dynamodb = _client("dynamodb")
sts = _client("sts")
iam = _client("iam")
s3 = _client("s3")
cloudwatch = _client("cloudwatch")
autoscaling = _client("autoscaling")
budgets = _client("budgets")

_number = itertools.count(1)
_run = secrets.token_hex(3)  # on real AWS a deleted queue's name cannot be used again for a minute


def _unique(name_hint: str) -> str:
    return f"{name_hint}-{_run}-{next(_number)}"


@pytest.fixture
def make_queue(sqs: Any) -> Iterator[Callable[..., str]]:
    """`make_queue("orders", VisibilityTimeout=5)` → its URL; `fifo=True` for a FIFO queue."""
    made = []

    def make(name_hint: str = "q", *, fifo: bool = False, **attributes: object) -> str:
        if fifo:
            attributes["FifoQueue"] = "true"
        name = _unique(name_hint) + ".fifo" * fifo
        url = sqs.create_queue(QueueName=name, Attributes={k: str(v) for k, v in attributes.items()})["QueueUrl"]
        made.append(url)
        return url

    yield make
    for url in made:
        with contextlib.suppress(sqs.exceptions.QueueDoesNotExist):  # the test removed it itself
            sqs.delete_queue(QueueUrl=url)


@pytest.fixture
def make_table(dynamodb: Any) -> Iterator[Callable[..., str]]:
    """`make_table("orders", pk="S")` or `make_table(pk="S", sk="N")` → the name of a table with these keys, ACTIVE."""
    made = []

    def make(name_hint: str = "t", *, pk: str = "S", sk: str | None = None, **more: Any) -> str:
        name = _unique(name_hint)
        keys = [("pk", pk, "HASH")] + ([("sk", sk, "RANGE")] if sk else [])
        definitions = [{"AttributeName": n, "AttributeType": t} for n, t, _ in keys]
        dynamodb.create_table(
            TableName=name,
            KeySchema=[{"AttributeName": n, "KeyType": k} for n, _, k in keys],
            AttributeDefinitions=definitions + more.pop("AttributeDefinitions", []),
            **{"BillingMode": "PAY_PER_REQUEST", **more},
        )
        dynamodb.get_waiter("table_exists").wait(TableName=name, WaiterConfig={"Delay": 1})
        made.append(name)
        return name

    yield make
    for name in made:
        with contextlib.suppress(dynamodb.exceptions.ResourceNotFoundException):  # the test removed it itself
            dynamodb.delete_table(TableName=name)
