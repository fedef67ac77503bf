"""What requests and bytes cost on AWS, for Region us-east-1, in US dollars.

Two steps, and each is worth seeing by itself: from what a program does to what is billed (`sqs_requests`,
`write_units` …), and from there to money (`cost`). The prices are in `data/prices.toml`, with who says so and when
it was checked; `price_table` shows them. None of them is AWS's own word: look there before you plan with one.
"""

from __future__ import annotations

import functools
import math
import reprlib
import tomllib
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from numbers import Integral, Real
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from labkit.errors import LabError
from labkit.texts import pricing as texts

if TYPE_CHECKING:
    import pandas as pd

PRICES = Path(__file__).resolve().parent.parent / "data" / "prices.toml"
HOURS_A_MONTH = 730  # 365 × 24 / 12, as AWS's own calculator counts
STEP = 64 * 1024  # bytes of payload in one billed request of SQS and SNS: 1 MiB makes sixteen
LARGEST_CALL = 1024 * 1024  # bytes; SQS API Reference, SendMessage and SendMessageBatch
LARGEST_BATCH = 10  # messages in a call; SQS API Reference, SendMessageBatch and ReceiveMessage
WRITE_STEP = 1024  # bytes in a write unit; DynamoDB Developer Guide, "Read and write operations"
READ_STEP = 4096  # bytes in a read unit; the same page
LARGEST_ITEM = 400 * 1024  # bytes; DynamoDB Developer Guide, "Constraints"


@dataclass(frozen=True)
class Price:
    """One price, as data/prices.toml has it."""

    what: str
    unit: str
    per: int  # `dollars` are for so many units
    dollars: tuple[tuple[Decimal, Decimal], ...]  # (from so many units a month on, dollars), the first from 0
    free: int  # units a month
    sources: tuple[str, ...]
    checked: str  # the day, ISO 8601
    free_with: str = ""  # the price that shares the free units with this one

    def __str__(self) -> str:
        """The price of the first unit, such as "$0.40 per 1,000,000 requests"."""
        template = texts.PRICE_OF_ONE if self.per == 1 else texts.PRICE_OF_MANY
        return template.format(dollars=self.dollars[0][1], per=self.per, unit=self.unit)

    @property
    def who_says_so(self) -> str:
        """Two of its sources."""
        return "; ".join(self.sources[:2])


def cost(name: str, amount: float | Decimal, *, free: bool = True) -> Decimal:
    """Dollars for this `amount` of units in one month, not rounded. `name` is one of `price_names()`.

    The month's free units are taken off first; `free=False` leaves them out, for whoever has used them elsewhere.
    Raises LabError for a price that is not there and an amount that is none.
    """
    price = find_price(name)
    rest = max(_amount("amount", amount) - (price.free if free else 0), Decimal(0))
    starts = [start for start, _ in price.dollars]
    total = Decimal(0)
    for (start, dollars), end in zip(price.dollars, [*starts[1:], None], strict=True):
        inside = (rest if end is None else min(rest, end)) - start
        if inside > 0:
            total += inside * dollars / price.per
    return total


def in_dollars(amount: Decimal) -> str:
    """An amount for people: "$1.20"; below a cent with its first two digits, "$0.00012"; nothing is "$0"."""
    if not amount:
        return "$0"
    digits = 2 if amount >= Decimal("0.01") else 1 - amount.adjusted()
    return f"${amount.quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP):,f}"


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
    _whole("messages", messages, 0)
    _whole("size", size, 1, LARGEST_CALL)
    _whole("batch", batch, 1, LARGEST_BATCH)
    _whole("empty_receives", empty_receives, 0)
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
    if not _amount("seconds", seconds):
        raise LabError(texts.AMOUNT_IS_BAD.format(name="seconds", example=5, value=seconds))
    _whole("consumers", consumers, 0)
    _whole("days", days, 1, 31)
    return int(Decimal(days * 86_400) / _amount("seconds", seconds)) * consumers


