"""Families of answers to an exercise: wrong ones, each refused for its own reason, and right ones of different styles."""

import functools
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import boto3
import pytest

from authoring import lesson
from labkit.checks import check
from labkit.checks.exercise import Exercise


class Client:
    """A boto3 client as a notebook has it at its top, made when it is first used: by then there is a lab."""

    def __init__(self, service: str) -> None:
        self._service = service

    @functools.cached_property
    def _client(self) -> Any:
        return boto3.client(self._service)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._client, name)


sqs, dynamodb, sns = Client("sqs"), Client("dynamodb"), Client("sns")
FAMILIES: dict[str, "Family"] = {}
ROOT = Path(__file__).parents[2]
SOLUTIONS = ROOT / "notebooks" / "solutions"


@dataclass
class Family:
    """Answers to the exercise `number`, which are tests by `tests()`."""

    number: str
    wrong_ones: list[Any] = field(default_factory=list)  # pytest parameters: answer, property, reason
    right_ones: list[Any] = field(default_factory=list)

    def __post_init__(self) -> None:
        FAMILIES[self.number] = self

    def wrong(self, broken: str, reason: str) -> Callable[[Any], Any]:
        """Decorates an answer that is refused because of this property, for this reason."""

        def add(answer: Any) -> Any:
            self.add_wrong(answer.__name__, answer, broken, reason)
            return answer

        return add

    def add_wrong(self, name: str, answer: Any, broken: str, reason: str) -> None:
        """The same for an answer that is no function."""
        self.wrong_ones.append(pytest.param(answer, broken, reason, id=name))

    def right(self, answer: Any) -> Any:
        """Decorates an answer that is accepted."""
        self.add_right(answer.__name__, answer)
        return answer

    def add_right(self, name: str, answer: Any) -> None:
        self.right_ones.append(pytest.param(answer, id=name))

    def tests(self) -> tuple[Callable[..., None], Callable[..., None]]:
        """Two tests, to be bound to names that begin with `test_`."""

        @pytest.mark.parametrize(("answer", "broken", "reason"), self.wrong_ones)
        def each_wrong_answer_is_refused_for_its_own_reason(answer: Any, broken: str, reason: str) -> None:
            report = check(self.number, answer)
            assert report.broken == (broken, reason), str(report)
            assert report.question

        @pytest.mark.parametrize("answer", self.right_ones)
        def each_right_answer_is_accepted(answer: Any) -> None:
            report = check(self.number, answer)
            assert report.solved, str(report)

        return each_wrong_answer_is_refused_for_its_own_reason, each_right_answer_is_accepted


def solution_of(exercise: Exercise) -> Path:
    return SOLUTIONS / f"{exercise.lesson}_{exercise.name}.py"


def cells_of(number: str) -> list[lesson.Cell]:
    return lesson.read(lesson.find(ROOT / "lessons", number))[1]


def defines(cell: lesson.Cell, exercise: Exercise) -> bool:
    start = f"def {exercise.name}(" if exercise.arguments is not None else f"{exercise.name} ="
    return "exercise" in cell.tags and any(line.startswith(start) for line in cell.source.splitlines())
