"""Budgets, and the estimated charges that are no estimate."""

import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from behaviours import behaviour
from cloudwatch_kit import GUIDE, MakeQueue, received, refused, stat, topic_into, unique, values_of

import labkit

API = "https://docs.aws.amazon.com/aws-cost-management/latest/APIReference/API_budgets_"
COSTS = "https://docs.aws.amazon.com/cost-management/latest/userguide/"
HOUR = dt.timedelta(hours=1)
Spend = Callable[[float], None]


@pytest.fixture
def spend(lab: labkit.Lab) -> Spend:
    """Let the account spend so many dollars. The embedded AWS bills nothing by itself, and the real one by its own rules."""
    if not isinstance(lab, labkit.Lab):
        pytest.skip("what real AWS bills cannot be told to it")
    return lab.spend


def go_to(lab: labkit.Lab, *, day: int) -> dt.datetime:
    """Move on to noon of the next such day of a month; that moment."""
    noon = lab.now().replace(hour=12, minute=0, second=0, microsecond=0)
    while noon.day != day or noon <= lab.now():
        noon += dt.timedelta(days=1)
    lab.wait(seconds=(noon - lab.now()).total_seconds())
    return noon


def days_of_month(moment: dt.datetime) -> int:
    following = (moment.replace(day=28) + dt.timedelta(days=4)).replace(day=1)
    return (following - dt.timedelta(days=1)).day


@contextmanager
def budget_of(
    budgets: Any, lab: labkit.Lab, dollars: float, topic: str | None = None, **notification: Any
) -> Iterator[str]:
    name = unique("budget")
    notifications = [
        {
            "Notification": {"ComparisonOperator": "GREATER_THAN", "ThresholdType": "PERCENTAGE", **notification},
            "Subscribers": [{"SubscriptionType": "SNS", "Address": topic}],
        }
    ]
    budgets.create_budget(
        AccountId=lab.account,
        Budget={
            "BudgetName": name,
            "BudgetLimit": {"Amount": str(dollars), "Unit": "USD"},
            "TimeUnit": "MONTHLY",
            "BudgetType": "COST",
        },
        **({"NotificationsWithSubscribers": notifications} if topic else {}),
    )
    try:
        yield name
    finally:
        budgets.delete_budget(AccountId=lab.account, BudgetName=name)


def spend_of(budgets: Any, lab: labkit.Lab, name: str) -> tuple[float, float]:
    """Actual and forecast, in dollars."""
    spend = budgets.describe_budget(AccountId=lab.account, BudgetName=name)["Budget"]["CalculatedSpend"]
    return float(spend["ActualSpend"]["Amount"]), float(spend["ForecastedSpend"]["Amount"])


@behaviour(
    "budgets.forecast",
    "a budget knows what was spent and what the month will come to: $50 until the 20th of 30 days make $75",
    source=API + "CalculatedSpend.html",
)
def test_actual_and_forecast(lab: labkit.Lab, budgets: Any, spend: Spend) -> None:
    go_to(lab, day=1)
    with budget_of(budgets, lab, 100) as name:
        before, _ = spend_of(budgets, lab, name)
        spend(50)
        now = go_to(lab, day=20)
        actual, forecast = spend_of(budgets, lab, name)
        assert actual == before + 50
        assert forecast == pytest.approx(actual / 20 * days_of_month(now), abs=0.01)
        go_to(lab, day=2)  # of the next month
        assert spend_of(budgets, lab, name) == (0, 0)


@behaviour(
    "budgets.actual",
    "an ACTUAL threshold notifies its topic once it is crossed, and once only",
    source=API + "Notification.html",
)
def test_an_actual_threshold(
    lab: labkit.Lab, budgets: Any, sns: Any, sqs: Any, make_queue: MakeQueue, spend: Spend
) -> None:
    pager = make_queue("pager", MessageRetentionPeriod=1_209_600)
    topic = topic_into(sns, sqs, pager, open_to="budgets.amazonaws.com")
    go_to(lab, day=3)
    with budget_of(budgets, lab, 200, topic, NotificationType="ACTUAL", Threshold=80) as name:
        spend(160)
        lab.wait(days=1)
        assert received(sqs, pager) == []  # greater than
        spend(1)
        lab.wait(days=3)
        (body,) = received(sqs, pager)
        assert f"Budget Name: {name}" in body
        assert "ACTUAL Amount: $161.00" in body
        (shown,) = budgets.describe_notifications_for_budget(AccountId=lab.account, BudgetName=name)["Notifications"]
        assert shown["NotificationState"] == "ALARM"


