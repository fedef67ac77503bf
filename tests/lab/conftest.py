"""What tests of the application need: one on a queue and a table of its own."""

import itertools
from collections.abc import Callable
from typing import Any

import boto3
import pytest

import labkit
from labkit.messages import Messages, create_table


@pytest.fixture(scope="session")
def clients(lab: labkit.Lab) -> tuple[Any, Any]:
    return boto3.client("sqs"), boto3.client("dynamodb")


_number = itertools.count()


@pytest.fixture(scope="session")
def make_app(lab: labkit.Lab, clients: tuple[Any, Any]) -> Callable[..., Messages]:
    sqs, dynamodb = clients

    def make(**changed: Any) -> Messages:
        name = f"orders-{next(_number)}"
        ids = map("m-{}".format, itertools.count(1))
        queue_url = sqs.create_queue(QueueName=name)["QueueUrl"]
        create_table(dynamodb, name)
        given = {"sqs": sqs, "dynamodb": dynamodb, "queue_url": queue_url, "table_name": name}
        return Messages(**{**given, "now": lab.now, "new_id": lambda: next(ids), **changed})

    return make


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The text alternatives of the figures that a test drew."""
    words: list[str] = []

    def display(data: dict[str, str], **_: Any) -> None:
        if "image/png" in data:
            words.append(data["text/plain"])

    monkeypatch.setattr("labkit.plots.figure.display", display)
    return words


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch, shown: list[str]) -> list[Any]:
    """The axes of the figures that a test drew."""
    from matplotlib.figure import Figure

    found: list[Any] = []
    make = Figure.subplots

    def subplots(canvas: Figure, *args: Any, **more: Any) -> Any:
        found.append(make(canvas, *args, **more))
        return found[-1]

    monkeypatch.setattr(Figure, "subplots", subplots)
    return found
