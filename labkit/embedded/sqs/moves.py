"""Move tasks: messages of a dead-letter queue on their way back, at a limited speed.

https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_StartMessageMoveTask.html
"""

import base64
import json
import random
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from labkit.embedded.sqs import errors
from labkit.embedded.sqs.context import new_id
from labkit.embedded.sqs.message import Message
from labkit.embedded.sqs.queue import Queue

MAX_RATE = 500  # messages a second, also the speed of a task that names none
MAX_ACTIVE = 100

FindQueue = Callable[[str], Queue | None]


class Status(StrEnum):
    RUNNING = "RUNNING"
    COMPLETED = "COMPLETED"
    CANCELLING = "CANCELLING"
    CANCELLED = "CANCELLED"
    FAILED = "FAILED"


@dataclass
class MoveTask:
    """One task. It takes a step each full second after its start, so that what is seen of it can be foretold."""

    id: str
    source_arn: str
    destination_arn: str | None  # None: each message goes back to where it came from
    rate: int | None  # messages a second, as asked for
    started_at: float
    to_move: int
    moved: int = 0
    steps: int = 0
    status: Status = Status.RUNNING
    failure_reason: str | None = None

    @property
    def is_active(self) -> bool:
        return self.status in (Status.RUNNING, Status.CANCELLING)

    @property
    def next_step(self) -> float:
        return self.started_at + self.steps + 1

    @property
    def handle(self) -> str:
        content = {"taskId": self.id, "sourceArn": self.source_arn}
        return base64.b64encode(json.dumps(content).encode()).decode()

    def step(self, find_queue: FindQueue) -> None:
        """Move one second's worth of messages."""
        self.steps += 1
        if self.status is Status.CANCELLING:
            self.status = Status.CANCELLED
            return
        source = find_queue(self.source_arn)
        for _ in range(self.rate or MAX_RATE):
            message = source.first_visible() if source and self.moved < self.to_move else None
            if not message:
                break
            assert source
            self._move(source, message, find_queue)
            if self.status is Status.FAILED:
                return
        if source is None:
            self._fail("AWS.SimpleQueueService.NonExistentQueue")
        elif self.moved >= self.to_move or not source.first_visible():
            self.status = Status.COMPLETED

    def _move(self, source: Queue, message: Message, find_queue: FindQueue) -> None:
        """Nothing is lost where it cannot be moved: the message stays in the dead-letter queue, and the task fails."""
        target_arn = self.destination_arn or message.dead_letter_source_arn
        if target_arn is None:
            self._fail("CouldNotDetermineMessageSource")
            return
        target = find_queue(target_arn)
        if target is None:
            self._fail("AWS.SimpleQueueService.NonExistentQueue")
            return
        source.take_out(message)
        target.accept_as_new(message)
        self.moved += 1

    def _fail(self, reason: str) -> None:
        self.status = Status.FAILED
        self.failure_reason = reason


class Moves:
    """All tasks of the account. `advance` does what is due; nothing runs in between."""

    def __init__(self, find_queue: FindQueue, now: Callable[[], float], rng: random.Random):
        self._find_queue = find_queue
        self._now = now
        self._rng = rng
        self._tasks: list[MoveTask] = []
        self._active: list[MoveTask] = []

    def advance(self) -> None:
        if not self._active:
            return
        now = self._now()
        for task in self._active:
            while task.is_active and task.next_step <= now:
                task.step(self._find_queue)
        self._active = [task for task in self._active if task.is_active]

    def next_step(self) -> float:
        """When there is something to do again; infinity if there is no active task."""
        return min((task.next_step for task in self._active), default=float("inf"))

    def start(self, source: Queue, destination_arn: str | None, rate: int | None) -> MoveTask:
        """Raises SqsError if the source has an active task, or there are too many in all."""
        if any(task.source_arn == source.arn for task in self._active):
            raise errors.invalid_parameter(
                "There is already a task running. Only one active task is allowed for a source queue arn at a given "
                "time."
            )
        if len(self._active) >= MAX_ACTIVE:
            raise errors.invalid_parameter(f"There are already {MAX_ACTIVE} active tasks, which is the maximum.")
        task = MoveTask(
            id=new_id(self._rng),
            source_arn=source.arn,
            destination_arn=destination_arn,
            rate=rate,
            started_at=self._now(),
            to_move=source.counts()[0],
        )
        self._tasks.append(task)
        self._active.append(task)
        return task

    def cancel(self, handle: str) -> MoveTask:
        """Messages that were moved stay where they are. Raises SqsError if there is no such task, or none to cancel."""
        task = self._by_handle(handle)
        if task.status is not Status.RUNNING:
            raise errors.resource_not_found("Task does not exist.")
        task.status = Status.CANCELLING
        return task

    def of_source(self, source_arn: str) -> list[MoveTask]:
        """The latest first."""
        return [task for task in reversed(self._tasks) if task.source_arn == source_arn]

    def _by_handle(self, handle: str) -> MoveTask:
        try:
            content = json.loads(base64.b64decode(handle, validate=True))
            task_id, source_arn = content["taskId"], content["sourceArn"]
        except (ValueError, KeyError, TypeError, RecursionError):
            raise errors.invalid_parameter("Value for parameter TaskHandle is invalid.") from None
        if not isinstance(source_arn, str) or not self._find_queue(source_arn):
            raise errors.resource_not_found(
                "The resource that you specified for the SourceArn parameter doesn't exist."
            )
        for task in self._tasks:
            if task.id == task_id and task.source_arn == source_arn:
                return task
        raise errors.resource_not_found("Task does not exist.")
