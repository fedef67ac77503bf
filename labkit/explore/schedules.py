"""What can disturb a run, and all the ways in which it can, within a bound: the shortest first."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol, TypeVar


class What(StrEnum):
    """What can happen to a consumer that is about to make a step."""

    CRASH = "crash"  # its process dies here: what it did before took effect, this step and all after it do not happen
    SWITCH = "switch"  # another consumer goes on in its place; it may come back to its turn later
    SWITCH_LATER = "switch, later"  # as before, and it was away for longer than the visibility timeout


@dataclass(frozen=True, slots=True)
class Disturbance:
    """`what` happens instead of the decision number `at` of a run, counted from 0."""

    at: int
    what: What


Schedule = tuple[Disturbance, ...]


@dataclass(frozen=True, slots=True)
class Bounds:
    """How many disturbances one run may have: of each kind, and together."""

    crashes: int = 1
    switches: int = 2
    together: int = 2

    def allow(self, schedule: Schedule) -> bool:
        crashes = sum(disturbance.what is What.CRASH for disturbance in schedule)
        return len(schedule) <= self.together and crashes <= self.crashes and len(schedule) - crashes <= self.switches


class Explored(Protocol):
    """What `explore` needs to know of a run: what could have happened instead, at each of its decisions."""

    @property
    def schedule(self) -> Schedule: ...

    @property
    def decisions(self) -> Sequence[Sequence[What]]: ...


R = TypeVar("R", bound=Explored)


def explore(run: Callable[[Schedule], R], bounds: Bounds) -> Iterator[R]:
    """Run under every schedule within the bounds, each once, those with fewer disturbances first.

    A schedule is made longer only behind its last disturbance, and only by what that run itself offered there: so
    none is visited twice, and none is tried that cannot happen. `run` has to be repeatable.
    """
    level: list[Schedule] = [()]
    while level:
        longer: list[Schedule] = []
        for schedule in level:
            result = run(schedule)
            yield result
            behind = schedule[-1].at + 1 if schedule else 0
            longer += [
                (*schedule, Disturbance(at, what))
                for at in range(behind, len(result.decisions))
                for what in result.decisions[at]
            ]
        level = [schedule for schedule in longer if bounds.allow(schedule)]
