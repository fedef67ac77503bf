"""The two servers as a benchmark sees them: clients for them, and what they use of the machine."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any, Self

import boto3
import psutil
from botocore.config import Config

from benchmarks.serve import ACCESS_KEY_ID, REGION, SECRET_ACCESS_KEY

NAMES = {"stock": "stock moto", "ours": "ours"}  # by what `serve` is told
# The slowest call of stock moto takes 40 s; sent again, it would be counted as one.
_CONFIG = Config(read_timeout=600, retries={"total_max_attempts": 1}, proxies={})


class Server:
    """One of the two, in a process of its own."""

    def __init__(self, kind: str) -> None:
        self.kind = kind
        self._child = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.serve", kind], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self._usage = psutil.Process(self._child.pid)
        self.endpoint_url = f"http://127.0.0.1:{json.loads(self._next_line())['port']}"

    def fill(self, name: str, count: int, groups: int) -> None:
        """Put messages into a queue from inside; see `serve.Fill`."""
        assert self._child.stdin is not None
        print(json.dumps([name, count, groups]), file=self._child.stdin, flush=True)
        self._next_line()

    def cpu(self) -> float:
        """Seconds of CPU used so far."""
        if sys.platform == "linux":  # to the nanosecond, by the id that clock_getcpuclockid(3) gives; psutil: to 10 ms
            return time.clock_gettime((~self._child.pid << 3) | 2)
        used = self._usage.cpu_times()
        return used.user + used.system

    def memory(self) -> int:
        """Resident memory in bytes."""
        return int(self._usage.memory_info().rss)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        assert self._child.stdin is not None
        self._child.stdin.close()
        self._child.wait(10)

    def _next_line(self) -> str:
        assert self._child.stdout is not None
        line = self._child.stdout.readline()
        if not line:
            raise RuntimeError(f"The server '{self.kind}' has ended; what it says is above.")
        return line


@contextmanager
def both() -> Iterator[list[Server]]:
    """Stock moto and ours, new ones."""
    with ExitStack() as stack:
        yield [stack.enter_context(Server(kind)) for kind in NAMES]


def client(service: str, endpoint_url: str) -> Any:
    """A boto3 client."""
    return boto3.client(  # type: ignore[call-overload]
        service,
        endpoint_url=endpoint_url,
        region_name=REGION,
        aws_access_key_id=ACCESS_KEY_ID,
        aws_secret_access_key=SECRET_ACCESS_KEY,
        config=_CONFIG,
    )
