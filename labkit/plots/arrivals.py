"""In which order messages came, and how many times: row by row, run by run, group by group."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations
from typing import TYPE_CHECKING

from labkit.plots.figure import BLACK, BLUE, ORANGE, PAPER, SKY, VERMILION, figure, legend_above
from labkit.texts import arrivals as texts

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_BOX = 0.86  # of the room that one message has


def draw_order(orders: Mapping[str, Sequence[int]]) -> None:
    """A row of boxes for each queue, `{name: numbers in order of arrival}`; what overtook or came again stands out."""
    longest = max((len(numbers) for numbers in orders.values()), default=0)
    alt = texts.ORDER_ALT.format(rows=" ".join(_order_in_words(name, numbers) for name, numbers in orders.items()))
    with figure(alt, height=0.75 + 0.55 * len(orders)) as axes:
        for row, numbers in enumerate(orders.values()):
            for place, number in enumerate(numbers):
                again = number in numbers[:place]
                still_to_come = set(numbers[place:]) - set(numbers[:place])
                early = not again and number > min(still_to_come)
                style = _AGAIN if again else _EARLY if early else _PLAIN
                _box(axes, place + 1, row, str(number), style)
        _legend(axes, {texts.OVERTOOK: _EARLY, texts.AGAIN: _AGAIN})
        _lanes(axes, list(orders), longest, texts.ORDER_AXIS)


def draw_runs(runs: Sequence[Sequence[int]]) -> None:
    """Two bars for each run: its pairs turned round, and its messages that came again."""
    turned, again = [inversions(run) for run in runs], [duplicates(run) for run in runs]
    alt = texts.RUNS_ALT.format(
        runs=len(runs),
        inversions=", ".join(map(str, turned)),
        duplicates=", ".join(map(str, again)),
        disordered=sum(map(bool, turned)),
        doubled=sum(map(bool, again)),
        clean=sum(not (t or a) for t, a in zip(turned, again, strict=True)),
    )
    with figure(alt) as axes:
        places = range(1, len(runs) + 1)
        axes.bar([place - 0.2 for place in places], turned, 0.4, color=ORANGE, edgecolor=BLACK, label=texts.INVERSIONS)
        axes.bar(
            [place + 0.2 for place in places],
            again,
            0.4,
            color=SKY,
            edgecolor=BLACK,
            hatch="///",
            label=texts.DUPLICATES,
        )
        axes.set_xticks(list(places))
        axes.set_xlabel(texts.RUNS_AXIS)
        axes.set_ylabel(texts.RUNS_HEIGHT)
        axes.legend(frameon=False, loc="upper left", bbox_to_anchor=(0, 1.18), ncols=2)


def draw_groups(arrived: Iterable[tuple[str, int]]) -> None:
    """A lane for each message group, of (group, number in the group) in order of arrival."""
    sequence = list(arrived)
    groups = list(dict.fromkeys(group for group, _ in sequence))
    lanes = {group: [number for name, number in sequence if name == group] for group in groups}
    grows = all(numbers == sorted(numbers) for numbers in lanes.values())
    alt = texts.GROUPS_ALT.format(
        sequence=", ".join(f"{group} {number}" for group, number in sequence),
        verdict=texts.GROUPS_IN_ORDER if grows else texts.GROUPS_NOT_IN_ORDER,
    )
    with figure(alt, height=0.75 + 0.55 * len(groups)) as axes:
        for row, group in enumerate(groups):
            places = [place for place, (name, _) in enumerate(sequence, 1) if name == group]
            axes.plot([1, len(sequence)], [row, row], color=BLACK, linewidth=0.8, linestyle=":", zorder=0)
            for place, number in zip(places, lanes[group], strict=True):
                _box(axes, place, row, str(number), _LANES[row % len(_LANES)])
        _lanes(axes, groups, len(sequence), texts.GROUPS_AXIS)


def inversions(numbers: Sequence[int]) -> int:
    """Pairs of which the later one has the smaller number. What comes again counts where it came first."""
    return sum(earlier > later for earlier, later in combinations(dict.fromkeys(numbers), 2))


def duplicates(numbers: Sequence[int]) -> int:
    """Arrivals beyond the first of each."""
    return len(numbers) - len(set(numbers))


# face, edge, hatch, width of the edge: told apart in black and white by hatch and edge
_Style = tuple[str, str, str, float]
_PLAIN: _Style = ("white", BLACK, "", 0.8)
_EARLY: _Style = (ORANGE, BLACK, "", 2.0)
_AGAIN: _Style = (SKY, BLACK, "///", 0.8)
_LANES: tuple[_Style, ...] = (("#d6e9f5", BLUE, "", 1.5), ("#f9e3d3", VERMILION, "", 1.5), _PLAIN)


def _box(axes: Axes, place: int, row: int, label: str, style: _Style) -> None:
    from matplotlib.patches import Rectangle

    face, edge, hatch, width = style
    corner = (place - _BOX / 2, row - _BOX / 2 * 0.8)
    axes.add_patch(Rectangle(corner, _BOX, _BOX * 0.8, facecolor=face, edgecolor=edge, hatch=hatch, linewidth=width))
    paper = PAPER if hatch else None
    axes.text(place, row, label, ha="center", va="center", fontsize=9, bbox=paper)


def _legend(axes: Axes, styles: Mapping[str, _Style]) -> None:
    from matplotlib.patches import Patch

    handles = [
        Patch(facecolor=face, edgecolor=edge, hatch=hatch, linewidth=width, label=label)
        for label, (face, edge, hatch, width) in styles.items()
    ]
    legend_above(axes, len(handles), handles=handles)


def _lanes(axes: Axes, names: Sequence[str], longest: int, label: str) -> None:
    axes.set_xlim(0.4, longest + 0.6)
    axes.set_ylim(max(len(names), 1) - 0.5, -0.5)
    axes.set_yticks(range(len(names)), names)
    axes.set_xticks([])
    axes.set_xlabel(label)
    axes.tick_params(length=0)
    axes.spines["left"].set_visible(False)


def _order_in_words(name: str, numbers: Sequence[int]) -> str:
    if numbers and list(numbers) == list(range(numbers[0], numbers[-1] + 1)):
        return texts.ORDER_ROW_CLEAN.format(name=name, first=numbers[0], last=numbers[-1])
    shown = ", ".join(map(str, numbers))
    return texts.ORDER_ROW.format(name=name, numbers=shown, inversions=inversions(numbers), again=duplicates(numbers))
