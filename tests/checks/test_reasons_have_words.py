"""Whatever a check finds broken, it has words for: a reason without any would be a traceback in a notebook."""

import ast
import inspect
import pkgutil
from collections.abc import Iterator
from importlib import import_module
from types import ModuleType
from typing import Any

import pytest

import labkit.checks
from labkit.checks.exercise import exercises, texts_of

MODULES = [import_module(f"labkit.checks.{found.name}") for found in pkgutil.iter_modules(labkit.checks.__path__)]


def _reasons(module: ModuleType) -> Iterator[str]:
    """What stands in the first place of `Broken(…)`, where that is written down there."""
    for node in ast.walk(ast.parse(inspect.getsource(module))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Broken" and node.args:
            yield from _texts(node.args[0])


def _texts(value: ast.expr) -> Iterator[str]:
    if isinstance(value, ast.Constant):
        yield str(value.value)
    if isinstance(value, ast.IfExp):
        yield from _texts(value.body)
        yield from _texts(value.orelse)


def _module_of(judge: Any) -> str:
    name: str = getattr(judge, "func", judge).__module__  # a property for one of several cases is a partial
    return name


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.__name__.rpartition(".")[2])
def test_every_reason_has_words(module: ModuleType) -> None:
    own = [one for one in exercises() if any(_module_of(judge) == module.__name__ for judge in one.properties)]
    words = set(texts_of("common")["common"])
    for exercise in own or exercises():
        words |= {reason for judge in exercise.properties for reason in exercise.texts[judge.__name__]}
    assert set(_reasons(module)) <= words
