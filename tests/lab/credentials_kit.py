"""Credentials as people paste them: made up here, in every form, with the noise that copying adds."""

from __future__ import annotations

import base64
import itertools
import json
import random
from collections.abc import Callable
from dataclasses import dataclass

from hypothesis import strategies as st

from labkit.credentials.shapes import is_surely_secret

# AWS's documentation's own samples, and a token with EXAMPLE in it: what leaks.find lets pass in this file.
SAMPLE_ID = "AKIAIOSFODNN7EXAMPLE"
SAMPLE_TEMPORARY_ID = "ASIAIOSFODNN7EXAMPLE"
SAMPLE_SECRET = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
SAMPLE_TOKEN = "IQoJb3JpZ2luX2Vj" + "EXAMPLEtoken" * 20


@dataclass(frozen=True)
class Triple:
    """What `parse` should find; an empty token for a long-term key."""

    key: str
    secret: str
    token: str

    def values(self) -> list[str]:
        return [value for value in (self.key, self.secret, self.token) if value]


SAMPLE = Triple(SAMPLE_TEMPORARY_ID, SAMPLE_SECRET, SAMPLE_TOKEN)


def _base64_of(content: bytes) -> str:
    return base64.b64encode(content).decode()


_seeds = st.integers(0, 2**32)  # a value is as random as AWS's, which Hypothesis itself would not make it
_BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"


def _temporary(seed: int, size: int) -> Triple:
    dice = random.Random(seed)
    token = base64.b64decode("IQoJb3JpZ2luX2Vj") + dice.randbytes(size)
    key = "ASIA" + "".join(dice.choices(_BASE32, k=16))
    # One secret in a thousand has no digit. Where no name stands beside it, nothing tells it from a path then, and it
    # is not found: the price of few false alarms.
    secrets = (_base64_of(dice.randbytes(30)) for _ in itertools.count())
    return Triple(key, next(filter(is_surely_secret, secrets)), _base64_of(token))


temporary = st.builds(_temporary, _seeds, st.integers(200, 900))
long_term = temporary.map(lambda triple: Triple("AKIA" + triple.key[4:], triple.secret, ""))
triples = st.one_of(temporary, long_term)

Form = Callable[[Triple], str]


def _lines(template: str, names: tuple[str, str, str]) -> Form:
    return lambda triple: "".join(
        template.format(name=name, value=value) + "\n"
        for name, value in zip(names, (triple.key, triple.secret, triple.token), strict=True)
        if value
    )


SNAKE = ("aws_access_key_id", "aws_secret_access_key", "aws_session_token")
ENVIRONMENT = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN")
PASCAL = ("AccessKeyId", "SecretAccessKey", "SessionToken")
CAMEL = ("accessKeyId", "secretAccessKey", "sessionToken")


def _json(names: tuple[str, str, str], wrap: Callable[[object], object], **layout: int) -> Form:
    def form(triple: Triple) -> str:
        named = dict(zip(names, (triple.key, triple.secret, triple.token), strict=True))
        return json.dumps(wrap({name: value for name, value in named.items() if value}), **layout)  # type: ignore[arg-type]

    return form


