"""The figure of what grows with size has a number at each point, and says in words how much each line grew."""

from typing import Any

import pandas as pd
import pytest

from labkit.plots.growth import draw_growth

PRICES = pd.DataFrame({"Query": [0.5, 0.5], "Scan": [23.0, 2290.0]}, index=pd.Index([1_000, 100_000], name="items"))


def test_each_line_is_told_by_its_ends_and_by_how_much_it_grew(shown: list[str]) -> None:
    draw_growth(PRICES, "read units")
    (words,) = shown
    assert words == (
        "Line chart, read units over items, both axes logarithmic. Query: 0.5 at 1,000, 0.5 at 100,000, times 1. "
        "Scan: 23 at 1,000, 2,290 at 100,000, times 100."
    )


def test_every_point_has_its_number_and_lines_differ_by_more_than_their_colour(
    shown: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from matplotlib.axes import Axes

    numbers: list[tuple[str, Any]] = []
    looks: list[tuple[str, str]] = []
    plot = Axes.plot

    def noted(axes: Axes, *points: Any, **style: Any) -> Any:
        looks.append((style["linestyle"], style["marker"]))
        return plot(axes, *points, **style)

    monkeypatch.setattr(Axes, "plot", noted)
    monkeypatch.setattr(Axes, "annotate", lambda axes, text, point, *_, **__: numbers.append((text, point)))
    draw_growth(PRICES, "read units")
    assert numbers == [
        ("0.5", (1_000, 0.5)),
        ("0.5", (100_000, 0.5)),
        ("23", (1_000, 23.0)),
        ("2,290", (100_000, 2290.0)),
    ]
    assert len({dash for dash, _ in looks}) == len({marker for _, marker in looks}) == 2


def test_both_axes_are_logarithmic(shown: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    from matplotlib.axes import Axes

    scales: list[tuple[str, str]] = []
    monkeypatch.setattr(
        Axes, "set_xlabel", lambda axes, *_: scales.append((axes.xaxis.get_scale(), axes.yaxis.get_scale()))
    )
    draw_growth(PRICES, "read units")
    assert scales == [("log", "log")]
