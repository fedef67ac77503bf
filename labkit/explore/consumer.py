"""A consumer: a thread that stops before every step, and takes it when it is told to."""

from __future__ import annotations

import functools
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar, NoReturn, TypeVar

from botocore.client import BaseClient

from labkit.embedded import threads
from labkit.explore.steps import Kind, detail_of

MOST_STEPS = 60  # of one consumer in one run: more is a loop without end
PATIENCE = 2.0  # seconds between two steps of a consumer: more is a loop without end and without calls
MOST_PATIENCE = 3  # times as long on a computer that was busy with other things
MOST_LAST_STEPS = 5  # that a dead consumer may try: a few are its `finally`, more is a loop that catches its death

T = TypeVar("T")


class Crash(SystemExit):
    """The consumer's process is gone. No Exception: a program that has died catches nothing any more."""


@dataclass(slots=True)
class Result:
    """How a consumer ended: with a value, an exception, by a crash, or not by itself (`endless`)."""

    value: Any = None
    error: Exception | None = None
    crashed: bool = False
    endless: bool = False
    steps: int = 0


class Consumer:
    """A thread that does its work step by step, as it is told."""

    _by_thread: ClassVar[dict[int, Consumer]] = {}

    def __init__(self, name: str, work: Callable[[], Any]) -> None:
        self.name, self.result, self.next_action = name, Result(), ""
        self.made: tuple[Kind, str, str] | None = None  # the step made since it last stood still
        self.over = self.started = self._dead = False
        self._last_steps = 0
        self._work = work
        self._may_go, self._stands = threading.Semaphore(0), threading.Semaphore(0)
        self._thread = threading.Thread(target=self._run, name=f"consumer {name}", daemon=True)

    @classmethod
    def of_this_thread(cls) -> Consumer | None:
        return cls._by_thread.get(threading.get_ident())

    def go(self) -> None:
        """Take the next step, and come back when the one after it is due, or it is over."""
        if self.started:
            self._may_go.release()
        else:
            self.started = True
            self._thread.start()
        if not self._comes_to_stand():
            self.result.endless = True
            self._kill()

    def die(self) -> None:
        self._dead = self.result.crashed = True
        self.go()

    def step(self, kind: Kind, action: str, detail: Callable[[Any], str], do: Callable[[], T]) -> T:
        """Called by the consumer's own thread: wait for its turn, then do it."""
        self.next_action = action
        if not self._dead:
            self._stands.release()
            self._may_go.acquire()
        if self._dead or self.result.steps >= MOST_STEPS:
            self.result.endless |= not self._dead
            self._dead = True
            self._last_steps += 1
            if self._last_steps > MOST_LAST_STEPS:
                self._stop_here()
            raise Crash
        self.result.steps += 1
        try:
            answer = do()
        except Exception as error:
            self.made = kind, action, detail(error)
            raise
        self.made = kind, action, detail(answer)
        return answer

    def _run(self) -> None:
        self._by_thread[threading.get_ident()] = self
        try:
            value = self._work()
            if not self._dead:
                self.result.value = value
        except Crash:
            pass
        except Exception as error:  # noqa: BLE001 (a student's function may raise anything; that is a result)
            if not self._dead:
                self.result.error = error
        except BaseException:  # noqa: BLE001 (sys.exit in a thread, or our own _kill)
            self.result.crashed = True
        finally:
            del self._by_thread[threading.get_ident()]
            self.over = True
            self._stands.release()

    def _comes_to_stand(self) -> bool:
        begun = time.process_time()
        for _ in range(MOST_PATIENCE):
            if self._stands.acquire(timeout=PATIENCE):
                return True
            if time.process_time() - begun > PATIENCE / 2:
                break
        return False

    def _stop_here(self) -> NoReturn:
        self.over = True
        self._stands.release()
        threads.park()

    def _kill(self) -> None:
        """End a thread that does not end by itself. One that cannot be ended is left to itself; it does no more."""
        self._dead = True
        threads.end(self._thread, Crash)
        self.over = True


def effect(action: str, detail: str, do: Callable[[], T]) -> T:
    """Do something that a run has to know of although it is no call of AWS. Outside of a run it is just done."""
    consumer = Consumer.of_this_thread()
    return consumer.step(Kind.EFFECT, action, lambda _: detail, do) if consumer else do()


def gate_of_calls() -> Callable[..., Any]:
    """botocore's `_make_api_call`, but a consumer's waits for its turn."""
    make_call = BaseClient._make_api_call  # type: ignore[attr-defined]

    @functools.wraps(make_call)
    def gate(client: Any, operation: str, parameters: dict[str, Any]) -> Any:
        consumer = Consumer.of_this_thread()
        if consumer is None:
            return make_call(client, operation, parameters)
        return consumer.step(
            Kind.CALL,
            operation,
            lambda answer: detail_of(operation, parameters, answer),
            lambda: make_call(client, operation, parameters),
        )

    return gate
