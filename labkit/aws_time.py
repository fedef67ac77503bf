"""AWS's time in a program that has no `lab`: read from the answers that it gets anyway.

Every answer of AWS says in its header `Date`, to the second, when it was given (RFC 9110, 6.6.1). So a process of its
own follows a clock that is moved elsewhere, and on real AWS one whose own clock is wrong keeps AWS's time.
"""

from __future__ import annotations

import threading
import time
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from botocore.client import BaseClient


class AwsTime:
    """AWS's time as these clients last heard of it. Until the first answer it is this computer's."""

    def __init__(self, *clients: BaseClient) -> None:
        self._ahead: timedelta | None = None  # of this computer's clock
        self._reading = threading.Lock()
        for client in clients:
            client.meta.events.register("after-call", self._read)

    def now(self) -> datetime:
        """AWS's time, in UTC."""
        return datetime.fromtimestamp(time.time(), UTC) + (self._ahead or timedelta())

    def _read(self, http_response: Any, **_: object) -> None:
        said = http_response.headers.get("Date")
        if not said:
            return
        ahead = parsedate_to_datetime(said) - datetime.fromtimestamp(time.time(), UTC)
        with self._reading:
            # A header leaves out the fraction of the second, so what it says is too early, by less the more one hears.
            self._ahead = ahead if self._ahead is None else max(self._ahead, ahead)
