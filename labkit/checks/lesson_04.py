"""The exercises of 04: a queue and its dead-letter queue, sending back what was repaired, closing the books."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from labkit.checks.dead_letter_pair import make_queues
from labkit.checks.dead_letter_world import TRIES, DeadLetterWorld, Letters, LettersToSendBack
from labkit.checks.exercise import Broken, Exercise
from labkit.checks.trial import Experiment, Trial
from labkit.explore import Bounds

send_back = Exercise("4.2", "send_back", ("dead_letter_url", "queue_url", "is_repaired"))
close_books = Exercise("4.3", "close_books", ("dead_letter_url", "table_name"))
EXERCISES = (make_queues, send_back, close_books)

ONLY_CRASHES = Bounds(switches=0)
A_LONG_TIMEOUT = 3600  # seconds; whoever wants to see all before giving any back may well hide them for minutes
REPAIRED, BROKEN = "2: now with an address", "5: still nothing"


def is_repaired(body: str) -> bool:
    return "address" in body


@send_back.holds
def no_letters(trial: Trial) -> None:
    world = DeadLetterWorld(trial.aws)
    if answer := trial.call(world.queue_url, world.source_url, is_repaired, returns=list):
        raise Broken("not_empty", got=answer)


@send_back.holds
def repaired_ones(trial: Trial) -> None:
    world = LettersToSendBack(trial.aws, REPAIRED, BROKEN)
    answer = trial.call(world.queue_url, world.source_url, is_repaired, returns=list)
    here = [message["Body"] for message in world.waiting(world.queue_url)]
    back = [message["Body"] for message in world.waiting(world.source_url)]
    if BROKEN in back:
        raise Broken("all_sent", body=BROKEN)
    if back != [REPAIRED]:
        raise Broken("not_sent" if not back else "changed", body=REPAIRED, back=back)
    world.wait()
    left = [message["Body"] for message in world.waiting(world.queue_url)]
    if REPAIRED in here + left:
        raise Broken("in_both", body=REPAIRED)
    if BROKEN not in here:
        raise Broken("hidden" if BROKEN in left else "thrown_away", body=BROKEN)
    if answer != [REPAIRED]:
        raise Broken("not_the_bodies", got=answer)


@send_back.holds
def attributes(trial: Trial) -> None:
    world = DeadLetterWorld(trial.aws)
    kind = {"kind": {"DataType": "String", "StringValue": "express"}}
    world.sqs.send_message(QueueUrl=world.queue_url, MessageBody=REPAIRED, MessageAttributes=kind)
    trial.call(world.queue_url, world.source_url, is_repaired, returns=list)
    for message in world.waiting(world.source_url):
        if message.get("MessageAttributes", {}).get("kind", {}).get("StringValue") != "express":
            raise Broken("lost")


@send_back.holds
def more_than_ten(trial: Trial) -> None:
    world = DeadLetterWorld(trial.aws)
    bodies = [f"{n}: {'address' if n % 2 else 'nothing'}" for n in range(1, 25)]
    for body in bodies:
        world.sqs.send_message(QueueUrl=world.queue_url, MessageBody=body)
    answer = trial.call(world.queue_url, world.source_url, is_repaired, returns=list)
    back = {message["Body"] for message in world.waiting(world.source_url)}
    missing = [body for body in bodies if is_repaired(body) and body not in back]
    if missing:
        raise Broken("left", number=len(missing))
    if len(answer) != len(set(answer)):
        raise Broken("twice")


@send_back.holds
def crash(trial: Trial) -> None:
    def work(world: LettersToSendBack) -> Any:
        return trial.given(world.queue_url, world.source_url, is_repaired)

    for experiment in trial.explore(
        lambda: LettersToSendBack(trial.aws, REPAIRED, BROKEN),
        work,
        consumers=1,
        bounds=ONLY_CRASHES,
        later=A_LONG_TIMEOUT,
    ):
        letters: Letters = experiment.outcome
        for body in (REPAIRED, BROKEN):
            if not letters.dead[body] + letters.alive[body]:
                raise Broken("lost", experiment, body=body)


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
    if str(TRIES + 1) not in item.get("reason", "") and str(TRIES) not in item.get("reason", ""):
        raise Broken("no_count", got=item.get("reason"), times=TRIES + 1)
    if any(world.counts()):
        raise Broken("not_deleted")
    if answer != ["m-1"]:
        raise Broken("not_the_ids", got=answer)


@close_books.holds
def decided_before(trial: Trial) -> None:
    """One was completed by a consumer that was late to delete it."""
    world = DeadLetterWorld(trial.aws)
    world.put_pending("m-1", "two tickets", state="complete")
    world.let_die(_body("m-1", "two tickets"))
    answer = trial.call(world.queue_url, world.table_name, returns=list)
    if world.items()["m-1"]["state"] != "complete":
        raise Broken("turned_back")
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
    for experiment in trial.once("crash", lambda: _closings(trial)):
        if experiment.outcome.state("m-1") != "fail":
            raise Broken("pending", experiment)
        if experiment.outcome.left:
            raise Broken("stays", experiment)


def _closings(trial: Trial) -> Iterator[Experiment[DeadLetterWorld]]:
    def make() -> DeadLetterWorld:
        world = DeadLetterWorld(trial.aws)
        world.put_pending("m-1", "two tickets")
        world.send_body(_body("m-1", "two tickets"))
        return world

    def work(world: DeadLetterWorld) -> Any:
        return trial.given(world.queue_url, world.table_name)

    return trial.explore(make, work, consumers=1, bounds=ONLY_CRASHES)


def _body(message_id: str, text: str) -> str:
    return json.dumps({"id": message_id, "text": text})
