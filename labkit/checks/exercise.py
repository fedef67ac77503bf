"""An exercise: what the student writes, and the properties that it must have, in the order in which they are judged."""

from __future__ import annotations

import functools
import importlib
import pkgutil
import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from importlib import resources
from typing import TYPE_CHECKING, Any

import labkit.checks
from labkit.errors import LabError
from labkit.texts import checks as texts

if TYPE_CHECKING:
    from labkit.checks.trial import Experiment, Trial

Property = Callable[["Trial"], None]


class Broken(Exception):  # noqa: N818 (it is no error of ours)
    """A property does not hold. `reason` is a key of the property's texts, or of those that all exercises have."""

    def __init__(self, reason: str, experiment: Experiment[Any] | None = None, **values: object) -> None:
        super().__init__(reason)
        self.reason, self.experiment, self.values = reason, experiment, values


@dataclass
class Exercise:
    """`name` is what the student defines, a function with `arguments`, or a value where these are None."""

    number: str
    name: str
    arguments: tuple[str, ...] | None = None
    properties: list[Property] = field(default_factory=list)

    def holds(self, judge: Property) -> Property:
        """Add a property: a function of a `Trial` that raises Broken if it does not hold. Its texts go by its name."""
        self.properties.append(judge)
        return judge

    def holds_for(self, cases: Mapping[str, Any]) -> Callable[[Callable[..., None]], None]:
        """Add a property for each case, whose texts go by the case's name: a function of a `Trial` and a `case`."""

        def add(judge: Callable[..., None]) -> None:
            for name, case in cases.items():
                one = functools.partial(judge, case=case)
                one.__name__ = name  # type: ignore[attr-defined]
                self.holds(one)

        return add

    @property
    def lesson(self) -> str:
        """The number of its notebook, two digits."""
        return f"{int(self.number.split('.')[0]):02}"

    @property
    def title(self) -> str:
        return str(self.texts["title"])

    @property
    def texts(self) -> Mapping[str, Any]:
        """`title`, and for each property by its name: `holds`, its reasons, and `ask`, the questions that lead on."""
        found: Mapping[str, Any] = texts_of(self.lesson)[self.number]
        return found


@functools.cache
def texts_of(lesson: str) -> Mapping[str, Any]:
    """What the exercises of a notebook say, and `common`, what they all say."""
    return tomllib.loads(resources.files("labkit.texts.checks").joinpath(f"{lesson}.toml").read_text("utf-8"))


def exercise(number: str) -> Exercise:
    """The exercise with this number. Raises LabError if there is none."""
    if not isinstance(number, str) or not re.fullmatch(r"\d{1,2}\.\d{1,2}", number):
        raise LabError(texts.NUMBER_IS_BAD.format(number=number))
    for found in exercises(f"{int(number.split('.')[0]):02}"):
        if found.number == number:
            return found
    raise LabError(texts.NO_SUCH_EXERCISE.format(number=number))


def exercises(lesson: str = "") -> Iterator[Exercise]:
    """All exercises, in order, or those of one notebook."""
    for module in sorted(found.name for found in pkgutil.iter_modules(labkit.checks.__path__)):
        if module.startswith(f"lesson_{lesson}"):
            yield from importlib.import_module(f"labkit.checks.{module}").EXERCISES
