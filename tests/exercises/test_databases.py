"""Exercise 6.4: one job with the other database, and what is no answer."""

from kit import Family

from labkit.checks.database_choice import ANSWERS

family = Family("6.4")
OTHER = {"dynamodb": "aurora", "aurora": "dynamodb"}

for job, right in ANSWERS.items():
    family.add_wrong(f"{job}-{OTHER[right]}", {**ANSWERS, job: OTHER[right]}, job, OTHER[right])

family.add_wrong("all-dynamodb", dict.fromkeys(ANSWERS, "dynamodb"), "reports", "dynamodb")
family.add_wrong("all-aurora", dict.fromkeys(ANSWERS, "aurora"), "panel", "aurora")
family.add_wrong("none-at-all", None, "six_answers", "jobs")
family.add_wrong("a-job-left-out", {job: ANSWERS[job] for job in list(ANSWERS)[1:]}, "six_answers", "jobs")
family.add_wrong("a-shorter-word", {**ANSWERS, "sale": "Dynamo"}, "six_answers", "unknown")
family.add_wrong("another-database", {**ANSWERS, "reports": "mongodb"}, "six_answers", "unknown")
family.add_wrong("both", {**ANSWERS, "carts": {"dynamodb", "aurora"}}, "six_answers", "unknown")

family.add_right("as_asked", dict(ANSWERS))
family.add_right("in_another_order", dict(reversed(ANSWERS.items())))
family.add_right(
    "made_of_a_set", {job: "aurora" if job in {"reports", "salaries", "beginning"} else "dynamodb" for job in ANSWERS}
)

test_wrong, test_right = family.tests()
