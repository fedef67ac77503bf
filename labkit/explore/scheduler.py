"""One run: several consumers, each a thread that stops before every step, and one scheduler that lets them go on."""

from __future__ import annotations

import functools
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar, Protocol, TypeVar
from unittest import mock

from botocore.client import BaseClient

from labkit.embedded import threads
from labkit.explore.schedules import Schedule, What
from labkit.explore.steps import Kind, Step, detail_of
from labkit.texts import explore as texts

MOST_STEPS = 60  # of one consumer in one run: more is a loop without end
PATIENCE = 2.0  # seconds between two steps of a consumer: more is a loop without end and without calls

MOST_LATER = 4  # consumers that come later, before one gives up
NEXT = "C"  # the name of those

T = TypeVar("T")


class Crash(BaseException):
    """The consumer's process is gone. No Exception: a program that has died catches nothing any more."""


class Aws(Protocol):
    """What a run needs of the AWS in which it takes place."""

    def wait(self, seconds: float) -> None: ...


@dataclass(slots=True)
class Result:
    """How a consumer ended: with a value, an exception, by a crash, or not by itself (`endless`)."""

    value: Any = None
    error: Exception | None = None
    crashed: bool = False
    endless: bool = False
    steps: int = 0


@dataclass(slots=True)
class Run:
    """What happened under a schedule. `decisions`: what could have happened instead, at each step that was taken."""

    schedule: Schedule
    decisions: list[tuple[What, ...]] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)
    results: dict[str, Result] = field(default_factory=dict)


def simulate(
    consumers: Mapping[str, Callable[[], Any]],
    schedule: Schedule,
    aws: Aws,
    *,
    later: float,
    settled: Callable[[], bool] = lambda: True,
    observe: Callable[[], Mapping[str, str]] = dict,
) -> Run:
    """Run the consumers, by name, one at a time in their order, each to its end, but for what `schedule` says.

    `later` is the time in seconds that passes at a SWITCH_LATER. Once all have ended, and until all is `settled`, later
    consumers `NEXT` do the first one's work, each as a new process and undisturbed, with time passing before each.
    `observe` is asked after each step for what an onlooker sees; `Step.lanes` has its answers.
    """
    scheduler = _Scheduler(consumers, schedule, aws, later, observe)
    with mock.patch.object(BaseClient, "_make_api_call", scheduler.gate_of_calls()):
        scheduler.go_through()
        for _ in range(MOST_LATER):
            if settled():
                break
            scheduler.pass_time(later)
            scheduler.run_undisturbed(NEXT, next(iter(consumers.values())))
    return scheduler.run


def effect(action: str, detail: str, do: Callable[[], T]) -> T:
    """Do something that a run has to know of although it is no call of AWS. Outside of a run it is just done."""
    consumer = _Consumer.of_this_thread()
    return consumer.step(Kind.EFFECT, action, lambda _: detail, do) if consumer else do()


class _Consumer:
    """A thread that does its work step by step, as it is told."""

    _by_thread: ClassVar[dict[int, _Consumer]] = {}

    def __init__(self, name: str, work: Callable[[], Any]) -> None:
        self.name, self.result, self.next_action = name, Result(), ""
        self.made: tuple[Kind, str, str] | None = None  # the step made since it last stood still
        self.over = self.started = self._dead = False
        self._work = work
        self._may_go, self._stands = threading.Semaphore(0), threading.Semaphore(0)
        self._thread = threading.Thread(target=self._run, name=f"consumer {name}", daemon=True)

    @classmethod
    def of_this_thread(cls) -> _Consumer | None:
        return cls._by_thread.get(threading.get_ident())

    def go(self) -> None:
        """Take the next step, and come back when the one after it is due, or it is over."""
        if self.started:
            self._may_go.release()
        else:
            self.started = True
            self._thread.start()
        if not self._stands.acquire(timeout=PATIENCE):
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

    def _kill(self) -> None:
        """End a thread that does not end by itself. One that cannot be ended is left to itself; it does no more."""
        self._dead = True
        threads.end(self._thread, Crash)
        self.over = True


