"""What people paste is read, whatever its form; what is wrong with it is said; no value is ever in what is said."""

import json
import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from credentials_kit import (
    FORMS,
    NOISE,
    SAMPLE,
    SAMPLE_ID,
    SAMPLE_SECRET,
    SAMPLE_TEMPORARY_ID,
    SAMPLE_TOKEN,
    Triple,
    temporary,
    triples,
)
from hypothesis import given, settings
from hypothesis import strategies as st

from labkit import credentials
from labkit.credentials import CredentialsError

NOW = datetime(2026, 1, 1, tzinfo=UTC)


def found(text: Any) -> Triple:
    made = credentials.parse(text, now=NOW)
    token = made.session_token.reveal() if made.session_token else ""
    return Triple(made.access_key_id.reveal(), made.secret_access_key.reveal(), token)


def codes(text: Any) -> list[str]:
    with pytest.raises(CredentialsError) as raised:
        credentials.parse(text, now=NOW)
    return [problem.code for problem in raised.value.problems]


@pytest.mark.parametrize("noise", NOISE)
@pytest.mark.parametrize("form", FORMS)
@settings(max_examples=8)  # of each pair; there are hundreds of pairs
@given(triple=triples, data=st.data())
def test_every_form_with_every_noise_is_read(form: str, noise: str, triple: Triple, data: st.DataObject) -> None:
    assert found(data.draw(NOISE[noise](FORMS[form](triple)))) == triple


FOLDED = ["the lab console's block", "no profile", "export", "cmd", ".env.test of the lecture", "bare", "YAML"]


@pytest.mark.parametrize("form", FOLDED)
@given(triple=temporary, width=st.sampled_from([60, 64, 72, 76, 78, 80, 100, 120, 132]))
def test_lines_that_a_window_or_a_mail_program_broke_are_put_together(form: str, triple: Triple, width: int) -> None:
    text = FORMS[form](triple)
    assert found(re.sub(rf"([^\n]{{{width}}})(?=[^\n])", r"\1\n", text)) == triple


@pytest.mark.parametrize("joint", ["\n", " "])
@given(triple=temporary)
def test_a_key_that_ends_like_a_command_keeps_its_end(joint: str, triple: Triple) -> None:
    triple = Triple(triple.key[:-3] + "SET", triple.secret, triple.token)
    assert found(FORMS["no profile"](triple).replace("\n", joint)) == triple


@pytest.mark.parametrize("joint", ["", " "])
@pytest.mark.parametrize("form", ["the lab console's block", "no profile", "export", "export in quotes", "PowerShell"])
@given(triple=triples)
def test_a_field_for_one_line_swallows_line_ends_and_all_is_read(form: str, joint: str, triple: Triple) -> None:
    """What `<input>` makes of a paste: in some browsers nothing is left of a line's end, in others a space."""
    assert found(FORMS[form](triple).replace("\n", joint)) == triple


def test_an_answer_of_sts_is_taken_as_it_is() -> None:
    answer = {
        "Credentials": {"AccessKeyId": SAMPLE.key, "SecretAccessKey": SAMPLE.secret, "SessionToken": SAMPLE.token}
    }
    answer["Credentials"]["Expiration"] = NOW + timedelta(hours=1)  # type: ignore[assignment]
    assert found(answer) == SAMPLE
    assert credentials.parse(answer, now=NOW).expires == NOW + timedelta(hours=1)


BLOCK = FORMS["the lab console's block"](SAMPLE)


@pytest.mark.parametrize(
    ("text", "region"),
    [
        (BLOCK + "region = us-west-2\n", "us-west-2"),
        (BLOCK + "AWS_DEFAULT_REGION=eu-central-1", "eu-central-1"),
        (BLOCK + "\nus-east-1", "us-east-1"),
        (BLOCK, None),
        (BLOCK + "region = the nearest", None),
    ],
)
def test_a_region_is_taken_along(text: str, region: str | None) -> None:
    assert credentials.parse(text).region == region


@pytest.mark.parametrize(
    "expiry",
    [
        '"Expiration": "2026-01-01T01:00:00Z"',
        '"Expiration": "2026-01-01 01:00:00+00:00"',
        "export AWS_CREDENTIAL_EXPIRATION=2025-12-31T22:00:00-03:00",
        "x_security_token_expires = 2026-01-01T01:00:00+0000",
        "aws_expiration=2026-01-01T01:00:00",
    ],
)
def test_the_end_is_read_and_judged_by_the_time_given(expiry: str) -> None:
    text = BLOCK + expiry
    assert credentials.parse(text, now=NOW).expires == NOW + timedelta(hours=1)
    assert credentials.problems(text, now=NOW + timedelta(hours=1)) == [
        "These credentials ended at 2026-01-01 01:00 UTC. Start the session again and copy all three new ones."
    ]


