"""The figure of partitions under load says in words what it shows, and marks what is over the limit."""

from typing import Any

import pandas as pd
import pytest

from labkit.plots.figure import VERMILION
from labkit.plots.heat import draw_heat


def loads(**rows: list[int]) -> pd.DataFrame:
    """A row for each name, with the partitions 1, 2, 3 …"""
    most = max(map(len, rows.values()))
    return pd.DataFrame(rows, index=range(1, most + 1)).T


def test_each_row_is_told_by_its_hottest_partition_and_by_how_many_are_over(shown: list[str]) -> None:
    draw_heat(loads(status=[0, 10_000, 1_001, 0], spread=[999, 1_000, 3, 4]), limit=1_000)
    (alternative,) = shown
    assert "status: at most 10,000 in one partition, 2 of 4 over the limit of 1,000." in alternative
    assert "spread: at most 1,000 in one partition, 0 of 4 over the limit of 1,000." in alternative


def test_what_is_over_is_framed_and_every_square_has_its_number(
    shown: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from matplotlib.axes import Axes

    framed: list[tuple[float, float]] = []
    written: dict[tuple[int, int], str] = {}
    monkeypatch.setattr(Axes, "add_patch", lambda axes, patch: framed.append(patch.get_xy()) or patch)
    monkeypatch.setattr(Axes, "text", lambda axes, x, y, text, **_: written.update({(x, y): text}))
    draw_heat(loads(a=[5, 1_000], b=[1_001, 20_000]), limit=1_000)
    assert framed == [(-0.5, 0.5), (0.5, 0.5)]  # both of row 1, by their corners
    assert written == {(0, 0): "5", (1, 0): "1,000", (0, 1): "1,001", (1, 1): "20,000"}


def test_a_number_can_be_read_on_every_heat(shown: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """At least 4.5:1, as WCAG 2 asks of text."""
    from matplotlib.axes import Axes
    from matplotlib.colors import to_rgb

    used: list[tuple[Any, Any]] = []
    grounds: list[Any] = []
    draw_image = Axes.imshow

    def imshow(axes: Axes, data: pd.DataFrame, **style: Any) -> Any:
        image = draw_image(axes, data, **style)
        grounds.extend(image.to_rgba(data.to_numpy())[0][:, :3])
        return image

    def text(axes: Axes, x: int, y: int, text: str, color: Any, **_: Any) -> None:
        over = int(text.replace(",", "")) > 1_000
        used.append((to_rgb(VERMILION) if over else grounds[x], to_rgb(color)))

    monkeypatch.setattr(Axes, "imshow", imshow)
    monkeypatch.setattr(Axes, "text", text)
    draw_heat(loads(a=[0, 100, 300, 400, 500, 501, 600, 800, 1_000, 1_001]), limit=1_000)
    contrasts = [_contrast(*pair) for pair in used]
    assert min(contrasts) >= 4.5, contrasts


def _contrast(one: Any, other: Any) -> float:
    """By WCAG 2, "contrast ratio"."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: Any) -> float:
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in colour)
    return float(0.2126 * red + 0.7152 * green + 0.0722 * blue)
