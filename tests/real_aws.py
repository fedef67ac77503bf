"""The account whose credentials this machine has, with as much of `labkit.Lab` as the behaviour suite uses."""

import time
from datetime import UTC, datetime, timedelta

import boto3
import pytest

OPTION = "--on-real-aws-this-costs-money"
LONGEST_WAIT = timedelta(minutes=15)  # a behaviour that needs more is skipped: a suite that takes days is never run


class RealAws:
    """Real AWS: its time is everybody's, and waiting takes as long as it says."""

    target = "aws"
    endpoint_url = None

    def __init__(self) -> None:
        session = boto3.Session()
        self.region = session.region_name
        self.account = session.client("sts").get_caller_identity()["Account"]

    def wait(self, *, seconds: float = 0, minutes: float = 0, hours: float = 0, days: float = 0) -> None:
        time_to_wait = timedelta(seconds=seconds, minutes=minutes, hours=hours, days=days)
        if time_to_wait > LONGEST_WAIT:
            pytest.skip(f"would wait {time_to_wait} on real AWS")
        time.sleep(time_to_wait.total_seconds())

    def now(self) -> datetime:
        return datetime.now(UTC)