def block(key: str = SAMPLE.key, secret: str = SAMPLE.secret, token: str = SAMPLE.token) -> str:
    return f"[default]\naws_access_key_id={key}\naws_secret_access_key={secret}\naws_session_token={token}\n"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ["nothing_found"]),
        ("hello", ["nothing_found"]),
        ("[default]\n", ["nothing_found"]),
        (block(token=""), ["no_token"]),
        (SAMPLE_TEMPORARY_ID + "\n" + SAMPLE_SECRET, ["no_token"]),
        (SAMPLE_SECRET, ["no_id"]),
        (SAMPLE_TOKEN, ["no_id", "no_secret"]),
        (block(key=""), ["no_id"]),
        (block(secret=""), ["no_secret"]),
        (block(key=SAMPLE_ID), ["token_not_wanted"]),
        (block(key=SAMPLE.key[:-1]), ["id_is_wrong"]),
        (block(key=SAMPLE.key + "A"), ["id_is_wrong"]),
        (block(key=SAMPLE.key.lower()), ["id_is_wrong"]),
        (block(key="AROA3XFRBF535PLBIFPI4"), ["id_is_a_principal"]),
        (block(secret=SAMPLE.secret[1:]), ["secret_is_wrong"]),
        (block(secret=SAMPLE.secret[:-1] + "!"), ["secret_is_wrong"]),
        (block(secret=SAMPLE.secret[:20] + SAMPLE.secret[21:], token=""), ["secret_is_wrong", "no_token"]),
        (block(secret=SAMPLE.key), ["id_in_place_of_secret"]),
        (block(key=SAMPLE.secret), ["secret_in_place_of_id"]),
        (block(key=SAMPLE.secret, secret=SAMPLE.key), ["secret_in_place_of_id", "id_in_place_of_secret"]),
        (block(secret=SAMPLE.token), ["token_in_place"]),
        (block(token=SAMPLE.token[:60]), ["token_is_cut"]),
        (block(token=SAMPLE.token[:-3]), ["token_is_cut"]),  # no base64 text is that long
        (block(token=SAMPLE.token[:60] + "..."), ["token_is_cut"]),
        (block(token=SAMPLE.token[:60] + "…"), ["token_is_cut"]),
        (block(token=SAMPLE.token[:60] + "!" + SAMPLE.token[60:]), ["token_is_wrong"]),
        (block("your-key", "your-secret", "your-token"), ["placeholder"] * 3),
        (block("<access key>", "<secret key>", "<token>"), ["placeholder"] * 3),
        (block("${KEY}", "changeme", "..."), ["placeholder"] * 3),
        (block("ASIA" + "X" * 16, "x" * 40, "*" * 30), ["placeholder"] * 3),
        (block("ASIA................", "." * 40, SAMPLE.token), ["placeholder"] * 2),
        (block("tu-clave", "pega-aquí-la-clave", "tu_token"), ["placeholder"] * 3),
        (block() + block(token=SAMPLE.token + "AAAA"), ["two_different"]),
        (block() + block(key="ASIAI44QH8DHBEXAMPLE"), ["two_different"]),
        (block().replace("default", "one") + block(key="ASIAI44QH8DHBEXAMPLE").replace("default", "two"),
         ["several_profiles"]),
        ("x" * 100_001, ["not_readable"]),
        (None, ["not_readable"]),
        (b"bytes", ["not_readable"]),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said(text: Any, expected: list[str]) -> None:
    assert codes(text) == expected
    sentences = credentials.problems(text)
    assert len(sentences) == len(expected)
    assert all(sentence.endswith(".") for sentence in sentences)


def test_of_several_profiles_the_default_one_counts() -> None:
    other = FORMS["another profile"](Triple("ASIAI44QH8DHBEXAMPLE", SAMPLE.secret, SAMPLE.token))
    assert found(other + BLOCK) == found(BLOCK + other) == SAMPLE


def test_all_problems_are_in_the_message_one_on_each_line() -> None:
    with pytest.raises(CredentialsError) as raised:
        credentials.parse(block(secret=SAMPLE.secret[1:], token=""))
    assert str(raised.value).splitlines() == credentials.problems(block(secret=SAMPLE.secret[1:], token=""))
    assert "this one has 39" in str(raised.value)


def shown(value: str, text: str) -> bool:
    """Whether six characters of the value in a row are in the text."""
    return any(value[i : i + 6] in text for i in range(len(value) - 5))


@st.composite
def damaged(draw: st.DrawFn) -> tuple[Triple, str]:
    """A paste in which something is missing, doubled, exchanged or cut."""
    triple = draw(triples)
    text = FORMS[draw(st.sampled_from(sorted(FORMS)))](triple)
    for _ in range(draw(st.integers(1, 3))):
        start, end = sorted((draw(st.integers(0, len(text))), draw(st.integers(0, len(text)))))
        text = draw(st.sampled_from([text[:start] + text[end:], text[:end] + text[start:], text[end:] + text[:start]]))
    return triple, text


@given(damaged())
def test_no_message_holds_a_piece_of_a_value(given: tuple[Triple, str]) -> None:
    triple, text = given
    try:
        said = repr(credentials.parse(text))
    except CredentialsError as error:
        said = str(error) + repr(error) + repr(error.problems)
    assert not any(shown(value, said) for value in triple.values())


@given(st.text(max_size=400))
def test_any_text_is_read_or_refused_in_sentences(text: str) -> None:
    sentences = credentials.problems(text)
    assert sentences or credentials.parse(text)


@pytest.mark.parametrize("kind", [SAMPLE_ID, SAMPLE_TEMPORARY_ID])
def test_what_it_is_can_be_asked(kind: str) -> None:
    made = credentials.parse(block(key=kind, token=SAMPLE_TOKEN if kind.startswith("ASIA") else ""))
    assert (made.kind, made.parts) == (("temporary", 3) if kind.startswith("ASIA") else ("long-term", 2))
    assert made.is_sample
    assert json.loads(json.dumps(made.arguments()))["aws_access_key_id"] == kind
