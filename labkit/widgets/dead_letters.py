"""A dead-letter queue to look into, with buttons to send one message back or all. View only."""

from __future__ import annotations

import html
from collections.abc import Callable
from typing import Any

import ipywidgets
from botocore.exceptions import ClientError

from labkit.dead_letters import MOST_LOOKED_AT, DeadLetter, DeadLetters
from labkit.errors import LabError, in_words
from labkit.texts import dead_letters as texts
from labkit.widgets.notice import notice_html
from labkit.widgets.stylesheet import stylesheet

LONGEST_BODY = 120  # characters of a message shown in the table
LONGEST_CHOICE = 40  # and in the list to choose from


class DeadLetterViewer:
    """Show it by making it the last line of a cell. It looks when it is made, and when asked; never by itself: each
    look is a receive.

    An exception is shown in the viewer and kept in `errors`.
    """

    def __init__(self, letters: DeadLetters) -> None:
        self._letters = letters
        self._found: list[DeadLetter] = []
        self.errors: list[Exception] = []
        self.look = self._button(texts.LOOK, self._look, button_style="primary")
        self.choice = ipywidgets.Dropdown(description=texts.CHOOSE)
        self.send_one = self._button(texts.SEND_ONE, self._on_send_one)
        self.send_all = self._button(texts.SEND_ALL, self._on_send_all)
        self.table, self.notice = ipywidgets.HTML(), ipywidgets.HTML()
        buttons = ipywidgets.HBox([self.look, self.choice, self.send_one, self.send_all])
        self.root = ipywidgets.VBox([ipywidgets.HTML(stylesheet()), buttons, self.notice, self.table])
        self.root.add_class("lk-panel")
        self._guarded(self._look)

    def _button(self, label: str, action: Callable[[], str], **style: str) -> ipywidgets.Button:
        button = ipywidgets.Button(description=label, **style)
        button.on_click(lambda _: self._guarded(action))
        return button

    def _on_send_one(self) -> str:
        chosen = next((letter for letter in self._found if letter.id == self.choice.value), None)
        try:
            if chosen is None:
                raise LabError(texts.NONE_CHOSEN)
            self._letters.send_back(chosen.id, self._letters.source_of(chosen))
        finally:
            self._look()
        return texts.SENT_ONE.format(body=_cut(chosen.body, LONGEST_CHOICE))

    def _on_send_all(self) -> str:
        """No look after it: what a look hides, the move would pass by."""
        self._letters.send_all_back()
        self._show([])
        self.table.value = ""
        return texts.SENT_ALL

    def _guarded(self, action: Callable[[], str]) -> None:
        """What goes wrong is shown and kept: in a callback it would be lost."""
        status = alert = ""
        try:
            status = action()
        except Exception as error:  # noqa: BLE001 (whatever AWS refuses belongs in the viewer)
            self.errors.append(error)
            alert = _in_words(error)
        self.notice.value = notice_html(status, alert)

    def _look(self) -> str:
        self._show(self._letters.look())
        return ""

    def _show(self, found: list[DeadLetter]) -> None:
        self._found = found
        chosen = self.choice.value
        self.choice.options = [(_cut(letter.body, LONGEST_CHOICE), letter.id) for letter in found]
        ids = [letter.id for letter in found]
        self.choice.value = chosen if chosen in ids else next(iter(ids), None)
        self.table.value = _table_html(found)

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, Any]:
        """The live viewer where there are widgets; elsewhere, and for nbval, what was in the queue at the last look."""
        lines = [f"{letter.received} · {letter.body}" for letter in self._found] or [texts.EMPTY]
        return {
            **self.root._repr_mimebundle_(),
            "text/html": f'<div class="lk-panel">{stylesheet()}<p>{html.escape(texts.STATIC)}</p>'
            f"{_table_html(self._found)}</div>",
            "text/plain": "\n".join([texts.STATIC, *lines]),
        }


def _table_html(letters: list[DeadLetter]) -> str:
    """The dead letters as a table, without what no letter has. All that comes from a message is escaped."""
    if not letters:
        return f"<p>{html.escape(texts.EMPTY)}</p>"
    names = [name for name in texts.COLUMNS if any(getattr(letter, name) for letter in letters)]
    head = "".join(f'<th scope="col">{html.escape(texts.COLUMNS[name])}</th>' for name in names)
    body = "".join(
        f'<tr data-id="{html.escape(letter.id)}">'
        + "".join(f"<td>{html.escape(_cut(str(getattr(letter, name)), LONGEST_BODY))}</td>" for name in names)
        + "</tr>"
        for letter in letters
    )
    caption = texts.CAPTION.format(most=MOST_LOOKED_AT)
    return (
        f'<table class="lk-table"><caption>{html.escape(caption)}</caption>'
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
    )


def _in_words(error: Exception) -> str:
    gone = isinstance(error, ClientError) and error.response["Error"]["Code"].endswith("NonExistentQueue")
    return texts.GONE if gone else in_words(error)


def _cut(text: str, longest: int) -> str:
    return text if len(text) <= longest else text[: longest - 2] + " …"
