"""Exercise 4.3: the table of 07 says of each dead letter that it failed, and of nothing else."""

from __future__ import annotations

import json
import re
from typing import Any

from labkit.checks.dead_letter_world import TRIES, DeadLetterWorld, LetterToClose
from labkit.checks.exercise import Broken, Exercise
from labkit.checks.trial import Trial
from labkit.explore import Bounds

close_books = Exercise("4.3", "close_books", ("dead_letter_url", "table_name"))

# With the receive by which it is read, or without. A digit of a date or of an id is no count.
COUNTED = re.compile(rf"(?<!\w)({TRIES}|{TRIES + 1})(?![\da-f])")
DECIDED = {"m-1": {"state": "complete"}, "m-2": {"state": "fail", "reason": "ValueError: no seats"}}


@close_books.holds
def no_dead_letters(trial: Trial) -> None:
    world = DeadLetterWorld(trial.aws)
    if answer := trial.call(world.queue_url, world.table_name, returns=list):
        raise Broken("not_empty", got=answer)


@close_books.holds
def written(trial: Trial) -> None:
    world = DeadLetterWorld(trial.aws)
    world.put_pending("m-1", "two tickets")
    world.let_die(_body("m-1", "two tickets"))
    before = world.items()["m-1"]
    answer = trial.call(world.queue_url, world.table_name, returns=list)
    item = world.items()["m-1"]
    if item.get("state") != "fail":
        raise Broken("not_fail", state=item.get("state"))
    if lost := before.keys() - item.keys():
        raise Broken("attribute_lost", name=min(lost))
    if not COUNTED.search(item.get("reason", "")):
        raise Broken("no_count", got=item.get("reason"), times=TRIES + 1)
    if any(world.counts()):
        raise Broken("not_deleted")
    if answer != ["m-1"]:
        raise Broken("not_the_ids", got=answer)


@close_books.holds
def decided_before(trial: Trial) -> None:
    """One was completed by a consumer that was late to delete it; one had failed, and its consumer said why."""
    world = DeadLetterWorld(trial.aws)
    for message_id, decided in DECIDED.items():
        world.put_pending(message_id, "two tickets", **decided)
        world.let_die(_body(message_id, "two tickets"))
    answer = trial.call(world.queue_url, world.table_name, returns=list)
    items = world.items()
    if (state := items["m-1"]["state"]) != "complete":
        raise Broken("turned_back", state=state)
    if (reason := items["m-2"].get("reason")) != DECIDED["m-2"]["reason"]:
        raise Broken("written_over", was=DECIDED["m-2"]["reason"], got=reason)
    if answer:
        raise Broken("not_empty", got=answer)


@close_books.holds
def unreadable(trial: Trial) -> None:
    world = DeadLetterWorld(trial.aws)
    world.put_pending("m-1", "two tickets")
    bad = ("two tickets, please", '["m-1"]', '{"text": "no id"}', _body("m-7", "nobody knows it"))
    world.let_die(*bad, _body("m-1", "two tickets"))
    answer = trial.call(world.queue_url, world.table_name, returns=list)
    letters = world.letters()
    if gone := [body for body in bad if not letters.dead[body]]:
        raise Broken("thrown_away", body=gone[0])
    if invented := letters.items.keys() - {"m-1"}:
        raise Broken("invented", id=min(invented))
    if letters.items["m-1"]["state"] != "fail" or answer != ["m-1"]:
        raise Broken("neighbour", state=letters.items["m-1"]["state"])


@close_books.holds
def crash_in_between(trial: Trial) -> None:
    def work(world: LetterToClose) -> Any:
        return trial.given(world.queue_url, world.table_name)

    for experiment in trial.explore(lambda: LetterToClose(trial.aws), work, consumers=1, bounds=Bounds(switches=0)):
        if experiment.outcome.state("m-1") != "fail":
            raise Broken("pending", experiment)
        if experiment.outcome.left:
            raise Broken("stays", experiment)


@close_books.holds
def late_consumer(trial: Trial) -> None:
    """The message's own consumer, B, was only slow, and is done while the function, A, is at work."""
    completed: list[bool] = []  # by B, in this run

    def work(world: LetterToClose) -> Any:
        world.visits += 1
        if world.visits != 2:
            return trial.given(world.queue_url, world.table_name)
        return completed.append(world.complete("m-1"))

    def make() -> LetterToClose:
        completed.clear()
        return LetterToClose(trial.aws)

    for experiment in trial.explore(make, work, bounds=Bounds(crashes=0, switches=1)):
        state = experiment.outcome.state("m-1")
        if completed == [True] and state != "complete":
            raise Broken("overtaken", experiment, state=state)


def _body(message_id: str, text: str) -> str:
    return json.dumps({"id": message_id, "text": text})
