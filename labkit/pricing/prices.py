"""The prices: read from `data/prices.toml`, and shown as a table with who says so and when it was checked."""

from __future__ import annotations

import functools
import reprlib
import tomllib
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from labkit.errors import LabError
from labkit.texts import pricing as texts

if TYPE_CHECKING:
    import pandas as pd

PRICES = Path(__file__).resolve().parents[2] / "data" / "prices.toml"


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
