"""SQS as a whole: queues by region, actions by name, one lock, and long polls that hold nobody up."""

import itertools
import random
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

from labkit.embedded.access.callers import Caller
from labkit.embedded.sqs import errors
from labkit.embedded.sqs.actions import ACTIONS
from labkit.embedded.sqs.attributes import QueueAttributes
from labkit.embedded.sqs.context import ACCOUNT, Context, new_id
from labkit.embedded.sqs.fifo import FifoQueue
from labkit.embedded.sqs.figures import Figures
from labkit.embedded.sqs.moves import Moves
from labkit.embedded.sqs.queue import Delivery, Queue
from labkit.embedded.sqs.standard import StandardQueue
from labkit.embedded.sqs.trouble import Trouble

FIRST_SEQUENCE_NUMBER = 18_850_000_000_000_000_000  # 20 digits, as AWS's have
SEQUENCE_STEP = 256
NAME_BLOCKED = 60  # seconds for which a deleted queue's name cannot be used

Authorise = Callable[[Queue, str, Caller], None]


def allow(queue: Queue, action: str, caller: Caller) -> None:
    """The default authorisation: everybody may do everything."""


class Sqs:
    """The queues of one account. Its public methods may be called from any thread."""

    def __init__(
        self,
        *,
        now: Callable[[], float] = time.time,
        rng: random.Random | None = None,
        authorise: Authorise = allow,
        trouble: Trouble | None = None,
        idle: Callable[[threading.Condition, float], object] = threading.Condition.wait,
    ):
        """`now` is AWS's time in epoch seconds; `rng` makes the ids.

        `idle(arrivals, seconds)` is how a long poll waits: at most so long, or until it is notified.

        `authorise(queue, action, caller)` raises SqsError to forbid an action on a queue. The action is the one that
        policies name, for example SendMessage also for a SendMessageBatch.
        """
        self.now = now
        self.rng = rng or random.Random()
        self.authorise = authorise
        self.trouble = trouble or Trouble()
        self.idle = idle
        self.lock = threading.RLock()
        self.moves = Moves(self.queue_by_arn, now, self.rng)
        self._queues: dict[str, Queue] = {}  # by ARN
        self._deleted_at: dict[str, float] = {}
        self._sequence = itertools.count(FIRST_SEQUENCE_NUMBER, SEQUENCE_STEP)

    def call(self, context: Context, request: dict[str, Any]) -> dict[str, Any]:
        """Do what the API's `context.action` does, with its parameters, and return what it returns.

        Raises SqsError. `request` must have the shape that the API's model gives it (see `shapes`).
        """
        action = ACTIONS.get(context.action)
        if action is None:
            raise errors.unknown_operation(context.action)
        with self.lock:
            self.moves.advance()
            return action(self, context, request)

    def new_id(self) -> str:
        with self.lock:
            return new_id(self.rng)

    def clock_moved(self) -> None:
        """Tell whoever waits that it is later than they think."""
        with self.lock:
            self.moves.advance()
            for queue in self._queues.values():
                queue.arrivals.notify_all()

    def poll(self, queue: Queue, seconds: float, receive: Callable[[], list[Delivery]]) -> list[Delivery]:
        """What `receive` returns, tried again for up to `seconds` of AWS's time while it returns nothing.

        The lock is free while this waits.
        """
        deadline = self.now() + seconds
        while True:
            deliveries = receive()
            left = deadline - self.now()
            if deliveries or left <= 0 or queue.deleted:
                break
            until_change = min(queue.next_change(), self.moves.next_step()) - self.now()
            self.idle(queue.arrivals, max(0.001, min(left, until_change)))
            self.moves.advance()
        queue.totals.empty_receives += not deliveries
        return deliveries

    def figures(self, used_since: float) -> dict[str, Figures]:
        """What CloudWatch should know of each queue that has messages or was used since then, by its ARN."""
        with self.lock:
            self.moves.advance()
            return {queue.arn: queue.figures() for queue in self._active(used_since)}

    def any_active(self, used_since: float) -> bool:
        """Whether `figures` would know of any queue."""
        with self.lock:
            return any(True for _ in self._active(used_since))

    def _active(self, used_since: float) -> Iterator[Queue]:
        return (queue for queue in self._queues.values() if queue.used_at >= used_since or any(queue.counts()))

    # Queues

    def queues(self, region: str) -> list[Queue]:
        prefix = self._arn(region, "")
        return [queue for arn, queue in sorted(self._queues.items()) if arn.startswith(prefix)]

    def queue_by_arn(self, arn: str) -> Queue | None:
        return self._queues.get(arn)

    def queue_by_name(self, region: str, name: str) -> Queue:
        """Raises SqsError (QueueDoesNotExist)."""
        queue = self._queues.get(self._arn(region, name))
        if queue is None:
            raise errors.queue_does_not_exist()
        return queue

    def queue(self, context: Context, url: str) -> Queue:
        """The queue that a request is about, which its caller may use so. Any host will do in the URL, or none.

        Raises SqsError.
        """
        account, _, name = url.rpartition("/")
        account = account.rpartition("/")[2] or ACCOUNT
        if not name:
            raise errors.invalid_address(url)
        if account != ACCOUNT:
            raise errors.queue_does_not_exist()
        return self.authorised(context, self.queue_by_name(context.region, name))

    def authorised(self, context: Context, queue: Queue) -> Queue:
        self.authorise(queue, context.action.removesuffix("Batch"), context.caller)
        queue.used_at = self.now()
        return queue

    def add_queue(self, region: str, name: str, attributes: QueueAttributes) -> Queue:
        """Raises SqsError (QueueDeletedRecently)."""
        arn = self._arn(region, name)
        if self._deleted_at.get(arn, float("-inf")) > self.now() - NAME_BLOCKED:
            raise errors.queue_deleted_recently()
        common: dict[str, Any] = {
            "now": self.now,
            "rng": self.rng,
            "lock": self.lock,
            "find_queue": self.queue_by_arn,
        }
        queue = (
            FifoQueue(arn, attributes, sequence=self._sequence, **common)
            if attributes.fifo
            else StandardQueue(arn, attributes, trouble=self.trouble, **common)
        )
        self._queues[arn] = queue
        return queue

    def remove_queue(self, queue: Queue) -> None:
        del self._queues[queue.arn]
        self._deleted_at[queue.arn] = self.now()
        queue.deleted = True
        queue.arrivals.notify_all()

    def _arn(self, region: str, name: str) -> str:
        return f"arn:aws:sqs:{region}:{ACCOUNT}:{name}"
