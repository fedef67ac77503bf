"""SQS: long polls, which wait for a message and hold nobody up."""

import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import pytest
from behaviours import behaviour
from sqs_calls import API, GUIDE, RECORDED, MakeQueue, QueueUnderTest, refused

import labkit

POLLING = GUIDE + "sqs-short-and-long-polling.html"
SOON = 5  # seconds within which a poll that has something to return must return, far less than it may wait


class Consumers:
    """Polls that wait elsewhere while a test goes on."""

    def __init__(self, lab: labkit.Lab, threads: ThreadPoolExecutor) -> None:
        self._lab = lab
        self._threads = threads

    def poll(self, queue: QueueUnderTest, **more: Any) -> Future[list[str]]:
        poll = self._threads.submit(queue.bodies, **{"WaitTimeSeconds": 20, **more})
        time.sleep(0.1)  # it should be there first; the tests are right either way
        return poll

    def wait_for(self, poll: Future[list[str]]) -> list[str]:
        """What the poll returns in the end, with time moved on until it does."""
        while not poll.done():
            self._lab.wait(seconds=21)
            time.sleep(0.01)
        return poll.result()


@pytest.fixture
def consumers(lab: labkit.Lab) -> Iterator[Consumers]:
    with ThreadPoolExecutor() as threads:
        yield Consumers(lab, threads)


@behaviour("poll.returns_on_arrival", "A long poll returns as soon as a message arrives", source=POLLING)
@behaviour("poll.send_same_queue_not_blocked", "It does not hold up the send", source=POLLING)
def test_a_message_arrives(queue: MakeQueue, consumers: Consumers) -> None:
    jobs = queue()
    poll = consumers.poll(jobs)
    jobs.send("here")
    assert poll.result(SOON) == ["here"]


@behaviour("poll.waits_full_when_empty", "Without a message it returns empty after its time", source=POLLING)
def test_no_message_arrives(queue: MakeQueue, consumers: Consumers) -> None:
    poll = consumers.poll(queue())
    assert not poll.done()
    assert consumers.wait_for(poll) == []


@behaviour("poll.wakes_on_visibility_expiry", "It returns a message whose timeout ends meanwhile", source=POLLING)
def test_a_message_becomes_visible(queue: MakeQueue, consumers: Consumers) -> None:
    jobs = queue()
    jobs.send("again")
    jobs.receive(VisibilityTimeout=1)
    assert consumers.poll(jobs).result(SOON) == ["again"]


@behaviour("poll.wakes_on_delay_expiry", "And one whose delay ends", source=POLLING)
def test_a_delay_ends(queue: MakeQueue, consumers: Consumers) -> None:
    jobs = queue()
    jobs.send("later", DelaySeconds=1)
    assert consumers.poll(jobs).result(SOON) == ["later"]


@behaviour("poll.wakes_on_change", "And one that is given back", source=POLLING)
def test_a_message_is_given_back(queue: MakeQueue, consumers: Consumers) -> None:
    jobs = queue(VisibilityTimeout=600)
    jobs.send("given back")
    message = jobs.receive_one()
    poll = consumers.poll(jobs)
    jobs.hide(message, 0)
    assert poll.result(SOON) == ["given back"]


@behaviour("poll.others_not_blocked", "Other requests go on during a long poll", source=POLLING)
def test_others_go_on(sqs: Any, queue: MakeQueue, consumers: Consumers) -> None:
    waiting, other = queue(), queue()
    poll = consumers.poll(waiting)
    other.send("job")
    assert other.bodies() == ["job"]
    assert waiting.counts() == (0, 0, 0)
    assert not poll.done()
    waiting.send("end")
    assert poll.result(SOON) == ["end"]


@behaviour("poll.queue_attr_default", "A queue may have long polls by default", source=API + "ReceiveMessage.html")
def test_the_wait_time_of_the_queue(sqs: Any, queue: MakeQueue, consumers: Consumers) -> None:
    jobs = queue(ReceiveMessageWaitTimeSeconds=20)
    with ThreadPoolExecutor() as threads:
        poll = threads.submit(sqs.receive_message, QueueUrl=jobs.url)
        time.sleep(0.1)
        assert not poll.done()
        jobs.send("here")
        assert [m["Body"] for m in poll.result(SOON)["Messages"]] == ["here"]


@behaviour(
    "poll.fifo_locked_group_waits",
    "On a locked group it waits, and returns the next message after the delete",
    source=RECORDED + "test_fifo_message_group_visibility",
)
def test_a_locked_group_is_unlocked(queue: MakeQueue, consumers: Consumers) -> None:
    fifo = queue(fifo=True, ContentBasedDeduplication="true")
    fifo.send("a", "g")
    first = fifo.receive_one()
    poll = consumers.poll(fifo)
    fifo.send("b", "g")
    time.sleep(0.1)
    assert not poll.done()
    fifo.delete(first)
    assert poll.result(SOON) == ["b"]


@behaviour("poll.two_waiters_one_msg", "Of two waiting consumers one gets the message", source=POLLING)
def test_two_consumers_wait(queue: MakeQueue, consumers: Consumers) -> None:
    jobs = queue(VisibilityTimeout=600)
    polls = [consumers.poll(jobs) for _ in range(2)]
    jobs.send("one")
    assert sorted(consumers.wait_for(poll) for poll in polls) == [[], ["one"]]


@behaviour(
    "poll.wait_range",
    "A poll waits 0 to 20 seconds",
    source=RECORDED + "test_send_receive_wait_time_seconds",
)
@pytest.mark.parametrize("seconds", [-1, 21])
def test_the_range_of_the_wait(queue: MakeQueue, seconds: int) -> None:
    with refused("InvalidParameterValue", f"Value {seconds} for parameter WaitTimeSeconds is invalid."):
        queue().receive(WaitTimeSeconds=seconds)
