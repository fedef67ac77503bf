"""What is in a queue: a message's life from its arrival until it is deleted, moved or too old.

A message that has arrived is *delayed* until its delay ends, *in flight* from a receive until its visibility timeout
ends, and otherwise *visible*. Nothing happens by itself: `settle` does what has become due.
"""

from abc import ABC, abstractmethod
from collections import OrderedDict
from collections.abc import Callable, Iterator

from labkit.embedded.sqs.attributes import QueueAttributes
from labkit.embedded.sqs.message import Message
from labkit.embedded.sqs.schedule import Schedule


class Store(ABC):
    """The messages of one queue. Every operation is O(log n) in their number."""

    def __init__(self, attributes: QueueAttributes, now: Callable[[], float]):
        self.attributes = attributes
        self._now = now
        self._messages: dict[str, Message] = {}
        self._delayed: Schedule[Message] = Schedule()
        self._in_flight: Schedule[Message] = Schedule()
        self._by_age: Schedule[Message] = Schedule()  # by the time from which the retention period counts
        self._waiting: OrderedDict[Message, None] = OrderedDict()  # by arrival: its first is "the oldest message"

    @abstractmethod
    def _line_up(self, message: Message) -> None:
        """Take note that `message` has become visible, hidden or gone."""

    @abstractmethod
    def _in_order(self) -> Iterator[Message]:
        """Visible messages, in the order of delivery. The caller hides, takes out or lines up again each that it gets."""

    def __len__(self) -> int:
        return len(self._messages)

    def __bool__(self) -> bool:
        return True  # an empty queue is a queue

    def holds(self, message: Message) -> bool:
        return self._messages.get(message.id) is message

    def is_visible(self, message: Message) -> bool:
        return message not in self._in_flight and message not in self._delayed

    def counts(self) -> tuple[int, int, int]:
        """How many messages are visible, in flight and delayed."""
        self.settle()
        in_flight, delayed = len(self._in_flight), len(self._delayed)
        return len(self._messages) - in_flight - delayed, in_flight, delayed

    def age_of_oldest(self) -> float:
        """Seconds since the arrival of the oldest message; 0 if there is none."""
        oldest = next(iter(self._waiting), None)
        return self._now() - oldest.arrived_at if oldest else 0.0

    def next_change(self) -> float:
        """When the next message becomes visible by itself."""
        return min(self._delayed.next_due(), self._in_flight.next_due())

    def first_visible(self) -> Message | None:
        """The message that the next receive would return, left where it is."""
        self.settle()
        message = next(self._in_order(), None)
        if message:
            self._line_up(message)
        return message

    def settle(self) -> None:
        """Do what has become due: timeouts and delays end, and messages past the retention period vanish."""
        now = self._now()
        while message := self._by_age.pop(now - self.attributes.retention):
            self.take_out(message)
        for schedule in (self._delayed, self._in_flight):
            while message := schedule.pop(now):
                self._line_up(message)

    def take_out(self, message: Message) -> None:
        del self._messages[message.id]
        self._delayed.discard(message)
        self._in_flight.discard(message)
        self._by_age.discard(message)
        self._waiting.pop(message, None)
        self._line_up(message)

    def clear(self) -> None:
        """Take out everything, also what is in flight."""
        for things in (self._messages, self._delayed, self._in_flight, self._by_age, self._waiting):
            things.clear()

    def _add(self, message: Message, delay: int) -> None:
        message.arrived_at = self._now()
        message.receives_here = 0
        self._messages[message.id] = message
        self._by_age.put(message, message.sent_at)
        self._waiting[message] = None
        if delay:
            self._delayed.put(message, message.arrived_at + delay)
        self._line_up(message)

    def _hide(self, message: Message, timeout: int) -> None:
        """Put in flight for `timeout` seconds; 0 makes it visible."""
        if timeout:
            self._in_flight.put(message, self._now() + timeout)
        else:
            self._in_flight.discard(message)
        self._line_up(message)
