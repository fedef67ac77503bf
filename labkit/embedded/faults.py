"""Trouble with API calls, on request: throttled, answered late, or done and never answered.

It sits between the gate and the services, so a call has got through the gate before it meets any; STS, which the gate
answers itself, has none. What goes wrong inside a queue is in `sqs/trouble.py`.
"""

from __future__ import annotations

import random
import threading
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from labkit.embedded.access.callers import CALLER_KEY
from labkit.embedded.access.demands import read_call
from labkit.embedded.access.gate import WsgiApp
from labkit.embedded.access.refusals import Reason, Refused
from labkit.embedded.access.signature import read_claim
from labkit.embedded.tables.throttling import HOT_ON_DEMAND

# boto3 tries again after each of these codes (botocore/retries/standard.py); in its older `legacy` mode after SQS's
# own one only if the status is 403 (botocore/data/_retry.json), as SQS has been seen to answer (async-aws/aws #1227).
# DynamoDB's is the one of tables on demand; provisioned ones are throttled by what they consume (tables/throttling.py).
# Elsewhere: CloudWatch and SNS API Reference, "Common errors".
_THROTTLED = {
    "sqs": (Reason.REQUEST_THROTTLED, "Request is throttled."),
    "dynamodb": (Reason.THROTTLED, HOT_ON_DEMAND),
}


class Fate(NamedTuple):
    """What a call is to meet."""

    throttled: bool
    slow: bool
    lost: bool


@dataclass
class CallTrouble:
    """Rates from 0 (never, as it is unless a lesson asks) to 1 (always), and which calls they are for.

    What the n-th call of an operation meets depends on the seed and n alone: other operations, called in between or by
    other threads, change nothing. Which of several threads makes the n-th call is not for us to say.
    """

    throttle_rate: float = 0.0  # refused with the service's own error code
    slow_rate: float = 0.0  # done at once, and answered when `slow_seconds` of AWS's time have passed
    slow_seconds: float = 0.0
    lose_rate: float = 0.0  # done, and then the connection ends without an answer
    services: Collection[str] = ()  # as signed: `monitoring` for CloudWatch
    operations: Collection[str] = ()  # only these; all if there are none
    seed: int = 0
    _calls: Counter[tuple[str, str]] = field(default_factory=Counter, init=False, repr=False)
    _counting: threading.Lock = field(default_factory=threading.Lock, init=False, repr=False)

    def concerns(self, service: str, operation: str) -> bool:
        return service in self.services and (not self.operations or operation in self.operations)

    def next_fate(self, service: str, operation: str) -> Fate:
        """The fate of the next call of this operation."""
        with self._counting:
            self._calls[service, operation] += 1
            number = self._calls[service, operation]
        rng = random.Random(f"{self.seed} {service} {operation} {number}")
        return Fate(*(rng.random() < rate for rate in (self.throttle_rate, self.slow_rate, self.lose_rate)))


class FaultInjector:
    """A WSGI application: makes `trouble` for calls on their way to `app`. `pass_time(seconds)` moves AWS's time."""

    def __init__(self, app: WsgiApp, pass_time: Callable[[float], None]) -> None:
        self._app = app
        self._pass_time = pass_time
        self.trouble = CallTrouble()

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Raises Refused for a throttled call."""
        trouble = self.trouble
        if not trouble.services:
            return self._app(environ, start_response)
        service, operation = _called(environ)
        if not trouble.concerns(service, operation):
            return self._app(environ, start_response)
        fate = trouble.next_fate(service, operation)
        if fate.throttled:
            raise Refused(*_THROTTLED.get(service, (Reason.THROTTLED, None)))
        answer = self._app(environ, start_response)
        if fate.slow:
            self._pass_time(trouble.slow_seconds)
        return _never_sent(answer) if fate.lost else answer


def _called(environ: dict[str, Any]) -> tuple[str, str]:
    """Service, as signed, and operation. The gate has read the body, and put it back as a whole."""
    claim = read_claim(environ)
    body = environ["wsgi.input"].getvalue()
    call = read_call(claim.service, claim.region, environ[CALLER_KEY].account, environ, body)
    return call.service, call.operation


def _never_sent(answer: Iterable[bytes]) -> Iterator[bytes]:
    """An answer that whoever serves it cannot read: as when a connection fails, nothing is left but to close it."""
    try:
        yield from ()
        raise ConnectionAbortedError("The answer was lost, as a lesson asked")
    finally:
        if hasattr(answer, "close"):
            answer.close()
