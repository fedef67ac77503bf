"""How a request's signature is made from the secret, and what of all that travels."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from labkit.plots.figure import BLACK, ORANGE, PAPER, SKY, figure
from labkit.texts import signing as texts

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_STEP = 2.0  # from one box to the next
_REQUEST, _SIGNATURE = 5.25 * _STEP, 6.45 * _STEP  # where the last two stand
_WIDTH, _HEIGHT = 1.5, 1.0
_UPPER, _LOWER = 2.2, 0.0  # the row of what stays, the row of what travels


def draw_signature(region: str, service: str) -> None:
    """Draw the way from a secret access key to a signature for this region and service.

    IAM User Guide, "Create a signed AWS API request", steps 3 and 4.
    """
    parts = [part.format(region=region, service=service) for part in texts.PARTS]
    with figure(texts.ALT.format(region=region, service=service), width=9, height=3.6) as axes:
        axes.set_axis_off()
        axes.set_xlim(-1, _SIGNATURE + 1)
        axes.set_ylim(_LOWER - 0.7, _UPPER + 1.1)
        _box(axes, 0, _UPPER, texts.SECRET, stays=True)
        for column, part in enumerate(parts, start=1):
            last = column == len(parts)
            _box(axes, column * _STEP, _LOWER, part, stays=False)
            _box(axes, column * _STEP, _UPPER, texts.SIGNING_KEY if last else texts.HMAC, stays=True)
            _arrow(axes, (column - 1) * _STEP, column * _STEP, _UPPER)
            _arrow_up(axes, column * _STEP)
        _box(axes, _REQUEST, _LOWER, texts.REQUEST, stays=False, width=2.6)
        _box(axes, _REQUEST, _UPPER, texts.HMAC, stays=True)
        _arrow(axes, len(parts) * _STEP, _REQUEST, _UPPER)
        _arrow_up(axes, _REQUEST)
        _box(axes, _SIGNATURE, _LOWER, texts.SIGNATURE, stays=False)
        _line(axes, (_REQUEST + _WIDTH / 2, _UPPER), (_SIGNATURE, _LOWER + _HEIGHT / 2))
        axes.text(-_WIDTH / 2, _UPPER + 0.75, texts.STAYS, style="italic")
        axes.text(-_WIDTH / 2, _LOWER - 0.05, texts.TRAVELS, style="italic", va="center")


def _box(axes: Axes, x: float, y: float, text: str, *, stays: bool, width: float = _WIDTH) -> None:
    """What stays is hatched, what travels is plain: told apart in grey, too."""
    from matplotlib.patches import FancyBboxPatch

    corner = (x - width / 2, y - _HEIGHT / 2)
    look: dict[str, Any] = {"facecolor": "white", "edgecolor": ORANGE, "hatch": "///"} if stays else {"facecolor": SKY}
    axes.add_patch(FancyBboxPatch(corner, width, _HEIGHT, boxstyle="round,pad=0,rounding_size=0.1", **look))
    paper = PAPER if stays else None
    axes.text(x, y, text, ha="center", va="center", fontsize=8.5, bbox=paper)


def _arrow(axes: Axes, start: float, end: float, y: float) -> None:
    _line(axes, (start + _WIDTH / 2, y), (end - _WIDTH / 2, y))


def _arrow_up(axes: Axes, x: float) -> None:
    _line(axes, (x, _LOWER + _HEIGHT / 2), (x, _UPPER - _HEIGHT / 2))


def _line(axes: Axes, start: tuple[float, float], end: tuple[float, float]) -> None:
    axes.annotate("", xy=end, xytext=start, arrowprops={"arrowstyle": "->", "color": BLACK})
