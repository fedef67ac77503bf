"""Exercise 6.4: DynamoDB or Aurora, for six jobs."""

from __future__ import annotations

from labkit.checks.choosing import choices_are
from labkit.checks.exercise import Exercise

databases = Exercise("6.4", "databases")

# What each job is, the lesson says; what decides it is in the lesson's table.
ANSWERS = {
    "reports": "aurora",
    "panel": "dynamodb",
    "salaries": "aurora",
    "sale": "dynamodb",
    "carts": "dynamodb",
    "beginning": "aurora",
}
POSSIBLE = ("dynamodb", "aurora")

choices_are(databases, ANSWERS, POSSIBLE)
