"""The panel: send a message, process what waits, see every message with its state. View only; the work is done by
the functions it is given, which later are the student's own.
"""

from __future__ import annotations

import html
from collections.abc import Callable, Iterable, Mapping
from importlib import resources
from typing import Any

import ipywidgets
from IPython import get_ipython

from labkit import texts
from labkit.errors import LabError

COLUMNS = tuple(texts.PANEL_COLUMNS)
MOST_ROWS = 200  # shown at once; a page that repaints more than that at each click is no pleasure
LONGEST_TEXT = 200  # characters of a message shown in the table
FULL_GAUGE = 10  # messages at which a gauge is full: a receive returns at most ten


class Panel:
    """Send, process and list, wired to buttons and a table. Show it by making it the last line of a cell.

    `send(text)` and `process()` do the work; `list_messages()` returns the messages, oldest first, each with `id`,
    `text` and `state`, as attributes or as keys. `counts()` returns how many messages wait and how many are in flight;
    without it there are no gauges.
    The table follows each click, and each cell that runs. An exception in any of the functions is shown in the panel
    and kept in `errors`; what was typed stays where it is then.
    """

    def __init__(
        self,
        send: Callable[[str], object],
        process: Callable[[], object],
        list_messages: Callable[[], Iterable[Any]],
        counts: Callable[[], tuple[int, int]] | None = None,
    ) -> None:
        self._send, self._process, self._list_messages, self._counts = send, process, list_messages, counts
        self.errors: list[Exception] = []
        # Told when it is left, not at each key: with a slow kernel a click would overtake the last letters.
        self.text = ipywidgets.Text(
            description=texts.PANEL_TEXT_LABEL, placeholder=texts.PANEL_PLACEHOLDER, continuous_update=False
        )
        self.send = ipywidgets.Button(description=texts.PANEL_SEND, button_style="primary")
        self.process = ipywidgets.Button(description=texts.PANEL_PROCESS)
        self.gauges, self.table, self.notice = ipywidgets.HTML(), ipywidgets.HTML(), ipywidgets.HTML()
        # Never disabled while it works: a button that is disabled loses the keyboard's focus.
        self.send.on_click(lambda _: self._guarded(self._on_send))
        self.process.on_click(lambda _: self._guarded(self._on_process))
        style = ipywidgets.HTML(f"<style>{_stylesheet()}</style>")
        controls = ipywidgets.HBox([self.text, self.send, self.process])
        self.root = ipywidgets.VBox([style, controls, self.gauges, self.notice, self.table])
        self.root.add_class("lk-panel")
        _follow_cells(self)
        self._guarded(lambda: "")

    def refresh(self) -> None:
        """Read the messages and the counts again, and show them. If they cannot be read, the last picture stays."""
        try:
            self._show()
        except Exception as error:  # noqa: BLE001 (a table that was removed, a function that is being rewritten)
            self._say(status=texts.PANEL_IS_STALE.format(error=_in_words(error)))

    def check(self) -> None:
        """Raise the first error that a button met, for a cell or a test that must not pass over it."""
        if self.errors:
            raise self.errors[0]

    def _on_send(self) -> str:
        self._send(self.text.value)
        self.text.value = ""
        return texts.PANEL_SENT

    def _on_process(self) -> str:
        result = self._process()
        return texts.PANEL_PROCESSED.format(number=len(result)) if isinstance(result, (list, tuple)) else ""

    def _guarded(self, action: Callable[[], str]) -> None:
        """Do it, then show what is there now. What goes wrong is shown and kept: in a callback it would be lost."""
        status = alert = ""
        for step in (action, self._show):
            try:
                status = step() or status
            except Exception as error:  # noqa: BLE001 (whatever the functions raise belongs in the panel)
                self.errors.append(error)
                alert = _in_words(error)
        self._say(status, alert)

    def _say(self, status: str = "", alert: str = "") -> None:
        # Both are always there: a screen reader hears what changes in a place that it knows.
        self.notice.value = (
            f'<div role="status">{html.escape(status)}</div><div role="alert">{html.escape(alert)}</div>'
        )

    def _show(self) -> str:
        self.gauges.value = self._gauges_html()
        self.table.value = table_html(self._rows())
        return ""

    def _rows(self) -> list[dict[str, str]]:
        messages = self._list_messages()
        if messages is None:
            raise LabError(texts.PANEL_LIST_IS_NONE)
        return [_row(message) for message in messages]

    def _gauges_html(self) -> str:
        if self._counts is None:
            return ""
        waiting, in_flight = self._counts()
        return _gauge(texts.PANEL_WAITING, waiting) + _gauge(texts.PANEL_IN_FLIGHT, in_flight)

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, Any]:
        """The live panel where there are widgets; a picture of it on a code host, in an export, and for nbval."""
        rows = self._rows()
        lines = [" · ".join(row.values()) for row in rows] or [texts.PANEL_NO_MESSAGES]
        picture = f"<style>{_stylesheet()}</style><p>{html.escape(texts.PANEL_STATIC)}</p>"
        return {
            **self.root._repr_mimebundle_(),
            "text/html": f'<div class="lk-panel">{picture}{self._gauges_html()}{table_html(rows)}</div>',
            "text/plain": "\n".join([texts.PANEL_STATIC, *lines]),
        }


