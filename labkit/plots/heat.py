"""Partitions under load: a square for each, the darker the hotter."""

from __future__ import annotations

from typing import TYPE_CHECKING

from labkit.plots.figure import BLACK, VERMILION, figure
from labkit.texts import heat as texts

if TYPE_CHECKING:
    import pandas as pd


def draw_heat(loads: pd.DataFrame, limit: int) -> None:
    """A row for each of `loads`, a column for each partition, in write units per second. Over `limit` is framed."""
    from matplotlib.patches import Rectangle

    rows = " ".join(
        texts.ROW.format(name=name, most=row.max(), over=int((row > limit).sum()), all=len(row), limit=limit)
        for name, row in loads.iterrows()
    )
    with figure(texts.ALT.format(rows=rows), width=10, height=0.42 * len(loads) + 1) as axes:
        # Never darker than black numbers can be read on.
        axes.imshow(loads.clip(upper=limit), cmap="Blues", vmin=0, vmax=limit * 1.5, aspect="auto")
        for y, (_, row) in enumerate(loads.iterrows()):
            for x, load in enumerate(row):
                if load > limit:
                    axes.add_patch(Rectangle((x - 0.5, y - 0.5), 1, 1, facecolor=VERMILION, edgecolor=BLACK, lw=2))
                axes.text(x, y, f"{load:,}", ha="center", va="center", color=BLACK, fontsize=9)
        axes.set_yticks(range(len(loads)), [str(name) for name in loads.index])
        axes.set_xticks(range(len(loads.columns)), [str(number) for number in loads.columns])
        axes.set_xlabel(texts.PARTITION)
        axes.set_title(texts.OVER.format(limit=limit), fontsize=9)
