"""Budgets in moto's place: they have a spend, actual and forecast, and notify topics when it crosses a threshold.

https://docs.aws.amazon.com/aws-cost-management/latest/APIReference/API_budgets_Notification.html
"""

import operator
import time
from collections.abc import Callable, Mapping
from copy import deepcopy
from typing import Any

from moto.budgets.models import Budget, BudgetsBackend

from labkit.embedded.access.callers import Caller
from labkit.embedded.access.permissions import Permissions
from labkit.embedded.access.refusals import Refused
from labkit.embedded.metrics.actions import publish, topic_policy
from labkit.embedded.metrics.monitor import ActionError
from labkit.embedded.metrics.spending import BUDGETS_EVERY, PERIODS, Spending, forecast, period_of

_COMPARISONS: dict[str, Callable[[float, float], bool]] = {
    "GREATER_THAN": operator.gt,
    "LESS_THAN": operator.lt,
    "EQUAL_TO": operator.eq,
}


class SpendingBudget(Budget):  # type: ignore[misc]
    """A budget that looks at what was spent when AWS does: three times a day, and when it is made."""

    spending: Spending
    permissions: Permissions

    def __init__(self, budget: dict[str, Any], notifications: list[dict[str, Any]]) -> None:
        super().__init__(budget, notifications)
        self._looked_at = 0.0
        self._actual = self._forecast = 0.0

    def to_dict(self) -> dict[str, Any]:
        self.look(time.time())
        answer: dict[str, Any] = super().to_dict()
        unit = (self.budget.get("BudgetLimit") or {}).get("Unit", "USD")
        answer["CalculatedSpend"] = {
            "ActualSpend": {"Amount": f"{self._actual:.2f}", "Unit": unit},
            "ForecastedSpend": {"Amount": f"{self._forecast:.2f}", "Unit": unit},
        }
        return answer

    def get_notifications(self) -> list[dict[str, Any]]:
        return [deepcopy(notification.details) for notification in self.notifications]

    def look(self, now: float) -> None:
        """Take the spend of now, if it is time to, and notify once for each threshold that is crossed."""
        watched = self.budget["BudgetType"] == "COST" and self.budget["TimeUnit"] in PERIODS
        if not watched or now // BUDGETS_EVERY == self._looked_at // BUDGETS_EVERY:
            return
        self._looked_at = now
        start, end = period_of(now, self.budget["TimeUnit"])
        self._actual = self.spending.between(start, now)
        self._forecast = forecast(self._actual, now, start, end)
        if "BudgetLimit" in self.budget:  # or it has planned limits, of which nothing is made here
            for notification in self.notifications:
                self._compare(notification, limit=float(self.budget["BudgetLimit"]["Amount"]))

    def _compare(self, notification: Any, *, limit: float) -> None:
        details = notification.details
        absolute = details.get("ThresholdType") == "ABSOLUTE_VALUE"
        threshold = details["Threshold"] if absolute else limit * details["Threshold"] / 100
        spend = self._actual if details["NotificationType"] == "ACTUAL" else self._forecast
        crossed = _COMPARISONS[details["ComparisonOperator"]](spend, threshold)
        was_crossed = details.get("NotificationState") == "ALARM"
        details["NotificationState"] = "ALARM" if crossed else "OK"
        if crossed and not was_crossed:
            for subscriber in notification.subscribers:
                if subscriber["SubscriptionType"] == "SNS":
                    self._notify(subscriber["Address"], details, spend, threshold, limit)

    def _notify(self, topic: str, details: Mapping[str, Any], spend: float, threshold: float, limit: float) -> None:
        """A topic gets it only if its policy lets Budgets publish, and nobody hears of it otherwise."""
        name, kind = self.budget["BudgetName"], details["NotificationType"].capitalize()
        text = (
            f"AWS Budget Notification\nAWS Account {topic.split(':')[4]}\n\n"
            f"You requested that we alert you when the {kind.upper()} Cost associated with your {name} budget is "
            f"{details['ComparisonOperator'].replace('_', ' ').lower()} ${threshold:.2f} for the current period. "
            f"The {kind.upper()} Cost associated with this budget is ${spend:.2f}.\n\n"
            f"Budget Name: {name}\nBudget Type: Cost\nBudgeted Amount: ${limit:.2f}\nAlert Type: {details['NotificationType']}\n"
            f"Alert Threshold: > ${threshold:.2f}\n{details['NotificationType']} Amount: ${spend:.2f}\n"
        )
        budgets = Caller.for_service("budgets.amazonaws.com", source_arn=topic)
        try:
            self.permissions.demand(budgets, "sns:Publish", topic, resource_policy=topic_policy(topic))
            publish(topic, f"AWS Budgets: {name} has exceeded your alert threshold", text)
        except (ActionError, Refused):
            pass


def evaluate(backends: Mapping[str, BudgetsBackend], now: float) -> None:
    """Once a minute: what has to be looked at is."""
    for backend in backends.values():
        for budgets in backend.budgets.values():
            for budget in budgets.values():
                budget.look(now)
