"""Random histories of a queue against a model so simple that it is right by inspection.

Nothing is lost, nothing is delivered twice while it is in flight, the order within a group holds, the counts add up.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqs_kit import Queues

from labkit.embedded.sqs.errors import SqsError

MAX_RECEIVES = 2
RETENTION = 1_000

Step = tuple[Any, ...]  # a method of History and its arguments

recent = st.integers(1, 6)  # which of the latest receipt handles
seconds = st.sampled_from([0, 0, 1, 5, 40])
step = st.one_of(
    st.tuples(st.just("send"), st.integers(0, 1), st.sampled_from([0, 0, 3])),
    st.tuples(st.just("receive"), st.integers(1, 5), seconds),
    st.tuples(st.just("receive"), st.integers(2, 10), st.just(30)),
    st.tuples(st.just("delete"), recent),
    st.tuples(st.just("change"), recent, seconds),
    st.tuples(st.just("change"), recent, st.just(0)),
    st.tuples(st.just("wait"), st.sampled_from([1, 4, 35, 35, RETENTION // 2])),
    st.tuples(st.just("purge")),
)
histories = st.lists(step, min_size=20, max_size=60)
thorough = settings(
    max_examples=500, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck)
)


@dataclass
class Known:
    """What the model knows of one message."""

    body: str
    group: str
    sent_at: float
    hidden_until: float = 0
    in_flight: bool = False
    receives: int = 0


@dataclass
class Handle:
    text: str
    message: Known
    receive: int


@dataclass
class History:
    """A queue, its dead-letter queue, and what must be in them: `alive` in the order of sending, `dead` in any."""

    fifo: bool
    queues: Queues = field(default_factory=Queues)
    alive: list[Known] = field(default_factory=list)
    dead: list[str] = field(default_factory=list)
    handles: list[Handle] = field(default_factory=list)
    sends: int = 0
    purged_at: float = 0

    def __post_init__(self) -> None:
        self.dlq = self.queues.make(fifo=self.fifo)
        policy = {"deadLetterTargetArn": self.queues.arn(self.dlq), "maxReceiveCount": MAX_RECEIVES}
        self.url = self.queues.make(
            fifo=self.fifo, RedrivePolicy=json.dumps(policy), MessageRetentionPeriod=RETENTION, VisibilityTimeout=30
        )

    def run(self, steps: list[Step]) -> None:
        for name, *arguments in steps:
            getattr(self, name)(*arguments)
            self.check_counts()
        self.check_nothing_lost()

    # Steps

    def send(self, group: int, delay: int) -> None:
        self.sends += 1
        known = Known(str(self.sends), f"g{group}" if self.fifo else "", self.now)
        if self.fifo:
            self.queues.send(self.url, known.body, known.group)
        else:
            self.queues.send(self.url, known.body, DelaySeconds=delay)
            known.hidden_until = self.now + delay
        self.alive.append(known)

    def receive(self, count: int, timeout: int) -> None:
        before = self.visible()
        deliverable = [m for m in before if m.receives < MAX_RECEIVES]
        received = self.queues.receive(self.url, count, VisibilityTimeout=timeout)
        bodies = [m["Body"] for m in received]
        assert len(set(bodies)) == len(bodies), "the same message twice in one receive"
        by_body = {m.body: m for m in self.alive}
        assert set(bodies) <= {m.body for m in deliverable}, "delivered although hidden, locked, exhausted or gone"
        assert len(bodies) == min(count, len(deliverable)), "visible messages were held back"
        moved = self.arrived_in_dlq()
        assert moved <= {m.body for m in before if m.receives >= MAX_RECEIVES}, "moved although not exhausted"
        if self.fifo:
            self.check_order(bodies)
        for shown in received:
            message = by_body[shown["Body"]]
            message.receives += 1
            assert shown["Attributes"]["ApproximateReceiveCount"] == str(message.receives)
            self.hide(message, timeout)
            self.handles.append(Handle(shown["ReceiptHandle"], message, message.receives))
        self.alive = [m for m in self.alive if m.body not in moved]
        self.dead += moved

    def delete(self, which: int) -> None:
        if not self.handles:
            return
        handle = self.handles[-min(which, len(self.handles))]
        if self.is_current(handle) or not self.fifo or not self.is_alive(handle.message):
            self.queues.call("DeleteMessage", self.url, ReceiptHandle=handle.text)
            self.alive = [m for m in self.alive if m is not handle.message]
        else:
            with pytest.raises(SqsError, match="expired"):
                self.queues.call("DeleteMessage", self.url, ReceiptHandle=handle.text)

    def change(self, which: int, timeout: int) -> None:
        if not self.handles:
            return
        handle = self.handles[-min(which, len(self.handles))]
        change = {"ReceiptHandle": handle.text, "VisibilityTimeout": timeout}
        if self.is_current(handle) or (not self.fifo and self.is_alive(handle.message)):
            self.queues.call("ChangeMessageVisibility", self.url, **change)
            self.hide(handle.message, timeout)
        else:
            with pytest.raises(SqsError, match="not available for visibility timeout change"):
                self.queues.call("ChangeMessageVisibility", self.url, **change)

    def wait(self, seconds: int) -> None:
        self.queues.wait(seconds)
        for message in self.alive:
            message.in_flight &= message.hidden_until > self.now
        self.alive = [m for m in self.alive if m.sent_at + RETENTION > self.now]

    def purge(self) -> None:
        if self.now - self.purged_at < 60:
            with pytest.raises(SqsError, match="allowed every 60 seconds"):
                self.queues.call("PurgeQueue", self.url)
        else:
            self.queues.call("PurgeQueue", self.url)
            self.alive, self.purged_at = [], self.now

    # What the model says

    @property
    def now(self) -> float:
        return self.queues.clock.time

    def hide(self, message: Known, timeout: int) -> None:
        message.in_flight = timeout > 0
        message.hidden_until = self.now + timeout

    def is_alive(self, message: Known) -> bool:
        return any(m is message for m in self.alive)

    def is_current(self, handle: Handle) -> bool:
        message = handle.message
        return self.is_alive(message) and message.in_flight and handle.receive == message.receives

    def visible(self) -> list[Known]:
        """What a receive may hand out: on a FIFO queue of each group only what stands before the first hidden one."""
        visible, locked = [], set()
        for message in self.alive:
            hidden = message.hidden_until > self.now
            if not hidden and message.group not in locked:
                visible.append(message)
            elif self.fifo:
                locked.add(message.group)
        return visible

    def check_order(self, bodies: list[str]) -> None:
        """One group after the other, each in the order of sending and from its first message on."""
        groups = [m.group for body in bodies for m in self.alive if m.body == body]
        runs = [group for at, group in enumerate(groups) if at == 0 or groups[at - 1] != group]
        assert len(runs) == len(set(runs)), "a group was left before it was used up"
        for group in runs:
            expected = [m.body for m in self.visible() if m.group == group and m.receives < MAX_RECEIVES]
            of_group = [body for body, its in zip(bodies, groups, strict=True) if its == group]
            assert of_group == expected[: len(of_group)], "out of order within a group"
            assert group == runs[-1] or of_group == expected, "a group was left before it was used up"

    def check_counts(self) -> None:
        in_flight = sum(m.in_flight for m in self.alive)
        delayed = sum(m.hidden_until > self.now and not m.in_flight for m in self.alive)
        assert self.queues.counts(self.url) == (len(self.alive) - in_flight - delayed, in_flight, delayed)

    def arrived_in_dlq(self) -> set[str]:
        return set(self.drained(self.dlq))

    def drained(self, url: str) -> Iterator[str]:
        while received := self.queues.receive(url, VisibilityTimeout=60):
            for message in received:
                self.queues.call("DeleteMessage", url, ReceiptHandle=message["ReceiptHandle"])
                yield message["Body"]

    def check_nothing_lost(self) -> None:
        """When every timeout has ended, all that is alive comes out, here or in the dead-letter queue."""
        self.wait(45)
        bodies = [*self.drained(self.url), *self.drained(self.dlq)]
        assert sorted(bodies) == sorted(m.body for m in self.alive)


@thorough
@given(histories)
def test_a_standard_queue_does_what_the_model_says(steps: list[Step]) -> None:
    History(fifo=False).run(steps)


@thorough
@given(histories)
def test_a_fifo_queue_does_what_the_model_says(steps: list[Step]) -> None:
    History(fifo=True).run(steps)
