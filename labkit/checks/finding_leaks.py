"""Exercise 1.4: the access keys that a notebook shows are found."""

from __future__ import annotations

import json
import secrets
import string
from collections.abc import Iterable
from typing import Any

from labkit.checks.exercise import Broken, Exercise
from labkit.checks.trial import Trial
from labkit.credentials import mask

find = Exercise("1.4", "find_leaks", ("notebook",))


@find.holds
def nothing_there(trial: Trial) -> None:
    _expect(trial, [_code("6 * 7", _result("42")), _text("# A clean notebook"), _code("x = 1")], [], "found")


@find.holds
def in_what_was_typed(trial: Trial) -> None:
    second = [_code("x = 1"), _code(f'key = "{_id("AKIA")}"')]
    found = _find(trial, second)
    if found == [1]:
        raise Broken("from_zero", got=found)
    if strange := [one for one in found if not isinstance(one, int)]:
        raise Broken("no_numbers", kind=type(strange[0]).__name__)
    _expect(trial, second, [2], "code")
    _expect(trial, [_text(f"My key is {_id('AKIA')}."), _code("x = 1")], [1], "text")
    _expect(trial, [_code(f'key = "{_id("ASIA")}"')], [1], "temporary")
    _expect(trial, [_code(["import boto3\n", f'key = "{_id("ASIA")}"'])], [1], "lines")


@find.holds
def in_what_was_shown(trial: Trial) -> None:
    key = _id("ASIA")
    _expect(trial, [_text("# x"), _code("print(answer)", _printed(f"id: {key}\n"))], [2], "printed")
    _expect(trial, [_code("answer", _result(f"{{'AccessKeyId': '{key}'}}"))], [1], "result")
    _expect(trial, [_code("table", _result("a table", html=f"<td>{key}</td>"))], [1], "html")
    _expect(trial, [_code("fail()", _failed(f"KeyError: '{key}'"))], [1], "traceback")
    _expect(trial, [_code("print(answer)", _printed(["one\n", f"two {key}\n"]))], [1], "printed")
    _expect(trial, [_code("print('id:', key, sep='\\n')", _printed(f"id:\n{key}\n"))], [1], "line")


@find.holds
def nothing_else(trial: Trial) -> None:
    sample = "AKIA" + "IOSFODNN7EXAMPLE"
    _expect(trial, [_code(f'key = "{sample}"')], [], "sample")
    _expect(trial, [_code(f'keys = "{sample}", "{_id("AKIA")}"')], [1], "beside")
    _expect(trial, [_code("me", _result(_id("AIDA") + _id("AROA", 21)))], [], "principal")
    _expect(trial, [_code("digest", _result("ab" + _id("AKIA") + "Q7"))], [], "longer")
    _expect(trial, [_text("Keys begin with AKIA or ASIA.")], [], "word")
    both = [_code(_id("AKIA"), _printed(_id("ASIA"))), _code(_id("AKIA")), _text("x")]
    _expect(trial, both, [1, 2], "each_once")


def _expect(trial: Trial, cells: Iterable[dict[str, Any]], wanted: list[int], reason: str) -> None:
    found = _find(trial, cells)
    if found != wanted:
        raise Broken(reason, got=mask(repr(found)), wanted=wanted)


def _find(trial: Trial, cells: Iterable[dict[str, Any]]) -> list[Any]:
    notebook = {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": list(cells)}
    found: list[Any] = trial.call(json.loads(json.dumps(notebook)), returns=list)
    return found


def _id(prefix: str, length: int = 20) -> str:
    return prefix + "".join(secrets.choice(string.ascii_uppercase + "234567") for _ in range(length - len(prefix)))


def _text(source: str) -> dict[str, Any]:
    return {"cell_type": "markdown", "source": source, "metadata": {}}


def _code(source: str | list[str], *outputs: dict[str, Any]) -> dict[str, Any]:
    return {"cell_type": "code", "source": source, "outputs": list(outputs), "metadata": {}, "execution_count": 1}


def _printed(text: str | list[str]) -> dict[str, Any]:
    return {"output_type": "stream", "name": "stdout", "text": text}


def _result(plain: str, html: str | None = None) -> dict[str, Any]:
    data = {"text/plain": plain} | ({"text/html": [html]} if html else {})
    return {"output_type": "execute_result", "data": data, "metadata": {}, "execution_count": 1}


def _failed(line: str) -> dict[str, Any]:
    name, _, value = line.partition(": ")
    traceback = ["\x1b[31mTraceback\x1b[39m", f"\x1b[31m{name}\x1b[39m: {value}"]
    return {"output_type": "error", "ename": name, "evalue": "…", "traceback": traceback}