def publish_requests(publishes: int, size: int = 1024) -> int:
    """Requests that SNS bills for so many publishes of `size` bytes: one for each 64 KB, begun ones included."""
    _whole("publishes", publishes, 0)
    return publishes * _steps(_whole("size", size, 1, LARGEST_CALL), STEP)


def write_units(size: int) -> int:
    """Write units of one write to DynamoDB: one for each 1 KB of the item's `size` in bytes, begun ones included.

    The size is the larger of before and after; in a transaction it is twice as many; a refused condition counts too.
    """
    return _steps(_whole("size", size, 1, LARGEST_ITEM), WRITE_STEP)


def read_units(size: int, *, consistent: bool = False) -> Decimal:
    """Read units of one read from DynamoDB: one for each 4 KB of `size` in bytes, begun ones included; half of that
    for an eventually consistent read, which is what DynamoDB does unless asked.

    `size` is the item's; for a Query or Scan, all that one page read, filtered out or not: 1 MB at most. What is not
    there, size 0, counts as 4 KB.
    """
    units = Decimal(max(_steps(_whole("size", size, 0, LARGEST_CALL), READ_STEP), 1))
    return units if consistent else units / 2


def price_names() -> list[str]:
    """What `cost` and `price_table` can be asked for."""
    return list(_prices())


def find_price(name: str) -> Price:
    """The price with this name. Raises LabError if there is none."""
    try:
        return _prices()[name]
    except (KeyError, TypeError):
        known = ", ".join(price_names())
        raise LabError(texts.PRICE_IS_UNKNOWN.format(name=reprlib.repr(name), known=known)) from None


def price_table(*names: str) -> pd.DataFrame:
    """These prices, or all, one a row: what, price, free units, who says so (two of them), and the day it was checked.

    The price is that of the first unit; where it is lower for very many, `data/prices.toml` says so.
    """
    import pandas as pd

    rows = [_row(find_price(name)) for name in names or price_names()]
    return pd.DataFrame(rows, index=pd.Index(names or price_names(), name="")).rename(columns=texts.COLUMNS)


def _row(price: Price) -> dict[str, str]:
    free = f"{price.free:,}" if price.free else texts.NOTHING_FREE
    if price.free_with:
        free = texts.FREE_IS_SHARED.format(free=free, other=price.free_with)
    return {
        "what": price.what,
        "price": str(price),
        "free": free,
        "sources": price.who_says_so,
        "checked": price.checked,
    }


@functools.cache
def _prices() -> dict[str, Price]:
    try:
        with PRICES.open("rb") as file:
            content = tomllib.load(file, parse_float=Decimal)
    except FileNotFoundError:
        raise LabError(texts.FILE_IS_MISSING.format(path=PRICES.name)) from None
    checked = content["checked"].isoformat()
    entries = {name: entry for name, entry in content.items() if isinstance(entry, dict)}
    return {name: _read(entry, checked) for name, entry in entries.items()}


def _read(entry: dict[str, Any], checked: str) -> Price:
    dollars = tuple((Decimal(start), Decimal(amount)) for start, amount in entry["dollars"])
    return Price(**{"checked": checked, **entry, "dollars": dollars, "sources": tuple(entry["sources"])})


def _steps(size: int, step: int) -> int:
    return -(-size // step)


def _amount(name: str, value: Any) -> Decimal:
    is_number = isinstance(value, (Real, Decimal)) and not isinstance(value, bool)
    if not is_number or not math.isfinite(value) or value < 0:
        raise LabError(texts.AMOUNT_IS_BAD.format(name=name, example=1000, value=reprlib.repr(value)))
    return Decimal(str(value))


def _whole(name: str, value: Any, least: int, most: int | None = None) -> int:
    is_whole = isinstance(value, Integral) and not isinstance(value, bool)
    if not is_whole or value < least or (most is not None and value > most):
        template = texts.WHOLE_IS_BAD_OPEN if most is None else texts.WHOLE_IS_BAD
        raise LabError(template.format(name=name, least=least, most=most, value=reprlib.repr(value)))
    return int(value)
