"""Hours and days of a queue in no time: orders are sent, workers receive, process and delete, and all is counted.

The queue is the embedded AWS's own, inside this process and with a clock of its own. So nothing here is a model of SQS;
only those who use the queue are made up, and the same plan gives the same outcome, to the second.
"""

from __future__ import annotations

import heapq
import itertools
import random
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from math import inf

from labkit.embedded.metrics.queue_metrics import QueueMetrics
from labkit.embedded.sqs.attributes import QueueAttributes
from labkit.embedded.sqs.context import STUDENT
from labkit.embedded.sqs.message import Message
from labkit.embedded.sqs.queue import Delivery
from labkit.embedded.sqs.service import Sqs

MINUTE, HOUR, DAY = 60, 3600, 86_400  # seconds
PAUSE = 1.0  # seconds for which a worker rests after a short poll that found nothing
_REGION = "us-east-1"


@dataclass(frozen=True)
class Plan:
    """What happens around the queue. Times are in seconds, those of day from the start of the run.

    Each worker receives one message at a time, with the queue's own waiting time, processes it, deletes it, and asks
    again. A worker that dies is replaced at once.
    """

    sent_at: Sequence[float]  # of each order
    takes: Sequence[float]  # to process, of each order
    until: float
    workers: int = 4
    closed: tuple[float, float] = (inf, inf)  # between these no worker begins anything
    dies_on: frozenset[int] = frozenset()  # orders whose first worker dies when it is half-way through
    cannot: frozenset[int] = frozenset()  # orders that fail each time, and are not deleted
    deletes: bool = True  # False: workers that forgot the last call


@dataclass
class Order:
    """What became of one order."""

    sent_at: float
    begun_at: list[float] = field(default_factory=list)
    done_at: float = inf  # the first time


@dataclass(frozen=True)
class Outcome:
    """What came of a plan. `requests` are the times of the workers' calls; `minutes` what CloudWatch would show of
    the queue, by metric, one value for each minute, if that was asked for.
    """

    orders: list[Order]
    requests: list[float]
    minutes: dict[str, list[float]]


def run(attributes: Mapping[str, str], plan: Plan, *, watched: bool = False) -> Outcome:
    """Let `plan` happen to a standard queue with these attributes, as CreateQueue takes them.

    Raises SqsError (embedded.sqs.errors) for attributes that SQS refuses.
    """
    return _Run(attributes, plan, watched).to_its_end()


class _Run:
    def __init__(self, attributes: Mapping[str, str], plan: Plan, watched: bool) -> None:
        self._plan = plan
        self._now = 0.0
        self._sqs = Sqs(now=lambda: self._now, rng=random.Random(0))
        self._queue = self._sqs.add_queue(_REGION, "orders", QueueAttributes(False, attributes))
        self._wait = self._queue.attributes.wait_time
        self._agenda: list[tuple[float, int, Callable[[], None]]] = []
        self._numbers = itertools.count()
        self._polls: dict[int, None] = {}  # long polls that wait, in the order in which they began
        self._watched, self._metrics = watched, QueueMetrics(self._sqs)
        self._minute = 0
        self._outcome = Outcome([Order(at) for at in plan.sent_at], [], defaultdict(list))

    def to_its_end(self) -> Outcome:
        for number, at in enumerate(self._plan.sent_at):
            self._at(at, lambda number=number: self._send(number))  # type: ignore[misc]
        for _ in range(self._plan.workers):
            self._at(0, self._ask)
        with self._sqs.lock:
            while (at := self._next()) < self._plan.until:
                self._pass_time(at)
                if self._agenda and self._agenda[0][0] <= at:
                    heapq.heappop(self._agenda)[2]()
                self._serve()
            self._pass_time(self._plan.until)
        return self._outcome

    def _at(self, when: float, what: Callable[[], None]) -> None:
        heapq.heappush(self._agenda, (when, next(self._numbers), what))

    def _next(self) -> float:
        """When the next thing happens: something planned or, while somebody waits for it, a message that turns up."""
        planned = self._agenda[0][0] if self._agenda else inf
        return min(planned, max(self._now, self._queue.next_change())) if self._polls else planned

    def _pass_time(self, until: float) -> None:
        while self._watched and (self._minute + 1) * MINUTE <= until:
            self._minute += 1
            self._now = float(self._minute * MINUTE)
            for _, samples in self._metrics.minute(self._now):
                for metric, sample in samples():
                    self._outcome.minutes[metric.name].append(sample.total)
        self._now = until

    def _send(self, number: int) -> None:
        body = str(number)
        message = Message(self._queue.new_id(), body, STUDENT.principal_id, self._now)
        self._queue.send(message, len(body))

    def _ask(self) -> None:
        """A free worker receives."""
        closes, opens = self._plan.closed
        if closes <= self._now < opens:
            self._at(opens, self._ask)
            return
        self._outcome.requests.append(self._now)
        if deliveries := self._queue.receive():
            self._begin(deliveries[0])
        elif self._wait:
            poll = next(self._numbers)
            self._polls[poll] = None
            self._at(self._now + self._wait, lambda: self._give_up(poll))
        else:
            self._queue.totals.empty_receives += 1
            self._at(self._now + PAUSE, self._ask)

    def _give_up(self, poll: int) -> None:
        if poll in self._polls:
            del self._polls[poll]
            self._queue.totals.empty_receives += 1
            self._ask()

    def _serve(self) -> None:
        """Long polls get what has become visible."""
        while self._polls and (deliveries := self._queue.receive()):
            del self._polls[next(iter(self._polls))]
            self._begin(deliveries[0])

    def _begin(self, delivery: Delivery) -> None:
        number = int(delivery.message.body)
        order, takes = self._outcome.orders[number], self._plan.takes[number]
        order.begun_at.append(self._now)
        if number in self._plan.dies_on and len(order.begun_at) == 1:
            self._at(self._now + takes / 2, self._ask)  # the one who takes its place
        elif number in self._plan.cannot:
            self._at(self._now + takes, self._ask)
        else:
            self._at(self._now + takes, lambda: self._finish(order, delivery))

    def _finish(self, order: Order, delivery: Delivery) -> None:
        order.done_at = min(order.done_at, self._now)
        if self._plan.deletes:
            self._outcome.requests.append(self._now)
            self._queue.delete(delivery.receipt_handle)
        self._ask()
