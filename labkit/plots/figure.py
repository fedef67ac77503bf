"""How every figure is made: its size, its colours, and the words for whoever cannot see it."""

from __future__ import annotations

import base64
import html
import io
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from IPython.display import display

from labkit.texts import figure as texts

if TYPE_CHECKING:
    from matplotlib.axes import Axes

# Okabe and Ito, "Color Universal Design" (2008): told apart by colour-blind readers, and in grey by their lightness.
BLACK, ORANGE, SKY, GREEN, YELLOW, BLUE, VERMILION, PINK = (
    "#000000",
    "#e69f00",
    "#56b4e9",
    "#009e73",
    "#f0e442",
    "#0072b2",
    "#d55e00",
    "#cc79a7",
)
GREY = "#8a8a8a"
# In this order for the first, second, … thing in a figure; beside its colour each gets a marker or a hatch of its own.
COLOURS = (BLUE, ORANGE, GREEN, VERMILION, SKY, PINK, BLACK, YELLOW)
MARKERS = ("o", "s", "^", "D", "v", "P", "X", "*")
DASHES = ("-", "--", ":", "-.")
HATCHES = ("", "///", "...", "\\\\\\", "xxx", "++", "ooo", "--")
# Behind words: no hatch or colour runs through them.
PAPER: dict[str, Any] = {"facecolor": "white", "edgecolor": "none", "pad": 1.5}
_DOTS_PER_INCH = 144  # sharp on a screen of twice the usual density, where it is shown at half its size


def legend_above(axes: Axes, columns: int, **more: Any) -> None:
    """The legend over the axes, where it hides nothing. `more` is what `Axes.legend` takes besides."""
    axes.legend(frameon=False, loc="lower left", bbox_to_anchor=(0, 1.0), ncols=columns, **more)


@contextmanager
def figure(alt: str, *, width: float = 8, height: float = 3) -> Iterator[Axes]:
    """Draw on the axes this gives; at the end the figure is shown, with `alt` as its text alternative.

    `alt` says what one sees there and what follows from it, in one or two sentences. Sizes are in inches.
    A figure without a text alternative is refused with ValueError: it is for the maker of the figure to see.
    """
    # Imported here: it takes a third of a second, and not every notebook draws.
    from matplotlib import rc_context
    from matplotlib.figure import Figure

    if not alt.strip():
        raise ValueError("a figure needs a text alternative")
    # One style whatever the machine's own settings are, so that a figure is the same wherever it is built.
    style: Any = {"font.size": 10, "axes.spines.top": False, "axes.spines.right": False, "axes.titlelocation": "left"}
    with rc_context(style):
        canvas = Figure(figsize=(width, height), layout="constrained", facecolor="white")
        axes = canvas.subplots()
        yield axes
        picture = io.BytesIO()
        canvas.savefig(picture, format="png", dpi=_DOTS_PER_INCH, metadata={"Software": None})
    # nbval compares the words, as the picture's plain form; at the picture itself it does not look.
    data = {"image/png": base64.b64encode(picture.getvalue()).decode(), "text/plain": alt}
    size = {"width": round(width * _DOTS_PER_INCH / 2), "alt": alt}
    display(data, metadata={"image/png": size}, raw=True)  # type: ignore[no-untyped-call]
    # JupyterLab 4.6 takes no text alternative from there; and some who can see the figure read it more easily so.
    words = f"<details><summary>{html.escape(texts.IN_WORDS)}</summary>{html.escape(alt)}</details>"
    display({"text/html": words}, raw=True)  # type: ignore[no-untyped-call]
