"""7.1: a message is written as pending, then sent."""

from __future__ import annotations

import re
from typing import Any

from labkit.checks.exercise import Broken, Exercise
from labkit.checks.refusals import refused
from labkit.checks.trial import Trial
from labkit.checks.world import World, json_object
from labkit.explore import Bounds

send = Exercise("7.1", "send_message", ("queue_url", "table_name", "text", "sent_at"))

ORDER = "two tickets"
SENT_AT = "2031-05-04T10:00:00.000+00:00"  # neither today nor the example in the docstring
HARD_TEXT = ' say "two"\n\\ 🎟 {0} %s '
SHORTEST_ID = 8  # characters; of those shorter than this, two are soon the same, however random they are


class Sender(World):
    """A world in which messages are sent and nobody receives them, but for a look at the bodies in the end."""

    def settled(self) -> bool:
        return True  # nobody comes later to send again what was not sent

    def bodies(self) -> list[str]:
        """What waits in the queue."""
        return [message["Body"] for message in self.receive()]


@send.holds
def item(trial: Trial) -> None:
    world = Sender(trial.aws)
    answer = trial.call(world.queue_url, world.table_name, ORDER, SENT_AT, returns=str)
    items = world.items()
    if len(items) != 1:
        raise Broken("items", number=len(items))
    if answer not in items:
        raise Broken("not_the_id", got=answer, id=next(iter(items)))
    wanted = {"text": ORDER, "state": "pending", "sent_at": SENT_AT, "day": SENT_AT[:10]}
    for name, value in wanted.items():
        if items[answer].get(name) != value:
            raise Broken("attribute", name=name, got=items[answer].get(name, "–"), wanted=value)


@send.holds
def message(trial: Trial) -> None:
    world = Sender(trial.aws)
    message_id = trial.call(world.queue_url, world.table_name, ORDER, SENT_AT, returns=str)
    bodies = world.bodies()
    if len(bodies) != 1:
        raise Broken("messages", number=len(bodies))
    content = json_object(bodies[0])
    if content is None:
        raise Broken("not_json", body=bodies[0])
    for name, value in {"id": message_id, "text": ORDER}.items():
        if content.get(name) != value:
            raise Broken("content", name=name, got=content.get(name, "–"), wanted=value)


@send.holds
def any_text(trial: Trial) -> None:
    world = Sender(trial.aws)
    message_id = trial.call(world.queue_url, world.table_name, HARD_TEXT, SENT_AT, returns=str)
    body = next(iter(world.bodies()), "")
    content = json_object(body)
    if content is None:
        raise Broken("not_json", body=body)
    if content.get("text") != HARD_TEXT or world.items()[message_id]["text"] != HARD_TEXT:
        raise Broken("changed", text=HARD_TEXT)


@send.holds
def own_ids(trial: Trial) -> None:
    world = Sender(trial.aws)
    ids = [trial.call(world.queue_url, world.table_name, ORDER, SENT_AT, returns=str) for _ in range(2)]
    if len(world.items()) != 2 or len(set(ids)) != 2:
        raise Broken("same", id=ids[0])
    if min(map(len, ids)) < SHORTEST_ID or _counts(*ids):
        raise Broken("counted", first=ids[0], second=ids[1])


def _counts(first: str, second: str) -> bool:
    """Whether two ids are the same but for a number in them, which is the next one."""
    texts = [re.sub(r"\d+", "#", message_id) for message_id in (first, second)]
    numbers = [[int(number) for number in re.findall(r"\d+", message_id)] for message_id in (first, second)]
    return texts[0] == texts[1] and sum(b - a for a, b in zip(*numbers, strict=False)) == 1


@send.holds
def crash(trial: Trial) -> None:
    def work(world: Sender) -> Any:
        return trial.given(world.queue_url, world.table_name, ORDER, SENT_AT)

    for experiment in trial.explore(lambda: Sender(trial.aws), work, consumers=1, bounds=Bounds(switches=0)):
        if experiment.outcome.left and not experiment.outcome.items:
            raise Broken("not_written", experiment)


@send.holds
def table_away(trial: Trial) -> None:
    world = Sender(trial.aws)
    with refused(trial.aws):
        trial.attempt(world.queue_url, world.table_name, ORDER, SENT_AT)
    if world.bodies() and not world.items():
        raise Broken("sent")
