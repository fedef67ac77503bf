"""How values spread: a histogram with the median and the 99th percentile."""

from __future__ import annotations

from typing import TYPE_CHECKING

from labkit.plots.figure import BLACK, SKY, VERMILION, figure
from labkit.texts import spread as texts

if TYPE_CHECKING:
    import pandas as pd

_BARS = 45


def draw_spread(values: pd.Series, what: str, how_many: str) -> None:
    """Bars for how many of the `values` lie where; `what` they are and `how_many` of what label the axes."""
    median, late = (float(values.quantile(share)) for share in (0.5, 0.99))
    alt = texts.ALT.format(
        what=what, how_many=how_many, number=len(values), median=median, late=late, most=values.max()
    )
    with figure(alt, height=2.6) as axes:
        axes.hist(values, bins=_BARS, color=SKY, edgecolor=BLACK, linewidth=0.5)
        axes.axvline(median, color=BLACK, linestyle="-", label=texts.MEDIAN.format(median))
        axes.axvline(late, color=VERMILION, linestyle="--", label=texts.LATE.format(late))
        axes.set_xlabel(what)
        axes.set_ylabel(how_many)
        axes.legend(frameon=False)