def table_html(rows: list[dict[str, str]]) -> str:
    """The newest messages as a table, newest first. All that comes from a message is escaped."""
    if not rows:
        return f"<p>{html.escape(texts.PANEL_NO_MESSAGES)}</p>"
    caption = texts.PANEL_CAPTION
    if len(rows) > MOST_ROWS:
        caption = texts.PANEL_MORE.format(shown=MOST_ROWS, total=len(rows))
    head = "".join(f'<th scope="col">{html.escape(texts.PANEL_COLUMNS[name])}</th>' for name in COLUMNS)
    body = "".join(
        f'<tr data-id="{html.escape(row["id"])}">'
        + "".join(f'<td class="lk-{name}" {_marks(name, row[name])}>{_cut(row[name])}</td>' for name in COLUMNS)
        + "</tr>"
        for row in rows[: -MOST_ROWS - 1 : -1]
    )
    return (
        f'<table class="lk-table"><caption>{html.escape(caption)}</caption>'
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
    )


def _row(message: Any) -> dict[str, str]:
    """The columns of one message, whatever kind of thing the list function returned for it."""
    try:
        if isinstance(message, Mapping):
            return {name: str(message[name]) for name in COLUMNS}
        return {name: str(getattr(message, name)) for name in COLUMNS}
    except (KeyError, AttributeError):
        raise LabError(texts.PANEL_ROW_IS_ODD.format(row=repr(message)[:LONGEST_TEXT])) from None


def _in_words(error: Exception) -> str:
    return str(error) if isinstance(error, LabError) else f"{type(error).__name__}: {error}"


def _marks(column: str, value: str) -> str:
    return f'data-state="{html.escape(value)}"' if column == "state" else ""


def _cut(text: str) -> str:
    return html.escape(text if len(text) <= LONGEST_TEXT else text[:LONGEST_TEXT] + " …")


def _gauge(label: str, number: int) -> str:
    """A number as a bar; a screen reader hears it as a meter with its label."""
    return (
        f'<span class="lk-gauge">{html.escape(label)} <span class="lk-bar" role="meter" aria-label="{html.escape(label)}"'
        f' aria-valuemin="0" aria-valuemax="{max(FULL_GAUGE, number)}" aria-valuenow="{number}">'
        f'<span style="width:{min(number, FULL_GAUGE) / FULL_GAUGE:.0%}"></span></span> {number}</span>'
    )


def _stylesheet() -> str:
    return resources.files("labkit").joinpath("panel.css").read_text(encoding="utf-8")


_following: dict[object, Panel] = {}  # the newest panel of each cell: one that ran again has only one


def _follow_cells(panel: Panel) -> None:
    """Refresh the panel after each cell, since a cell may send and process too. No thread of its own reads AWS:
    it would read in the middle of what a cell is just showing.
    """
    shell = get_ipython()
    if shell is None:
        return
    if not _following:
        shell.events.register("post_run_cell", _refresh_all)
    parent = shell.get_parent() if hasattr(shell, "get_parent") else {}
    _following[parent.get("metadata", {}).get("cellId")] = panel


def _refresh_all(*_: object) -> None:
    for panel in _following.values():
        panel.refresh()
