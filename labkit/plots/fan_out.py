"""From where messages go to whom: one queue's workers beside one topic's queues."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from labkit.plots.figure import BLACK, BLUE, GREY, PAPER, figure
from labkit.texts import fan_out as texts

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_PANEL, _ARROW = 1.5, 0.75  # widths: of a panel, and in it of an arrow, from the middle of its source
_PADDING = 0.02  # of a box around a name


def draw_fan_out(sources: Mapping[str, Mapping[str, int]]) -> None:
    """A panel for each of `sources`, by its name, with arrows to all who may get its messages: how many each got."""
    said = " ".join(texts.SOURCE.format(name=name, got=_in_words(got)) for name, got in sources.items())
    rows, panels = max([1, *map(len, sources.values())]), max(1, len(sources))
    with figure(texts.ALT.format(sources=said), width=4.5 * panels, height=0.6 * rows + 0.3) as axes:
        for place, (name, got) in enumerate(sources.items()):
            _draw_panel(axes, place * _PANEL, name, got)
        axes.set_xlim(-0.3, _PANEL * panels - 0.1)
        axes.set_ylim(rows - 0.5, -0.5)
        axes.set_axis_off()


def _draw_panel(axes: Axes, left: float, name: str, got: Mapping[str, int]) -> None:
    middle = (len(got) - 1) / 2
    for row, (receiver, number) in enumerate(got.items()):
        line = {"linestyle": "-", "color": BLUE, "lw": 2.5} if number else {"linestyle": ":", "color": GREY, "lw": 1.5}
        ends = {"arrowstyle": "-|>", "shrinkA": 0, "shrinkB": 0}
        axes.annotate("", (left + _ARROW, row), (left, middle), arrowprops={**ends, **line}, zorder=1)
        axes.text(left + _ARROW * 0.6, middle + (row - middle) * 0.6, str(number), ha="center", va="center", bbox=PAPER)
        _write(axes, left + _ARROW + _PADDING, row, receiver, ha="left", edge=BLACK if number else GREY)
    _write(axes, left, middle, name, ha="center", edge=BLACK)


def _write(axes: Axes, x: float, y: float, name: str, *, ha: str, edge: str) -> None:
    box = {"boxstyle": "round,pad=0.5", "facecolor": "white", "edgecolor": edge}
    axes.text(x, y, name, ha=ha, va="center", bbox=box, zorder=2)


def _in_words(got: Mapping[str, int]) -> str:
    return ", ".join(texts.GOT.format(name=name, number=number) for name, number in got.items())
