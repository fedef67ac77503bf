"""Exercise 2.4: which queue for which job, or none."""

from __future__ import annotations

from labkit.checks.choosing import choices_are
from labkit.checks.exercise import Exercise

choices = Exercise("2.4", "choices")

# What each job is, the lesson says.
ANSWERS = {
    "photos": "standard",
    "accounts": "fifo",
    "departments": "neither",
    "sensors": "standard",
    "games": "fifo",
    "once": "neither",
}
POSSIBLE = ("standard", "fifo", "neither")

choices_are(choices, ANSWERS, POSSIBLE)
