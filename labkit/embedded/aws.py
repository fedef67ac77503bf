"""The AWS itself, as one WSGI application: SQS and DynamoDB of our own, and moto for everything else.

It knows nothing of processes, sockets or the lab; it could as well be called inside one process.
"""

import logging
import random
import threading
import time
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Any

from moto.moto_api._internal import mock_random
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app

from labkit.embedded import metrics, tables, topics
from labkit.embedded.access.gate import Gate, WsgiApp
from labkit.embedded.access.keys import KeyRing
from labkit.embedded.access.permissions import Permissions
from labkit.embedded.faults import CallTrouble, FaultInjector
from labkit.embedded.metrics import topic_metrics
from labkit.embedded.sqs import moto_backend
from labkit.embedded.sqs.context import ACCOUNT
from labkit.embedded.sqs.door import Door
from labkit.embedded.sqs.guard import queue_guard
from labkit.embedded.sqs.service import Sqs
from labkit.embedded.sqs.trouble import Trouble
from labkit.embedded.tables import filling


class Dispatcher(DomainDispatcherApplication):  # type: ignore[misc]
    """moto's way from a request to a service, remembered: moto reads its own directory each time to find it."""

    @lru_cache(maxsize=256)  # noqa: B019 (there is one for the life of the process)
    def get_backend_for_host(self, host: str | None) -> Any:
        """The name of the service behind a host's name."""
        return super().get_backend_for_host(host)


class OneAtATime:
    """moto has no locks: two requests at once can both win a conditional write, or lose an update.

    Its work is done by one CPU core in any case, so requests in turn cost no throughput.
    """

    def __init__(self, app: WsgiApp) -> None:
        self._app = app
        self.turn = threading.Lock()

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        with self.turn:
            return self._app(environ, start_response)


class Aws:
    """All services, behind the gate. Time is this process's own; tell `clock_moved` when it jumps, and `minute_passed`."""

    def __init__(
        self,
        pass_time: Callable[[float], None] = time.sleep,
        idle: Callable[[threading.Condition, float], object] = threading.Condition.wait,
    ) -> None:
        """`pass_time(seconds)` lets so much time pass in this process, where an answer is to be slow.

        `idle(arrivals, seconds)` is how a long poll waits: at most so long, or until it is notified.
        """
        self._rng = random.Random()
        self.keys = KeyRing(ACCOUNT)
        permissions = Permissions(self.keys)
        self.sqs = Sqs(rng=self._rng, authorise=queue_guard(permissions), idle=idle)
        moto_backend.install(self.sqs)
        topics.install(self.sqs, count=topic_metrics.count)
        tables.install()
        self.metrics = metrics.install(self.sqs, permissions)
        self._sqs_door = Door(self.sqs)  # apart from moto's turns: a long poll must not hold anything up
        self._moto = OneAtATime(Dispatcher(self._moto_app))
        self._faults = FaultInjector(self._services, pass_time)
        self._gate = Gate(self._faults, self.keys, permissions)

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        return self._gate(environ, start_response)

    def seed(self, number: int) -> None:
        """Make the ids that are given out from now on the same on every run."""
        self._rng.seed(number)
        mock_random.seed(number)

    def make_trouble(self, queues: Trouble, calls: CallTrouble) -> None:
        """Let this go wrong from now on, instead of what went wrong until now."""
        with self.sqs.lock:
            self.sqs.trouble.become(queues)
        self._faults.trouble = calls

    def clock_moved(self) -> None:
        self.sqs.clock_moved()

    def minute_passed(self, now: float) -> None:
        """What AWS does once a minute, at `now`: datapoints, alarms, scaling. A failure must not stop the clock."""
        try:
            with self._moto.turn:
                self.metrics.minute_passed(now)
        except Exception:
            logging.getLogger(__name__).exception("A minute failed")

    def next_needed_minute(self) -> float:
        """The next full minute in which anything can happen, in epoch seconds; infinity if there is none."""
        with self._moto.turn:
            return self.metrics.next_needed_minute()

    def record_spend(self, amount: float) -> None:
        """Let the account have spent so many dollars just now."""
        self.metrics.spending.record(amount, time.time())

    def make_table(self, region: str, table_name: str, *keys: str) -> None:
        """A table that is there at once: see `tables.filling`."""
        with self._moto.turn:
            filling.make(ACCOUNT, region, table_name, *keys)

    def items(self, region: str, table_name: str) -> list[dict[str, Any]]:
        """All items of a table: see `tables.filling`."""
        with self._moto.turn:
            return filling.items(ACCOUNT, region, table_name)

    def fill_table(self, region: str, table_name: str, items: list[dict[str, Any]]) -> None:
        """Put many items at once: see `tables.filling`."""
        with self._moto.turn:
            filling.fill(ACCOUNT, region, table_name, items)

    def _moto_app(self, service: str) -> WsgiApp:
        """moto's application for one of its services; asked for when its first request comes."""
        self.metrics.scaling.prepare_for(service)
        app: WsgiApp = create_backend_app(service)
        return app

    def _services(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        door = self._sqs_door if Door.is_for(environ) else self._moto
        return door(environ, start_response)
