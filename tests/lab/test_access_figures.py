"""The figures of 01: a signature's making, a session's life."""

from typing import Any

import pytest

from labkit.plots.session_life import Session, draw_session_life
from labkit.plots.signing import draw_signature


def test_the_signature_s_words_name_what_it_is_made_from(shown: list[str]) -> None:
    draw_signature("eu-west-1", "sqs")
    words = shown[0]
    assert "region eu-west-1" in words
    assert "service sqs" in words


@pytest.mark.parametrize(
    ("calls", "said"),
    [
        ([(0, True), (8, True), (16, False)], "calls accepted at 0, 8, refused at 16."),
        ([], "calls accepted at no time, refused at no time."),
    ],
)
def test_a_session_s_words_say_when_its_calls_were_refused(shown: list[str], calls: Any, said: str) -> None:
    draw_session_life(Session("first", 0, 15, calls), Session("second", 20, 35, [(20, True)]))
    words = shown[0]
    assert f"first: from minute 0 to 15; {said}" in words
    assert "second: from minute 20 to 35; calls accepted at 20, refused at no time." in words
