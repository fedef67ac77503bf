"""Money that was spent, because a lesson says so."""

from typing import Any

import boto3
import pytest

import labkit


def test_what_was_spent_is_seen_by_a_budget(lab: labkit.Lab) -> None:
    budgets = boto3.client("budgets")
    limit = {"Amount": "100", "Unit": "USD"}
    budget = {"BudgetName": "month", "BudgetLimit": limit, "TimeUnit": "MONTHLY", "BudgetType": "COST"}
    budgets.create_budget(AccountId=lab.account, Budget=budget)

    def spent() -> float:
        found = budgets.describe_budget(AccountId=lab.account, BudgetName="month")["Budget"]
        return float(found["CalculatedSpend"]["ActualSpend"]["Amount"])

    before = spent()
    lab.spend(12.5)
    lab.wait(hours=12)  # as on AWS, what is spent shows some hours later
    assert spent() == before + 12.5
    budgets.delete_budget(AccountId=lab.account, BudgetName="month")


@pytest.mark.parametrize("amount", [0, -1, "5", None, float("nan"), float("inf"), 10**400], ids=lambda a: str(a)[:9])
def test_what_is_no_amount_is_refused(lab: labkit.Lab, amount: Any) -> None:
    with pytest.raises(labkit.LabError, match="amount in dollars"):
        lab.spend(amount)
