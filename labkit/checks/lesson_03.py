"""The exercises of 03: a consumer that loses nothing, one that takes its time, a queue's numbers, a queue's settings."""

from __future__ import annotations

import reprlib
from collections.abc import Iterator
from typing import Any

from labkit.checks.exercise import Broken, Exercise
from labkit.checks.queue_numbers import diagnose, settings
from labkit.checks.queue_world import LongWork, OutOfPaper, Progress, QueueWorld
from labkit.checks.trial import Experiment, Trial
from labkit.explore import Bounds

process = Exercise("3.1", "process", ("queue_url", "handle"))
work_through = Exercise("3.2", "work_through", ("queue_url", "steps_of"))
EXERCISES = (process, work_through, diagnose, settings)

ONLY_CRASHES = Bounds(switches=0)
LATER = 901  # seconds between two consumers: whoever hides a message for a quarter of an hour has not lost it
LONGEST_PAUSE = 90  # seconds; one who comes a minute after the crash, 61 s, has to find the message


@process.holds
def empty_queue(trial: Trial) -> None:
    world = QueueWorld(trial.aws)
    answer = trial.call(world.queue_url, world.handle, returns=list)
    if world.handled:
        raise Broken("handled", body=world.handled[0])
    if answer:
        raise Broken("not_empty", got=reprlib.repr(answer))


@process.holds
def batch(trial: Trial) -> None:
    world = QueueWorld(trial.aws)
    orders = world.send(*(f"order {number}" for number in range(1, 11)))
    not_hidden: list[str] = []

    def look(body: str) -> bool:
        not_hidden.extend(seen for seen in world.seen_by_others() if seen == body)
        return False

    world.fails = look
    answer = trial.call(world.queue_url, world.handle, returns=list)
    if strange := [body for body in world.handled if body not in orders]:
        raise Broken("not_the_body", body=reprlib.repr(strange[0]))
    outcome = world.outcome()
    if doubled := [body for body, times in outcome.handled.items() if times > 1]:
        raise Broken("twice", body=doubled[0])
    if not outcome.handled:
        raise Broken("none")
    if not_hidden:
        raise Broken("not_hidden", body=not_hidden[0])
    if len(outcome.handled) < len(orders):
        raise Broken("too_few", number=len(outcome.handled))
    if outcome.left:
        raise Broken("not_deleted", number=outcome.left)
    if answer != orders:
        raise Broken("not_the_bodies", got=reprlib.repr(answer))


@process.holds
def more_than_ten(trial: Trial) -> None:
    world = QueueWorld(trial.aws)
    orders = world.send(*(f"order {number}" for number in range(1, 13)))
    for _ in range(3):
        trial.call(world.queue_url, world.handle, returns=list)
    if missing := [order for order in orders if order not in world.handled]:
        raise Broken("left" if world.outcome().left else "gone", order=missing[0])


@process.holds
def crash(trial: Trial) -> None:
    def make() -> QueueWorld:
        world = QueueWorld(trial.aws)
        world.send("order 1", "order 2")
        return world

    def work(world: QueueWorld) -> Any:
        return trial.given(world.queue_url, world.handle)

    for experiment in trial.explore(make, work, consumers=1, bounds=ONLY_CRASHES, later=LATER):
        for order in ("order 1", "order 2"):
            if not experiment.outcome.handled[order]:
                raise Broken("never" if experiment.outcome.left else "lost", experiment, order=order)
        if experiment.outcome.left:
            raise Broken("stays", experiment)


@process.holds
def failing_handler(trial: Trial) -> None:
    def fails(body: str) -> bool:
        if body == "order 2":
            raise OutOfPaper(body)
        return False

    world = QueueWorld(trial.aws)
    world.fails = fails
    orders = ["order 1", "order 2", "order 3", "order 4"]
    ids = [world.send_body(order) for order in orders]
    result = trial.attempt(world.queue_url, world.handle)
    if result.error:
        raise Broken("lets_through", error=type(result.error).__name__)
    if result.endless:
        raise Broken("endless", steps=result.steps)
    world.wait()
    if not world.outcome().left:
        raise Broken("deleted")
    for order in orders:
        if order != "order 2" and order not in world.handled:
            raise Broken("neighbour", order=order)
    if world.outcome().left > 1:
        raise Broken("comes_back", number=world.outcome().left)
    world.wait(LATER)
    if [message for message in world.receive() if message["MessageId"] not in ids]:
        raise Broken("another")
    if result.value != ["order 1", "order 3", "order 4"]:
        raise Broken("claims", got=reprlib.repr(result.value))


@work_through.holds
def nothing_waits(trial: Trial) -> None:
    world = QueueWorld(trial.aws)
    answer = trial.call(world.queue_url, lambda body: [])
    if answer is not None:
        raise Broken("not_none", got=reprlib.repr(answer))


@work_through.holds
def one_step(trial: Trial) -> None:
    world = LongWork(trial.aws, steps=1)
    answer = trial.call(world.queue_url, world.steps_of)
    if world.no_body is not None:
        raise Broken("no_body", got=reprlib.repr(world.no_body))
    if answer != "order 1":
        raise Broken("not_the_body", got=reprlib.repr(answer))
    work = world.outcome()
    if work.steps != [1]:
        raise Broken("not_done", number=len(work.steps))
    if work.left:
        raise Broken("not_deleted")


@work_through.holds
def many_steps(trial: Trial) -> None:
    work = _work(trial, LongWork(trial.aws, steps=6))
    if work.stolen_at:
        raise Broken("stolen", step=work.stolen_at, seconds=work.stolen_at * LongWork.STEP)
    if work.steps != [1, 2, 3, 4, 5, 6]:
        raise Broken("out_of_order", steps=work.steps)


@work_through.holds
def neighbours(trial: Trial) -> None:
    work = _work(trial, LongWork(trial.aws, steps=3, neighbours=4))
    if work.hidden:
        raise Broken("hoards", number=work.hidden)
    if work.left < 4:
        raise Broken("gone", number=4 - work.left)


@work_through.holds
def failing_step(trial: Trial) -> None:
    world = LongWork(trial.aws, steps=4)
    world.fails_in = 2
    result = trial.attempt(world.queue_url, world.steps_of)
    if result.error:
        raise Broken("lets_through", error=type(result.error).__name__)
    if result.endless:
        raise Broken("endless", steps=result.steps)
    if max(world.steps, default=0) > 1:
        raise Broken("goes_on", step=max(world.steps))
    if len(world.begun) > 2:
        raise Broken("tries_again", times=len(world.begun) - 1)
    waiting, in_flight = world.counts()
    if in_flight:
        raise Broken("kept")
    if not waiting:
        raise Broken("deleted")
    if result.value is not None:
        raise Broken("claims", got=reprlib.repr(result.value))


@work_through.holds
def dies(trial: Trial) -> None:
    def work(world: LongWork) -> Any:
        return trial.given(world.queue_url, world.steps_of)

    experiments: Iterator[Experiment[LongWork]] = trial.explore(
        lambda: LongWork(trial.aws, steps=3), work, consumers=1, bounds=ONLY_CRASHES, later=61
    )
    for experiment in experiments:
        outcome: Progress = experiment.outcome
        if not outcome.done and not outcome.left:
            raise Broken("lost", experiment)
        if not outcome.done or outcome.longest_pause > LONGEST_PAUSE:
            raise Broken("late", experiment)
        if outcome.left:
            raise Broken("stays", experiment)


def _work(trial: Trial, world: LongWork) -> Progress:
    """What became of the work in `world`, done once."""
    trial.call(world.queue_url, world.steps_of)
    return world.outcome()
