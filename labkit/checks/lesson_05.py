"""The exercises of 05: reading an event, with SNS's envelope or without; connecting a queue; routing by rules."""

from __future__ import annotations

import json
from typing import Any

from labkit.checks.connecting import connect
from labkit.checks.exercise import Broken, Exercise
from labkit.checks.routing import route
from labkit.checks.trial import Trial

read_event = Exercise("5.1", "read_event", ("body",))
EXERCISES = (read_event, connect, route)

EVENT = {"id": 7, "kind": "user", "event": "created"}
# An event has no use for these names; one that has them nonetheless is in no envelope.
LIKE_AN_ENVELOPE = {"id": 8, "kind": "company", "Message": "we moved"}


def _in_envelope(message: str) -> str:
    return json.dumps({"Type": "Notification", "MessageId": "m-1", "TopicArn": "arn", "Message": message})


@read_event.holds
def raw(trial: Trial) -> None:
    _expect(trial, json.dumps(EVENT), EVENT)


@read_event.holds
def envelope(trial: Trial) -> None:
    _expect(trial, _in_envelope(json.dumps(EVENT)), EVENT)


@read_event.holds
def has_a_message(trial: Trial) -> None:
    _expect(trial, json.dumps(LIKE_AN_ENVELOPE), LIKE_AN_ENVELOPE)


@read_event.holds
def malformed(trial: Trial) -> None:
    for body in ("hello?", "", '{"id": 1, "ki', "[]", "7", "null", '"kind"', '{"id": 1}'):
        _expect_none(trial, body)


@read_event.holds
def malformed_inside(trial: Trial) -> None:
    for message in ("hello?", "[]", "null", '{"id": 1}'):
        _expect_none(trial, _in_envelope(message))


def _expect(trial: Trial, body: str, event: dict[str, Any]) -> None:
    got = trial.call(body, returns=dict)
    if got != event:
        raise Broken("other", body=body, got=got)


def _expect_none(trial: Trial, body: str) -> None:
    got = trial.call(body)
    if got is not None:
        raise Broken("taken", body=body, got=got)
