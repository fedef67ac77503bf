"""One check as the properties see it: the student's function, an AWS to try it in, and ways of trying it."""

from __future__ import annotations

import dis
import inspect
import io
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar

from botocore.exceptions import ClientError

from labkit.checks.exercise import Broken
from labkit.embedded.in_process import InProcessAws
from labkit.explore import Bounds, Result, Run, Schedule, Step, explore, simulate

LONGEST_CHECK = 4.0  # seconds of work for all that a check tries: the verdict is the same on a busy computer
MOST_PATIENCE = 5  # times as long it may take there
BOUNDS = Bounds()
EMPTY_BODY = {"RESUME", "NOP", "LOAD_CONST", "RETURN_CONST", "RETURN_VALUE"}  # what `...` is compiled to
NOT_THERE = ("QueueDoesNotExist", "NonExistentQueue", "ResourceNotFoundException")


class Observed(Protocol):
    """What a check needs of the world in which it tries a function."""

    def settled(self) -> bool: ...
    def lanes(self) -> Mapping[str, str]: ...
    def outcome(self) -> Any: ...


W = TypeVar("W", bound=Observed)


class NotWritten(Exception):  # noqa: N818 (nothing went wrong)
    """The function does nothing yet."""


@dataclass(frozen=True)
class Experiment(Generic[W]):
    """What happened in one run, what it left behind, and how to watch the same run again."""

    run: Run
    outcome: Any
    watch: Callable[[], list[Step]]


class Trial:
    """The student's function (or value, `given`) under trial. `aws` is private; `world`s are made in it."""

    def __init__(self, given: Any, aws: InProcessAws) -> None:
        self.given, self.aws = given, aws
        self.runs = 0
        self.cut_short = False
        self._called = False
        self._known: dict[str, list[Any]] = {}
        self._worked, self._began = time.process_time(), time.monotonic()
        self.printed = io.StringIO()

    def call(self, *arguments: Any, returns: type | tuple[type, ...] | None = None) -> Any:
        """What the function returns, undisturbed. Raises Broken for what no function of an exercise may do.

        `returns`: the type that the value has to have. Raises NotWritten if there is nothing in the function yet.
        """
        result = self.attempt(*arguments)
        if result.error:
            raise self._slip(result.error)
        if result.endless:
            raise Broken("endless" if result.steps else "stuck", steps=result.steps)
        if inspect.iscoroutine(result.value):
            result.value.close()
            raise Broken("coroutine")
        if returns is not None and not isinstance(result.value, returns):
            if result.crashed:
                raise Broken("ended")
            kinds = returns if isinstance(returns, tuple) else (returns,)
            wanted = " or ".join(kind.__name__ for kind in kinds)
            if result.value is None and self.printed.getvalue().strip():
                raise Broken("printed", printed=shown(self.printed.getvalue().strip()))
            raise Broken("type", got=shown(result.value), kind=type(result.value).__name__, wanted=wanted)
        return result.value

    def attempt(self, *arguments: Any) -> Result:
        """How one undisturbed call of the function ends, in whatever way."""
        self._bind(*arguments)
        self.printed.seek(0)
        self.printed.truncate()
        run = self._simulate({"A": lambda: self.given(*arguments)}, ())
        result = run.results["A"]
        nothing = result.value is ... or (result.value is None and _is_empty(self.given))
        nothing &= not (result.error or result.crashed or result.endless or self.printed.getvalue())
        if not self._called and ((nothing and not run.steps) or isinstance(result.error, NotImplementedError)):
            raise NotWritten
        self._called = True
        return result

    def explore(
        self,
        make_world: Callable[[], W],
        work: Callable[[W], Any],
        *,
        consumers: int = 2,
        bounds: Bounds = BOUNDS,
        later: float = 31,
    ) -> Iterator[Experiment[W]]:
        """Let consumers do `work(world)` in a fresh world under every schedule within the bounds, shortest first.

        `later`: seconds for which a consumer is away, and after which the next one comes when all have ended: more
        than the visibility timeout, and than any lease. Once all has ended, and until the world is settled, later
        consumers come. Ends early when the check's time is up; `cut_short` says so then.
        """

        def run(schedule: Schedule) -> _Explored[W]:
            world = make_world()
            names = "AB"[:consumers]
            found = self._simulate(dict.fromkeys(names, lambda: work(world)), schedule, world, later)

            def watch() -> list[Step]:
                again = make_world()
                works = dict.fromkeys(names, lambda: work(again))
                return self._simulate(works, schedule, again, later, observe=again.lanes).steps

            return _Explored(schedule, found.decisions, Experiment(found, world.outcome(), watch))

        for found in explore(run, bounds):
            yield found.experiment
            if self._takes_too_long():
                self.cut_short = True
                return

    def once(self, name: str, make: Callable[[], Iterator[Any]]) -> Iterator[Any]:
        """What `make` yields, made only once in a check: several properties can judge the same experiments.

        A property that stops halfway leaves the rest to the next.
        """
        if name not in self._known:
            self._known[name] = [[], make()]
        seen, rest = self._known[name]
        yield from list(seen)
        for item in rest:
            seen.append(item)
            yield item

    def _simulate(
        self,
        works: Mapping[str, Callable[[], Any]],
        schedule: Schedule,
        world: Observed | None = None,
        later: float = 31,
        observe: Callable[[], Mapping[str, str]] = dict,
    ) -> Run:
        self.runs += 1
        settled = world.settled if world else lambda: True
        with redirect_stdout(self.printed), redirect_stderr(self.printed):
            return simulate(works, schedule, self.aws, later=later, settled=settled, observe=observe)

    def _takes_too_long(self) -> bool:
        worked, passed = time.process_time() - self._worked, time.monotonic() - self._began
        return worked > LONGEST_CHECK or passed > MOST_PATIENCE * LONGEST_CHECK

    def _bind(self, *arguments: Any) -> None:
        try:
            inspect.signature(self.given).bind(*arguments)
        except TypeError:
            raise Broken("arguments", arguments=", ".join(type(argument).__name__ for argument in arguments)) from None
        except ValueError:  # a builtin that does not tell its signature: the call itself will show
            pass

    def _slip(self, error: Exception) -> Broken:
        if isinstance(error, ClientError) and error.response["Error"]["Code"].endswith(NOT_THERE):
            return Broken("other_queue")
        return Broken("raised", error=f"{type(error).__name__}: {shown(str(error))}")


def _is_empty(function: Any) -> bool:
    """Whether there is nothing between its first line and its end. Whoever only forgot to return has written it."""
    code = getattr(function, "__code__", None)
    return code is not None and all(step.opname in EMPTY_BODY for step in dis.get_instructions(code))


@dataclass(frozen=True)
class _Explored(Generic[W]):
    schedule: Schedule
    decisions: list[tuple[Any, ...]]
    experiment: Experiment[W]


def shown(value: object) -> str:
    """A text as it is, anything else as Python writes it; cut where it is long."""
    text = value if isinstance(value, str) else repr(value)
    return text if len(text) <= 200 else text[:199] + "…"
