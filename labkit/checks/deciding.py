"""7.3 and 7.5: a state moves by a conditional write, and a claim is one that ends."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from labkit.checks.exercise import Broken, Exercise
from labkit.checks.refusals import refused
from labkit.checks.trial import Experiment, Trial
from labkit.checks.world import World
from labkit.embedded.in_process import InProcessAws
from labkit.explore import Bounds

finish = Exercise("7.3", "finish", ("table_name", "message_id", "state", "reason"))
claim = Exercise("7.5", "claim", ("table_name", "message_id", "owner", "now", "until"))

AT_ONCE = Bounds(crashes=0)  # two consumers, each undisturbed but for the other
TIMES = [f"2026-11-24T10:{minute:02}:00.000+00:00" for minute in range(10)]  # one a minute


class Table(World):
    """A world with one pending message, `m-1`, in its table; nobody receives anything."""

    def __init__(self, aws: InProcessAws, **more: str) -> None:
        super().__init__(aws)
        self.put_pending("m-1", "two tickets", **more)
        self.turn = iter(range(10))  # who comes first, second, …

    def settled(self) -> bool:
        return True

    def item(self) -> dict[str, str]:
        return self.items()["m-1"]


@finish.holds
def moves(trial: Trial) -> None:
    for state, reason in (("complete", ""), ("fail", "no refunds"), ("complete", "the last two")):
        world = Table(trial.aws)
        before = world.item()
        given = (reason,) if reason else ()
        answer = trial.call(world.table_name, "m-1", state, *given, returns=bool)
        _same_otherwise(before, world.items(), {"state", "reason"})
        found = world.item()
        if found["state"] != state:
            raise Broken("not_moved", wanted=state, got=found["state"])
        if found.get("reason", "") != reason:
            raise Broken("reason", wanted=reason, got=found.get("reason", ""))
        if not answer:
            raise Broken("said_false")


@finish.holds
def decided(trial: Trial) -> None:
    for before, after in (("complete", "fail"), ("fail", "complete"), ("complete", "complete")):
        world = Table(trial.aws, state=before)
        item = world.item()
        answer = trial.call(world.table_name, "m-1", after, "too late", returns=bool)
        if world.item()["state"] != before:
            raise Broken("turned_back", before=before, after=after)
        if world.item() != item:
            raise Broken("changed", before=before)
        if answer:
            raise Broken("said_true", before=before)


@finish.holds
def unknown(trial: Trial) -> None:
    world = Table(trial.aws)
    answer = trial.call(world.table_name, "m-99", "complete", "", returns=bool)
    _nothing_made(world, answer)


@finish.holds
def table_away(trial: Trial) -> None:
    world = Table(trial.aws)
    with refused(trial.aws):
        result = trial.attempt(world.table_name, "m-1", "complete", "")
    if result.value is False:
        raise Broken("said_false")


@finish.holds
def two_at_once(trial: Trial) -> None:
    states = ("complete", "fail")

    def work(world: Table) -> tuple[str, Any]:
        state = states[next(world.turn)]
        return state, trial.given(world.table_name, "m-1", state, "")

    for experiment in trial.explore(lambda: Table(trial.aws), work, bounds=AT_ONCE):
        _one_winner(experiment, experiment.outcome.state("m-1"))


@finish.holds
def one_step(trial: Trial) -> None:
    def work(world: Table) -> Any:
        return trial.given(world.table_name, "m-1", "fail", "no refunds")

    for experiment in trial.explore(lambda: Table(trial.aws), work, consumers=1, bounds=Bounds(switches=0)):
        found = experiment.outcome.items.get("m-1", {})
        if found.get("state") != "pending" and not found.get("reason"):
            raise Broken("half", experiment, state=found.get("state", "–"))


@claim.holds
def pending(trial: Trial) -> None:
    world = Table(trial.aws)
    before = world.item()
    answer = trial.call(world.table_name, "m-1", "A", TIMES[0], TIMES[1], returns=bool)
    _same_otherwise(before, world.items(), {"state", "owner", "leased_until"})
    for name, value in {"state": "processing", "owner": "A", "leased_until": TIMES[1]}.items():
        if world.item().get(name) != value:
            raise Broken("attribute", name=name, wanted=value, got=world.item().get(name, "–"))
    if not answer:
        raise Broken("said_false")


@claim.holds
def taken(trial: Trial) -> None:
    world = Table(trial.aws, state="processing", owner="A", leased_until=TIMES[5])
    before = world.item()
    answer = trial.call(world.table_name, "m-1", "B", TIMES[4], TIMES[9], returns=bool)
    if world.item()["owner"] != "A":
        raise Broken("taken_over")
    if world.item() != before:
        raise Broken("changed")
    if answer:
        raise Broken("said_true")


@claim.holds
def lease_over(trial: Trial) -> None:
    for who in "BA":
        world = Table(trial.aws, state="processing", owner="A", leased_until=TIMES[2])
        before = world.item()
        answer = trial.call(world.table_name, "m-1", who, TIMES[3], TIMES[4], returns=bool)
        found = world.item()
        if not answer and found == before:
            raise Broken("never_over", who=who)
        if not answer:
            raise Broken("said_false", who=who)
        if (found["owner"], found["leased_until"]) != (who, TIMES[4]):
            raise Broken("old_lease", who=who, owner=found["owner"], until=found["leased_until"])


@claim.holds
def over_and_done(trial: Trial) -> None:
    for state in ("complete", "fail"):
        for more in ({}, {"owner": "B", "leased_until": TIMES[2]}):
            world = Table(trial.aws, state=state, **more)
            answer = trial.call(world.table_name, "m-1", "B", TIMES[3], TIMES[4], returns=bool)
            if world.item()["state"] != state:
                raise Broken("reopened", state=state)
            if answer:
                raise Broken("said_true", state=state)


@claim.holds
def unknown_message(trial: Trial) -> None:
    world = Table(trial.aws)
    answer = trial.call(world.table_name, "m-99", "A", TIMES[0], TIMES[1], returns=bool)
    _nothing_made(world, answer)


@claim.holds
def two_claims_at_once(trial: Trial) -> None:
    def work(world: Table) -> tuple[str, Any]:
        owner = "AB"[next(world.turn)]
        return owner, trial.given(world.table_name, "m-1", owner, TIMES[3], TIMES[4])

    worlds: tuple[Callable[[], Table], ...] = (
        lambda: Table(trial.aws),
        lambda: Table(trial.aws, state="processing", owner="C", leased_until=TIMES[2]),
    )
    for make_world in worlds:
        for experiment in trial.explore(make_world, work, bounds=AT_ONCE):
            _one_winner(experiment, experiment.outcome.items["m-1"].get("owner", ""))


def _winners(experiment: Experiment[Table]) -> Iterator[str]:
    for result in experiment.run.results.values():
        if result.value and result.value[1]:
            yield result.value[0]


def _one_winner(experiment: Experiment[Table], stands: str) -> None:
    """Of two who ask for different things, exactly one is told that it has it, and that is what stands."""
    winners = list(_winners(experiment))
    if len(winners) > 1:
        raise Broken("both", experiment)
    if winners != [stands]:
        raise Broken("other", experiment, told=winners[0] if winners else "–", stands=stands)


def _same_otherwise(before: dict[str, str], items: dict[str, dict[str, str]], may_change: set[str]) -> None:
    after = items.get("m-1", {})
    for name in sorted(before.keys() - may_change):
        if after.get(name) != before[name]:
            raise Broken("attribute_lost", name=name)


def _nothing_made(world: Table, answer: bool) -> None:
    if "m-99" in world.items():
        raise Broken("made")
    if answer:
        raise Broken("said_true")
