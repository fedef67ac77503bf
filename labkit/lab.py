"""`start()`: an AWS to work with, and the few things that boto3 cannot do for a lesson."""

from __future__ import annotations

import os
import re
import reprlib
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from labkit import isolation, texts
from labkit.credentials.secret import DEFAULT_REGION
from labkit.errors import LabError
from labkit.targets import AWS, EMBEDDED, Target
from labkit.targets.embedded import EmbeddedTarget
from labkit.texts import targets as target_texts

if TYPE_CHECKING:
    import pandas as pd

    from labkit.credentials import Credentials

LONGEST_WAIT = timedelta(days=400)  # beyond a year nothing in the lessons changes any more
MOST_SPENT = 1_000_000  # dollars at once; a lesson's month costs less
# With the prefix that real AWS needs this fits the shortest of AWS's names, a role's 64 (IAM API Reference, CreateRole),
# and a queue's 80 (Amazon SQS API Reference, CreateQueue).
LONGEST_NAME = 50
TARGET, STAND_IN = "LABKIT_TARGET", "LABKIT_AWS_ENDPOINT_URL"  # environment variables; the second is for tests

_target: Target | None = None  # this kernel's; kept from one `start` to the next


class Lab:
    """The AWS that this notebook talks to. `start` makes it; a kernel has one AWS at a time."""

    def __init__(self, target: Target) -> None:
        self._target = target

    @property
    def target(self) -> str:
        """ "embedded" or "aws"."""
        return self._target.name

    @property
    def region(self) -> str:
        return self._target.region

    @property
    def account(self) -> str:
        return self._target.account

    @property
    def endpoint_url(self) -> str | None:
        """The embedded AWS's address; None for real AWS, where each service has its own."""
        return self._target.endpoint_url

    def __repr__(self) -> str:
        return self._target.describe()

    def wait(self, *, seconds: float = 0, minutes: float = 0, hours: float = 0, days: float = 0) -> None:
        """Let this much time pass for AWS. The embedded AWS's clock is moved, so this returns at once.

        Everything that AWS does by the clock follows: visibility timeouts, delays, deduplication, retention, tokens.
        Requests signed with this computer's own clock stay valid. On real AWS it takes as long as it says.
        Raises LabError for no time at all, time backwards, or more than `LONGEST_WAIT`; on real AWS for more than
        somebody would sit through, and when it is interrupted.
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
        self._target.pass_time(time)

    def now(self) -> datetime:
        """AWS's time, in UTC. Whatever is compared with AWS (a lease, a TTL, an expiry) takes its time from here."""
        return self._target.now()

    def name(self, base: str) -> str:
        """The name to give to a queue, topic, table or role, made from `base`; `.fifo` at its end stays there.

        On the embedded AWS, which is this notebook's alone, that is `base` itself. On real AWS a prefix of this student
        and this run comes before it: by that `tear_down` knows what it may remove.
        Raises LabError for a name that AWS would not take.
        """
        if not re.fullmatch(r"[A-Za-z0-9_-]+(\.fifo)?", base) or len(base) > LONGEST_NAME:
            raise LabError(texts.NAME_IS_BAD.format(name=base, longest=LONGEST_NAME))
        return self._target.prefix + base

    def spend(self, dollars: float) -> None:
        """Let the account have spent this much just now, for what watches money: budgets and EstimatedCharges.

        Nothing costs anything on the embedded AWS by itself. Raises LabError for an amount that is none, and on real AWS.
        """
        if not isinstance(dollars, (int, float)) or not 0 < dollars < MOST_SPENT:
            raise LabError(texts.SPEND_NEEDS_DOLLARS.format(most=MOST_SPENT))
        self._target.spend(float(dollars))

    def fill(self, table_name: str, items: list[dict[str, Any]]) -> None:
        """Put many items, as PutItem takes them, into a table. `labkit.seeding` shows how far it is.

        What is stored is what BatchWriteItem would store. The embedded AWS takes it past HTTP, free of capacity.
        Raises boto3's ClientError for what BatchWriteItem would refuse; what was stored before that stays.
        """
        self._target.fill(table_name, items)

    def make_trouble(self, line: str, *, queues: dict[str, Any], calls: dict[str, Any]) -> None:
        """What `labkit.faults` needs: settings for `embedded.sqs.trouble` and `embedded.faults`, and a line about them.

        The line is shown with this lab; it is empty when nothing is to go wrong. Raises LabError on real AWS.
        """
        self._target.make_trouble(line, queues=queues, calls=calls)

    def renew(self, credentials: Credentials | str | None = None) -> None:
        """On real AWS, when the session has ended: go on with the credentials that `labkit.credentials.ask()` took.

        Clients made before with `boto3.client` go on as well. `credentials` as for `start`.
        Raises LabError if there are no new ones, if AWS does not take them, or if they are another account's.
        """
        self._target.renew(credentials)

    def tear_down(self, *, earlier_runs: bool = False) -> pd.DataFrame:
        """Remove all that this run made; a table of what that was, with the columns `kind` and `name`.

        Trouble on request ends before that. On real AWS it also says what earlier runs of this student left, and
        removes that too if `earlier_runs` says so.
        """
        return self._target.tear_down(earlier_runs=earlier_runs)


def start(
    target: str | None = None,
    *,
    credentials: Credentials | str | None = None,
    region: str | None = None,
    seed: int = 0,
) -> Lab:
    """Start a clean embedded AWS, or begin on real AWS, point boto3 at it, and say so in one line.

    `boto3.client("sqs")` then needs no arguments, here and in child processes. `target` is "embedded" or "aws"; without
    one the environment variable LABKIT_TARGET decides, and without that it is the embedded AWS. Called again in the
    same kernel it gives a clean AWS at the same address, with the same keys, so that clients made before go on working.
    `seed` makes the ids that the embedded AWS gives out the same on every run.

    On real AWS the credentials are those that `labkit.credentials.ask()` took, or those given: from
    `labkit.credentials.read_env_file(…)`, or "machine" for this computer's own, which are used in no other case.
    `region` is the one that was pasted with them, or us-east-1.

    Raises LabError if the embedded AWS does not start, or if AWS cannot be reached or does not take the credentials;
    boto3 then reaches no AWS at all.
    """
    global _target
    target = target if target is not None else os.environ.get(TARGET) or EMBEDDED
    if target == AWS:
        from labkit.targets import given, real  # here: a lesson on the embedded AWS has no need of a form's widgets

        chosen = given.chosen(credentials)
        if _target is not None:
            _target.stop()
            _target = None
        _target = real.AwsTarget(chosen, region or chosen.region or DEFAULT_REGION, os.environ.get(STAND_IN))
    elif target != EMBEDDED:
        raise LabError(target_texts.NO_SUCH_TARGET.format(value=reprlib.repr(target)))
    elif credentials is not None or region is not None:
        raise LabError(target_texts.CREDENTIALS_FOR_EMBEDDED)
    else:
        embedded = _target if isinstance(_target, EmbeddedTarget) else None
        if embedded is not None:
            embedded.restart()
        else:
            embedded = EmbeddedTarget()
        embedded.open(seed)
        _target = embedded
    lab = Lab(_target)
    print(lab)
    return lab


def stop() -> None:
    """End the embedded AWS and give boto3 back the environment it had before `start`. Done already if none runs."""
    global _target
    if _target is not None:
        _target.stop()
        _target = None
    isolation.release()
