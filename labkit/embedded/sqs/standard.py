"""A standard queue: at-least-once delivery in best-effort order, any number of consumers.

https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/standard-queues.html
"""

import itertools
from collections import deque
from collections.abc import Iterator
from copy import copy
from typing import Any

from labkit.embedded.sqs import errors
from labkit.embedded.sqs.message import Message
from labkit.embedded.sqs.queue import MAX_IN_FLIGHT, Delivery, Queue
from labkit.embedded.sqs.receipts import Receipt
from labkit.embedded.sqs.schedule import Schedule
from labkit.embedded.sqs.trouble import Trouble

# A message received this often and never deleted goes to the back, and out of the age metric (the "poison pill" of
# https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html).
POISON_RECEIVES = 3


class StandardQueue(Queue):
    """Serves the oldest first and each message to one consumer at a time, unless there is `trouble`."""

    def __init__(self, *args: Any, trouble: Trouble | None = None, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self._trouble = trouble or Trouble()
        self._ranks = itertools.count()
        self._ready: Schedule[Message] = Schedule()
        self._echoes: deque[Message] = deque()  # duplicates that are still to be delivered

    def receive(self, count: int = 1, visibility_timeout: int | None = None) -> list[Delivery]:
        if not self._trouble.duplicate_rate:
            self._echoes.clear()  # what the trouble still owed when it was switched off
        echoes = [self._echoes.popleft() for _ in range(min(count, len(self._echoes)))]
        deliveries = super().receive(count - len(echoes), visibility_timeout)
        self._echoes.extend(copy(d.message) for d in deliveries if self._trouble.duplicates())
        return [self._deliver_again(echo) for echo in echoes] + deliveries

    def check_room_in_flight(self) -> None:
        """Raises SqsError (OverLimit), as a short poll does when too many messages are in flight."""
        self.settle()
        if len(self._in_flight) >= MAX_IN_FLIGHT:
            raise errors.over_limit(MAX_IN_FLIGHT)

    def clear(self) -> None:
        super().clear()
        self._ready.clear()
        self._echoes.clear()

    def groups_in_flight(self) -> int:
        return 0

    def _add(self, message: Message, delay: int) -> None:
        message.rank = next(self._ranks)
        super()._add(message, delay)

    def _line_up(self, message: Message) -> None:
        if not self.holds(message) or not self.is_visible(message):
            self._ready.discard(message)
        elif message not in self._ready:
            self._ready.put(message, message.rank)
            self.arrivals.notify()

    def _in_order(self) -> Iterator[Message]:
        while message := self._ready.pop():
            skipped = []
            for _ in range(self._trouble.places_skipped()):
                if not self._ready:
                    break
                skipped.append(message)
                message = self._ready.pop() or message
            for earlier in skipped:
                self._ready.put(earlier, earlier.rank)
            yield message

    def _hand_out(self, message: Message, timeout: int) -> Delivery:
        if message.receives_here + 1 >= POISON_RECEIVES:
            message.rank = next(self._ranks)
            self._waiting.pop(message, None)
        return super()._hand_out(message, timeout)

    def _deliver_again(self, echo: Message) -> Delivery:
        """The copy of a message that another server still has. It is not in the queue, so this is its only delivery."""
        current = self._messages.get(echo.id, echo)
        current.receive_count += 1
        current.receives_here += 1
        self.totals.received += 1
        return self._delivery(current)

    def _may_use(self, receipt: Receipt, message: Message) -> bool:
        return True  # AWS promises it for the latest handle only, and accepts older ones
