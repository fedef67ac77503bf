"""Exercise 2.1: a producer for a FIFO queue that may try again."""

from __future__ import annotations

import copy
import json
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from labkit.checks.exercise import Broken, Exercise
from labkit.checks.trial import Experiment, Trial, shown
from labkit.checks.world import World, json_object
from labkit.embedded.in_process import InProcessAws

send_events = Exercise("2.1", "send_events", ("queue_url", "events"))

LARGEST = 1024  # bytes of a message in these queues, so that one can be too large for its queue
CALLS = 6  # for 25 events three are enough; five or so for somebody who sends each customer's apart

Event = dict[str, str]


class Shop(World):
    """A FIFO queue of its own, and what arrives at its other end."""

    def __init__(self, aws: InProcessAws) -> None:
        super().__init__(aws, FifoQueue="true", MaximumMessageSize=str(LARGEST))
        self.ended = False  # whether a producer has come to its end

    def settled(self) -> bool:
        return self.ended

    def lanes(self) -> dict[str, str]:
        queue, *_ = super().lanes().items()
        return dict([queue])

    def outcome(self) -> Any:
        """The events that arrived, a list in their order of arrival. Whoever asks has received them."""
        events: list[Event] = []
        while messages := self.receive():
            for message in messages:
                events.append(_read(message["Body"]))
                self.delete(message)
        return events


@send_events.holds
def three_events(trial: Trial) -> None:
    """They have the same text, and of two only the whole id is another."""
    events = [_event(1, "ana"), _event(2, "ben"), {**_event(1, "ana"), "id": "app/1"}]
    given, shop = copy.deepcopy(events), Shop(trial.aws)
    try:
        answer = trial.call(shop.queue_url, given, returns=list)
    except Broken as broken:
        if broken.values.get("error") == "KeyError: 'Failed'":
            raise Broken("no_failed") from None
        raise
    if len(given) != len(events):
        raise Broken("list_changed", number=len(given))
    arrived = shop.outcome()
    if not arrived:
        raise Broken("nothing")
    if strange := [event for event in arrived if event not in events]:
        raise Broken("not_the_event", body=strange[0].get("body", json.dumps(strange[0])))
    if missing := _missing(events, arrived):
        raise Broken("swallowed", id=missing[0], number=len(events))
    if answer:
        raise Broken("none_refused", got=shown(answer))


@send_events.holds
def nothing_to_send(trial: Trial) -> None:
    shop = Shop(trial.aws)
    answer = trial.call(shop.queue_url, [], returns=list)
    if answer or shop.outcome():
        raise Broken("something", got=shown(answer))


@send_events.holds
def many_events(trial: Trial) -> None:
    events = [_event(number, ("ana", "ben", "eva")[number % 3]) for number in range(25)]
    shop = Shop(trial.aws)
    trial.call(shop.queue_url, events, returns=list)
    arrived = shop.outcome()
    if missing := _missing(events, arrived):
        raise Broken("missing", number=len(missing), first=missing[0])
    for customer in ("ana", "ben", "eva"):
        sent, came = ([event["id"] for event in some if event["customer"] == customer] for some in (events, arrived))
        if came != sent:
            raise Broken("order", customer=customer, came=", ".join(came[:4]), sent=", ".join(sent[:4]))
    calls = trial.attempt(Shop(trial.aws).queue_url, events).steps
    if calls > CALLS:
        raise Broken("calls", calls=calls)


@send_events.holds
def groups(trial: Trial) -> None:
    shop = Shop(trial.aws)
    trial.call(shop.queue_url, [_event(1, "ana"), _event(2, "ana"), _event(3, "ben")], returns=list)
    in_flight = [_read(message["Body"])["id"] for message in (shop.receive(1) + shop.receive(1) + shop.receive(1))]
    if "shop/2" in in_flight:
        raise Broken("overtakes")
    if "shop/3" not in in_flight:
        raise Broken("waits")


@send_events.holds
def refused(trial: Trial) -> None:
    """Two of thirteen are too large, one in each batch. Nothing else is to come from their customers."""
    large = {2: "ben", 12: "leo"}
    events = [_event(number, large.get(number, "ana"), "x" * LARGEST * (number in large)) for number in range(1, 14)]
    shop = Shop(trial.aws)
    answer = trial.call(shop.queue_url, events, returns=list)
    if missing := _missing([event for event in events if event["customer"] == "ana"], shop.outcome()):
        raise Broken("others_missing", id=missing[0])
    if sorted(map(str, answer)) != ["shop/12", "shop/2"]:
        raise Broken("not_told", got=shown(answer))


@send_events.holds
def called_again(trial: Trial) -> None:
    events = [_event(1, "ana"), _event(2, "ben")]
    shop = Shop(trial.aws)
    for _ in range(2):
        trial.call(shop.queue_url, events, returns=list)
        trial.aws.wait(60)
    if doubled := _doubled(shop.outcome()):
        raise Broken("doubled", id=doubled[0])


@send_events.holds
def next_list(trial: Trial) -> None:
    shop = Shop(trial.aws)
    events = [_event(1, "ana"), _event(2, "ben"), _event(3, "ana"), _event(4, "ben")]
    trial.call(shop.queue_url, events[:2], returns=list)
    trial.call(shop.queue_url, events[2:], returns=list)
    if missing := _missing(events, shop.outcome()):
        raise Broken("swallowed", id=missing[0])


@send_events.holds
def crash(trial: Trial) -> None:
    events = [_event(number, ("ana", "ben")[number % 2]) for number in range(12)]
    for experiment in _crashes(trial, events):
        if missing := _missing(events, experiment.outcome):
            raise Broken("missing", experiment, id=missing[0])
        if doubled := _doubled(experiment.outcome):
            raise Broken("doubled", experiment, id=doubled[0])


def _crashes(trial: Trial, events: list[Event]) -> Iterator[Experiment[Shop]]:
    def work(shop: Shop) -> None:
        trial.given(shop.queue_url, events)
        shop.ended = True

    return trial.explore(lambda: Shop(trial.aws), work, consumers=1)


def _event(number: int, customer: str, text: str = "1 ticket") -> Event:
    return {"id": f"shop/{number}", "customer": customer, "text": text}


def _read(body: str) -> Event:
    """The event in a body; what is none is told apart by having no id."""
    event = json_object(body)
    return event if event and isinstance(event.get("id"), str) else {"body": body, "id": ""}


def _missing(events: Sequence[Event], arrived: Sequence[Event]) -> list[str]:
    there = {event["id"] for event in arrived}
    return [event["id"] for event in events if event["id"] not in there]


def _doubled(arrived: Sequence[Event]) -> list[str]:
    return [number for number, times in Counter(event["id"] for event in arrived).items() if times > 1]
