"""Which queue got how many messages."""

from __future__ import annotations

from collections.abc import Mapping

from labkit.plots.figure import COLOURS, HATCHES, figure
from labkit.texts import deliveries as texts


def draw_deliveries(got: Mapping[str, int]) -> None:
    """A bar for each queue, by its name, from the top."""
    said = ", ".join(texts.QUEUE.format(name=name, number=number) for name, number in got.items())
    with figure(texts.ALT.format(queues=said), height=1 + 0.5 * len(got)) as axes:
        for place, number in enumerate(got.values()):
            look = place % len(COLOURS)
            axes.barh(place, number, color=COLOURS[look], hatch=HATCHES[look], edgecolor="white")
            axes.annotate(str(number), (number, place), (4, 0), textcoords="offset points", va="center")
        axes.set_yticks(range(len(got)), list(got))
        axes.invert_yaxis()
        axes.set_xlabel(texts.MESSAGES)
