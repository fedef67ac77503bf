"""Credentials that were read show themselves nowhere: outputs, logs, tracebacks, tables, files."""

import copy
import dataclasses
import io
import json
import logging
import pickle
import pprint
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from credentials_kit import FORMS, SAMPLE
from IPython.core.interactiveshell import InteractiveShell
from IPython.lib.pretty import pretty

import labkit
from labkit import credentials
from labkit.credentials import Credentials, form
from labkit.credentials.form import Form

BLOCK = FORMS["the lab console's block"](SAMPLE)
BAD = BLOCK.replace("aws_access_key_id=ASIA", "aws_access_key_id=AKIA")


@pytest.fixture
def made() -> Credentials:
    return credentials.parse(BLOCK)


def assert_hidden(shown: str) -> None:
    assert shown
    for value in SAMPLE.values():
        assert not any(value[i : i + 8] in shown for i in range(len(value) - 7))


def logged(made: Credentials) -> str:
    stream = io.StringIO()
    logger = logging.getLogger("shown")
    logger.addHandler(logging.StreamHandler(stream))
    logger.warning("%s %r %s %s", made, made, made.secret_access_key, vars(made))
    return stream.getvalue()


WAYS: dict[str, Callable[[Credentials], str]] = {
    "repr": repr,
    "str": str,
    "format": lambda c: f"{c} {c.secret_access_key!s:>60} {c.session_token:^40}",
    "percent": lambda c: "%s %r" % (c.access_key_id, c.secret_access_key),  # noqa: UP031
    "parts": lambda c: repr([c.access_key_id, c.secret_access_key, c.session_token]),
    "vars": lambda c: repr(vars(c)),
    "asdict": lambda c: repr(dataclasses.asdict(c)),
    "astuple": lambda c: repr(dataclasses.astuple(c)),
    "json": lambda c: json.dumps(dataclasses.asdict(c), default=str),
    "pandas": lambda c: (
        pd.DataFrame([dataclasses.asdict(c)]).to_string() + pd.DataFrame([c]).to_html() + pd.DataFrame([c]).to_csv()
    ),
    "series": lambda c: repr(pd.Series(vars(c))),
    "pprint": lambda c: pprint.pformat(dataclasses.asdict(c)),
    "IPython": lambda c: pretty(c) + pretty(vars(c)) + pretty(c.arguments()),
    "arguments": lambda c: f"{c.arguments()} {c.arguments()!r}",
    "session": lambda c: repr(c.session()) + repr(vars(c.session())),
    "logging": logged,
    "slots": lambda c: repr([getattr(c.secret_access_key, name) for name in ("__slots__", "_shown", "reveal")]),
    "copy": lambda c: repr(copy.deepcopy(c)) + repr(copy.copy(c.secret_access_key)),
}


@pytest.mark.parametrize("way", WAYS)
def test_it_is_masked(made: Credentials, way: str) -> None:
    assert_hidden(WAYS[way](made))


@pytest.mark.parametrize("what", [lambda c: c, lambda c: c.secret_access_key, lambda c: c.arguments()])
def test_it_is_not_pickled(made: Credentials, what: Callable[[Credentials], Any]) -> None:
    with pytest.raises(labkit.LabError, match="not pickled"):
        pickle.dumps(what(made))


def test_it_says_what_it_is(made: Credentials) -> None:
    assert (
        repr(made)
        == "Credentials(temporary, three parts: id ASIA…MPLE, secret (40 characters), token (256 characters))"
    )


def test_the_values_are_there_for_boto3(made: Credentials) -> None:
    frozen = made.session().get_credentials().get_frozen_credentials()  # type: ignore[union-attr]
    assert [frozen.access_key, frozen.secret_key, frozen.token] == SAMPLE.values()
    assert made.session().region_name == "us-east-1"
    assert made == credentials.parse(FORMS["JSON of STS"](SAMPLE))
    assert len({made, credentials.parse(BLOCK)}) == 1


def test_a_traceback_that_shows_variables_shows_none_of_ours() -> None:
    """As IPython's verbose ones do, rich's, or a web framework's. The text itself is the caller's, who has it anyway."""
    with pytest.raises(credentials.CredentialsError) as raised:
        credentials.parse(BAD)
    frames = traceback.TracebackException.from_exception(raised.value, capture_locals=True).stack
    assert_hidden("\n".join(repr(frame.locals) for frame in frames if "labkit" in frame.filename))


@pytest.mark.parametrize("mode", ["Verbose", "Context", "Plain", "Minimal"])
def test_in_a_notebook_there_is_the_sentence_and_no_traceback(mode: str, capsys: pytest.CaptureFixture[str]) -> None:
    shell = InteractiveShell()
    shell.run_line_magic("xmode", mode)
    capsys.readouterr()
    shell.user_ns["text"] = BAD
    shell.run_cell("import labkit.credentials\npasted = text\nlabkit.credentials.parse(pasted)")
    said = capsys.readouterr().out
    assert "long-term id" in said
    assert "Traceback" not in said
    assert_hidden(said)


def test_a_file_is_read_in_every_way_that_editors_save_it(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    for encoding in ("utf-8", "utf-8-sig", "utf-16"):
        file.write_text(FORMS[".env.test of the lecture"](SAMPLE), encoding=encoding)
        assert credentials.read_env_file(file).session_token.reveal() == SAMPLE.token  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("content", "says"),
    [(None, "no file"), (b"", "no text"), (b"\x80\x81", "no text"), (b"PORT=3000", "no credentials")],
)
def test_a_file_that_does_not_help_is_told(tmp_path: Path, content: bytes | None, says: str) -> None:
    if content is not None:
        (tmp_path / ".env").write_bytes(content)
    with pytest.raises(labkit.LabError, match=says):
        credentials.read_env_file(tmp_path / ".env")
    with pytest.raises(labkit.LabError, match="cannot be read"):
        credentials.read_env_file(tmp_path)


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> Form:
    monkeypatch.setattr(form, "_given", None)
    return credentials.ask()


@pytest.mark.parametrize("joint", ["", " "], ids=["line ends lost", "line ends are spaces"])
def test_what_is_pasted_into_the_form_is_taken_and_the_field_is_empty(asked: Form, joint: str) -> None:
    asked.field.value = BLOCK.replace("\n", joint)
    assert asked.field.value == ""
    assert credentials.given() == credentials.parse(BLOCK)
    assert "Taken: Credentials(temporary" in asked.notice.value
    assert_hidden(repr(asked.root) + repr(asked.root.get_state()) + asked.notice.value)


def test_what_is_wrong_in_the_form_is_told_there_and_the_last_good_ones_stay(asked: Form) -> None:
    asked.field.value = BLOCK
    asked.field.value = BAD + "<script>"
    assert asked.field.value == ""
    assert 'role="alert">There is a session token with a long-term id' in asked.notice.value
    assert credentials.given() == credentials.parse(BLOCK)
    asked.field.value = "<b>x</b>"
    assert "no credentials in this" in asked.notice.value
    assert "<b>" not in asked.notice.value


def test_the_button_without_a_paste_says_so(asked: Form) -> None:
    asked.button.click()
    assert "Nothing was pasted" in asked.notice.value


def test_no_saved_widget_holds_a_value(asked: Form) -> None:
    from ipywidgets.embed import embed_data

    asked.field.value = BLOCK
    assert_hidden(json.dumps(embed_data(views=[asked.root])))
    assert set(asked._repr_mimebundle_()) == {"text/plain", "application/vnd.jupyter.widget-view+json"}
