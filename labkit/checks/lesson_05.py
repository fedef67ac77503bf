"""The exercises of 05: reading an event, with SNS's envelope or without; connecting a queue; routing by rules."""

from __future__ import annotations

import json
from types import NoneType
from typing import Any

from labkit.checks.connecting import connect
from labkit.checks.exercise import Broken, Exercise
from labkit.checks.routing import route
from labkit.checks.trial import Trial

read_event = Exercise("5.1", "read_event", ("body",))
EXERCISES = (read_event, connect, route)

EVENT = {"id": 7, "kind": "user", "event": "created"}
# Names of an envelope's, in an event of its own right.
LIKE_AN_ENVELOPE = {"id": 8, "kind": "company", "Type": "Ltd", "Message": "we moved"}


def _in_envelope(message: str) -> str:
    """With all that SNS writes there (the notebook's 05 shows it), whichever of it an answer goes by."""
    return json.dumps(
        {
            "Type": "Notification",
            "MessageId": "22b80b92",
            "TopicArn": "arn:aws:sns:us-east-1:123456789012:events",
            "Message": message,
            "Timestamp": "2026-11-24T10:00:00.000Z",
            "SignatureVersion": "1",
            "Signature": "…",
            "SigningCertURL": "https://sns.us-east-1.amazonaws.com/…",
            "UnsubscribeURL": "https://sns.us-east-1.amazonaws.com/…",
        }
    )


@read_event.holds
def raw(trial: Trial) -> None:
    _expect(trial, json.dumps(EVENT), EVENT, returns=dict)


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
    _expect_none(trial, json.dumps({"Type": "Notification", "MessageId": "22b80b92"}))


def _expect(trial: Trial, body: str, event: dict[str, Any], returns: Any = (dict, NoneType)) -> None:
    got = trial.call(body, returns=returns)
    if got != event:
        raise Broken("other", body=body, got=got)


def _expect_none(trial: Trial, body: str) -> None:
    got = trial.call(body)
    if got is not None:
        raise Broken("taken", body=body, got=got)
