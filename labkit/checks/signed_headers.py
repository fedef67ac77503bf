"""Exercise 1.1: a request is signed by hand."""

from __future__ import annotations

from collections.abc import Mapping

import boto3

from labkit.checks import signatures
from labkit.checks.exercise import Broken, Exercise, texts_of
from labkit.checks.trial import Trial

sign = Exercise("1.1", "signed_headers", ("headers", "body", "service", "region", "now", "parts"))


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
