"""What both types of queue share: a message's life from its arrival until it is deleted, moved or too old.

A message that has arrived is *delayed* until its delay ends, *in flight* from a receive until its visibility timeout
ends, and otherwise *visible*. Nothing happens by itself: each call first does what has become due (`settle`).

Every call is O(log n) in the number of messages. The caller holds the lock that the queue is given.
"""

import itertools
import random
import threading
from abc import ABC, abstractmethod
from collections import OrderedDict
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from labkit.embedded.sqs import errors
from labkit.embedded.sqs.attributes import QueueAttributes
from labkit.embedded.sqs.context import new_id
from labkit.embedded.sqs.message import Message
from labkit.embedded.sqs.receipts import Receipt, Receipts
from labkit.embedded.sqs.schedule import Schedule

MAX_IN_FLIGHT = 120_000  # https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-queues.html
MAX_VISIBILITY_TIMEOUT = 43_200  # seconds after the receive, however often it is extended


@dataclass(frozen=True, slots=True)
class Delivery:
    """A message as one receive hands it out."""

    message: Message
    receipt_handle: str


@dataclass(slots=True)
class Totals:
    """What has happened in a queue since it was made."""

    sent: int = 0
    sent_bytes: int = 0
    received: int = 0
    deleted: int = 0  # valid deletes, repeated ones too
    empty_receives: int = 0
    deduplicated: int = 0


@dataclass(frozen=True, slots=True)
class Figures:
    """A queue as CloudWatch sees it: what is in it now, and `totals` that only grow.

    https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html
    """

    visible: int
    not_visible: int
    delayed: int
    age_of_oldest: float  # seconds
    groups_in_flight: int
    totals: Totals