class _Scheduler:
    """Decides whose step is next, as the schedule says, and writes down what happened."""

    def __init__(
        self,
        consumers: Mapping[str, Callable[[], Any]],
        schedule: Schedule,
        aws: Aws,
        later: float,
        observe: Callable[[], Mapping[str, str]],
    ) -> None:
        self.run = Run(schedule)
        self._works = dict(consumers)
        self._planned = {disturbance.at: disturbance.what for disturbance in schedule}
        self._aws, self._later, self._observe = aws, later, observe

    def go_through(self) -> None:
        consumers = [_Consumer(name, work) for name, work in self._works.items()]
        current: _Consumer | None = consumers[0]
        while current:
            if not current.started:
                self._let_go(current)
            if current.over:
                self._ended(current)
                current = _next_alive(consumers, current)
                continue
            match self._decide(current, _next_alive(consumers, current)):
                case None:
                    self._let_go(current)
                case What.CRASH:
                    self.saw(Kind.CRASH, current.name, texts.CRASHES.format(action=current.next_action), "")
                    current.die()
                case switch:
                    if switch is What.SWITCH_LATER:
                        self.pass_time(self._later)
                    current = _next_alive(consumers, current)

    def run_undisturbed(self, name: str, work: Callable[[], Any]) -> None:
        consumer = _Consumer(name, work)
        while not consumer.over:
            self._let_go(consumer)
        self._ended(consumer)

    def pass_time(self, seconds: float) -> None:
        self._aws.wait(seconds)
        self.saw(Kind.TIME, "", texts.TIME_PASSES.format(seconds=seconds), "")

    def gate_of_calls(self) -> Callable[..., Any]:
        """botocore's `_make_api_call`, but a consumer's waits for its turn."""
        make_call = BaseClient._make_api_call  # type: ignore[attr-defined]

        @functools.wraps(make_call)
        def gate(client: Any, operation: str, parameters: dict[str, Any]) -> Any:
            consumer = _Consumer.of_this_thread()
            if consumer is None:
                return make_call(client, operation, parameters)
            return consumer.step(
                Kind.CALL,
                operation,
                lambda answer: detail_of(operation, parameters, answer),
                lambda: make_call(client, operation, parameters),
            )

        return gate

    def saw(self, kind: Kind, consumer: str, action: str, detail: str) -> None:
        self.run.steps.append(Step(kind, consumer, action, detail, dict(self._observe())))

    def _let_go(self, consumer: _Consumer) -> None:
        consumer.go()
        # Written down, and looked at, from here: what an onlooker asks AWS is no step of the consumer's.
        if consumer.made:
            kind, action, detail = consumer.made
            consumer.made = None
            self.saw(kind, consumer.name, action, detail)

    def _decide(self, current: _Consumer, other: _Consumer | None) -> What | None:
        """What happens now: nothing out of the ordinary, unless the schedule says otherwise."""
        possible: tuple[What, ...] = ()
        if current.result.steps:  # one that has done nothing yet changes nothing by dying or by waiting
            possible = (What.CRASH, What.SWITCH, What.SWITCH_LATER) if other else (What.CRASH,)
        planned = self._planned.get(len(self.run.decisions))
        self.run.decisions.append(possible)
        return planned if planned in possible else None

    def _ended(self, consumer: _Consumer) -> None:
        self.run.results[consumer.name] = consumer.result
        if consumer.result.error:
            self.saw(Kind.ERROR, consumer.name, type(consumer.result.error).__name__, "")


def _next_alive(consumers: Sequence[_Consumer], current: _Consumer) -> _Consumer | None:
    """The consumer after this one, in a circle, that has not ended; None if there is no other."""
    place = consumers.index(current)
    others = [*consumers[place + 1 :], *consumers[:place]]
    return next((consumer for consumer in others if not consumer.over), None)
