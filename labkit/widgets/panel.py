"""The panel: send a message, process what waits, see every message with its state. View only; the work is done by
the functions it is given, which later are the student's own.
"""

from __future__ import annotations

import html
import threading
from collections.abc import Callable
from typing import Any

import ipywidgets

from labkit.errors import in_words
from labkit.texts import widgets as texts
from labkit.widgets.gauges import gauge_html
from labkit.widgets.notice import notice_html
from labkit.widgets.pages import Pages
from labkit.widgets.refresh import Refresher, follow_cells
from labkit.widgets.stylesheet import stylesheet
from labkit.widgets.table import rows, table_html


class Panel:
    """Send, process and list, wired to buttons and a table. Show it by making it the last line of a cell.

    `send(text)` and `process()` do the work. `list_messages()` returns the messages, oldest first; or, with a parameter
    `after`, one page of them, newest first, with `messages` and `next`. A message has `id`, `text` and `state`, and may
    have a `reason`, as attributes or as keys. `counts()` returns how many messages wait and how many are in flight;
    without it there are no gauges.
    `automatic()` says whether messages are processed without anybody's click: True or, better, a sentence that says why;
    False or an empty text if not. While they are, the button that processes is off, and the panel looks again every
    `seconds`. With `switch(on)` as well there is a box to tick for that.

    The table follows each click, and each cell that runs. An exception in any of the functions is shown in the panel
    and kept in `errors`; what was typed stays where it is then.
    """

    def __init__(
        self,
        send: Callable[[str], object],
        process: Callable[[], object],
        list_messages: Callable[..., Any],
        counts: Callable[[], tuple[int, int]] | None = None,
        *,
        automatic: Callable[[], str | bool] | None = None,
        switch: Callable[[bool], object] | None = None,
        seconds: float = 1.0,
    ) -> None:
        self._send, self._process, self._counts = send, process, counts
        self._automatic, self._switch, self._off_because = automatic, switch, ""
        self._pages = Pages(list_messages)
        self._alert, self._is_stale, self._is_closed = "", False, False
        self.errors: list[Exception] = []
        self._lock = threading.RLock()  # one picture at a time, whichever thread draws it
        self._refresher = Refresher(self, seconds)
        self._make_controls()
        follow_cells(self)
        self._guarded(lambda: "")

    def _make_controls(self) -> None:
        # Told when it is left, not at each key: with a slow kernel a click would overtake the last letters.
        self.text = ipywidgets.Text(
            description=texts.TEXT_LABEL, placeholder=texts.PLACEHOLDER, continuous_update=False
        )
        # No button is disabled while it works, nor at the last page: the keyboard would lose its place.
        self.send = _button(texts.SEND, lambda: self._guarded(self._on_send), button_style="primary")
        self.process = _button(texts.PROCESS, lambda: self._guarded(self._on_process))
        self.newer = _button(texts.NEWER, lambda: self._guarded(self._on_newer))
        self.older = _button(texts.OLDER, lambda: self._guarded(self._on_older))
        self.automatic = ipywidgets.Checkbox(description=texts.AUTOMATIC, indent=False)
        self.automatic.layout.display = None if self._switch else "none"
        self.automatic.observe(lambda change: self._on_automatic(change["new"]), "value")
        self.why_off, self.gauges, self.table, self.notice = (ipywidgets.HTML() for _ in range(4))
        self.turn = ipywidgets.HBox([self.newer, self.older])
        style = ipywidgets.HTML(stylesheet())
        controls = ipywidgets.HBox([self.text, self.send, self.process])
        by_itself = ipywidgets.HBox([self.automatic, self.why_off])
        self.root = ipywidgets.VBox([style, controls, by_itself, self.gauges, self.notice, self.turn, self.table])
        self.root.add_class("lk-panel")

    def refresh(self) -> None:
        """Read the messages and the counts again, and show them. If they cannot be read, the last picture stays."""
        with self._lock:
            try:
                self._show()
                if self._is_stale:
                    self._say("", self._alert)
                self._is_stale = False
            except Exception as error:  # noqa: BLE001 (a table that was removed, a function that is being rewritten)
                self._say(texts.IS_STALE.format(error=in_words(error)), self._alert)
                self._is_stale = True

    def check(self) -> None:
        """Raise the first error that a button met, for a cell or a test that must not pass over it."""
        if self.errors:
            raise self.errors[0]

    def close(self) -> None:
        """Take the panel off the page, and look at nothing any more."""
        self._is_closed = True
        self._refresher.stop()
        _close(self.root)

    def _on_send(self) -> str:
        self._send(self.text.value)
        self.text.value = ""
        return texts.SENT

    def _on_process(self) -> str:
        result = self._process()
        return texts.PROCESSED.format(number=len(result)) if isinstance(result, (list, tuple)) else ""

    def _on_newer(self) -> str:
        return "" if self._pages.turn_to_newer() else texts.NO_NEWER

    def _on_older(self) -> str:
        return "" if self._pages.turn_to_older() else texts.NO_OLDER

    def _on_automatic(self, on: bool) -> None:
        if on != bool(self._off_because):  # else it only shows what is so already
            self._guarded(lambda: self._switch_to(on))

    def _switch_to(self, on: bool) -> str:
        assert self._switch is not None
        self._switch(on)
        return ""

    def _guarded(self, action: Callable[[], str]) -> None:
        """Do it, then show what is there now. What goes wrong is shown and kept: in a callback it would be lost."""
        status = alert = ""
        with self._lock:
            self._is_stale = False
            for step in (action, self._show):
                try:
                    status = step() or status
                except Exception as error:  # noqa: BLE001 (whatever the functions raise belongs in the panel)
                    self.errors.append(error)
                    alert = in_words(error)
            self._say(status, alert)

    def _say(self, status: str = "", alert: str = "") -> None:
        self._alert = alert
        self.notice.value = notice_html(status, alert)

    def _show(self) -> str:
        """Read everything, then set what changed: a widget that is set to what it shows already sends nothing."""
        self._show_automatic(self._automatic() if self._automatic else False)
        page = self._pages.read()
        gauges, table = self._gauges_html(), table_html(page)
        self.gauges.value, self.table.value = gauges, table
        self.turn.layout.display = "none" if page.number == 1 and page.next is None else None
        return ""

    def _show_automatic(self, why: str | bool) -> None:
        reason = texts.AUTOMATIC_IS_ON if why is True else why
        self._off_because = texts.BUTTON_IS_OFF.format(button=texts.PROCESS, why=reason) if reason else ""
        self.automatic.value = self.process.disabled = bool(reason)
        self.process.tooltip = self._off_because or None  # which a screen reader adds to the button's name
        self.why_off.value = html.escape(self._off_because)
        if reason and not self._is_closed:
            self._refresher.start()
        else:
            self._refresher.stop()

    def _gauges_html(self) -> str:
        if self._counts is None:
            return ""
        waiting, in_flight = self._counts()
        return gauge_html(texts.WAITING, waiting) + gauge_html(texts.IN_FLIGHT, in_flight)

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, Any]:
        """The live panel where there are widgets; a picture of it on a code host, in an export, and for nbval."""
        page = self._pages.read()
        said = [texts.STATIC, *filter(None, [self._off_because])]
        lines = [" · ".join(filter(None, row.values())) for row in rows(page)] or [texts.NO_MESSAGES]
        head = stylesheet() + "".join(f"<p>{html.escape(line)}</p>" for line in said)
        return {
            **self.root._repr_mimebundle_(),
            "text/html": f'<div class="lk-panel">{head}{self._gauges_html()}{table_html(page)}</div>',
            "text/plain": "\n".join([*said, *lines]),
        }


def _button(description: str, act: Callable[[], None], **style: str) -> ipywidgets.Button:
    button = ipywidgets.Button(description=description, **style)
    button.on_click(lambda _: act())
    return button


def _close(widget: ipywidgets.Widget) -> None:
    for child in getattr(widget, "children", ()):
        _close(child)
    widget.close()