class Queue(ABC):
    """One queue. `find_queue` finds another by its ARN, for messages that go to a dead-letter queue."""

    def __init__(
        self,
        arn: str,
        attributes: QueueAttributes,
        *,
        now: Callable[[], float],
        rng: random.Random,
        lock: threading.RLock,
        find_queue: Callable[[str], "Queue | None"] = lambda arn: None,
    ):
        self.arn = arn
        self.name = arn.rpartition(":")[2]
        self.attributes = attributes
        self.tags: dict[str, str] = {}
        self.created_at = self.modified_at = now()
        self.purged_at = float("-inf")
        self.deleted = False
        self.arrivals = threading.Condition(lock)  # notified for each message that can be received from now on
        self.totals = Totals()
        self._now = now
        self._rng = rng
        self._find_queue = find_queue
        self._receipts = Receipts(f"{arn} {rng.random()}")
        self._ranks = itertools.count()
        self._messages: dict[str, Message] = {}
        self._delayed: Schedule[Message] = Schedule()
        self._in_flight: Schedule[Message] = Schedule()
        self._by_age: Schedule[Message] = Schedule()  # by the time from which the retention period counts
        self._waiting: OrderedDict[Message, None] = OrderedDict()  # by arrival: whose first is "the oldest message"

    # What the two types do differently

    @abstractmethod
    def _line_up(self, message: Message) -> None:
        """Take note that `message` has become visible, hidden or gone."""

    @abstractmethod
    def _in_order(self) -> Iterator[Message]:
        """Visible messages, in the order of delivery. The caller hides, takes out or lines up again each that it gets."""

    @abstractmethod
    def _may_use(self, receipt: Receipt, message: Message) -> bool:
        """Whether a receipt of this message is still good for deleting it or changing its timeout."""

    @abstractmethod
    def groups_in_flight(self) -> int: ...

    # Calls

    def new_id(self) -> str:
        return new_id(self._rng)

    def send(self, message: Message, size: int, delay: int | None = None) -> Message:
        """Take in a new message, hidden for `delay` seconds (the queue's default if None)."""
        self.settle()
        self._add(message, self.attributes.delay if delay is None else delay)
        self.totals.sent += 1
        self.totals.sent_bytes += size
        return message

    def receive(self, count: int = 1, visibility_timeout: int | None = None) -> list[Delivery]:
        """Up to `count` visible messages, now. Those that exhausted their receives go to the dead-letter queue instead.

        Raises SqsError (OverLimit) where this type of queue refuses a receive because of too many in flight.
        """
        self.settle()
        timeout = self.attributes.visibility_timeout if visibility_timeout is None else visibility_timeout
        messages, exhausted = self._select(min(count, MAX_IN_FLIGHT - len(self._in_flight)))
        for message in exhausted:
            self._redrive(message)
        return [self._hand_out(message, timeout) for message in messages]

    def delete(self, receipt_handle: str) -> None:
        """Deleting what is deleted already succeeds.

        Raises SqsError for a handle that this queue never gave out and, on a FIFO queue, for an expired one.
        """
        self.settle()
        receipt = self._receipts.read(receipt_handle)
        message = self._messages.get(receipt.message_id)
        if message and not self._may_use(receipt, message):
            raise errors.receipt_handle_expired(receipt_handle)
        if message:
            self.take_out(message)
        self.totals.deleted += 1

    def change_visibility(self, receipt_handle: str, timeout: int) -> None:
        """Let the message be hidden for `timeout` seconds from now; 0 makes it visible at once.

        Raises SqsError if the message is gone, the handle is no good, or the message would be hidden for more than
        12 hours in all.
        """
        self.settle()
        receipt = self._receipts.read(receipt_handle)
        message = self._messages.get(receipt.message_id)
        if not message or not self._may_use(receipt, message):
            raise errors.not_available_for_change(receipt_handle)
        if timeout and self._now() + timeout > message.received_at + MAX_VISIBILITY_TIMEOUT:
            raise errors.invalid_value(
                timeout,
                "VisibilityTimeout",
                f"Total VisibilityTimeout for the message is beyond the limit [{MAX_VISIBILITY_TIMEOUT} seconds]",
            )
        self._hide(message, timeout)

    def purge(self) -> None:
        """Remove every message, also those in flight."""
        for things in (self._messages, self._delayed, self._in_flight, self._by_age, self._waiting):
            things.clear()
        self.purged_at = self._now()

    def attributes_changed(self) -> None:
        self.modified_at = self._now()
        self.arrivals.notify_all()

    # What is in it

    def __len__(self) -> int:
        return len(self._messages)

    def is_visible(self, message: Message) -> bool:
        return message not in self._in_flight and message not in self._delayed

    def counts(self) -> tuple[int, int, int]:
        """How many messages are visible, in flight and delayed."""
        self.settle()
        in_flight, delayed = len(self._in_flight), len(self._delayed)
        return len(self._messages) - in_flight - delayed, in_flight, delayed

    def figures(self) -> Figures:
        visible, in_flight, delayed = self.counts()
        oldest = next(iter(self._waiting), None)
        age = self._now() - oldest.arrived_at if oldest else 0.0
        return Figures(visible, in_flight, delayed, age, self.groups_in_flight(), self.totals)

    def next_change(self) -> float:
        """When the next message becomes visible by itself."""
        return min(self._delayed.next_due(), self._in_flight.next_due())

    # A message's life

    def settle(self) -> None:
        """Do what has become due: timeouts and delays end, and messages past the retention period vanish."""
        now = self._now()
        while message := self._by_age.pop(now - self.attributes.retention):
            self.take_out(message)
        for schedule in (self._delayed, self._in_flight):
            while message := schedule.pop(now):
                self._line_up(message)

    def accept(self, message: Message) -> None:
        """Take in a message that another queue gave up."""
        self.settle()
        message.receives_here = 0
        self._add(message, delay=0)

    def accept_as_new(self, message: Message) -> None:
        """Take in a message as if it had just been sent: a move task's messages have nothing behind them."""
        message.id = self.new_id()
        message.sent_at = self._now()
        message.receive_count = 0
        message.first_received_at = message.dead_letter_source_arn = None
        self.accept(message)

    def first_visible(self) -> Message | None:
        """The message that the next receive would return, left where it is."""
        self.settle()
        message = next(self._in_order(), None)
        if message:
            self._line_up(message)
        return message

    def take_out(self, message: Message) -> None:
        del self._messages[message.id]
        self._delayed.discard(message)
        self._in_flight.discard(message)
        self._by_age.discard(message)
        self._waiting.pop(message, None)
        self._line_up(message)

    def holds(self, message: Message) -> bool:
        return self._messages.get(message.id) is message

    def _add(self, message: Message, delay: int) -> None:
        message.arrived_at = self._now()
        message.rank = next(self._ranks)
        self._messages[message.id] = message
        self._by_age.put(message, message.sent_at)
        self._waiting[message] = None
        if delay:
            self._delayed.put(message, message.arrived_at + delay)
        self._line_up(message)

    def _hide(self, message: Message, timeout: int) -> None:
        if timeout:
            self._in_flight.put(message, self._now() + timeout)
        else:
            self._in_flight.discard(message)
        self._line_up(message)

    def _hand_out(self, message: Message, timeout: int) -> Delivery:
        message.receive_count += 1
        message.receives_here += 1
        message.received_at = self._now()
        if message.first_received_at is None:
            message.first_received_at = message.received_at
        self.totals.received += 1
        self._hide(message, timeout)
        return self._delivery(message)

    def _delivery(self, message: Message) -> Delivery:
        return Delivery(message, self._receipts.write(message.id, message.receive_count))

    def _select(self, count: int) -> tuple[list[Message], list[Message]]:
        """Up to `count` messages to hand out, and those before them that were received too often for that."""
        redrive = self.attributes.redrive
        limit = redrive.max_receive_count if redrive and self._find_queue(redrive.target_arn) else None
        good: list[Message] = []
        exhausted: list[Message] = []
        if count > 0:
            for message in self._in_order():
                (exhausted if limit and message.receive_count >= limit else good).append(message)
                if len(good) == count:
                    break
        return good, exhausted

    def _redrive(self, message: Message) -> None:
        assert self.attributes.redrive
        target = self._find_queue(self.attributes.redrive.target_arn)
        assert target
        self.take_out(message)
        message.dead_letter_source_arn = self.arn
        target.accept(message)
