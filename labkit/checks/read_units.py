"""What reads cost: the price of a solution, by which some are told from others."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from unittest import mock

from botocore.client import BaseClient


@contextmanager
def read_units() -> Iterator[list[float]]:
    """What DynamoDB consumes for each read that is made within."""
    units: list[float] = []
    make_call: Callable[..., Any] = BaseClient._make_api_call  # type: ignore[attr-defined]

    @functools.wraps(make_call)
    def counted(client: Any, operation: str, parameters: dict[str, Any]) -> Any:
        if operation not in ("Query", "Scan"):
            return make_call(client, operation, parameters)
        answer = make_call(client, operation, {**parameters, "ReturnConsumedCapacity": "TOTAL"})
        units.append(answer["ConsumedCapacity"]["CapacityUnits"])
        return answer

    with mock.patch.object(BaseClient, "_make_api_call", counted):
        yield units
