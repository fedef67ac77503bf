"""A page of messages as an HTML table. All that comes from a message is escaped."""

from __future__ import annotations

import html
from collections.abc import Mapping
from typing import Any

from labkit.errors import LabError
from labkit.texts import widgets as texts
from labkit.widgets.pages import Page

COLUMNS = tuple(texts.COLUMNS)
MUST_HAVE = ("id", "text", "state")
LONGEST_TEXT = 200  # characters of a message shown in the table


def rows(page: Page) -> list[dict[str, str]]:
    """The columns of each message. `id`, `text` and `state` must be there, as attributes or as keys; `reason` may be.

    Raises LabError for anything else.
    """
    return [_row(message) for message in page.messages]


def table_html(page: Page) -> str:
    """The messages of this page, newest first; the column of reasons only where there is one."""
    found = rows(page)
    if not found:
        return f"<p>{html.escape(texts.NO_MESSAGES)}</p>"
    columns = [name for name in COLUMNS if name != "reason" or any(row["reason"] for row in found)]
    head = "".join(f'<th scope="col">{html.escape(texts.COLUMNS[name])}</th>' for name in columns)
    body = "".join(
        f'<tr data-id="{_cut(row["id"])}">'
        + "".join(f'<td class="lk-{name}">{_cell(name, row[name])}</td>' for name in columns)
        + "</tr>"
        for row in found
    )
    return (
        f'<table class="lk-table"><caption>{html.escape(_caption(page))}</caption>'
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
    )


def _caption(page: Page) -> str:
    if page.number == 1 and page.next is None:
        return texts.CAPTION
    if page.total is None:
        return texts.CAPTION_OF_PAGE.format(number=page.number)
    last = page.start + len(page.messages)
    return texts.CAPTION_OF_LIST.format(first=page.start + 1, last=last, total=page.total)


def _row(message: Any) -> dict[str, str]:
    """The columns of one message, whatever kind of thing the list function returned for it."""
    try:
        if isinstance(message, Mapping):
            found = {name: str(message[name]) for name in MUST_HAVE}
            return found | {"reason": str(message.get("reason") or "")}
        found = {name: str(getattr(message, name)) for name in MUST_HAVE}
        return found | {"reason": str(getattr(message, "reason", None) or "")}
    except (KeyError, AttributeError):
        raise LabError(texts.ROW_IS_ODD.format(row=repr(message)[:LONGEST_TEXT])) from None


def _cell(column: str, value: str) -> str:
    shown = _cut(value)
    return f'<span class="lk-mark" data-state="{shown}">{shown}</span>' if column == "state" else shown


def _cut(text: str) -> str:
    return html.escape(text if len(text) <= LONGEST_TEXT else text[:LONGEST_TEXT] + " …")
