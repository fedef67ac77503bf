"""The figures of polls and rounds say in words what they show."""

import pandas as pd
import pytest

from labkit.plots.polls import draw_polls
from labkit.plots.rounds import draw_rounds


def polls(*rows: tuple[float, float, int]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["asked", "answered", "found"])


def test_polls_are_counted_and_how_long_each_message_lay_is_said(shown: list[str]) -> None:
    draw_polls({"short": polls((0, 0, 0), (5, 5, 0), (10, 10, 1)), "long": polls((0, 7, 1), (7, 27, 0))}, (7,))
    (alternative,) = shown
    assert "short: 3 requests, 2 of them found nothing; the messages lay for 3 seconds." in alternative
    assert "long: 2 requests, 1 of them found nothing; the messages lay for 0 seconds." in alternative


def test_a_message_that_no_poll_found_is_no_figure(shown: list[str]) -> None:
    with pytest.raises(ValueError, match="zip"):
        draw_polls({"short": polls((0, 0, 0))}, (7,))
    assert shown == []


def test_rounds_that_overlap_are_counted(shown: list[str]) -> None:
    draw_rounds({"begun": [(0, 18, "1"), (5, 23, "2"), (18, 20, "1")], "awaited": [(0, 5, "3"), (5, 9, "2")]})
    assert "begun: 1 from 0 to 18, 2 from 5 to 23, 1 from 18 to 20; at most 2 at work at once." in shown[0]
    assert "awaited: 3 from 0 to 5, 2 from 5 to 9; at most 1 at work at once." in shown[0]


def test_a_timer_that_never_worked_is_drawn_too(shown: list[str]) -> None:
    draw_rounds({"idle": []})
    assert "idle" in shown[0]
