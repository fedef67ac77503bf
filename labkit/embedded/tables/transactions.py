"""TransactWriteItems and TransactGetItems: all or nothing."""

import hashlib
import json
import time
from collections.abc import Callable
from typing import Any

from labkit.embedded.tables import capacity, paths, reads
from labkit.embedded.tables.capacity import TABLE, Consumed, Units
from labkit.embedded.tables.errors import TableError, invalid
from labkit.embedded.tables.store import Item
from labkit.embedded.tables.table import Table
from labkit.embedded.tables.values import checked_all
from labkit.embedded.tables.writes import (
    Planned,
    Write,
    check_distinct,
    plan,
    prepare_check,
    prepare_delete,
    prepare_put,
    prepare_update,
)

TOKEN_SECONDS = 600
MAX_BYTES = 4 * 1024 * 1024
FACTOR = 2  # a transaction prepares and commits, and pays for both
_PREPARE = {"Put": prepare_put, "Update": prepare_update, "Delete": prepare_delete, "ConditionCheck": prepare_check}
_REASONS = {
    "ConditionalCheckFailedException": "ConditionalCheckFailed",
    "ProvisionedThroughputExceededException": "ProvisionedThroughputExceeded",
    "ThrottlingException": "ThrottlingError",
    "ValidationException": "ValidationError",
}

Find = Callable[[str], Table]


class Tokens:
    """ClientRequestTokens of the last ten minutes, and what they were used for."""

    def __init__(self) -> None:
        self._used: dict[str, tuple[float, bytes, list[Consumed]]] = {}  # oldest first

    def repeated(self, token: str | None, request: dict[str, Any]) -> list[Consumed] | None:
        """If `request` was carried out before, what reading its items again costs; else None."""
        now = time.time()
        while self._used and (first := next(iter(self._used))) and self._used[first][0] <= now - TOKEN_SECONDS:
            del self._used[first]
        if token is None or token not in self._used:
            return None
        _, digest, again = self._used[token]
        if digest != _digest(request):
            raise TableError(
                "IdempotentParameterMismatchException",
                "DynamoDB rejected the request because you retried a request with a different payload "
                "but with an idempotent token that was already used.",
            )
        return again

    def remember(self, token: str | None, request: dict[str, Any], again: list[Consumed]) -> None:
        if token is not None:
            self._used[token] = time.time(), _digest(request), again


def _digest(request: dict[str, Any]) -> bytes:
    return hashlib.sha256(json.dumps(request["TransactItems"], sort_keys=True).encode()).digest()


def transact_write_items(find: Find, request: dict[str, Any], tokens: Tokens) -> dict[str, Any]:
    token = request.get("ClientRequestToken")
    repeated = tokens.repeated(token, request)
    if repeated is not None:
        return _answer({}, request, repeated, "Read")
    writes = [_write(find, each) for each in request["TransactItems"]]
    check_distinct(
        ((write.table, write.key) for write in writes),
        "Transaction request cannot include multiple operations on one item",
    )
    planned = _all(writes)
    if sum(each.new.size for each in planned if each.new) > MAX_BYTES:
        raise invalid("Cumulative size of items in the transaction exceeded the limit of 4 MB")
    for each in planned:
        each.commit()
    consumed = [each.write.table.charge("Write", _doubled(each.units), each.write.key.partition) for each in planned]
    tokens.remember(token, request, [_reading(each) for each in planned])
    return _answer({}, request, consumed, "Write")


def _write(find: Find, each: dict[str, Any]) -> Write:
    if len(each) != 1 or next(iter(each)) not in _PREPARE:
        raise invalid("TransactItems can only contain one of Check, Put, Update or Delete")
    kind, operation = next(iter(each.items()))
    return _PREPARE[kind](find(operation["TableName"]), operation)


def _all(writes: list[Write]) -> list[Planned]:
    """Decide all writes before one is carried out. TransactionCanceledException says which could not be, and why."""
    planned, reasons = [], []
    for write in writes:
        try:
            planned.append(plan(write))
            reasons.append({"Code": "None"})
        except TableError as error:
            if error.code not in _REASONS:
                raise
            item = {"Item": error.more["Item"]} if "Item" in error.more else {}
            reasons.append({"Code": _REASONS[error.code], "Message": error.message, **item})
    if len(planned) < len(writes):
        codes = ", ".join(reason["Code"] for reason in reasons)
        raise TableError(
            "TransactionCanceledException",
            f"Transaction cancelled, please refer cancellation reasons for specific reasons [{codes}]",
            CancellationReasons=reasons,
        )
    return planned


def transact_get_items(find: Find, request: dict[str, Any]) -> dict[str, Any]:
    wanted = []
    for each in request["TransactItems"]:
        get = each["Get"]
        table = find(get["TableName"])
        wanted.append((table, table.keys.of(checked_all(get["Key"])), reads.projection_of(get)))
    check_distinct(
        ((table, key) for table, key, _ in wanted), "Transaction request cannot include multiple operations on one item"
    )
    responses: list[dict[str, Any]] = []
    consumed = []
    for table, key, projection in wanted:
        table.admit("Read", TABLE, key.partition)
        item = table.base.items.get(key)
        consumed.append(table.charge("Read", _doubled(_read_units(item)), key.partition))
        if item:
            kept = item.attributes if projection is None else paths.project(item.attributes, projection)
            responses.append({"Item": kept})
        else:
            responses.append({})
    return _answer({"Responses": responses}, request, consumed, "Read")


def _read_units(item: Item | None) -> Units:
    return {TABLE: capacity.read_units(item.size if item else 0, consistent=True)}


def _reading(planned: Planned) -> Consumed:
    consumed = Consumed(planned.write.table.name)
    consumed.add(_doubled(_read_units(planned.new)))
    return consumed


def _doubled(units: Units) -> Units:
    return {index: amount * FACTOR for index, amount in units.items()}


def _answer(answer: dict[str, Any], request: dict[str, Any], consumed: list[Consumed], kind: str) -> dict[str, Any]:
    by_table: dict[str, Consumed] = {}
    for each in consumed:
        by_table.setdefault(each.table, Consumed(each.table, each.local)).add(each.units)
    if reports := capacity.reported(request, by_table.values(), kind):
        answer["ConsumedCapacity"] = reports
    return answer
