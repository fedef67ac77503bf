"""Exercise 8.3: an endpoint for sqsd, tried with a daemon that posts what it receives and deletes after a 200."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

from labkit.checks.exercise import Broken, Exercise
from labkit.checks.refusals import refused_writes
from labkit.checks.trial import Experiment, Trial
from labkit.checks.world import World

DONE = 200
ORDER = "two tickets"

answer = Exercise("8.3", "answer", ("table_name", "body", "handle"))


class PushingWorld(World):
    """A world whose consumer is the daemon. `endpoint(table_name, body, handle)` is the student's."""

    def post(self, endpoint: Callable[..., Any]) -> Any:
        """Receive one message and post it; delete it after a 200. The status, or None if nothing waited."""
        received = self.receive(1)
        if not received:
            return None
        status = endpoint(self.table_name, received[0]["Body"], self.handle)
        if status == DONE:
            self.delete(received[0])
        return status


def _post(trial: Trial, world: PushingWorld, body: str) -> int:
    status: int = trial.call(world.table_name, body, world.handle, returns=int)
    return status


def _order(trial: Trial) -> tuple[PushingWorld, str]:
    world = PushingWorld(trial.aws)
    world.put_pending("m-1", ORDER)
    return world, json.dumps({"id": "m-1", "text": ORDER})


@answer.holds
def done(trial: Trial) -> None:
    world, body = _order(trial)
    before = world.items()["m-1"]
    status = _post(trial, world, body)
    outcome = world.outcome()
    if strange := [text for text in outcome.handled if text != ORDER]:
        raise Broken("not_the_text", text=strange[0])
    if outcome.handled[ORDER] != 1:
        raise Broken("times", times=outcome.handled[ORDER])
    if outcome.state("m-1") != "complete":
        raise Broken("not_complete", state=outcome.state("m-1"))
    if status != DONE:
        raise Broken("not_200", status=status)
    if lost := before.keys() - outcome.items["m-1"].keys():
        raise Broken("attribute_lost", name=min(lost))


@answer.holds
def again(trial: Trial) -> None:
    world, body = _order(trial)
    _post(trial, world, body)
    status = _post(trial, world, body)
    if world.outcome().handled[ORDER] > 1:
        raise Broken("twice")
    if status != DONE:
        raise Broken("not_200", status=status)


@answer.holds
def empty_text(trial: Trial) -> None:
    world = PushingWorld(trial.aws)
    world.put_pending("m-1", "")
    status = _post(trial, world, json.dumps({"id": "m-1", "text": ""}))
    if status != DONE:
        raise Broken("not_done", status=status)


@answer.holds
def failing_handler(trial: Trial) -> None:
    def fails(text: str) -> bool:
        raise ConnectionError("the printer does not answer")  # one that nobody thinks of by name

    world, body = _order(trial)
    before = world.items()
    world.fails = fails
    status = _post(trial, world, body)
    if status == DONE:
        raise Broken("said_done")
    if world.outcome().state("m-1") != "pending":
        raise Broken("wrote", state=world.outcome().state("m-1"))
    if world.items() != before:
        raise Broken("changed")
    world.fails = lambda text: False
    if _post(trial, world, body) != DONE or world.outcome().state("m-1") != "complete":
        raise Broken("not_later")


@answer.holds
def table_away(trial: Trial) -> None:
    world, body = _order(trial)
    with refused_writes(trial.aws):
        result = trial.attempt(world.table_name, body, world.handle)
    if result.value == DONE:
        raise Broken("said_done")


@answer.holds
def unreadable(trial: Trial) -> None:
    for body in ("two tickets", "[]", '"m-1"', "{}", '{"id": "m-1"}', '{"text": "two tickets"}'):
        world, _ = _order(trial)
        if _post(trial, world, body) == DONE:
            raise Broken("said_done", body=body)
        if world.handled:
            raise Broken("handled", body=body)
        if set(world.items()) != {"m-1"} or world.outcome().state("m-1") != "pending":
            raise Broken("wrote", body=body)


@answer.holds
def crash(trial: Trial) -> None:
    for experiment in _experiments(trial):
        outcome = experiment.outcome
        if not outcome.handled[ORDER]:
            raise Broken("lost", experiment, state=outcome.state("m-1"))
        if outcome.state("m-1") != "complete":
            raise Broken("pending", experiment, state=outcome.state("m-1"))
        if outcome.left:
            raise Broken("stays", experiment)


def _experiments(trial: Trial) -> Iterator[Experiment[PushingWorld]]:
    def make() -> PushingWorld:
        world = PushingWorld(trial.aws)
        world.send(ORDER)
        return world

    return trial.explore(make, lambda world: world.post(trial.given), consumers=1)
