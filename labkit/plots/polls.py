"""When consumers asked a queue, and what they found."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from labkit.plots.figure import BLUE, GREY, VERMILION, figure, legend_above
from labkit.texts import polls as texts

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes


def draw_polls(lanes: Mapping[str, pd.DataFrame], arrivals: Sequence[float]) -> None:
    """A lane for each consumer, with the polls that `labkit.polling.watch` returned, and a line where messages came.

    The polls have to find one message each, in the order of arrival.
    """
    from matplotlib.lines import Line2D

    said = " ".join(
        texts.LANE.format(
            name=name,
            requests=len(polls),
            empty=int((polls["found"] == 0).sum()),
            lay=_list(_waits(polls, arrivals)),
        )
        for name, polls in lanes.items()
    )
    with figure(texts.ALT.format(arrivals=_list(arrivals), lanes=said), height=1.4 + 0.9 * len(lanes)) as axes:
        for lane, polls in enumerate(lanes.values()):
            _draw_lane(axes, lane, polls, arrivals)
        for moment in arrivals:
            axes.axvline(moment, color=GREY, linestyle="--", linewidth=1, zorder=0)
        axes.set_yticks(range(len(lanes)), list(lanes))
        axes.set_ylim(len(lanes) - 0.4, -0.6)
        axes.set_xlabel(texts.TIME)
        signs = [
            Line2D([], [], color=GREY, linestyle="--", label=texts.ARRIVED),
            Line2D([], [], color=BLUE, marker="o", markerfacecolor="white", linestyle="", label=texts.EMPTY),
            Line2D([], [], color=VERMILION, marker="D", linestyle="", label=texts.FOUND),
            Line2D([], [], color=BLUE, linewidth=4, alpha=0.4, label=texts.WAITED),
        ]
        legend_above(axes, 2, handles=signs, fontsize=9)


def _draw_lane(axes: Axes, lane: int, polls: pd.DataFrame, arrivals: Sequence[float]) -> None:
    waits = iter(zip(arrivals, _waits(polls, arrivals), strict=True))
    for asked, answered, found in polls.itertuples(index=False):
        if answered > asked:
            axes.plot([asked, answered], [lane, lane], color=BLUE, linewidth=4, alpha=0.4, solid_capstyle="butt")
        axes.plot(asked, lane, "o", color=BLUE, markerfacecolor="white" if answered == asked else BLUE)
        if found:
            axes.plot(answered, lane, "D", color=VERMILION, zorder=3)
            arrived, lay = next(waits)
            axes.annotate(
                texts.LAY.format(seconds=lay), (arrived, lane), (4, -14), textcoords="offset points", fontsize=9
            )


def _waits(polls: pd.DataFrame, arrivals: Sequence[float]) -> list[float]:
    """How long each message lay until a poll found it."""
    found = polls.loc[polls["found"] > 0, "answered"]
    return [round(float(answered) - arrived, 1) for answered, arrived in zip(found, arrivals, strict=True)]


def _list(numbers: Sequence[float]) -> str:
    return ", ".join(f"{number:g}" for number in numbers)
