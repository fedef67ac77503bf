"""From what a program does to what is billed: requests of SQS and SNS, units of DynamoDB."""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple

from labkit.errors import LabError
from labkit.pricing.numbers import checked_amount, checked_whole
from labkit.texts import pricing as texts

STEP = 64 * 1024  # bytes of payload in one billed request of SQS and SNS: 1 MiB makes sixteen
LARGEST_CALL = 1024 * 1024  # bytes; SQS API Reference, SendMessage and SendMessageBatch
LARGEST_BATCH = 10  # messages in a call; SQS API Reference, SendMessageBatch and ReceiveMessage
WRITE_STEP = 1024  # bytes in a write unit; DynamoDB Developer Guide, "Read and write operations"
READ_STEP = 4096  # bytes in a read unit; the same page
LARGEST_ITEM = 400 * 1024  # bytes; DynamoDB Developer Guide, "Constraints"


class QueueRequests(NamedTuple):
    """Requests that SQS bills, by the calls that make them."""

    send: int
    receive: int
    delete: int
    empty_receive: int


def sqs_requests(messages: int, size: int = 1024, *, batch: int = 1, empty_receives: int = 0) -> int:
    """Requests that SQS bills for sending, receiving and deleting so many `messages` of `size` bytes, each once.

    In calls of `batch` messages, 1 to 10. A call is a request for each 64 KB that it carries, begun ones included;
    a delete carries nothing and is one. A receive that comes back empty is one, too.
    Raises LabError for numbers that no call can have, such as ten messages of 200 KB, which are more than 1 MiB.
    """
    return sum(sqs_requests_by_call(messages, size, batch=batch, empty_receives=empty_receives))


def sqs_requests_by_call(messages: int, size: int = 1024, *, batch: int = 1, empty_receives: int = 0) -> QueueRequests:
    """The same, call by call."""
    checked_whole("messages", messages, 0)
    checked_whole("size", size, 1, LARGEST_CALL)
    checked_whole("batch", batch, 1, LARGEST_BATCH)
    checked_whole("empty_receives", empty_receives, 0)
    if batch * size > LARGEST_CALL:
        raise LabError(
            texts.BATCH_IS_TOO_LARGE.format(batch=batch, size=size, total=batch * size, largest=LARGEST_CALL)
        )
    full, left = divmod(messages, batch)
    carried = full * _steps(batch * size, STEP) + _steps(left * size, STEP)
    return QueueRequests(carried, carried, full + (1 if left else 0), empty_receives)


def polls_a_month(seconds: float, *, consumers: int = 1, days: int = 30) -> int:
    """Receives of so many `consumers` that each ask once every so many `seconds`, in a month of so many `days`.

    A long poll of 20 seconds that finds nothing is one receive every 20 seconds.
    """
    pause = checked_amount("seconds", seconds)
    if not pause:
        raise LabError(texts.AMOUNT_IS_BAD.format(name="seconds", example=5, value=seconds))
    checked_whole("consumers", consumers, 0)
    checked_whole("days", days, 1, 31)
    return int(Decimal(days * 86_400) / pause) * consumers


def publish_requests(publishes: int, size: int = 1024) -> int:
    """Requests that SNS bills for so many publishes of `size` bytes: one for each 64 KB, begun ones included."""
    checked_whole("publishes", publishes, 0)
    return publishes * _steps(checked_whole("size", size, 1, LARGEST_CALL), STEP)


def write_units(size: int) -> int:
    """Write units of one write to DynamoDB: one for each 1 KB of the item's `size` in bytes, begun ones included.

    The size is the larger of before and after; in a transaction it is twice as many; a refused condition counts too.
    """
    return _steps(checked_whole("size", size, 1, LARGEST_ITEM), WRITE_STEP)


def read_units(size: int, *, consistent: bool = False) -> Decimal:
    """Read units of one read from DynamoDB: one for each 4 KB of `size` in bytes, begun ones included; half of that
    for an eventually consistent read, which is what DynamoDB does unless asked.

    `size` is the item's; for a Query or Scan, all that one page read, filtered out or not: 1 MB at most. What is not
    there, size 0, counts as 4 KB.
    """
    units = Decimal(max(_steps(checked_whole("size", size, 0, LARGEST_CALL), READ_STEP), 1))
    return units if consistent else units / 2


def _steps(size: int, step: int) -> int:
    return -(-size // step)
