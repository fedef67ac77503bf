"""Exercise 4.1: pairs of queues as beginners make them."""

import json
from typing import Any

from kit import Family, sqs

family = Family("4.1")
DAY = 86_400


def make(name: str, **attributes: str) -> str:
    return sqs.create_queue(QueueName=name, Attributes=attributes)["QueueUrl"]


def arn(url: str) -> str:
    return sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]


def pair(
    name: str,
    tries: Any,
    fifo: bool = False,
    *,
    days: int = 4,
    dead_days: int = 14,
    allow: str | None = "byQueue",
    ending: str = ".fifo",
    kind: dict[str, str] | None = None,
    policy_on_dead: bool = False,
) -> tuple[str, str]:
    """A right pair, unless something is said otherwise."""
    kind = (kind or {"FifoQueue": "true", "ContentBasedDeduplication": "true"}) if fifo else {}
    ending = ending if fifo else ""
    queue = make(name + ending, MessageRetentionPeriod=str(days * DAY), **kind)
    dead = make(f"{name}-dead{ending}", MessageRetentionPeriod=str(dead_days * DAY), **kind)
    ends = (dead, queue) if policy_on_dead else (queue, dead)
    policy = json.dumps({"deadLetterTargetArn": arn(ends[1]), "maxReceiveCount": tries})
    sqs.set_queue_attributes(QueueUrl=ends[0], Attributes={"RedrivePolicy": policy})
    if allow:
        rules = {"redrivePermission": allow, **({"sourceQueueArns": [arn(queue)]} if allow == "byQueue" else {})}
        sqs.set_queue_attributes(QueueUrl=dead, Attributes={"RedriveAllowPolicy": json.dumps(rules)})
    return queue, dead


@family.wrong("two_queues", "type")
def returns_one_url(name, tries, fifo=False):
    return pair(name, tries, fifo)[0]


@family.wrong("two_queues", "type")
def returns_the_answers_of_create_queue(name, tries, fifo=False):
    return sqs.create_queue(QueueName=name), sqs.create_queue(QueueName=f"{name}-dead")


@family.wrong("two_queues", "no_queue")
def makes_a_url_up(name, tries, fifo=False):
    queue, _ = pair(name, tries, fifo)
    return queue, f"{queue}-dead-letters"


@family.wrong("two_queues", "other_name")
def swaps_the_two(name, tries, fifo=False):
    queue, dead = pair(name, tries, fifo)
    return dead, queue


@family.wrong("two_queues", "same")
def is_its_own_dead_letter_queue(name, tries, fifo=False):
    queue = make(name)
    return queue, queue


@family.wrong("two_queues", "raised")
def names_the_dead_letter_queue_by_its_url(name, tries, fifo=False):
    dead = make(f"{name}-dead")
    policy = json.dumps({"deadLetterTargetArn": dead, "maxReceiveCount": tries})
    return make(name, RedrivePolicy=policy), dead


@family.wrong("moves_after_the_tries", "stays")
def has_no_redrive_policy(name, tries, fifo=False):
    queue, dead = pair(name, tries, fifo)
    sqs.set_queue_attributes(QueueUrl=queue, Attributes={"RedrivePolicy": ""})
    return queue, dead


@family.wrong("moves_after_the_tries", "stays")
def counts_the_move_as_a_try(name, tries, fifo=False):
    return pair(name, tries + 1, fifo)


@family.wrong("moves_after_the_tries", "too_early")
def counts_one_too_few(name, tries, fifo=False):
    return pair(name, max(1, tries - 1), fifo)


@family.wrong("moves_after_the_tries", "elsewhere")
def returns_another_queue_than_it_connects(name, tries, fifo=False):
    queue, _ = pair(name, tries, fifo)
    return queue, make(f"{name}-dead-2")


@family.wrong("moves_after_the_tries", "stays")
def has_the_policy_on_the_wrong_queue(name, tries, fifo=False):
    return pair(name, tries, fifo, policy_on_dead=True, allow=None)


@family.wrong("keeps", "queue_days")
def keeps_a_day(name, tries, fifo=False):
    return pair(name, tries, fifo, days=1)


@family.wrong("keeps", "dead_forgets")
def counts_from_the_move(name, tries, fifo=False):
    return pair(name, tries, fifo, dead_days=7)


@family.wrong("nobody_else", "anybody")
def lets_anybody_in(name, tries, fifo=False):
    return pair(name, tries, fifo, allow=None)


@family.wrong("nobody_else", "nobody")
def lets_nobody_in(name, tries, fifo=False):
    return pair(name, tries, fifo, allow="denyAll")


@family.wrong("fifo_queues", "raised")
def forgets_the_names_of_fifo_queues(name, tries, fifo=False):
    return pair(name, tries, fifo, ending="")


@family.wrong("fifo_queues", "other_name")
def knows_no_fifo(name, tries, fifo=False):
    return pair(name, tries)


@family.wrong("fifo_queues", "refused")
def forgets_deduplication(name, tries, fifo=False):
    return pair(name, tries, fifo, kind={"FifoQueue": "true"})


@family.wrong("fifo_queues", "refused")
def forgets_deduplication_in_the_dead_letter_queue(name, tries, fifo=False):
    queue, dead = pair(name, tries, fifo)
    if fifo:
        sqs.set_queue_attributes(QueueUrl=dead, Attributes={"ContentBasedDeduplication": "false"})
    return queue, dead


@family.wrong("moves_after_the_tries", "stays")
def leaves_fifo_queues_unconnected(name, tries, fifo=False):
    kind = {"FifoQueue": "true", "ContentBasedDeduplication": "true"}
    return (make(f"{name}.fifo", **kind), make(f"{name}-dead.fifo", **kind)) if fifo else pair(name, tries)


@family.wrong("keeps", "dead_forgets")
def keeps_a_fifo_queues_letters_no_longer_than_the_queue(name, tries, fifo=False):
    return pair(name, tries, fifo, dead_days=4 if fifo else 14)


@family.wrong("nobody_else", "anybody")
def guards_only_standard_queues(name, tries, fifo=False):
    return pair(name, tries, fifo, allow=None if fifo else "byQueue")


@family.right
def step_by_step(name, tries, fifo=False):
    return pair(name, tries, fifo)


@family.right
def as_a_list_and_with_a_text_for_a_number(name, tries, fifo=False):
    return list(pair(name, str(tries), fifo, dead_days=7 if fifo else 11))


@family.right
def the_queue_last(name, tries, fifo=False):
    ending = ".fifo" if fifo else ""
    kind = {"FifoQueue": "true", "ContentBasedDeduplication": "true"} if fifo else {}
    dead = make(f"dead-letters-of-{name}{ending}", MessageRetentionPeriod=str(14 * DAY), **kind)
    policy = json.dumps({"deadLetterTargetArn": arn(dead), "maxReceiveCount": tries})
    queue = make(name + ending, RedrivePolicy=policy, **kind)  # four days are the default
    rules = {"redrivePermission": "byQueue", "sourceQueueArns": [arn(queue)]}
    sqs.set_queue_attributes(QueueUrl=dead, Attributes={"RedriveAllowPolicy": json.dumps(rules)})
    return queue, dead


test_wrong, test_right = family.tests()
