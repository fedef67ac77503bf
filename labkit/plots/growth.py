"""What grows with size, and what does not: both axes are logarithmic."""

from __future__ import annotations

from typing import TYPE_CHECKING

from labkit.plots.figure import COLOURS, DASHES, MARKERS, figure, legend_above
from labkit.texts import growth as texts

if TYPE_CHECKING:
    import pandas as pd


_PLACES = ((0, -13), (0, 6))  # of a point's number, in points: below the first line, above the second


def draw_growth(data: pd.DataFrame, unit: str) -> None:
    """A line for each column of `data` over its index, whose name labels the axis; `unit` labels the other.

    All numbers are above 0. The text alternative gives each line's two ends, and how many times as much the last is.
    """
    from matplotlib.ticker import FuncFormatter

    start, end = data.index[0], data.index[-1]
    lines = " ".join(
        texts.LINE.format(name=name, start=start, first=first, end=end, last=last, times=last / first)
        for name, first, last in zip(data.columns, data.iloc[0], data.iloc[-1], strict=True)
    )
    with figure(texts.ALT.format(unit=unit, size=data.index.name, lines=lines), width=6, height=2.6) as axes:
        for number, (name, line) in enumerate(data.items()):
            axes.plot(
                line.index,
                line,
                color=COLOURS[number % len(COLOURS)],
                linestyle=DASHES[number % len(DASHES)],
                marker=MARKERS[number % len(MARKERS)],
                label=str(name),
            )
            for size, value in line.items():
                place = _PLACES[number % len(_PLACES)]
                axes.annotate(
                    texts.NUMBER.format(value),
                    (size, value),
                    place,
                    textcoords="offset points",
                    ha="center",
                    fontsize=9,
                )
        axes.set_xscale("log")
        axes.set_yscale("log")
        axes.margins(x=0.08, y=0.2)
        for axis in (axes.xaxis, axes.yaxis):
            axis.set_major_formatter(FuncFormatter(lambda value, _: texts.NUMBER.format(value)))
        axes.minorticks_off()
        axes.set_xlabel(str(data.index.name))
        axes.set_ylabel(unit)
        legend_above(axes, len(data.columns))