@behaviour(
    "budgets.forecasted",
    "a FORECASTED threshold notifies before the money is gone",
    source=API + "Notification.html",
)
def test_a_forecast_threshold(
    lab: labkit.Lab, budgets: Any, sns: Any, sqs: Any, make_queue: MakeQueue, spend: Spend
) -> None:
    pager = make_queue("pager", MessageRetentionPeriod=1_209_600)
    topic = topic_into(sns, sqs, pager, open_to="budgets.amazonaws.com")
    go_to(lab, day=1)
    with budget_of(budgets, lab, 100, topic, NotificationType="FORECASTED", Threshold=100) as name:
        lab.wait(days=2)
        spend(40)  # on the third day: 400 in a month of 30 days
        lab.wait(days=1)
        (body,) = received(sqs, pager)
        assert "FORECASTED Amount: $" in body
        assert spend_of(budgets, lab, name)[0] < 100


@behaviour(
    "budgets.delay",
    "budgets are up to date three times a day: they are no hard stop",
    source=COSTS + "budgets-best-practices.html",
)
def test_budgets_lag(lab: labkit.Lab, budgets: Any, spend: Spend) -> None:
    go_to(lab, day=1)
    with budget_of(budgets, lab, 100) as name:
        before = spend_of(budgets, lab, name)
        spend(99)
        lab.wait(hours=1)
        assert spend_of(budgets, lab, name) == before
        lab.wait(hours=12)
        assert spend_of(budgets, lab, name)[0] == before[0] + 99


@behaviour(
    "budgets.topic_policy",
    "a topic whose policy does not let Budgets publish gets nothing",
    source=COSTS + "budgets-sns-policy.html",
)
def test_a_topic_must_be_open(
    lab: labkit.Lab, budgets: Any, sns: Any, sqs: Any, make_queue: MakeQueue, spend: Spend
) -> None:
    pager = make_queue("pager", MessageRetentionPeriod=1_209_600)
    go_to(lab, day=1)
    with budget_of(budgets, lab, 1, topic_into(sns, sqs, pager), NotificationType="ACTUAL", Threshold=50):
        spend(100)
        lab.wait(days=2)
    assert received(sqs, pager) == []


@behaviour(
    "budgets",
    "budgets are created, described and deleted; one that does not exist is NotFoundException",
    source=API + "CreateBudget.html",
)
def test_budgets_are_kept(lab: labkit.Lab, budgets: Any) -> None:
    with budget_of(budgets, lab, 5) as name:
        described = budgets.describe_budgets(AccountId=lab.account)["Budgets"]
        assert name in [budget["BudgetName"] for budget in described]
        with refused("DuplicateRecordException"):
            budgets.create_budget(
                AccountId=lab.account,
                Budget={
                    "BudgetName": name,
                    "BudgetLimit": {"Amount": "1", "Unit": "USD"},
                    "TimeUnit": "MONTHLY",
                    "BudgetType": "COST",
                },
            )
    with refused("NotFoundException"):
        budgets.describe_budget(AccountId=lab.account, BudgetName=name)


@behaviour(
    "budgets.history",
    "a forecast needs about five weeks of earlier spending",
    source=COSTS + "budgets-best-practices.html",
    differs="the forecast is a straight line from the first day on: nobody waits five weeks for it",
)
def test_no_forecast_without_history(lab: labkit.Lab, budgets: Any, spend: Spend) -> None:
    go_to(lab, day=2)
    with budget_of(budgets, lab, 100) as name:
        spend(10)
        lab.wait(days=1)
        assert spend_of(budgets, lab, name)[1] == 0


@behaviour(
    "billing.estimated_charges",
    "EstimatedCharges is what the month has cost so far, several times a day, in us-east-1 and in dollars",
    source=GUIDE + "monitor_estimated_charges_with_cloudwatch.html",
)
def test_estimated_charges(lab: labkit.Lab, cloudwatch: Any, spend: Spend) -> None:
    metric = {
        "Namespace": "AWS/Billing",
        "MetricName": "EstimatedCharges",
        "Dimensions": [{"Name": "Currency", "Value": "USD"}],
    }
    start = go_to(lab, day=1)
    spend(30)
    lab.wait(hours=12, minutes=1)
    spend(12)
    lab.wait(hours=12)
    query = stat("m", metric, "Maximum", period=6 * 3600)
    how_often = stat("n", metric, "SampleCount", period=6 * 3600)
    charges, counts = values_of(cloudwatch, start, start + 24 * HOUR, query, how_often)
    assert counts == [1, 1, 1, 1]
    assert [charge - charges[0] for charge in charges] == [0, 0, 12, 12]
    start = go_to(lab, day=1) - 12 * HOUR  # the next month begins with nothing
    (charges,) = values_of(cloudwatch, start, start + 12 * HOUR, query)
    assert charges == [0, 0]
