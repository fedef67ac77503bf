"""From what is billed to money."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from labkit.pricing.numbers import checked_amount
from labkit.pricing.prices import find_price

HOURS_A_MONTH = 730  # 365 × 24 / 12, as AWS's own calculator counts


def cost(name: str, amount: float | Decimal, *, free: bool = True) -> Decimal:
    """Dollars for this `amount` of units in one month, not rounded. `name` is one of `price_names()`.

    The month's free units are taken off first; `free=False` leaves them out, for whoever has used them elsewhere.
    Raises LabError for a price that is not there and an amount that is none.
    """
    price = find_price(name)
    rest = max(checked_amount("amount", amount) - (price.free if free else 0), Decimal(0))
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
