"""`start()`: an AWS to work with, and the few things that boto3 cannot do for a lesson."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from labkit import isolation, texts
from labkit.embedded.process import EmbeddedAws
from labkit.errors import LabError
from labkit.inventory import remove_everything
from labkit.isolation import Keys

if TYPE_CHECKING:
    import pandas as pd

REGION = "us-east-1"
LONGEST_WAIT = timedelta(days=400)  # beyond a year nothing in the lessons changes any more
MOST_SPENT = 1_000_000  # dollars at once; a lesson's month costs less
LONGEST_NAME = 80  # Amazon SQS API Reference, CreateQueue: QueueName, at most 80 of these characters, ".fifo" included


@dataclass
class _Kernel:
    """What one kernel keeps from one `start` to the next, so that clients made before go on working."""

    keys: Keys
    aws: EmbeddedAws
    trouble: str = ""  # the line that says so, while there is trouble on request


_kernel: _Kernel | None = None


class Lab:
    """The AWS that this notebook talks to. `start` makes it; a kernel has one AWS at a time."""

    target = "embedded"
    region = REGION

    def __init__(self, kernel: _Kernel) -> None:
        self._kernel = kernel
        self.endpoint_url = kernel.aws.endpoint_url
        self.account = kernel.aws.account

    def __repr__(self) -> str:
        started = texts.STARTED.format(region=self.region, account=self.account)
        return f"{started}\n{self._kernel.trouble}" if self._kernel.trouble else started

    def wait(self, *, seconds: float = 0, minutes: float = 0, hours: float = 0, days: float = 0) -> None:
        """Let this much time pass for AWS. The embedded AWS's clock is moved, so this returns at once.

        Everything that AWS does by the clock follows: visibility timeouts, delays, deduplication, retention, tokens.
        Requests signed with this computer's own clock stay valid.
        Raises LabError for no time at all, time backwards, or more than `LONGEST_WAIT`.
        """
        try:
            time = timedelta(seconds=seconds, minutes=minutes, hours=hours, days=days)
        except OverflowError:
            time = timedelta.max
        except (TypeError, ValueError):  # a text, None, not-a-number
            raise LabError(texts.WAIT_NEEDS_NUMBERS) from None
        if not time:
            raise LabError(texts.WAIT_FOR_NOTHING)
        if time < timedelta():
            raise LabError(texts.WAIT_BACKWARDS.format(seconds=time.total_seconds()))
        if time > LONGEST_WAIT:
            raise LabError(texts.WAIT_TOO_LONG.format(days=LONGEST_WAIT.days))
        self._kernel.aws.ask("move_clock", seconds=time.total_seconds())

    def now(self) -> datetime:
        """AWS's time, in UTC. Whatever is compared with AWS (a lease, a TTL, an expiry) takes its time from here."""
        return datetime.fromisoformat(self._kernel.aws.ask("tell_time")["now"])

    def name(self, base: str) -> str:
        """The name to give to a queue, topic or table, made from `base`; `.fifo` at its end stays there.

        On the embedded AWS, which is this notebook's alone, that is `base` itself.
        Raises LabError for a name that AWS would not take.
        """
        if not re.fullmatch(r"[A-Za-z0-9_-]+(\.fifo)?", base) or len(base) > LONGEST_NAME:
            raise LabError(texts.NAME_IS_BAD.format(name=base, longest=LONGEST_NAME))
        return base

    def spend(self, dollars: float) -> None:
        """Let the account have spent this much just now, for what watches money: budgets and EstimatedCharges.

        Nothing costs anything on the embedded AWS by itself. Raises LabError for an amount that is none.
        """
        if not isinstance(dollars, (int, float)) or not 0 < dollars < MOST_SPENT:
            raise LabError(texts.SPEND_NEEDS_DOLLARS.format(most=MOST_SPENT))
        self._kernel.aws.ask("record_spend", dollars=float(dollars))

    def make_trouble(self, line: str, *, queues: dict[str, Any], calls: dict[str, Any]) -> None:
        """What `labkit.faults` needs: settings for `embedded.sqs.trouble` and `embedded.faults`, and a line about them.

        The line is shown with this lab; it is empty when nothing is to go wrong.
        """
        self._kernel.aws.ask("make_trouble", queues=queues, calls=calls)
        self._kernel.trouble = line

    def tear_down(self) -> pd.DataFrame:
        """Remove all that this run made; a table of what that was, with the columns `kind` and `name`.

        Trouble on request ends before that.
        """
        if self._kernel.trouble:
            self.make_trouble("", queues={}, calls={})
        return remove_everything()


def start(*, seed: int = 0) -> Lab:
    """Start a clean embedded AWS, point boto3 at it, and say so in one line.

    `boto3.client("sqs")` then needs no arguments, here and in child processes. Called again in the same kernel it
    gives a clean AWS at the same address, with the same keys, so that clients made before go on working.
    `seed` makes the ids that AWS gives out the same on every run.
    Raises LabError if the embedded AWS does not start; boto3 then reaches no AWS at all.
    """
    global _kernel
    isolation.isolate()
    if _kernel is None:
        _kernel = _Kernel(Keys.random(), EmbeddedAws())
    else:
        _kernel.aws.stop()
        _kernel.aws = EmbeddedAws(_kernel.aws.port)
        _kernel.trouble = ""
    _kernel.aws.ask("seed", number=seed)
    _kernel.aws.ask("accept_keys", **asdict(_kernel.keys))
    isolation.point_at(_kernel.aws.endpoint_url, REGION, _kernel.keys)
    lab = Lab(_kernel)
    print(lab)
    return lab


def stop() -> None:
    """End the embedded AWS and give boto3 back the environment it had before `start`. Done already if none runs."""
    global _kernel
    if _kernel is not None:
        _kernel.aws.stop()
        _kernel = None
    isolation.release()
