"""Exercise 3.4: answers that beginners give."""

import csv
from pathlib import Path
from statistics import mean, quantiles

from kit import Family

family = Family("3.4")
GOOD = {
    "VisibilityTimeout": "150",
    "ReceiveMessageWaitTimeSeconds": "20",
    "MessageRetentionPeriod": "345600",
    "DelaySeconds": "60",
}
lines = Path(__file__).parents[2].joinpath("data/processing_times.csv").read_text("utf-8").splitlines()
TAKES = [float(row["seconds"]) for row in csv.DictReader(line for line in lines if line[0] != "#")]


def wrong(name: str, broken: str, reason: str, **changes: object) -> None:
    family.add_wrong(name, {**GOOD, **changes}, broken, reason)


family.add_wrong("a_list", list(GOOD.items()), "accepted", "no_dict")
family.add_wrong("one_number", 120, "accepted", "no_dict")
wrong("numbers_instead_of_texts", "accepted", "no_text", VisibilityTimeout=150)
wrong("nothing_instead_of_a_text", "accepted", "no_text", DelaySeconds=None)
wrong("the_name_of_the_calls_parameter", "accepted", "refused", WaitTimeSeconds="20")
wrong("more_than_twelve_hours", "accepted", "refused", VisibilityTimeout="86400")
wrong("a_poll_of_a_minute", "accepted", "refused", ReceiveMessageWaitTimeSeconds="60")
wrong("seconds_with_a_unit", "accepted", "refused", DelaySeconds="60 s")
wrong("a_month", "accepted", "refused", MessageRetentionPeriod=str(30 * 86_400))
family.add_wrong("the_defaults", {}, "twice", "often")
wrong("the_mean", "twice", "often", VisibilityTimeout=str(round(mean(TAKES))))
wrong("nine_of_ten", "twice", "often", VisibilityTimeout=str(round(quantiles(TAKES, n=10)[-1])))
wrong("no_timeout_at_all", "twice", "often", VisibilityTimeout="0")
wrong("to_be_on_the_safe_side", "after_a_death", "late", VisibilityTimeout="43200")
wrong("a_little_too_long", "after_a_death", "late", VisibilityTimeout="330")
wrong("short_polls", "cost", "dear", ReceiveMessageWaitTimeSeconds="0")
wrong("every_five_seconds", "cost", "dear", ReceiveMessageWaitTimeSeconds="5")
wrong("at_once", "withdrawal", "early", DelaySeconds="0")
wrong("almost_a_minute", "withdrawal", "early", DelaySeconds="59")
wrong("fifteen_minutes", "usual_start", "slow", DelaySeconds="900")
wrong("a_day", "weekend", "lost", MessageRetentionPeriod="86400")
wrong("minutes_for_seconds", "weekend", "lost", MessageRetentionPeriod=str(4 * 24 * 60))
wrong("two_weeks", "holiday", "stale", MessageRetentionPeriod="1209600")

family.add_right("plain", GOOD)
family.add_right("from_the_times", {**GOOD, "VisibilityTimeout": str(round(1.2 * quantiles(TAKES, n=100)[-1]))})
family.add_right(
    "only_just",
    {
        "VisibilityTimeout": "280",
        "ReceiveMessageWaitTimeSeconds": "18",
        "MessageRetentionPeriod": str(7 * 86_400),
        "DelaySeconds": "119",
        "MaximumMessageSize": "1024",
    },
)

test_wrong, test_right = family.tests()
