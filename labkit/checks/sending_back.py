"""Exercise 4.2: the repaired dead letters go back, all of them and once; the others stay as they were."""

from __future__ import annotations

from collections import Counter
from typing import Any

from labkit.checks.dead_letter_world import DeadLetterWorld, Letters, LettersToSendBack
from labkit.checks.exercise import Broken, Exercise
from labkit.checks.trial import Trial
from labkit.explore import Bounds

send_back = Exercise("4.2", "send_back", ("dead_letter_url", "queue_url", "is_repaired"))

A_LONG_TIMEOUT = 3600  # seconds; whoever wants to see all before giving any back may well hide them for minutes
HALF = 12  # letters: more than a receive returns
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
    world = DeadLetterWorld(trial.aws)
    world.send_body(REPAIRED)
    broken_id = world.send_body(BROKEN)
    answer = trial.call(world.queue_url, world.source_url, is_repaired, returns=list)
    ids = {message["Body"]: message["MessageId"] for message in world.waiting(world.queue_url)}
    here = list(ids)
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
    if ids[BROKEN] != broken_id:
        raise Broken("sent_anew", body=BROKEN)
    if answer != [REPAIRED]:
        raise Broken("not_the_bodies", got=answer)


@send_back.holds
def attributes(trial: Trial) -> None:
    world = DeadLetterWorld(trial.aws)
    sent = {
        "kind": {"DataType": "String", "StringValue": "express"},
        "tickets": {"DataType": "Number", "StringValue": "2"},
        "seal": {"DataType": "Binary", "BinaryValue": b"\x00\xff"},
    }
    world.send_body(REPAIRED, MessageAttributes=sent)
    trial.call(world.queue_url, world.source_url, is_repaired, returns=list)
    for message in world.waiting(world.source_url):
        got = message.get("MessageAttributes", {})
        for name, was in sent.items():
            if name not in got:
                raise Broken("lost", name=name)
            if got[name] != was:
                raise Broken("altered", name=name, was=was, got=got[name])


@send_back.holds
def more_than_ten(trial: Trial) -> None:
    """The repaired ones come last: there is a page without one, and it is not the end."""
    world = DeadLetterWorld(trial.aws)
    bodies = [f"{number}: {'nothing' if number <= HALF else 'address'}" for number in range(1, 2 * HALF + 1)]
    for body in bodies:
        world.send_body(body)
    answer = trial.call(world.queue_url, world.source_url, is_repaired, returns=list)
    back = Counter(message["Body"] for message in world.waiting(world.source_url))
    here = {message["Body"] for message in world.waiting(world.queue_url)}
    if missing := [body for body in bodies[HALF:] if not back[body]]:
        raise Broken("left", number=len(missing))
    if more := [body for body in bodies if back[body] > 1]:
        raise Broken("sent_twice", body=more[0], times=back[more[0]])
    if hidden := [body for body in bodies[:HALF] if body not in here]:
        raise Broken("hidden", number=len(hidden))
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
        bounds=Bounds(switches=0),
        later=A_LONG_TIMEOUT,
    ):
        letters: Letters = experiment.outcome
        for body in (REPAIRED, BROKEN):
            if not letters.dead[body] + letters.alive[body]:
                raise Broken("lost", experiment, body=body)
