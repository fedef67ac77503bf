"""A queue's numbers as live meters. View only: what is read, and how, is the student's own function."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import ipywidgets

from labkit.texts import gauges as texts
from labkit.widgets.gauges import FULL, gauge_html
from labkit.widgets.refresh import follow_cells
from labkit.widgets.stylesheet import stylesheet


class Gauges:
    """A meter for each number that `read()` returns by its name. Show it by making it the last line of a cell.

    The meters follow each cell that runs, and `refresh`, which may be called in the middle of one.
    """

    def __init__(self, read: Callable[[], Mapping[str, int]], *, full: int = FULL) -> None:
        """`full` is the number at which a meter is full; beyond that only the digits grow."""
        self._read, self._full = read, full
        self._open = True
        self.meters = ipywidgets.HTML()
        self.root = ipywidgets.VBox([ipywidgets.HTML(stylesheet()), self.meters])
        self.root.add_class("lk-gauges")
        self.refresh()
        follow_cells(self)

    def refresh(self) -> None:
        """Read the numbers again and show them, if they have changed. If they cannot be read, the last ones stay."""
        if not self._open:
            return
        try:
            shown = self._meters_html(self._read())
        except Exception:  # noqa: BLE001 (a queue that was removed, a function that is being rewritten)
            return
        self.meters.value = shown  # nothing goes to the page where that is what it shows already

    def close(self) -> None:
        """Never read again."""
        self._open = False

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, Any]:
        """The live meters where there are widgets; elsewhere, and for nbval, the numbers as they are now."""
        numbers = self._read()
        plain = " · ".join(f"{name} {number}" for name, number in numbers.items())
        return {
            **self.root._repr_mimebundle_(),
            "text/html": f'<div class="lk-gauges">{stylesheet()}{self._meters_html(numbers)}</div>',
            "text/plain": f"{texts.STATIC} {plain}",
        }

    def _meters_html(self, numbers: Mapping[str, int]) -> str:
        return "".join(gauge_html(name, number, self._full) for name, number in numbers.items())
