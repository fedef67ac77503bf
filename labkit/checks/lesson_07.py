"""The exercises of 07: send, process, finish, fail, claim, list. Here is 7.2; the others are in modules of their own."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from labkit.checks.deciding import claim, finish
from labkit.checks.exercise import Broken, Exercise
from labkit.checks.failing import process_or_fail
from labkit.checks.listing import list_page
from labkit.checks.refusals import refused_writes
from labkit.checks.sending import send
from labkit.checks.trial import Experiment, Trial, shown
from labkit.checks.world import Outcome, World
from labkit.explore import Kind

process = Exercise("7.2", "process_messages", ("queue_url", "table_name", "handle"))
EXERCISES = (send, process, finish, process_or_fail, claim, list_page)

ORDER = "two tickets"


@process.holds
def empty_queue(trial: Trial) -> None:
    world = World(trial.aws)
    answer = trial.call(world.queue_url, world.table_name, world.handle, returns=list)
    if answer:
        raise Broken("not_the_ids", got=shown(answer))
    if world.handled:
        raise Broken("handled", text=world.handled[0])


@process.holds
def batch(trial: Trial) -> None:
    orders = [f"order {number}" for number in range(1, 11)]
    world = World(trial.aws)
    ids = world.send(*orders)
    before = world.items()
    answer = trial.call(world.queue_url, world.table_name, world.handle, returns=list)
    outcome = world.outcome()
    if strange := [text for text in outcome.handled if text not in orders]:
        raise Broken("not_the_text", text=strange[0])
    if doubled := [text for text, times in outcome.handled.items() if times > 1]:
        raise Broken("twice", text=doubled[0])
    if not outcome.handled:
        raise Broken("none_handled")
    if len(outcome.handled) < len(orders):
        raise Broken("too_few", number=len(outcome.handled))
    for message_id in ids:
        if outcome.state(message_id) != "complete":
            raise Broken("not_complete", id=message_id, state=outcome.state(message_id))
        lost = before[message_id].keys() - outcome.items[message_id].keys()
        if lost:
            raise Broken("attribute_lost", id=message_id, name=min(lost))
    if outcome.left:
        raise Broken("not_deleted", number=outcome.left)
    if answer != ids:
        raise Broken("not_the_ids", got=shown(answer))


@process.holds
def more_than_ten(trial: Trial) -> None:
    world = World(trial.aws)
    ids = world.send(*(f"order {number}" for number in range(1, 13)))
    answers = [trial.call(world.queue_url, world.table_name, world.handle, returns=list) for _ in range(3)]
    outcome = world.outcome()
    if outcome.left or any(outcome.state(message_id) != "complete" for message_id in ids):
        raise Broken("left", number=outcome.left, answers=[len(answer) for answer in answers])
    returned = [message_id for answer in answers for message_id in answer]
    if doubled := [message_id for message_id in returned if returned.count(message_id) > 1]:
        raise Broken("again", id=doubled[0], answers=[len(answer) for answer in answers])


@process.holds
def crash(trial: Trial) -> None:
    for experiment in _experiments(trial):
        outcome: Outcome = experiment.outcome
        if not outcome.handled[ORDER] and outcome.left:
            raise Broken("never", experiment, state=outcome.state("m-1"))
        if not outcome.handled[ORDER]:
            raise Broken("false" if outcome.state("m-1") == "complete" else "lost", experiment)
        if outcome.state("m-1") != "complete":
            raise Broken("pending", experiment, state=outcome.state("m-1"))
        if outcome.left:
            raise Broken("stays", experiment)


@process.holds
def order_of_steps(trial: Trial) -> None:
    """Deleted only what the table says is complete; complete only what was handled."""
    for experiment in _experiments(trial):
        steps = [step.action for step in experiment.run.steps if step.kind is not Kind.CRASH]
        if "UpdateItem" in steps and "handle" in steps and steps.index("UpdateItem") < steps.index("handle"):
            raise Broken("complete_first", experiment)


@process.holds
def failing_handler(trial: Trial) -> None:
    world = World(trial.aws)
    world.fails = lambda text: text == ORDER
    world.send(ORDER)
    answer = trial.attempt(world.queue_url, world.table_name, world.handle).value
    world.wait()
    outcome = world.outcome()
    if outcome.state("m-1") == "complete":
        raise Broken("complete")
    if not outcome.left:
        raise Broken("deleted")
    if isinstance(answer, list) and "m-1" in answer:
        raise Broken("said_complete")


@process.holds
def table_away(trial: Trial) -> None:
    """What is done in threads is not stopped before each step, as in `crash`; but that a write fails, it meets."""
    world = World(trial.aws)
    world.send(ORDER)
    with refused_writes(trial.aws):
        trial.attempt(world.queue_url, world.table_name, world.handle)
    outcome = world.outcome()
    if outcome.state("m-1") != "complete" and not outcome.left:
        raise Broken("deleted", state=outcome.state("m-1"))


def _experiments(trial: Trial) -> Iterator[Experiment[World]]:
    def make() -> World:
        world = World(trial.aws)
        world.send(ORDER)
        return world

    def work(world: World) -> Any:
        return trial.given(world.queue_url, world.table_name, world.handle)

    return trial.once("one order", lambda: trial.explore(make, work))