FORMS: dict[str, Form] = {
    "the lab console's block": lambda triple: "[default]\n" + _lines("{name}={value}", SNAKE)(triple),
    "a block with spaces": lambda triple: "[default]\n" + _lines("{name} = {value}", SNAKE)(triple),
    "another profile": lambda triple: (
        "[profile lab]\n" + _lines("{name}={value}", SNAKE)(triple) + "region=us-east-1\n"
    ),
    "no profile": _lines("{name}={value}", SNAKE),
    "export": _lines("export {name}={value}", ENVIRONMENT),
    "export in quotes": _lines('export {name}="{value}"', ENVIRONMENT),
    "export after a prompt": _lines("student@laptop:~$ export {name}='{value}'", ENVIRONMENT),
    "fish": _lines("set -gx {name} {value}", ENVIRONMENT),
    "PowerShell": _lines('$Env:{name}="{value}"', ENVIRONMENT),
    "PowerShell after a prompt": _lines('PS C:\\Users\\ana> $env:{name} = "{value}"', ENVIRONMENT),
    "cmd": _lines("set {name}={value}", ENVIRONMENT),
    "cmd after a prompt": _lines("C:\\>SET {name}={value}", ENVIRONMENT),
    "setx": _lines('setx {name} "{value}"', ENVIRONMENT),
    ".env.test of the lecture": lambda triple: (
        "PORT=3000\nAWS_REGION=us-east-1\n"
        + _lines("{name}={value}", ENVIRONMENT)(triple)
        + "SQS_QUEUE_URL=https://sqs.us-east-1.amazonaws.com/111122223333/messages\n"
    ),
    ".env with comments": lambda triple: (
        "# paste here\n" + _lines("{name}={value}  # from the lab", ENVIRONMENT)(triple)
    ),
    "aws configure": _lines(
        "{name} [None]: {value}", ("AWS Access Key ID", "AWS Secret Access Key", "AWS Session Token")
    ),
    "YAML": _lines("  {name}: {value}", SNAKE),
    "Python": _lines('    {name}="{value}",', SNAKE),
    "XML": lambda triple: "<Credentials>" + _lines("<{name}>{value}</{name}>", PASCAL)(triple) + "</Credentials>",
    "JSON, flat": _json(PASCAL, lambda inner: inner),
    "JSON of STS": _json(
        PASCAL, lambda inner: {"Credentials": inner, "AssumedRoleUser": {"Arn": "arn:aws:sts"}}, indent=4
    ),
    "JSON, camel": _json(CAMEL, lambda inner: {"data": [{"credentials": inner}]}, indent=2),
    "JSON, snake": _json(SNAKE, lambda inner: [inner]),
    "JSON in JSON": lambda triple: json.dumps({"body": _json(PASCAL, lambda inner: {"Credentials": inner})(triple)}),
    "bare": lambda triple: "\n".join(triple.values()),
    "bare, backwards": lambda triple: "\n".join(reversed(triple.values())),
    "bare, the secret first": lambda triple: "\n".join(
        [triple.secret, *([triple.token] * bool(triple.token)), triple.key]
    ),
    "a downloaded table": lambda triple: "Access key ID,Secret access key\n" + ",".join(triple.values()),
    "the same twice": lambda triple: 2 * ("[default]\n" + _lines("{name}={value}", SNAKE)(triple)),
}

ZERO_WIDTH = "\u200b\ufeff\u2060\u00ad\u200e"


@st.composite
def invisible(draw: st.DrawFn, text: str) -> str:
    """Characters that nobody sees, anywhere."""
    for _ in range(draw(st.integers(1, 4))):
        place = draw(st.integers(0, len(text)))
        text = text[:place] + draw(st.sampled_from(ZERO_WIDTH)) + text[place:]
    return text


NOISE: dict[str, Callable[[str], st.SearchStrategy[str]]] = {
    "none": st.just,
    "Windows' line ends": lambda text: st.just(text.replace("\n", "\r\n")),
    "old line ends": lambda text: st.just(text.replace("\n", "\r")),
    "a byte order mark": lambda text: st.just("\ufeff" + text),
    "invisible characters": invisible,
    "spaces around lines": lambda text: st.just("\n".join(f"  {line} \t" for line in text.split("\n"))),
    "hard spaces": lambda text: st.just(text.replace(" ", "\u00a0")),
    "typographic quotes": lambda text: st.just(text.replace('"', "“").replace("'", "’")),
    "a sentence before it": lambda text: st.just(f"Copy and paste the following into ~/.aws/credentials\n\n{text}"),
    "a prompt before it": lambda text: st.just(f"$ cat ~/.aws/credentials\n{text}\n$ "),
    "words after it": lambda text: st.just(f"{text}\n\nthanks, Ana!"),
    "empty lines": lambda text: st.just(text.replace("\n", "\n\n")),
    "colours of a terminal": lambda text: st.just("\x1b[32m" + text.replace("\n", "\x1b[0m\n")),
}
