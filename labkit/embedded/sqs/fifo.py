"""A FIFO queue: strict order within a message group, and no duplicate within five minutes of a send.

Within a group messages are delivered in order, up to the first that is hidden: as long as the first of a group is in
flight or delayed, the group is locked. One receive takes as many as it can from one group before it goes on to the
next, and a group that was served goes to the back.
https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/FIFO-queues-understanding-logic.html
"""

import hashlib
from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count as counting_from
from itertools import takewhile
from typing import Any

from labkit.embedded.sqs.message import Message
from labkit.embedded.sqs.queue import Delivery, Queue
from labkit.embedded.sqs.receipts import Receipt

DEDUPLICATION_INTERVAL = 300  # seconds; also how long a ReceiveRequestAttemptId is remembered


@dataclass(frozen=True, slots=True)
class Sent:
    """What a duplicate send is answered with."""

    at: float
    message_id: str
    sequence_number: str


@dataclass(frozen=True, slots=True)
class Attempt:
    """What a receive with an attempt id returned, and until when each message of it was to stay hidden."""

    at: float
    deliveries: list[Delivery]
    hidden_until: list[float]


def content_deduplication_id(body: str) -> str:
    """The id that content-based deduplication gives a message: attributes do not count."""
    return hashlib.sha256(body.encode()).hexdigest()


class FifoQueue(Queue):
    def __init__(self, *args: Any, sequence: Iterator[int] | None = None, **kwargs: Any):
        """`sequence` gives the growing sequence numbers."""
        super().__init__(*args, **kwargs)
        self._sequence = sequence or counting_from(10**19)
        self._groups: dict[str, OrderedDict[Message, None]] = {}
        self._open: OrderedDict[str, None] = OrderedDict()  # the groups that can be served, next one first
        self._sent: OrderedDict[object, Sent] = OrderedDict()  # by deduplication id
        self._attempts: OrderedDict[str, Attempt] = OrderedDict()

    def earlier_send(self, group_id: str, deduplication_id: str) -> Sent | None:
        """The send that makes a send with these ids, now, a duplicate; None if there is none."""
        self._forget_old()
        return self._sent.get(self._deduplication_key(group_id, deduplication_id))

    def send(self, message: Message, size: int, delay: int | None = None) -> Message:
        """As for any queue; but FIFO messages are delayed by the queue's delay only."""
        super().send(message, size, None)
        key = self._deduplication_key(message.group_id, message.deduplication_id)
        self._sent[key] = Sent(message.sent_at, message.id, message.sequence_number)
        return message

    def receive(
        self, count: int = 1, visibility_timeout: int | None = None, attempt_id: str | None = None
    ) -> list[Delivery]:
        """As for any queue; the same `attempt_id` within five minutes gets the same messages again.

        That holds while none of them was deleted, changed or became visible, and starts their timeout anew.
        """
        self._forget_old()
        self.settle()
        timeout = self.attributes.visibility_timeout if visibility_timeout is None else visibility_timeout
        attempt = self._attempts.pop(attempt_id, None) if attempt_id else None
        if attempt and self._is_untouched(attempt):
            deliveries = attempt.deliveries
            for delivery in deliveries:
                self._hide(delivery.message, timeout)
        else:
            deliveries = super().receive(count, timeout)
            for group_id in {d.message.group_id: None for d in deliveries}:
                if group_id in self._open:  # with a visibility timeout of 0 it can be served again, in its turn
                    self._open.move_to_end(group_id)
        if attempt_id and deliveries:
            self._attempts[attempt_id] = Attempt(self._now(), deliveries, self._hidden_until(deliveries))
        return deliveries

    def accept(self, message: Message) -> None:
        """On a FIFO queue a message that comes from another starts anew: retention, sequence and deduplication id."""
        message.sent_at = self._now()
        message.deduplication_id = message.id
        super().accept(message)

    def clear(self) -> None:
        super().clear()
        for things in (self._groups, self._open, self._sent, self._attempts):
            things.clear()

    def attributes_changed(self) -> None:
        """A FIFO queue's new delay holds for the messages that are delayed already."""
        for message in list(self._delayed):
            self._delayed.put(message, message.arrived_at + self.attributes.delay)
        super().attributes_changed()

    def groups_in_flight(self) -> int:
        return len({message.group_id for message in self._in_flight})

    def _add(self, message: Message, delay: int) -> None:
        message.sequence_number = f"{next(self._sequence):020}"
        self._groups.setdefault(message.group_id, OrderedDict())[message] = None
        super()._add(message, delay)

    def _line_up(self, message: Message) -> None:
        group_id = message.group_id
        group = self._groups[group_id]
        if not self.holds(message):
            group.pop(message, None)
        first = next(iter(group), None)
        if first is None:
            del self._groups[group_id]
        if first is None or not self.is_visible(first):
            self._open.pop(group_id, None)
        elif group_id not in self._open:
            self._open[group_id] = None
            self.arrivals.notify()

    def _in_order(self) -> Iterator[Message]:
        return (m for group_id in self._open for m in takewhile(self.is_visible, self._groups[group_id]))

    def _may_use(self, receipt: Receipt, message: Message) -> bool:
        return message in self._in_flight and receipt.receive_count == message.receive_count

    def _is_untouched(self, attempt: Attempt) -> bool:
        in_flight = all(delivery.message in self._in_flight for delivery in attempt.deliveries)
        return in_flight and self._hidden_until(attempt.deliveries) == attempt.hidden_until

    def _hidden_until(self, deliveries: list[Delivery]) -> list[float]:
        return [self._in_flight.due_of(d.message) for d in deliveries if d.message in self._in_flight]

    def _deduplication_key(self, group_id: str, deduplication_id: str) -> object:
        return (group_id, deduplication_id) if self.attributes.deduplicates_by_group else deduplication_id

    def _forget_old(self) -> None:
        horizon = self._now() - DEDUPLICATION_INTERVAL
        while self._sent and next(iter(self._sent.values())).at <= horizon:
            self._sent.popitem(last=False)
        while self._attempts and next(iter(self._attempts.values())).at <= horizon:
            self._attempts.popitem(last=False)
