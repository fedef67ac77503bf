"""The exercises of 01: sign a request, outlive a session, allow no more than needed, find a leak."""

from __future__ import annotations

import json
import secrets
import string
from collections.abc import Iterable, Mapping
from typing import Any

import boto3
from botocore.exceptions import ClientError

from labkit.checks import signatures
from labkit.checks.access_world import RoleWorld, Sessions
from labkit.checks.exercise import Broken, Exercise, texts_of
from labkit.checks.trial import Trial
from labkit.checks.world import World
from labkit.credentials import mask

sign = Exercise("1.1", "signed_headers", ("headers", "body", "service", "region", "now", "parts"))
renew = Exercise("1.2", "renewing", ("open_client",))
allow = Exercise("1.3", "consumer_policy", ("queue_arn", "table_arn"))
find = Exercise("1.4", "find_leaks", ("notebook",))
EXERCISES = (sign, renew, allow, find)


# 1.1


@sign.holds
def two_parts(trial: Trial) -> None:
    _sign(trial, signatures.who_am_i(_long_term()), "two_parts")


@sign.holds
def another_service(trial: Trial) -> None:
    request = signatures.list_queues(_long_term())
    names = _sign(trial, request, "another_service")
    if unsigned := [name for name in request.headers if name not in names]:
        raise Broken("unsigned", name=min(unsigned))
    if names != sorted(names):
        raise Broken("not_sorted", names=";".join(names))


@sign.holds
def another_region(trial: Trial) -> None:
    _sign(trial, signatures.who_am_i(_long_term(), region="eu-west-1"), "another_region")


@sign.holds
def three_parts(trial: Trial) -> None:
    names = _sign(trial, signatures.who_am_i(_temporary()), "three_parts")
    if "x-amz-security-token" not in names:
        raise Broken("token_unsigned")


def _sign(trial: Trial, request: signatures.Request, judge: str) -> list[str]:
    """Let the function sign this request, and send it. The names of the headers that it signed.

    What went well for the first property `two_parts` can go wrong for another one still; that is then said in its words.
    """
    try:
        return _signed(trial, request)
    except Broken as broken:
        if broken.reason in sign.texts[judge] or broken.reason in texts_of("common")["common"]:
            raise
        what = sign.texts["two_parts"][broken.reason].format(**broken.values)
        raise Broken("still", what=what) from None


def _signed(trial: Trial, request: signatures.Request) -> list[str]:
    answer: Mapping[str, str] = trial.call(*request.arguments(), returns=dict)
    headers = {str(name).lower(): str(value) for name, value in answer.items()}
    if any(str(request.parts["secret"]) in value for value in headers.values()):
        raise Broken("secret_sent")
    if lost := [name for name, value in request.headers.items() if headers.get(name) != value]:
        raise Broken("header_lost", name=min(lost))
    if "authorization" not in headers:
        raise Broken("no_authorization", names=", ".join(sorted(headers)))
    if headers.get("x-amz-date") != request.stamp:
        raise Broken("other_time", got=headers.get("x-amz-date"), wanted=request.stamp)
    found = signatures.read(headers["authorization"])
    if found is None:
        raise Broken("other_form")
    for word in ("service", "region"):
        if found[word] != getattr(request, word):
            raise Broken("scope", got=found[word], wanted=getattr(request, word))
    token = headers.get("x-amz-security-token")
    if token != request.parts["token"]:
        raise Broken("token_of_none" if request.parts["token"] is None else "token_missing")
    if code := signatures.send(request, headers):
        raise Broken(signatures.slip(request, headers, found), code=code)
    return found["names"].split(";")


def _long_term() -> dict[str, str | None]:
    own = boto3.Session().get_credentials()
    assert own is not None
    return {"id": own.access_key, "secret": own.secret_key, "token": None}


def _temporary() -> dict[str, str | None]:
    given = boto3.client("sts").get_session_token()["Credentials"]
    return {"id": given["AccessKeyId"], "secret": given["SecretAccessKey"], "token": given["SessionToken"]}


# 1.2


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
    sessions, world = Sessions(trial.aws), World(trial.aws, VisibilityTimeout="3600")
    call = _renewing(trial, sessions)
    world.send_body("order")
    received = _do(trial, call, "receive_message", QueueUrl=world.queue_url)
    handle = received["Messages"][0]["ReceiptHandle"]
    for time in (1, 2):  # it ends again and again
        sessions.end()
        answer = _do(trial, call, "get_queue_attributes", QueueUrl=world.queue_url, AttributeNames=["QueueArn"])
        if not isinstance(answer, dict) or "Attributes" not in answer:
            raise Broken("not_repeated", time=time, got=type(answer).__name__)
    sessions.end()
    _do(trial, call, "delete_message", QueueUrl=world.queue_url, ReceiptHandle=handle)
    if world.counts() != (0, 0):
        raise Broken("not_deleted")
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
        return
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
        raise Broken("type", got=repr(call)[:200], kind=type(call).__name__, wanted="function")
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
        raise Broken("raised", error=f"{type(result.error or SystemExit()).__name__}: {str(result.error or '')[:200]}")
    return result.value[0]


# 1.3


@allow.holds
def is_a_policy(trial: Trial) -> None:
    _role(trial)


@allow.holds
def works(trial: Trial) -> None:
    for task, sentence in _role(trial).needed():
        if sentence:
            raise Broken(task, sentence=sentence)


@allow.holds
def no_more(trial: Trial) -> None:
    for reason, operation in _role(trial).excess():
        raise Broken(reason, operation=operation)


def _role(trial: Trial) -> RoleWorld:
    try:
        world = RoleWorld(trial.aws, lambda queue, table: trial.call(queue, table, returns=dict))
    except ClientError as refused:
        raise Broken("malformed", sentence=refused.response["Error"]["Message"]) from None
    except TypeError:
        raise Broken("no_json") from None
    return world


# 1.4


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


@find.holds
def nothing_else(trial: Trial) -> None:
    sample = "AKIA" + "IOSFODNN7EXAMPLE"
    _expect(trial, [_code(f'key = "{sample}"')], [], "sample")
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
