"""The figures of numbers over time and of how values spread: each says in words what it shows."""

from typing import Any

import pandas as pd
import pytest

from labkit.plots import figure
from labkit.plots.over_time import draw_over_time
from labkit.plots.spread import draw_spread


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, str]]:
    """What a notebook would show, in order."""
    found: list[dict[str, str]] = []
    monkeypatch.setattr(figure, "display", lambda data, **_: found.append(data))
    return found


def hour(**columns: list[int]) -> pd.DataFrame:
    return pd.DataFrame(columns).rename_axis("minute")


def test_lines_are_told_by_their_start_their_highest_point_and_their_end(shown: list[dict[str, str]]) -> None:
    draw_over_time(hour(waiting=[2, 9, 0], held=[1, 1, 3]), "messages", marks={1: "rush"})
    assert shown[0]["text/plain"] == (
        "Line chart, messages over time. waiting: 2 at first, at most 9 in minute 1, 0 at the end. "
        "held: 1 at first, at most 3 in minute 2, 3 at the end. minute 1: rush"
    )
    assert shown[0]["image/png"]


def test_a_line_that_begins_later_says_when(shown: list[dict[str, str]]) -> None:
    draw_over_time(hour(late=[None, 5, 7]), "minutes")  # type: ignore[list-item]
    assert "late (from minute 1 on): 5 at first, at most 7 in minute 2, 7 at the end." in shown[0]["text/plain"]


def test_lines_differ_by_more_than_their_colour(shown: list[dict[str, str]], monkeypatch: pytest.MonkeyPatch) -> None:
    looks: list[Any] = []
    from matplotlib.axes import Axes

    monkeypatch.setattr(
        Axes, "plot", lambda axes, *_, **style: looks.append((style["linestyle"], style["marker"])) or []
    )
    monkeypatch.setattr(Axes, "legend", lambda *_, **__: None)
    draw_over_time(hour(a=[1], b=[2], c=[3]), "messages")
    assert len(set(looks)) == len({marker for _, marker in looks}) == 3


def test_a_spread_is_told_by_its_median_its_tail_and_its_end(shown: list[dict[str, str]]) -> None:
    draw_spread(pd.Series(range(1, 101)), "seconds", "orders")
    said = shown[0]["text/plain"]
    assert said.startswith("Histogram of 100 orders by seconds. Half are at or below 50, 99 in 100 at or below 99;")
    assert "the highest is 100" in said


def test_marks_that_stand_close_do_not_run_into_each_other(
    shown: list[dict[str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    heights: list[float] = []
    from matplotlib.axes import Axes

    monkeypatch.setattr(Axes, "annotate", lambda axes, text, at, below, **_: heights.append(below[1]))
    draw_over_time(hour(waiting=[1, 2, 3]), "messages", marks={1: "one", 2: "two"})
    assert len(set(heights)) == 2
