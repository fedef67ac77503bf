"""The AWS that a lab talks to: `embedded`, which is this kernel's own, or `aws`, the real one."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    import pandas as pd

    from labkit.credentials import Credentials

EMBEDDED, AWS = "embedded", "aws"


class Target(Protocol):
    """What a `Lab` needs of either. What one of them cannot do, it refuses with a LabError."""

    @property
    def name(self) -> str: ...

    @property
    def region(self) -> str: ...

    @property
    def account(self) -> str: ...

    @property
    def endpoint_url(self) -> str | None: ...

    @property
    def prefix(self) -> str:
        """What the names of this run's things begin with."""

    def describe(self) -> str:
        """One line: which AWS this is."""

    def fill(self, table_name: str, items: list[dict[str, Any]]) -> None:
        """Put many items into a table."""

    def pass_time(self, time: timedelta) -> None:
        """Let this much of AWS's time pass."""

    def now(self) -> datetime:
        """AWS's time, in UTC."""

    def spend(self, dollars: float) -> None:
        """Let the account have spent this."""

    def make_trouble(self, line: str, *, queues: dict[str, Any], calls: dict[str, Any]) -> None:
        """What `labkit.faults` asks for, and a line about it."""

    def renew(self, credentials: Credentials | str | None) -> None:
        """Go on with new credentials."""

    def tear_down(self, *, earlier_runs: bool) -> pd.DataFrame:
        """Remove what this run made, or what earlier ones did as well; a table of it."""

    def stop(self) -> None:
        """End what was started for it."""
