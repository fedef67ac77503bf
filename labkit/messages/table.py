"""The table of the messages: its keys, its index, and the list in pages.

A message is found by its `id`, the partition key. The list goes by time: the index `by_day` has the partition key
`day`, the UTC date on which a message was sent ("2026-11-24"), and the sort key `sent_at`. A Query reads the newest of
one day and stops; it costs what the page holds, however large the table is. A Scan would read, and bill, all of it.

An index is eventually consistent (DynamoDB Developer Guide, "Read consistency"): on AWS the newest message may be
missing from the list for a moment. And each write that changes an item is written, and billed, in the index as well.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from labkit.errors import LabError
from labkit.messages.message import Message, from_item, is_id
from labkit.texts import messages as texts

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

INDEX = "by_day"
LARGEST_PAGE = 200  # messages
LOOKS_BACK = 7  # days before today that the list goes back; each without a message costs half a read unit


@dataclass(frozen=True)
class Page:
    """Some of the messages, newest first."""

    messages: list[Message]
    next: str | None  # for `find_page(after=…)`; None: there are no more
    capacity: float  # read units that DynamoDB consumed for this page


def create_table(dynamodb: DynamoDBClient, name: str) -> None:
    """Make the table and its index, and wait until both can be used. Raises botocore's ClientError."""
    dynamodb.create_table(
        TableName=name,
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[
            {"AttributeName": "id", "AttributeType": "S"},
            {"AttributeName": "day", "AttributeType": "S"},
            {"AttributeName": "sent_at", "AttributeType": "S"},
        ],
        GlobalSecondaryIndexes=[
            {
                "IndexName": INDEX,
                "KeySchema": [
                    {"AttributeName": "day", "KeyType": "HASH"},
                    {"AttributeName": "sent_at", "KeyType": "RANGE"},
                ],
                "Projection": {"ProjectionType": "ALL"},
            }
        ],
        BillingMode="PAY_PER_REQUEST",
    )
    dynamodb.get_waiter("table_exists").wait(TableName=name)


def as_time(moment: datetime) -> str:
    """A moment as the table keeps it: UTC, to the millisecond, so that texts compare as the moments do."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds")


def find_page(
    dynamodb: DynamoDBClient, table_name: str, now: datetime, size: int = 50, after: str | None = None
) -> Page:
    """The newest `size` messages, or those that follow the page whose `next` is given as `after`.

    The list goes from today, UTC, back over `LOOKS_BACK` days; what no program gave a `day` is not in it. A page is
    filled from as many days as it takes; where texts are long it ends earlier, at the 1 MB that one Query reads
    (DynamoDB API Reference, Query). None is empty but perhaps the last.
    Raises LabError for a size below 1 or above `LARGEST_PAGE`, and for an `after` that is no page of this table.
    """
    if not isinstance(size, int) or isinstance(size, bool) or not 1 <= size <= LARGEST_PAGE:
        raise LabError(texts.PAGE_SIZE_IS_BAD.format(largest=LARGEST_PAGE, value=repr(size)[:50]))
    today = now.astimezone(UTC).date()
    first, start = (today, None) if after is None else _read_next(table_name, today, after)
    found: list[Message] = []
    capacity = 0.0
    for day in _days(first, today):
        query: Any = {"ExclusiveStartKey": start} if start else {}
        answer = dynamodb.query(
            TableName=table_name,
            IndexName=INDEX,
            KeyConditionExpression="#day = :day",
            ExpressionAttributeNames={"#day": "day"},
            ExpressionAttributeValues={":day": {"S": day.isoformat()}},
            ScanIndexForward=False,  # newest first
            Limit=size - len(found),
            ReturnConsumedCapacity="TOTAL",
            **query,
        )
        found += map(from_item, answer["Items"])
        capacity += answer["ConsumedCapacity"]["CapacityUnits"]
        if last := answer.get("LastEvaluatedKey"):
            return Page(found, _write_next(table_name, day, last), capacity)
        if len(found) == size:
            return Page(found, _write_next(table_name, day - timedelta(days=1), {}), capacity)
        start = None
    return Page(found, None, capacity)


def _days(first: date, today: date) -> Iterator[date]:
    while first >= today - timedelta(days=LOOKS_BACK):
        yield first
        first -= timedelta(days=1)


def _write_next(table_name: str, day: date, key: dict[str, Any]) -> str:
    """Where a page ends, as one opaque text that may stand in an address."""
    place = [table_name, day.isoformat(), *(key[name]["S"] for name in ("sent_at", "id") if key)]
    return base64.urlsafe_b64encode(json.dumps(place).encode()).decode().rstrip("=")


def _read_next(table_name: str, today: date, after: str) -> tuple[date, dict[str, Any] | None]:
    """The day to go on with, and the key in it if the day was begun. It may come from anybody, so all is looked at."""
    try:
        text = base64.b64decode(after + "=" * (-len(after) % 4), altchars=b"-_", validate=True)
        table, day_text, *key = json.loads(text)
        day = date.fromisoformat(day_text)
        if table != table_name or day > today:
            raise ValueError
        if not key:
            return day, None
        sent_at, message_id = key
        if datetime.fromisoformat(sent_at).date() != day or not is_id(message_id):
            raise ValueError
    except (TypeError, ValueError, RecursionError):
        raise LabError(texts.PAGE_IS_FOREIGN) from None
    return day, {"day": {"S": day.isoformat()}, "sent_at": {"S": sent_at}, "id": {"S": message_id}}
