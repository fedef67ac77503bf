"""Every schedule within the bounds is visited once, the shortest first: compared with an enumeration that knows nothing
of threads, gates or decisions.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace

from hypothesis import given, settings
from hypothesis import strategies as st

from labkit.explore import Bounds, Kind, Run, Schedule, What, effect, explore, simulate

LATER = 31.0
Trace = tuple[str, ...]


class NoAws:
    """Time passes unnoticed."""

    def wait(self, seconds: float) -> None:
        assert seconds == LATER


def visited(steps: dict[str, int], bounds: Bounds) -> list[Run]:
    """What `explore` visits, for consumers that make so many steps each."""

    def work(name: str) -> None:
        for number in range(1, steps[name] + 1):
            effect(f"{name}{number}", "", lambda: None)

    def run(schedule: Schedule) -> Run:
        return simulate({name: lambda name=name: work(name) for name in steps}, schedule, NoAws(), later=LATER)

    return list(explore(run, bounds))


def trace_of(run: Run) -> Trace:
    words = {Kind.CRASH: "crash", Kind.TIME: "later"}
    return tuple(words.get(step.kind) or step.action for step in run.steps)


@dataclass(frozen=True)
class Place:
    """Where two consumers are, `first` being the one whose turn it is: names, steps made, steps there are, or dead."""

    turn: str
    made: tuple[tuple[str, int], ...]
    dead: frozenset[str] = frozenset()
    crashes: int = 0
    switches: int = 0


def every_trace(steps: dict[str, int], bounds: Bounds) -> list[Trace]:
    """All that can happen, by following each possibility at each step. A trace comes as often as it can come about."""

    def over(place: Place, name: str) -> bool:
        return name in place.dead or dict(place.made)[name] == steps[name]

    def follow(place: Place, so_far: Trace) -> Iterator[Trace]:
        alive = [name for name in steps if not over(place, name)]
        if not alive:
            yield so_far
            return
        me = place.turn
        if me not in alive:
            yield from follow(replace(place, turn=alive[0]), so_far)
            return
        made = dict(place.made)
        step = f"{me}{made[me] + 1}"
        yield from follow(replace(place, made=tuple({**made, me: made[me] + 1}.items())), (*so_far, step))
        if not made[me] or place.crashes + place.switches == bounds.together:
            return
        if place.crashes < bounds.crashes:
            yield from follow(replace(place, dead=place.dead | {me}, crashes=place.crashes + 1), (*so_far, "crash"))
        others = [name for name in alive if name != me]
        if others and place.switches < bounds.switches:
            away = replace(place, turn=others[0], switches=place.switches + 1)
            yield from follow(away, so_far)
            yield from follow(away, (*so_far, "later"))

    names = list(steps)
    return list(follow(Place(names[0], tuple((name, 0) for name in names)), ()))


bounds_of_all_kinds = st.builds(
    Bounds, crashes=st.integers(0, 2), switches=st.integers(0, 2), together=st.integers(0, 3)
)


@settings(max_examples=40)
@given(first=st.integers(1, 4), second=st.integers(1, 3), bounds=bounds_of_all_kinds)
def test_what_is_visited_is_all_there_is(first: int, second: int, bounds: Bounds) -> None:
    steps = {"A": first, "B": second}
    found = Counter(trace_of(run) for run in visited(steps, bounds))
    assert found == Counter(every_trace(steps, bounds))


@given(bounds=bounds_of_all_kinds)
@settings(max_examples=10)
def test_no_schedule_is_visited_twice_and_the_shortest_come_first(bounds: Bounds) -> None:
    schedules = [run.schedule for run in visited({"A": 3, "B": 3}, bounds)]
    assert len(set(schedules)) == len(schedules)
    assert schedules == sorted(schedules, key=len)
    assert all(bounds.allow(schedule) for schedule in schedules)


def test_a_consumer_of_four_calls_and_another_are_some_hundred_schedules() -> None:
    assert len(visited({"A": 4, "B": 4}, Bounds())) == len(every_trace({"A": 4, "B": 4}, Bounds()))
    assert 50 < len(visited({"A": 4, "B": 4}, Bounds())) < 200


def test_time_passes_at_a_switch_that_says_so_and_at_no_other() -> None:
    for run in visited({"A": 2, "B": 2}, Bounds()):
        later = sum(disturbance.what is What.SWITCH_LATER for disturbance in run.schedule)
        assert trace_of(run).count("later") == later
