"""7.4: what cannot be processed is written down as a failure, and costs nobody else anything."""

from __future__ import annotations

import json
from typing import Any

from labkit.checks.exercise import Broken, Exercise
from labkit.checks.refusals import first_write_refused
from labkit.checks.trial import Trial, shown
from labkit.checks.world import World
from labkit.explore import Bounds

process_or_fail = Exercise("7.4", "process_or_fail", ("queue_url", "table_name", "handle"))

ORDER, REFUND, COMPLAINT = "two tickets", "a refund", "a complaint"
UNREADABLE = (
    "two tickets, please",
    '["m-1", "two tickets"]',
    '"two tickets"',
    '{"id": "m-7"}',
    '{"id": 7, "text": "x"}',
    '{"id": "m-7", "text": 2}',
)


class NobodyHereError(Exception):
    """An exception that nobody thinks of by name."""


class Counter(World):
    """A world whose counter sells tickets, gives no refunds, and has nobody for complaints."""

    def __init__(self, aws: Any) -> None:
        super().__init__(aws)
        self.fails = _is_refused


def _is_refused(text: str) -> bool:
    if text == COMPLAINT:
        raise NobodyHereError(f"nobody is here for {text}")
    return text == REFUND


@process_or_fail.holds
def batch(trial: Trial) -> None:
    world = Counter(trial.aws)
    trial.call(world.queue_url, world.table_name, world.handle, returns=list)  # nothing waits
    ids = world.send("order 1", "order 2", "order 3")
    before = world.items()
    answer = trial.call(world.queue_url, world.table_name, world.handle, returns=list)
    outcome = world.outcome()
    if len(outcome.handled) < len(ids):
        raise Broken("too_few", number=len(outcome.handled))
    for message_id in ids:
        if outcome.state(message_id) != "complete":
            raise Broken("not_complete", id=message_id, state=outcome.state(message_id))
        if lost := before[message_id].keys() - outcome.items[message_id].keys():
            raise Broken("attribute_lost", id=message_id, name=min(lost))
    if outcome.left:
        raise Broken("stays", number=outcome.left)
    if answer != ids:
        raise Broken("not_the_ids", got=answer, wanted=ids)


@process_or_fail.holds
def failure(trial: Trial) -> None:
    world = Counter(trial.aws)
    ids = world.send(ORDER, REFUND, COMPLAINT, "one ticket")
    answer = trial.call(world.queue_url, world.table_name, world.handle, returns=list)
    outcome = world.outcome()
    for message_id, text in (("m-2", REFUND), ("m-3", COMPLAINT)):
        if outcome.state(message_id) == "pending" and outcome.state("m-2") == "fail":
            raise Broken("neighbours", first=outcome.state("m-1"), last=outcome.state("m-4"))
        if outcome.state(message_id) != "fail":
            raise Broken("not_failed", state=outcome.state(message_id))
        if text not in outcome.items[message_id].get("reason", ""):
            raise Broken("no_reason", got=outcome.items[message_id].get("reason", ""))
    if outcome.state("m-1") != "complete" or outcome.state("m-4") != "complete":
        raise Broken("neighbours", first=outcome.state("m-1"), last=outcome.state("m-4"))
    for message_id in ("m-1", "m-4"):
        if reason := outcome.items[message_id].get("reason"):
            raise Broken("reason_of_another", got=reason)
    if outcome.left:
        raise Broken("stays", number=outcome.left)
    if answer != ids:
        raise Broken("not_the_ids", got=answer, wanted=ids)


@process_or_fail.holds
def unreadable(trial: Trial) -> None:
    for number, body in enumerate(UNREADABLE):
        world = Counter(trial.aws)
        first = number % 2  # the order now comes last, now first
        sent = world.send(*[ORDER] * first)
        message_id = world.send_body(body)
        sent += [message_id, *world.send(*[ORDER] * (1 - first))]
        answer = trial.call(world.queue_url, world.table_name, world.handle, returns=list)
        outcome = world.outcome()
        if outcome.state("m-1") != "complete":
            raise Broken("neighbour", body=body)
        if message_id not in outcome.items:
            raise Broken("no_item", body=body)
        found = outcome.items[message_id]
        for name, value in {"state": "fail", "text": body}.items():
            if found.get(name) != value:
                raise Broken("attribute", name=name, wanted=value, got=found.get(name, "–"))
        if not found.get("reason"):
            raise Broken("no_reason", body=body)
        if outcome.left:
            raise Broken("stays", body=body)
        if answer != sent:
            raise Broken("not_the_ids", got=answer, wanted=sent)


@process_or_fail.holds
def empty_text(trial: Trial) -> None:
    world = Counter(trial.aws)
    world.send("")
    trial.call(world.queue_url, world.table_name, world.handle, returns=list)
    if world.outcome().state("m-1") != "complete":
        raise Broken("not_complete", body='{"id": "m-1", "text": ""}', state=world.outcome().state("m-1"))


@process_or_fail.holds
def late_duplicate(trial: Trial) -> None:
    for first, second in (("complete", "fail"), ("fail", "complete")):
        world = Counter(trial.aws)
        world.put_pending("m-1", ORDER, state=first)
        world.fails = lambda text, second=second: second == "fail"  # type: ignore[misc]
        world.send_body(json.dumps({"id": "m-1", "text": ORDER}))
        answer = trial.call(world.queue_url, world.table_name, world.handle, returns=list)
        outcome = world.outcome()
        if outcome.state("m-1") != first:
            raise Broken("turned_back", first=first, second=second)
        if outcome.left:
            raise Broken("stays", first=first)
        if answer:
            raise Broken("decided_twice", first=first)


@process_or_fail.holds
def crash(trial: Trial) -> None:
    def make() -> Counter:
        world = Counter(trial.aws)
        world.send(ORDER)
        world.send_body(UNREADABLE[0])
        return world

    def work(world: Counter) -> Any:
        return trial.given(world.queue_url, world.table_name, world.handle)

    for experiment in trial.explore(make, work, consumers=1, bounds=Bounds(switches=0)):
        outcome = experiment.outcome
        if not outcome.handled[ORDER]:
            raise Broken("false" if outcome.state("m-1") == "complete" else "lost", experiment)
        if outcome.state("m-1") != "complete":
            raise Broken("pending", experiment, state=outcome.state("m-1"))
        if len(outcome.items) < 2:
            raise Broken("untraced", experiment)
        if outcome.left:
            raise Broken("stays", experiment)


@process_or_fail.holds
def table_away(trial: Trial) -> None:
    world = Counter(trial.aws)
    world.send(ORDER)
    with first_write_refused(trial.aws):
        trial.attempt(world.queue_url, world.table_name, world.handle)
    outcome = world.outcome()
    if outcome.state("m-1") == "fail":
        raise Broken("mistaken", words=shown(outcome.items["m-1"].get("reason", "")))
    if outcome.state("m-1") != "complete" and not outcome.left:
        raise Broken("lost")
