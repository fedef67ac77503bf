"""Exercise 2.4: each choice that is not the right one."""

from kit import Family

from labkit.checks.queue_choice import ANSWERS, POSSIBLE

family = Family("2.4")

for job, right in ANSWERS.items():
    for other in POSSIBLE:
        if other != right:
            family.add_wrong(f"{job}-{other}", {**ANSWERS, job: other}, job, other)

family.add_wrong("all-fifo", dict.fromkeys(ANSWERS, "fifo"), "photos", "fifo")
family.add_wrong("all-standard", dict.fromkeys(ANSWERS, "standard"), "accounts", "standard")
family.add_wrong("none-at-all", None, "six_answers", "jobs")
family.add_wrong(
    "a-job-left-out", {job: right for job, right in ANSWERS.items() if job != "once"}, "six_answers", "jobs"
)
family.add_wrong("a-word-of-its-own", {**ANSWERS, "once": "both"}, "six_answers", "unknown")
family.add_wrong("capitals", {**ANSWERS, "games": "Standard "}, "games", "standard")
family.add_wrong("a-list-of-two", {**ANSWERS, "games": ["fifo", "standard"]}, "six_answers", "unknown")

family.add_right("as_asked", dict(ANSWERS))
family.add_right("in_another_order", dict(reversed(ANSWERS.items())))
family.add_right("in_capitals", {job: right.upper() for job, right in ANSWERS.items()})
family.add_right(
    "made_in_a_loop",
    {
        job: {"photos": "standard", "sensors": "standard", "accounts": "fifo", "games": "fifo"}.get(job, "neither")
        for job in ANSWERS
    },
)

test_wrong, test_right = family.tests()
