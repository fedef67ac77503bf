"""Rounds of a timer as bars over time: where two stand above each other, two were at work at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from labkit.plots.figure import COLOURS, GREY, HATCHES, PAPER, figure
from labkit.texts import rounds as texts

Round = tuple[float, float, str]  # begin and end in seconds, and what was worked on


def draw_rounds(lanes: Mapping[str, Sequence[Round]]) -> None:
    """A band for each timer, and in it a bar for each round, labelled with what was worked on."""
    rows = [(name, row) for name, rounds in lanes.items() for row in range(_most_at_once(rounds))]
    said = " ".join(
        texts.LANE.format(
            name=name,
            rounds=", ".join(texts.ROUND.format(begin=begin, end=end, what=what) for begin, end, what in rounds),
            most=_most_at_once(rounds),
        )
        for name, rounds in lanes.items()
    )
    whats = list(dict.fromkeys(what for rounds in lanes.values() for _, _, what in rounds))
    with figure(texts.ALT.format(lanes=said), height=1.0 + 0.35 * len(rows)) as axes:
        for name, rounds in lanes.items():
            top = rows.index((name, 0))
            for (begin, end, what), row in zip(rounds, _rows(rounds), strict=True):
                style = whats.index(what) % len(COLOURS)
                axes.barh(
                    top + row, end - begin, 0.7, begin, color=COLOURS[style], hatch=HATCHES[style], edgecolor="white"
                )
                axes.text((begin + end) / 2, top + row, what, ha="center", va="center", fontsize=9, bbox=PAPER)
            if top:
                axes.axhline(top - 0.5, color=GREY, linewidth=0.8)
        middles = [rows.index((name, 0)) + (_most_at_once(rounds) - 1) / 2 for name, rounds in lanes.items()]
        axes.set_yticks(middles, list(lanes))
        axes.set_ylim(len(rows) - 0.4, -0.6)
        axes.set_xlabel(texts.TIME)


def _rows(rounds: Sequence[Round]) -> list[int]:
    """A row for each round, the first that is free when it begins."""
    free_at: list[float] = []
    rows = []
    for begin, end, _ in rounds:
        row = next((number for number, free in enumerate(free_at) if free <= begin), len(free_at))
        free_at[row : row + 1] = [end]
        rows.append(row)
    return rows


def _most_at_once(rounds: Sequence[Round]) -> int:
    return max(_rows(rounds), default=0) + 1
