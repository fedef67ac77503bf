"""One run: several consumers that stop before every step, and one scheduler that lets them go on."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol
from unittest import mock

from botocore.client import BaseClient

from labkit.explore.consumer import Consumer, Result, gate_of_calls
from labkit.explore.schedules import Schedule, What
from labkit.explore.steps import Kind, Step
from labkit.texts import explore as texts

MOST_LATER = 4  # consumers that come later, before one gives up
NEXT = "C"  # the name of those


class Aws(Protocol):
    """What a run needs of the AWS in which it takes place."""

    def wait(self, seconds: float) -> None: ...


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
    with mock.patch.object(BaseClient, "_make_api_call", gate_of_calls()):
        scheduler.go_through()
        for _ in range(MOST_LATER):
            if settled():
                break
            scheduler.pass_time(later)
            scheduler.run_undisturbed(NEXT, next(iter(consumers.values())))
    return scheduler.run


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
        consumers = [Consumer(name, work) for name, work in self._works.items()]
        current: Consumer | None = consumers[0]
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
        consumer = Consumer(name, work)
        while not consumer.over:
            self._let_go(consumer)
        self._ended(consumer)

    def pass_time(self, seconds: float) -> None:
        self._aws.wait(seconds)
        self.saw(Kind.TIME, "", texts.TIME_PASSES.format(seconds=seconds), "")

    def saw(self, kind: Kind, consumer: str, action: str, detail: str) -> None:
        self.run.steps.append(Step(kind, consumer, action, detail, dict(self._observe())))

    def _let_go(self, consumer: Consumer) -> None:
        consumer.go()
        # Written down, and looked at, from here: what an onlooker asks AWS is no step of the consumer's.
        if consumer.made:
            kind, action, detail = consumer.made
            consumer.made = None
            self.saw(kind, consumer.name, action, detail)

    def _decide(self, current: Consumer, other: Consumer | None) -> What | None:
        """What happens now: nothing out of the ordinary, unless the schedule says otherwise."""
        possible: tuple[What, ...] = ()
        if current.result.steps:  # one that has done nothing yet changes nothing by dying or by waiting
            possible = (What.CRASH, What.SWITCH, What.SWITCH_LATER) if other else (What.CRASH,)
        planned = self._planned.get(len(self.run.decisions))
        self.run.decisions.append(possible)
        return planned if planned in possible else None

    def _ended(self, consumer: Consumer) -> None:
        self.run.results[consumer.name] = consumer.result
        if consumer.result.error:
            self.saw(Kind.ERROR, consumer.name, type(consumer.result.error).__name__, "")


def _next_alive(consumers: Sequence[Consumer], current: Consumer) -> Consumer | None:
    """The consumer after this one, in a circle, that has not ended; None if there is no other."""
    place = consumers.index(current)
    others = [*consumers[place + 1 :], *consumers[:place]]
    return next((consumer for consumer in others if not consumer.over), None)
