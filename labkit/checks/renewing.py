"""Exercise 1.2: a client that outlives its session."""

from __future__ import annotations

import contextlib
from typing import Any

from botocore.exceptions import ClientError

from labkit.checks.access_world import Sessions
from labkit.checks.exercise import Broken, Exercise
from labkit.checks.trial import Trial, shown
from labkit.checks.world import World

renew = Exercise("1.2", "renewing", ("open_client",))


@renew.holds
def answers(trial: Trial) -> None:
    sessions, world = Sessions(trial.aws), World(trial.aws)
    call = _renewing(trial, sessions)
    for number in range(3):
        answer = _do(trial, call, "send_message", QueueUrl=world.queue_url, MessageBody=f"order {number}")
        if not isinstance(answer, dict) or "MessageId" not in answer:
            raise Broken("not_the_answer", got=type(answer).__name__)
    if world.counts() != (3, 0):
        raise Broken("not_once", number=sum(world.counts()))
    if sessions.opened != 1:
        raise Broken("opens_each_time", number=sessions.opened)


@renew.holds
def expires(trial: Trial) -> None:
    sessions, world = Sessions(trial.aws), World(trial.aws, VisibilityTimeout="43200")
    call = _renewing(trial, sessions)
    world.send_body("order")
    received = _do(trial, call, "receive_message", QueueUrl=world.queue_url)
    handle = received["Messages"][0]["ReceiptHandle"]
    for time in ("first", "second"):  # it ends again and again
        sessions.end()
        answer = _do(trial, call, "get_queue_attributes", QueueUrl=world.queue_url, AttributeNames=["QueueArn"])
        if not isinstance(answer, dict) or "Attributes" not in answer:
            raise Broken("not_repeated", time=time, got=type(answer).__name__)
    sessions.end()
    _do(trial, call, "delete_message", QueueUrl=world.queue_url, ReceiptHandle=handle)
    if world.counts() != (0, 0):
        raise Broken("not_deleted")
    _do(trial, call, "get_queue_attributes", QueueUrl=world.queue_url)  # with the session that is open by now
    if sessions.opened != 4:
        raise Broken("opens_too_often", number=sessions.opened)


@renew.holds
def other_service(trial: Trial) -> None:
    sessions, world = Sessions(trial.aws, "dynamodb"), World(trial.aws)
    call = _renewing(trial, sessions)
    _do(trial, call, "describe_table", TableName=world.table_name)
    sessions.end()
    _do(trial, call, "describe_table", TableName=world.table_name)


@renew.holds
def other_errors(trial: Trial) -> None:
    sessions = Sessions(trial.aws)
    call = _renewing(trial, sessions)
    url = World(trial.aws).queue_url + "-that-is-not-there"
    try:
        _do(trial, call, "send_message", expected="NonExistentQueue", QueueUrl=url, MessageBody="order")
    except _Expected:
        if sessions.opened > 1:
            raise Broken("renewed_in_vain", number=sessions.opened) from None
    else:
        raise Broken("swallowed")
    _late_delete(trial, call)
    if sessions.opened > 1:
        raise Broken("receipt", number=sessions.opened)


def _late_delete(trial: Trial, call: Any) -> None:
    """A FIFO queue refuses it, in words that speak of something expired."""
    world = World(trial.aws, FifoQueue="true")
    world.send_body("order", MessageGroupId="ana", MessageDeduplicationId="order")
    (message,) = world.receive()
    world.wait()
    with contextlib.suppress(_Expected):
        given = {"QueueUrl": world.queue_url, "ReceiptHandle": message["ReceiptHandle"]}
        _do(trial, call, "delete_message", expected="InvalidParameterValue", **given)


@renew.holds
def unknown_key(trial: Trial) -> None:
    """The code that means a missing token more often than not has the word token in it, and is no expiry."""
    sessions = Sessions(trial.aws, unknown=True)
    call = _renewing(trial, sessions)
    try:
        _do(trial, call, "list_queues", expected="InvalidClientTokenId")
    except _Expected:
        if sessions.opened > 1:
            raise Broken("renewed_in_vain", number=sessions.opened) from None
    else:
        raise Broken("swallowed")


@renew.holds
def hopeless(trial: Trial) -> None:
    sessions, world = Sessions(trial.aws, hopeless=True), World(trial.aws)
    call = _renewing(trial, sessions)
    try:
        _do(trial, call, "receive_message", expected="Expired", QueueUrl=world.queue_url)
    except _Expected:
        if sessions.opened > 2:
            raise Broken("tries_again_and_again", number=sessions.opened) from None
        return
    raise Broken("keeps_quiet")


class _Expected(Exception):  # noqa: N818 (it is what should happen)
    """The error came through."""


def _renewing(trial: Trial, sessions: Sessions) -> Any:
    call = trial.call(sessions.open_client)
    if not callable(call):
        raise Broken("type", got=shown(call), kind=type(call).__name__, wanted="function")
    return call


def _do(trial: Trial, call: Any, operation: str, *, expected: str = "\0", **arguments: Any) -> Any:
    """Use what the student's function returned. Raises _Expected if the call ends with an error of this code."""
    inner = Trial(lambda: (call(operation, **arguments),), trial.aws)
    result = inner.attempt()
    if result.endless:
        raise Broken("endless" if result.steps else "stuck", steps=result.steps)
    if isinstance(result.error, ClientError):
        code = result.error.response["Error"]["Code"]
        if expected in code:
            raise _Expected
        if "Expired" in code:
            raise Broken("gave_up", code=code, operation=operation)
    if result.error or result.crashed:
        raise Broken("raised", error=f"{type(result.error or SystemExit()).__name__}: {shown(str(result.error or ''))}")
    return result.value[0]
