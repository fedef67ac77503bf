"""Exercise 2.2: a consumer that duplicates cannot hurt."""

from __future__ import annotations

import json
from collections.abc import Iterator

from labkit.checks.exercise import Broken, Exercise
from labkit.checks.refusals import refused
from labkit.checks.trial import Experiment, Trial, shown
from labkit.checks.world import World
from labkit.embedded.in_process import InProcessAws
from labkit.explore import Bounds

LATER = 901  # seconds between two consumers: whoever hides a message for a quarter of an hour has not lost it

book_orders = Exercise("2.2", "book_orders", ("queue_url", "table_name"))


class Office(World):
    """A standard queue with orders, and a table for the bookings."""

    def __init__(self, aws: InProcessAws, *ids: str) -> None:
        super().__init__(aws)
        for order in ids:
            self.order(order)

    def order(self, order: str, tickets: int = 2) -> None:
        self.send_body(json.dumps({"id": order, "tickets": tickets}))

    def change(self, order: str) -> None:
        """What the office does to a booking later on: one ticket is given back, and the seat is fixed."""
        self._tables.put(self.table_name, {"id": {"S": order}, "tickets": {"N": "1"}, "seats": {"S": "row 3"}})

    def tickets(self, order: str) -> dict[str, str]:
        """What is booked, with its type, as DynamoDB writes it."""
        booked: dict[str, str] = next(
            item["tickets"] for item in self._tables.items(self.table_name) if item["id"]["S"] == order
        )
        return booked

    def lanes(self) -> dict[str, str]:
        lanes = super().lanes()
        return {**lanes, [*lanes][-1]: ", ".join(sorted(self.items())) or [*lanes.values()][-1]}


@book_orders.holds
def empty_queue(trial: Trial) -> None:
    office = Office(trial.aws)
    answer = trial.call(office.queue_url, office.table_name, returns=list)
    if answer or office.items():
        raise Broken("something", got=shown(answer))


@book_orders.holds
def three_orders(trial: Trial) -> None:
    office = Office(trial.aws)
    for order, tickets in (("order-1", 1), ("order-2", 2), ("order-3", 12)):
        office.order(order, tickets)
    answer = trial.call(office.queue_url, office.table_name, returns=list)
    items = office.items()
    for order, wanted in (("order-1", "1"), ("order-2", "2"), ("order-3", "12")):
        if order not in items:
            raise Broken("not_booked", id=order, keys=", ".join(items))
        if items[order].get("tickets") != wanted:
            raise Broken("tickets", id=order, got=items[order].get("tickets"), wanted=wanted)
        if "N" not in office.tickets(order):
            raise Broken("no_number", id=order, got=wanted)
    if left := sum(office.counts()):
        raise Broken("not_deleted", number=left)
    if sorted(map(str, answer)) != ["order-1", "order-2", "order-3"]:
        raise Broken("not_the_ids", got=shown(answer))


@book_orders.holds
def sent_twice(trial: Trial) -> None:
    """The same order in two messages, as when a producer tries again; another one behind them."""
    office = Office(trial.aws, "order-1", "order-1", "order-2")
    answer = trial.call(office.queue_url, office.table_name, returns=list)
    if "order-2" not in office.items():
        raise Broken("gave_up")
    if left := sum(office.counts()):
        raise Broken("stays", number=left)
    if sorted(map(str, answer)) != ["order-1", "order-2"]:
        raise Broken("counted", got=shown(answer))


@book_orders.holds
def late_copy(trial: Trial) -> None:
    office = Office(trial.aws, "order-1")
    trial.call(office.queue_url, office.table_name, returns=list)
    office.change("order-1")
    office.order("order-1")
    office.order("order-2")
    trial.call(office.queue_url, office.table_name, returns=list)
    items = office.items()
    booking = items.get("order-1", {})
    if booking.get("seats") != "row 3":
        raise Broken("overwritten")
    if booking.get("tickets") != "1":
        raise Broken("undone", tickets=booking.get("tickets"))
    if "order-2" not in items:
        raise Broken("neighbour")


@book_orders.holds
def table_away(trial: Trial) -> None:
    """For a while DynamoDB refuses whatever it is asked for."""
    office = Office(trial.aws, "order-1")
    with refused(trial.aws):
        trial.attempt(office.queue_url, office.table_name)
    office.wait(LATER)
    trial.attempt(office.queue_url, office.table_name)
    if "order-1" not in office.items() and not sum(office.counts()):
        raise Broken("lost")


@book_orders.holds
def crash(trial: Trial) -> None:
    for experiment in _experiments(trial):
        left = experiment.outcome.left
        if "order-1" not in experiment.outcome.items:
            raise Broken("never" if left else "lost", experiment)
        if experiment.outcome.items["order-1"].get("tickets") != "2":
            raise Broken("half", experiment)
        if left:
            raise Broken("stays", experiment)


@book_orders.holds
def two_consumers(trial: Trial) -> None:
    for experiment in _experiments(trial):
        said = [name for name, result in experiment.run.results.items() if "order-1" in (result.value or [])]
        if len(said) > 1:
            raise Broken("both", experiment, names=" and ".join(sorted(said)))


def _experiments(trial: Trial) -> Iterator[Experiment[Office]]:
    def work(office: Office) -> object:
        return trial.given(office.queue_url, office.table_name)

    def make() -> Office:
        return Office(trial.aws, "order-1")

    return trial.once("one order", lambda: trial.explore(make, work, bounds=Bounds(switches=2), later=LATER))
