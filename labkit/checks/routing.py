"""Exercise 5.3: filter policies, judged by which queue got what."""

from __future__ import annotations

import itertools
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from labkit.checks.access_world import queue_arn
from labkit.checks.exercise import Broken, Exercise
from labkit.checks.trial import Trial

EVENTS = Path(__file__).resolve().parents[2] / "data" / "events.jsonl"
route = Exercise("5.3", "route", ("topic_arn", "queues"))

NAMES = ("companies", "big_companies", "new_users", "not_closed")
# Each with the queues that it is for.
SAMPLES: tuple[tuple[dict[str, Any], set[str]], ...] = (
    ({"kind": "company", "event": "closed", "employees": 99}, {"companies"}),
    ({"kind": "company", "event": "closed", "employees": 100}, {"companies", "big_companies"}),
    ({"kind": "user", "event": "created"}, {"new_users", "not_closed"}),
    ({"kind": "user", "event": "closed"}, set()),
    ({"kind": "user", "event": "changed", "employees": 450}, {"not_closed"}),
    ({"kind": "company", "event": "created", "employees": 3}, {"companies", "not_closed"}),
    # What the file does not have, and a rule takes in nonetheless; or does not.
    ({"kind": "company", "event": "moved", "employees": 250_000}, {"companies", "big_companies", "not_closed"}),
    ({"kind": "partner", "event": "created", "employees": 450}, {"not_closed"}),
)
_numbers = itertools.count(1)


class Routes:
    """A topic and the four queues, which let it in, connected by the student's function."""

    def __init__(self, trial: Trial) -> None:
        self.sqs, self.sns = trial.aws.client("sqs"), trial.aws.client("sns")
        number = next(_numbers)
        self.topic = self.sns.create_topic(Name=f"events-{number}")["TopicArn"]
        allow = {"Effect": "Allow", "Principal": "*", "Action": "sqs:SendMessage", "Resource": "*"}
        policy = {"Policy": json.dumps({"Version": "2012-10-17", "Statement": [allow]})}
        self.queues = {
            name: self.sqs.create_queue(QueueName=f"{name}-{number}", Attributes=policy)["QueueUrl"] for name in NAMES
        }
        trial.call(self.topic, dict(self.queues))

    def publish(self, lines: Sequence[str]) -> None:
        for start in range(0, len(lines), 10):
            entries = [{"Id": str(n), "Message": line} for n, line in enumerate(lines[start : start + 10])]
            self.sns.publish_batch(TopicArn=self.topic, PublishBatchRequestEntries=entries)

    def subscribed(self, name: str) -> bool:
        pages = self.sns.get_paginator("list_subscriptions_by_topic").paginate(TopicArn=self.topic)
        return any(
            found["Endpoint"] == queue_arn(self.queues[name]) for page in pages for found in page["Subscriptions"]
        )

    def waiting(self, name: str) -> int:
        asked = "ApproximateNumberOfMessages"
        answer = self.sqs.get_queue_attributes(QueueUrl=self.queues[name], AttributeNames=[asked])
        return int(answer["Attributes"][asked])


@route.holds
def each_to_its_queues(trial: Trial) -> None:
    routes = Routes(trial)
    for name in NAMES:
        if not routes.subscribed(name):
            raise Broken("no_subscription", name=name)
    before = dict.fromkeys(NAMES, 0)
    for number, (values, wanted) in enumerate(SAMPLES, 1):
        event = {"id": number, **values}
        routes.publish([json.dumps(event)])
        for name in NAMES:
            got, before[name] = routes.waiting(name) - before[name], routes.waiting(name)
            if got > 1:
                raise Broken("twice", event=event, name=name)
            if got != (name in wanted):
                raise Broken("not_there" if name in wanted else "too_much", event=event, name=name)


@route.holds
def a_thousand(trial: Trial) -> None:
    lines = EVENTS.read_text("utf-8").splitlines()
    wanted = dict.fromkeys(NAMES, 0)
    for event in filter(None, map(_event, lines)):
        for name in _queues_of(event):
            wanted[name] += 1
    routes = Routes(trial)
    routes.publish(lines)
    for name in NAMES:
        if (got := routes.waiting(name)) != wanted[name]:
            raise Broken("number", name=name, got=got, wanted=wanted[name])


def _event(line: str) -> dict[str, Any] | None:
    try:
        found = json.loads(line)
    except ValueError:
        return None
    return found if isinstance(found, dict) else None


def _queues_of(event: dict[str, Any]) -> list[str]:
    company = event["kind"] == "company"
    rules = (
        company,
        company and event["employees"] >= 100,
        event["kind"] == "user" and event["event"] == "created",
        event["event"] != "closed",
    )
    return [name for name, holds in zip(NAMES, rules, strict=True) if holds]
