"""Programs that wait, on time that is moved: asyncio on AWS's clock, and consumers whose polls are watched."""

import asyncio
import contextlib
import time
from typing import Any

import boto3
import pytest

import labkit
from labkit import async_time
from labkit.aws_time import AwsTime
from labkit.polling import watch


class Lab:
    def __init__(self) -> None:
        self.second = 0.0

    def wait(self, *, seconds: float) -> None:
        self.second += seconds


def test_sleepers_wake_in_their_order_at_their_moments_and_nobody_waits() -> None:
    lab, seen = Lab(), []

    async def sleep(name: str, seconds: float) -> None:
        await asyncio.sleep(seconds)
        seen.append((name, lab.second))

    async def main() -> str:
        await asyncio.gather(sleep("slow", 12), sleep("quick", 5), sleep("none", 0))
        return "done"

    began = time.monotonic()
    assert async_time.run(lab, main()) == "done"
    assert seen == [("none", 0), ("quick", 5), ("slow", 12)]
    assert time.monotonic() - began < 5


def test_an_exception_comes_out_and_what_still_runs_is_cancelled() -> None:
    cancelled = []

    async def for_ever() -> None:
        try:
            await asyncio.sleep(1e6)
        except asyncio.CancelledError:
            cancelled.append(1)
            raise

    async def main() -> None:
        task = asyncio.create_task(for_ever())
        await asyncio.sleep(1)
        assert not task.done()
        raise ValueError("out")

    with pytest.raises(ValueError, match="out"):
        async_time.run(Lab(), main())
    assert cancelled == [1]


def test_work_in_a_thread_is_waited_for_without_moving_the_clock() -> None:
    lab = Lab()

    async def main() -> None:
        await asyncio.to_thread(time.sleep, 0.05)

    async_time.run(lab, main())
    assert lab.second == 0


def poller(seconds: float, **how: Any) -> Any:
    sqs = boto3.client("sqs")

    def poll(queue_url: str) -> None:
        while True:
            for message in sqs.receive_message(QueueUrl=queue_url, **how).get("Messages", []):
                sqs.delete_message(QueueUrl=queue_url, ReceiptHandle=message["ReceiptHandle"])
            time.sleep(seconds)

    return poll


def test_short_and_long_polls_are_counted_over_an_hour(lab: labkit.Lab) -> None:
    assert len(watch(poller(5), 3600)) == 720
    assert len(watch(poller(0, WaitTimeSeconds=20), 3600)) == 180


def test_each_poll_says_when_it_asked_and_what_it_found(lab: labkit.Lab) -> None:
    polls = watch(poller(0, WaitTimeSeconds=20), 60, arrivals=(7, 32))
    assert polls.values.tolist() == [[0, 7, 1], [7, 27, 0], [27, 32, 1], [32, 52, 0], [52, 72, 0]]
    assert watch(poller(5), 12, arrivals=(7,)).values.tolist() == [[0, 0, 0], [5, 5, 0], [10, 10, 1]]


def test_a_consumer_that_ends_or_catches_everything_does_not_keep_us(lab: labkit.Lab) -> None:
    sqs = boto3.client("sqs")

    def once(queue_url: str) -> None:
        sqs.receive_message(QueueUrl=queue_url)

    def stubborn(queue_url: str) -> None:
        while True:
            with contextlib.suppress(Exception):  # as a careless consumer does
                sqs.receive_message(QueueUrl=queue_url)
                time.sleep(5)

    assert len(watch(once, 60)) == 1
    assert len(watch(stubborn, 60)) == 12


def test_a_program_without_a_lab_hears_aws_time_from_its_answers(lab: labkit.Lab) -> None:
    sqs: Any = boto3.client("sqs")
    aws_time = AwsTime(sqs)
    for _ in range(2):
        lab.wait(hours=5)
        sqs.list_queues()
        assert abs((aws_time.now() - lab.now()).total_seconds()) < 2
