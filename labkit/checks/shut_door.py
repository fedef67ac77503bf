"""Exercise 8.2: an endpoint that refuses to process by hand while processing is automatic."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from labkit.checks.exercise import Broken, Exercise
from labkit.checks.trial import Trial, shown

process_by_hand = Exercise("8.2", "process_by_hand", ("process", "environ"))


def _ask(trial: Trial, environ: Mapping[str, str]) -> tuple[Any, Any, int]:
    """The status, what went with it, and how often `process` was called."""
    called: list[int] = []

    def process() -> list[str]:
        called.append(1)
        return ["m-1", "m-2"]

    given = trial.call(process, environ, returns=(tuple, list))
    if len(given) != 2 or not isinstance(given[0], int):
        raise Broken("no_answer", got=shown(repr(given)))
    return given[0], given[1], len(called)


@process_by_hand.holds
def off(trial: Trial) -> None:
    for environ in (
        {},
        *({"PROCESS_AUTOMATICALLY": value} for value in ("", "0", "false", "no", "off", "OFF", "False")),
    ):
        status, what, times = _ask(trial, environ)
        setting = environ.get("PROCESS_AUTOMATICALLY", "not set")
        if status != 200:
            raise Broken("refused", value=setting, status=status)
        if times != 1:
            raise Broken("times", value=setting, times=times)
        if what != ["m-1", "m-2"]:
            raise Broken("result", value=setting, got=shown(repr(what)))


@process_by_hand.holds
def on(trial: Trial) -> None:
    for value in ("1", "true", "yes", "on", "ON", "True"):
        status, what, times = _ask(trial, {"PROCESS_AUTOMATICALLY": value})
        if times:
            raise Broken("processed", value=value, status=status)
        if status != 409:
            raise Broken("status", value=value, status=status)
        if not isinstance(what, str):
            raise Broken("no_sentence", got=shown(repr(what)))
        if "PROCESS_AUTOMATICALLY" not in what:
            raise Broken("no_reason", got=shown(repr(what)))


@process_by_hand.holds
def odd(trial: Trial) -> None:
    for value in ("onn", "2", "maybe", "sí", "y", "n"):
        status, what, times = _ask(trial, {"PROCESS_AUTOMATICALLY": value})
        if times:
            raise Broken("processed", value=value)
        if status != 500:
            raise Broken("status", value=value, status=status)
        if not isinstance(what, str) or not what.strip():
            raise Broken("no_sentence", got=shown(repr(what)))


@process_by_hand.holds
def changed(trial: Trial) -> None:
    environ = {"PROCESS_AUTOMATICALLY": "off"}
    seen = []
    for value in ("off", "on", "off"):
        environ["PROCESS_AUTOMATICALLY"] = value
        seen.append(_ask(trial, environ)[0])
    if seen != [200, 409, 200]:
        raise Broken("remembers", seen=seen)
    if environ != {"PROCESS_AUTOMATICALLY": "off"}:
        raise Broken("writes", left=environ)
