"""Many clients at once: how much they get done, whether anything is lost, and whether a kernel beside them stays awake.

The clients are processes, as in the lessons. This process does what the kernel does there: it starts them and waits.
"""

from __future__ import annotations

import multiprocessing
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from benchmarks import worker
from benchmarks.servers import Server, both, client
from benchmarks.tables import create_table

CROWDS = (1, 4, 16)  # clients
SECONDS = 3  # that they work for
PRODUCERS, CONSUMERS = 4, 8
TICK = 0.01  # seconds
WAITING = 100  # messages in the queue that the clients share
TABLE = "shared"


@dataclass(frozen=True)
class Throughput:
    calls: float  # a second
    server_cpu: float  # milliseconds for each call
    longest_gap: float  # milliseconds between two ticks of this process


@dataclass(frozen=True)
class Passage:
    """How a load of messages came through."""

    messages: int
    rate: float  # messages a second
    lost: int
    doubled: int
    left_over: int


@dataclass
class Results:
    """By server; the throughput also by what is worked on and by the number of clients."""

    throughput: dict[tuple[str, str, int], Throughput] = field(default_factory=dict)
    passage: dict[str, Passage] = field(default_factory=dict)
    connections: dict[str, int] = field(default_factory=dict)  # opened by one client for 100 calls


def measure(messages: dict[str, int], progress: Callable[[str], None]) -> Results:
    """`messages` is how many to send through a queue, by server."""
    results = Results()
    with both() as servers, _crowd() as crowd:
        for server in servers:
            results.connections[server.kind] = _connections_of_100_calls(server)
            url = _shared_queue(server)
            create_table(client("dynamodb", server.endpoint_url), TABLE)
            for clients in CROWDS:
                progress(f"{clients} clients of {server.kind}")
                for what, work, where in (
                    ("queue", worker.work_on_queue, [url]),
                    ("table", worker.work_on_table, [TABLE]),
                ):
                    throughput = crowd.throughput(clients, server, work, *where)
                    results.throughput[server.kind, what, clients] = throughput
            progress(f"{messages[server.kind]:,} messages through {server.kind}")
            results.passage[server.kind] = crowd.pass_through(server, messages[server.kind])
    return results


class _Crowd:
    """Client processes that start together."""

    def __init__(self, pool: Any, producers_done: Any) -> None:
        self._pool, self._producers_done = pool, producers_done

    def throughput(self, clients: int, server: Server, work: Callable[..., int], *where: str) -> Throughput:
        """What so many clients, who all do `work`, get done."""
        cpu = server.cpu()
        working = self._each(work, [(clients, SECONDS, server.endpoint_url, *where)] * clients)
        gap = _longest_gap(working)
        calls = sum(working.get())
        return Throughput(calls / SECONDS, (server.cpu() - cpu) * 1000 / calls, gap * 1000)

    def pass_through(self, server: Server, messages: int) -> Passage:
        sqs = client("sqs", server.endpoint_url)
        url = sqs.create_queue(QueueName="passage")["QueueUrl"]
        where = (PRODUCERS + CONSUMERS, server.endpoint_url, url)
        share = messages // PRODUCERS
        self._producers_done.clear()
        producing = self._each(worker.produce, [(*where, number * share, share) for number in range(PRODUCERS)])
        consuming = self._each(worker.consume, [where] * CONSUMERS)
        start = min(producing.get())
        self._producers_done.set()
        consumed = consuming.get()
        came = Counter(number for numbers, _ in consumed for number in numbers)
        counts = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
        return Passage(
            messages,
            rate=came.total() / (max(end for _, end in consumed) - start),
            lost=messages - len(came),
            doubled=came.total() - len(came),
            left_over=sum(int(count) for name, count in counts.items() if name.startswith("ApproximateNumber")),
        )

    def _each(self, work: Callable[..., Any], tasks: list[tuple[Any, ...]]) -> Any:
        """One process for each task: they all wait until the last of them is there."""
        return self._pool.starmap_async(work, tasks, chunksize=1)


@contextmanager
def _crowd() -> Iterator[_Crowd]:
    processes = multiprocessing.get_context("spawn")
    producers_done = processes.Event()
    meeting = {clients: processes.Barrier(clients) for clients in (*CROWDS, PRODUCERS + CONSUMERS)}
    with processes.Pool(max(CROWDS), worker.join, (meeting, producers_done)) as pool:
        yield _Crowd(pool, producers_done)


def _connections_of_100_calls(server: Server) -> int:
    opened: list[str] = []
    sys.addaudithook(lambda event, _: opened.append(event) if event == "socket.connect" else None)
    sqs = client("sqs", server.endpoint_url)
    for _ in range(100):
        sqs.list_queues()
    return len(opened)


def _shared_queue(server: Server) -> str:
    """The URL of a new queue with a few messages."""
    url: str = client("sqs", server.endpoint_url).create_queue(QueueName="shared")["QueueUrl"]
    server.fill("shared", WAITING, 0)
    return url


def _longest_gap(working: Any) -> float:
    """The longest time in seconds from one tick of this process to the next, until the clients are done."""
    longest, last = 0.0, time.perf_counter()
    while not working.ready():
        time.sleep(TICK)
        now = time.perf_counter()
        longest, last = max(longest, now - last), now
    return longest
