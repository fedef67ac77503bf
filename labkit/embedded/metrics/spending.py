"""What the account has spent, and what comes of it: EstimatedCharges in CloudWatch, budgets that notify.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/monitor_estimated_charges_with_cloudwatch.html
https://docs.aws.amazon.com/cost-management/latest/userguide/budgets-managing-costs.html
"""

import calendar
from datetime import UTC, datetime, timedelta

HOUR = 3600
CHARGES_EVERY = 6 * HOUR  # the alarm's period in the guide
BUDGETS_EVERY = 8 * HOUR  # "updated up to three times a day"

_MONTHS = {"MONTHLY": 1, "QUARTERLY": 3, "ANNUALLY": 12}
PERIODS = ("DAILY", *_MONTHS)  # Budgets API Reference, Budget, TimeUnit


class Spending:
    """Dollars and when they were spent. The embedded AWS bills nothing by itself: the lab says what was spent."""

    def __init__(self) -> None:
        self._spent: list[tuple[float, float]] = []

    def __bool__(self) -> bool:
        return bool(self._spent)

    def record(self, amount: float, at: float) -> None:
        """Raises ValueError for less than nothing."""
        if not amount >= 0:
            raise ValueError("An amount of dollars is 0 or more.")
        self._spent.append((at, amount))

    def between(self, start: float, end: float) -> float:
        return sum(amount for at, amount in self._spent if start <= at < end)


def period_of(moment: float, unit: str) -> tuple[float, float]:
    """When the period around a moment begins and ends, in UTC; `unit` is one of PERIODS."""
    day = datetime.fromtimestamp(moment, UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    if unit == "DAILY":
        return day.timestamp(), (day + timedelta(days=1)).timestamp()
    months = _MONTHS[unit]
    start = day.replace(day=1, month=(day.month - 1) // months * months + 1)
    end_month = start.month + months - 1
    last = start.replace(month=end_month, day=calendar.monthrange(start.year, end_month)[1])
    return start.timestamp(), (last + timedelta(days=1)).timestamp()


def forecast(spent: float, now: float, start: float, end: float) -> float:
    """The spend of the whole period if it goes on as until now; today counts as a whole day.

    The API's example: $50 on the 20th of a month of 30 days make $75 (Budgets, CalculatedSpend).
    """
    day = 86_400
    days_gone = min((now - start) // day + 1, (end - start) / day)
    return spent * ((end - start) / day) / days_gone
