"""A consumer's polls, watched: when it asked, when it was answered, and with what.

The consumer runs in an AWS of its own inside this process, in which `time.sleep` and long polls move the clock instead
of waiting. So an hour of asking takes as long as the calls do, and the same consumer asks at the same moments each time.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any
from unittest import mock

from botocore.client import BaseClient

from labkit.embedded.in_process import InProcessAws

if TYPE_CHECKING:
    import pandas as pd

_SLACK = 1.0  # seconds; the calls themselves take some of the time, which then is not moved


class _TimeIsUpError(BaseException):
    """Ends the consumer. No Exception, because consumers catch those."""


class _Aws(InProcessAws):
    """Knows how much time was moved."""

    moved = 0.0

    def wait(self, seconds: float) -> None:
        self.moved += seconds
        super().wait(seconds)


def watch(consume: Callable[[str], object], seconds: float, arrivals: Iterable[int] = ()) -> pd.DataFrame:
    """Let `consume(queue_url)`, which may run for ever, ask a queue for so many seconds, and return its polls.

    A row for each ReceiveMessage, with `asked` and `answered` in seconds from the start, to the tenth, and `found`, the
    number of messages. `arrivals`: at which whole seconds, up to 900, a message comes to the queue.
    """
    import pandas as pd

    polls: list[tuple[float, float, int]] = []
    call_aws = BaseClient._make_api_call  # type: ignore[attr-defined]

    def call(client: BaseClient, operation: str, parameters: dict[str, Any]) -> Any:
        asked = aws.moved
        if not aws.is_inside() or operation != "ReceiveMessage":
            return call_aws(client, operation, parameters)
        if asked >= seconds - _SLACK:
            raise _TimeIsUpError
        answer = call_aws(client, operation, parameters)
        polls.append((round(asked, 1), round(aws.moved, 1), len(answer.get("Messages", []))))
        return answer

    with _Aws(os.environ["AWS_ACCESS_KEY_ID"], os.environ["AWS_SECRET_ACCESS_KEY"]) as aws:
        sqs = aws.client("sqs")
        queue_url = sqs.create_queue(QueueName="watched")["QueueUrl"]
        for second in arrivals:
            sqs.send_message(QueueUrl=queue_url, MessageBody=f"sent at {second}", DelaySeconds=second)
        with mock.patch.object(BaseClient, "_make_api_call", call), contextlib.suppress(_TimeIsUpError):
            consume(queue_url)
    return pd.DataFrame(polls, columns=["asked", "answered", "found"])
