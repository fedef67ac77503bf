"""The embedded AWS as a lab's target: a process of its own, whose clock is moved."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import boto3

from labkit import inventory, isolation, texts
from labkit.embedded.process import EmbeddedAws
from labkit.errors import LabError
from labkit.isolation import Keys
from labkit.targets import EMBEDDED
from labkit.texts import targets as target_texts

if TYPE_CHECKING:
    import pandas as pd

    from labkit.credentials import Credentials

REGION = "us-east-1"


class EmbeddedTarget:
    """One kernel's embedded AWS. It outlives a restart with its address and keys, and so do clients made before."""

    name = EMBEDDED
    region = REGION
    prefix = ""  # nobody else is here

    def __init__(self) -> None:
        """Raises LabError if the embedded AWS does not start; boto3 then reaches no AWS at all."""
        isolation.isolate()
        self._keys = Keys.random()
        self._trouble = ""  # the line that says so, while there is trouble on request
        self.aws = EmbeddedAws()

    def restart(self) -> None:
        """A clean AWS at the same address. Raises LabError as above."""
        isolation.isolate()
        self.aws.stop()
        self._trouble = ""
        self.aws = EmbeddedAws(self.aws.port)

    def open(self, seed: int) -> None:
        """Let boto3 mean this AWS, whose ids then follow from `seed`."""
        self.aws.ask("seed", number=seed)
        self.aws.ask("accept_keys", **asdict(self._keys))
        isolation.point_at(self.aws.endpoint_url, REGION, self._keys)

    @property
    def endpoint_url(self) -> str:
        return self.aws.endpoint_url

    @property
    def account(self) -> str:
        return self.aws.account

    def describe(self) -> str:
        started = texts.STARTED.format(region=self.region, account=self.account)
        return f"{started}\n{self._trouble}" if self._trouble else started

    def pass_time(self, time: timedelta) -> None:
        self.aws.ask("move_clock", seconds=time.total_seconds())

    def now(self) -> datetime:
        return datetime.fromisoformat(self.aws.ask("tell_time")["now"])

    def fill(self, table_name: str, items: list[dict[str, Any]]) -> None:
        """Past HTTP, refused as BatchWriteItem would refuse it. Raises LabError for a value that boto3 would not send."""
        try:
            answer = self.aws.ask("fill_table", region=self.region, table_name=table_name, items=items)
        except TypeError:  # a Decimal, a date
            raise LabError(texts.ITEM_IS_NOT_TYPED) from None
        if error := answer.get("refused"):
            exceptions: Any = boto3.client("dynamodb").exceptions
            raise exceptions.from_code(error["Code"])({"Error": error}, "BatchWriteItem")

    def spend(self, dollars: float) -> None:
        self.aws.ask("record_spend", dollars=dollars)

    def make_trouble(self, line: str, *, queues: dict[str, Any], calls: dict[str, Any]) -> None:
        self.aws.ask("make_trouble", queues=queues, calls=calls)
        self._trouble = line

    def renew(self, credentials: Credentials | str | None) -> None:
        raise LabError(target_texts.RENEW_IS_FOR_AWS)

    def tear_down(self, *, earlier_runs: bool = False) -> pd.DataFrame:
        """Trouble on request ends before that. There are no earlier runs: each has an AWS of its own."""
        if self._trouble:
            self.make_trouble("", queues={}, calls={})
        return inventory.table(inventory.remove())

    def stop(self) -> None:
        self.aws.stop()
