"""What both types of queue share: the calls on one queue, as the API has them.

Every call is O(log n) in the number of messages. The caller holds the lock that the queue is given.
"""

import random
import threading
from abc import abstractmethod
from collections.abc import Callable
from dataclasses import dataclass

from labkit.embedded.sqs import errors
from labkit.embedded.sqs.attributes import QueueAttributes
from labkit.embedded.sqs.context import new_id
from labkit.embedded.sqs.figures import Figures, Totals
from labkit.embedded.sqs.message import Message
from labkit.embedded.sqs.receipts import Receipt, Receipts
from labkit.embedded.sqs.store import Store

MAX_IN_FLIGHT = 120_000  # https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-queues.html
MAX_VISIBILITY_TIMEOUT = 43_200  # seconds after the receive, however often it is extended


@dataclass(frozen=True, slots=True)
class Delivery:
    """A message as one receive hands it out."""

    message: Message
    receipt_handle: str


class Queue(Store):
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
        super().__init__(attributes, now)
        self.arn = arn
        self.name = arn.rpartition(":")[2]
        self.tags: dict[str, str] = {}
        self.created_at = self.modified_at = self.used_at = now()
        self.purged_at = float("-inf")
        self.deleted = False
        self.arrivals = threading.Condition(lock)  # notified for each message that can be received from now on
        self.totals = Totals()
        self._rng = rng
        self._find_queue = find_queue
        self._receipts = Receipts(f"{arn} {rng.random()}")

    @abstractmethod
    def _may_use(self, receipt: Receipt, message: Message) -> bool:
        """Whether a receipt of this message is still good for deleting it or changing its timeout."""

    @abstractmethod
    def groups_in_flight(self) -> int: ...

    def new_id(self) -> str:
        return new_id(self._rng)

    def send(self, message: Message, size: int, delay: int | None = None) -> Message:
        """Take in a new message, hidden for `delay` seconds (the queue's default if None)."""
        self.settle()
        self._add(message, self.attributes.delay if delay is None else delay)
        self.totals.sent += 1
        self.totals.sizes[size] += 1
        return message

    def receive(self, count: int = 1, visibility_timeout: int | None = None) -> list[Delivery]:
        """Up to `count` visible messages, now. Those that exhausted their receives go to the dead-letter queue instead."""
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
        """Remove every message."""
        self.clear()
        self.purged_at = self._now()

    def attributes_changed(self) -> None:
        self.modified_at = self._now()
        self.arrivals.notify_all()

    def figures(self) -> Figures:
        """For CloudWatch alone: the totals begin anew."""
        totals, self.totals = self.totals, Totals()
        visible, in_flight, delayed = self.counts()
        groups = self.groups_in_flight()
        return Figures(visible, in_flight, delayed, self.age_of_oldest(), groups, totals)

    def accept(self, message: Message) -> None:
        """Take in a message that another queue gave up."""
        self.settle()
        self._add(message, delay=0)

    def accept_as_new(self, message: Message) -> None:
        """Take in a message as if it had just been sent: a move task's messages have nothing behind them."""
        message.id = self.new_id()
        message.sent_at = self._now()
        message.receive_count = 0
        message.first_received_at = message.dead_letter_source_arn = None
        self.accept(message)

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
                (exhausted if limit and message.receives_here >= limit else good).append(message)
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
