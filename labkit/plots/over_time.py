"""Numbers over time, a line for each: messages waiting and in flight, ages, requests."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from labkit.plots.figure import COLOURS, DASHES, GREY, MARKERS, figure, legend_above
from labkit.texts import over_time as texts

if TYPE_CHECKING:
    import pandas as pd

_LINE_HEIGHT = 13  # points
_MARKED = 8  # one in so many points has its marker: enough to tell the lines apart, few enough to see them


def draw_over_time(data: pd.DataFrame, unit: str, *, marks: Mapping[float, str] | None = None) -> None:
    """A line for each column of `data` over its index, whose name labels the axis; `unit` labels the other.

    `marks` puts words at moments of the index. A line has a gap where it has no number. The text alternative gives each
    line's start, highest point and end.
    """
    marks = marks or {}
    lines = " ".join(_in_words(data[name], str(name), str(data.index.name)) for name in data.columns)
    said = "; ".join(texts.MARK.format(time=data.index.name, at=at, what=what) for at, what in marks.items())
    with figure(texts.ALT.format(unit=unit, lines=lines, marks=said).strip(), height=2.8) as axes:
        for number, name in enumerate(data.columns):
            axes.plot(
                data.index,
                data[name],
                color=COLOURS[number % len(COLOURS)],
                linestyle=DASHES[number % len(DASHES)],
                marker=MARKERS[number % len(MARKERS)],
                markevery=(number, _MARKED),
                label=str(name),
            )
        axes.set_ylim(bottom=0)
        axes.margins(y=0.15)
        for number, (at, what) in enumerate(marks.items()):
            axes.axvline(at, color=GREY, linewidth=1, zorder=0)
            below = (3, -2 - _LINE_HEIGHT * number)  # one under the other, so that they do not run into each other
            axes.annotate(
                what, (at, 1), below, xycoords=("data", "axes fraction"), textcoords="offset points", va="top"
            )
        axes.set_xlabel(str(data.index.name))
        axes.set_ylabel(unit)
        legend_above(axes, len(data.columns))


def _in_words(line: pd.Series, name: str, time: str) -> str:
    known = line.dropna()
    start = "" if len(known) == len(line) else texts.FROM.format(time=time, at=known.index[0])
    return texts.LINE.format(
        name=name,
        time=time,
        start=start,
        first=known.iloc[0],
        highest=known.max(),
        at=known.idxmax(),
        last=known.iloc[-1],
    )
