"""The line of a widget that says what was done, or what went wrong."""

from __future__ import annotations

import html


def notice_html(status: str = "", alert: str = "") -> str:
    """Both are always there, empty or not: a screen reader hears what changes in a place that it knows."""
    return f'<div role="status">{_lines(status)}</div><div role="alert">{_lines(alert)}</div>'


def _lines(text: str) -> str:
    return "<br>".join(map(html.escape, text.splitlines()))
