"""The life of each message on a lane of its own: when it waited, when it was in flight, what happened to it."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

from labkit.life_lines import LifeLine, Sign, State
from labkit.plots.figure import BLACK, BLUE, GREEN, GREY, PAPER, PINK, VERMILION, figure
from labkit.plots.life_stories import alternative, choose, left_out, time_in_words
from labkit.texts import life_lines as texts

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_BARS = {  # colour, hatch and height: told apart without the colour too
    State.DELAYED: ("#ffffff", "...", 0.3),
    State.WAITING: ("#e4e4e4", "", 0.3),
    State.IN_FLIGHT: ("#f7d9a0", "////", 0.6),
}
_MARKS = {
    Sign.SENT: (">", BLUE),
    Sign.SENT_AGAIN: ("$2$", BLUE),
    Sign.RECEIVED: ("o", GREEN),
    Sign.RECEIVED_AGAIN: ("D", VERMILION),
    Sign.RECEIVED_AFTER_DELETE: ("P", VERMILION),
    Sign.EXTENDED: ("^", GREEN),
    Sign.GIVEN_BACK: ("<", PINK),
    Sign.MOVED: ("v", BLACK),
    Sign.DELETED: ("X", BLACK),
    Sign.REMOVED: ("X", GREY),
    Sign.EXPIRED: ("s", GREY),
}
_TO_SCALE = timedelta(seconds=90)  # between two moments; what is longer, and longer than any flight, is cut to this
_NARROWEST = 1 / 24  # of all: two moments are at least so far apart, unless there are very many
_TICKS_APART = 1 / 8  # of all


def draw(lines: Sequence[LifeLine], *, most: int = 16) -> None:
    """Show the life lines of `Record.lines`, at most this many.

    Where there are more, those with the rarest stories are shown, and the figure says what it left out.
    Moments are in their order. Those close together are set apart, and times in which nothing happened are cut if they
    are long; the axis says so.
    """
    shown = choose(lines, most)
    with warnings.catch_warnings(), figure(alternative(lines), height=1.5 + 0.32 * max(len(shown), 1)) as axes:
        warnings.filterwarnings("ignore", message="Glyph")  # a message may be in a script that the font has not
        if shown:
            _draw(axes, shown)
            axes.set_title(left_out(lines, shown), fontsize=9)
        else:
            axes.set_axis_off()
            axes.text(0, 0.5, texts.NOTHING)


def place(moments: Sequence[datetime], longest: timedelta) -> tuple[dict[datetime, float], list[float]]:
    """Where on an axis from 0 to 1 each of these moments is, in order, and where it is cut.

    `longest` is the longest time that is drawn to scale in any case.
    """
    to_scale = max(longest, _TO_SCALE)
    gaps = [later - earlier for earlier, later in pairwise(moments)]
    widths = [min(gap, to_scale).total_seconds() for gap in gaps]
    total = sum(widths) or 1.0
    narrowest = total * min(_NARROWEST, 1 / (2 * len(widths) or 1))
    widths = [max(width, narrowest) for width in widths]
    total = sum(widths) or 1.0
    places, cuts = [0.0], []
    for gap, width in zip(gaps, widths, strict=True):
        if gap > to_scale:
            cuts.append(places[-1] + width / total / 2)
        places.append(places[-1] + width / total)
    return dict(zip(moments, places, strict=False)), cuts


def _draw(axes: Axes, lines: Sequence[LifeLine]) -> None:
    spells = [spell for line in lines for spell in line.spells]
    marks = [mark for line in lines for mark in line.marks]
    moments = sorted({at for spell in spells for at in (spell.start, spell.end)} | {mark.at for mark in marks})
    flights = [spell.end - spell.start for spell in spells if spell.state is State.IN_FLIGHT]
    where, cuts = place(moments, max(flights, default=timedelta()))
    for lane, line in enumerate(lines):
        _draw_line(axes, lane, line, where)
    for spot in cuts:
        axes.text(spot, len(lines) - 0.5, "≈", ha="center", va="center", fontsize=14, clip_on=False, zorder=5)
    _label_axes(axes, lines, moments, where, cut=bool(cuts))
    _add_legend(
        axes,
        [state for state in _BARS if state in {spell.state for spell in spells}],
        [sign for sign in _MARKS if sign in {mark.sign for mark in marks}],
    )


def _draw_line(axes: Axes, lane: int, line: LifeLine, where: dict[datetime, float]) -> None:
    for spell in line.spells:
        colour, hatch, height = _BARS[spell.state]
        start = where[spell.start]
        axes.barh(
            lane, where[spell.end] - start, height, start, color=colour, hatch=hatch, edgecolor=GREY, linewidth=0.6
        )
    queue = line.marks[0].queue
    for mark in line.marks:
        if mark.sign not in _MARKS:
            continue
        marker, colour = _MARKS[mark.sign]
        axes.plot(where[mark.at], lane, marker, color=colour, markersize=8, markeredgecolor="white", zorder=4)
        note = mark.consumer
        if mark.queue != queue:  # it has gone over to another queue, a dead-letter queue for instance
            queue = mark.queue
            note = f"{note} ({queue})".strip()
        if note:
            axes.annotate(
                note,
                (where[mark.at], lane),
                (7, 6),
                textcoords="offset points",
                fontsize=8,
                parse_math=False,
                bbox={**PAPER, "pad": 1},
            )


def _label_axes(
    axes: Axes, lines: Sequence[LifeLine], moments: Sequence[datetime], where: dict[datetime, float], *, cut: bool
) -> None:
    ticks: dict[str, float] = {}  # by what is written there: no time twice
    for moment in moments:
        if not ticks or where[moment] - max(ticks.values()) >= _TICKS_APART:
            ticks.setdefault(_clock(moment - moments[0], moments[-1] - moments[0]), where[moment])
    axes.set_xticks(list(ticks.values()), list(ticks))
    axes.set_xlim(-0.02, 1.03)
    axes.set_xlabel(texts.TIME_AXIS_CUT if cut else texts.TIME_AXIS)
    axes.set_yticks(range(len(lines)), [line.label for line in lines])
    for label in axes.get_yticklabels():
        label.set_parse_math(False)  # a message may have a $ in it
    axes.set_ylim(len(lines) - 0.5, -0.6)  # the first on top
    axes.tick_params(axis="y", length=0)


def _clock(time: timedelta, longest: timedelta) -> str:
    """A time since the first moment, in seconds, or as h:mm:ss in a figure of more than two minutes."""
    if longest <= timedelta(minutes=2):
        return time_in_words(time)
    seconds = int(time.total_seconds())
    return f"{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}"


def _add_legend(axes: Axes, states: Sequence[State], signs: Sequence[Sign]) -> None:
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    bars = [
        Patch(facecolor=_BARS[state][0], hatch=_BARS[state][1], edgecolor=GREY, label=texts.STATES[state])
        for state in states
    ]
    marks = [
        Line2D(
            [], [], linestyle="", marker=_MARKS[sign][0], color=_MARKS[sign][1], markersize=8, label=texts.SIGNS[sign]
        )
        for sign in signs
    ]
    axes.figure.legend(handles=[*bars, *marks], loc="outside lower center", ncols=4, frameon=False, fontsize=9)
