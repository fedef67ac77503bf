"""`start()`: an AWS to work with, and the few things that boto3 cannot do for a lesson."""

from __future__ import annotations

import math
import re
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from labkit import texts
from labkit.embedded.process import EmbeddedAws
from labkit.errors import LabError
from labkit.inventory import remove_everything
from labkit.isolation import Isolation, Keys

if TYPE_CHECKING:
    import pandas as pd

REGION = "us-east-1"
LONGEST_WAIT = timedelta(days=400)  # beyond a year nothing in the lessons changes any more
LONGEST_NAME = 80  # Amazon SQS API Reference, CreateQueue: QueueName, at most 80 of these characters, ".fifo" included


class Lab:
    """The AWS that this notebook talks to. Made by `start`, of which a kernel has one at a time."""

    target = "embedded"
    region = REGION

    def __init__(self, aws: EmbeddedAws) -> None:
        self._aws = aws
        self.endpoint_url = aws.endpoint_url
        self.account = aws.account

    def __repr__(self) -> str:
        return texts.STARTED.format(region=self.region, account=self.account)

    def wait(self, *, seconds: float = 0, minutes: float = 0, hours: float = 0, days: float = 0) -> None:
        """Let this much time pass for AWS. The embedded AWS's clock is moved, so this returns at once.

        Everything that AWS does by the clock follows: visibility timeouts, delays, deduplication, retention, tokens.
        Requests signed with this computer's own clock stay valid.
        Raises LabError for no time at all, time backwards, or more than `LONGEST_WAIT`.
        """
        given = {"seconds": seconds, "minutes": minutes, "hours": hours, "days": days}
        for unit, amount in given.items():
            if isinstance(amount, bool) or not isinstance(amount, (int, float)) or not math.isfinite(amount):
                raise LabError(texts.WAIT_NEEDS_NUMBERS.format(given=f"{unit}={amount!r}"))
        total = seconds + 60 * minutes + 3600 * hours + 86400 * days
        if total == 0:
            raise LabError(texts.WAIT_FOR_NOTHING)
        if total < 0:
            raise LabError(texts.WAIT_BACKWARDS.format(seconds=total))
        if total > LONGEST_WAIT.total_seconds():
            raise LabError(texts.WAIT_TOO_LONG.format(days=LONGEST_WAIT.days, asked=total / 86400))
        self._aws.ask("move_clock", seconds=total)

    def now(self) -> datetime:
        """AWS's time, in UTC. Whatever is compared with AWS (a lease, a TTL, an expiry) takes its time from here."""
        return datetime.fromisoformat(self._aws.ask("tell_time")["now"])

    def name(self, base: str) -> str:
        """The name to give to a queue, topic or table, made from `base`; `.fifo` at its end stays there.

        On the embedded AWS, which is this notebook's alone, that is `base` itself.
        Raises LabError for a name that AWS would not take.
        """
        if not re.fullmatch(r"[A-Za-z0-9_-]+(\.fifo)?", base) or len(base) > LONGEST_NAME:
            raise LabError(texts.NAME_IS_BAD.format(name=base, longest=LONGEST_NAME))
        return base

    def tear_down(self) -> pd.DataFrame:
        """Remove all that this run made; a table of what that was, with the columns `kind` and `name`."""
        return remove_everything()


@dataclass
class _Kernel:
    """What one kernel keeps from one `start` to the next, so that clients made before go on working."""

    isolation: Isolation
    keys: Keys
    aws: EmbeddedAws | None = None


_kernel: _Kernel | None = None


def start(*, seed: int = 0) -> Lab:
    """Start a clean embedded AWS, point boto3 at it, and say so in one line.

    `boto3.client("sqs")` then needs no arguments, here and in child processes. Called again in the same kernel it
    gives a clean AWS at the same address, with the same keys, so that clients made before go on working.
    `seed` makes the ids that AWS gives out the same on every run.
    Raises LabError if the embedded AWS does not start; boto3 then reaches no AWS at all.
    """
    global _kernel
    if _kernel is None:
        _kernel = _Kernel(Isolation(), Keys.random())
    port = 0
    if _kernel.aws is not None:
        port = _kernel.aws.port
        _kernel.aws.stop()
    _kernel.aws = EmbeddedAws(port)
    _kernel.aws.ask("seed", number=seed)
    _kernel.aws.ask("accept_keys", **asdict(_kernel.keys))
    _kernel.isolation.point_at(_kernel.aws.endpoint_url, REGION, _kernel.keys)
    lab = Lab(_kernel.aws)
    print(lab)
    return lab


def stop() -> None:
    """End the embedded AWS and give boto3 back the environment it had before `start`. Done already if none runs."""
    global _kernel
    if _kernel is not None:
        if _kernel.aws is not None:
            _kernel.aws.stop()
        _kernel.isolation.release()
        _kernel = None
