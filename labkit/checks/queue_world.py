"""Worlds of one queue, for exercises that have no table: a plain one, and one in which the work takes its time."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime

from labkit.checks.world import World
from labkit.embedded.in_process import InProcessAws
from labkit.explore import effect
from labkit.texts import explore as texts


class OutOfPaper(Exception):  # noqa: N818 (a printer's own word for it)
    """Why something could not be done. No exception of Python's, since nobody knows beforehand what may be raised."""


class QueueWorld(World):
    """A queue whose messages are plain texts."""

    def send(self, *texts: str) -> list[str]:
        for text in texts:
            self.send_body(text)
        return list(texts)

    def seen_by_others(self) -> list[str]:
        """The bodies that somebody else could receive now. Nothing is hidden by looking."""

        def look() -> list[str]:
            answer = self._sqs.receive_message(QueueUrl=self.queue_url, MaxNumberOfMessages=10, VisibilityTimeout=0)
            return [message["Body"] for message in answer.get("Messages", [])]

        with ThreadPoolExecutor(1) as somebody:  # a thread of its own, which is no consumer of the run
            return somebody.submit(look).result()

    def lanes(self) -> dict[str, str]:
        return {texts.QUEUE: super().lanes()[texts.QUEUE]}


@dataclass(frozen=True)
class Progress:
    """What became of some work."""

    done: list[str]  # orders all of whose steps were done
    steps: list[int]  # each step that was done, from 1 on
    longest_pause: float  # seconds before the first step, or between two that followed each other; whoever did them
    stolen_at: int  # the step in which somebody else got the message; 0: in none
    hidden: int  # the most neighbours that could not be received during a step
    left: int


class LongWork(QueueWorld):
    """Orders that are done in `steps` steps of 20 seconds; in each of them somebody else looks what can be received."""

    STEP = 20  # seconds

    def __init__(self, aws: InProcessAws, steps: int, neighbours: int = 0) -> None:
        super().__init__(aws)
        self.number_of_steps, self.neighbours = steps, neighbours
        self.fails_in = 0  # the step that raises; 0: none
        self.done: list[str] = []
        self.steps: list[int] = []
        self.begun: list[datetime] = []
        self.ended = [aws.now()]  # before the first step, nothing has ended yet but the wait for one who works
        self.stolen_at = self.hidden = 0
        self.no_body: object = None  # what steps_of was given in place of a message's body
        self.send("order 1", *(f"neighbour {number}" for number in range(1, neighbours + 1)))

    def steps_of(self, body: str) -> list[Callable[[], None]]:
        """What the exercise's function is given."""
        if not isinstance(body, str):
            self.no_body = body
        return [self._step(body, number) for number in range(1, self.number_of_steps + 1)]

    def _step(self, body: str, number: int) -> Callable[[], None]:
        def step() -> None:
            self._take(body, number)

        return step

    def outcome(self) -> Progress:  # type: ignore[override]
        pauses = [(later - earlier).total_seconds() for earlier, later in zip(self.ended, self.begun, strict=False)]
        return Progress(
            self.done, self.steps, max(pauses, default=0.0), self.stolen_at, self.hidden, sum(self.counts())
        )

    def _take(self, body: str, number: int) -> None:
        def do() -> None:
            self.begun.append(self.aws.now())
            self.aws.wait(self.STEP)
            seen = self.seen_by_others()
            if body in seen:
                self.stolen_at = self.stolen_at or number
            self.hidden = max(self.hidden, self.neighbours - sum(other != body for other in dict.fromkeys(seen)))
            self.ended.append(self.aws.now())
            if number == self.fails_in:
                raise OutOfPaper(f"step {number} cannot be done")
            self.steps.append(number)
            if number == self.number_of_steps:
                self.done.append(body)

        effect("step", f"{number} of {self.number_of_steps}, {self.STEP} s", do)
