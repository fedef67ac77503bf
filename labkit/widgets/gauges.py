"""Numbers as bars. A screen reader hears each as a meter with its label."""

from __future__ import annotations

import html

FULL = 10  # messages at which a gauge is full: a receive returns at most ten


def gauge_html(label: str, number: int, full: int = FULL) -> str:
    """`number` as a bar, which is full at `full`, and in digits. What goes beyond stays inside the bar's frame."""
    name = html.escape(label)
    return (
        f'<span class="lk-gauge">{name} <span class="lk-bar" role="meter" aria-label="{name}"'
        f' aria-valuemin="0" aria-valuemax="{max(full, number)}" aria-valuenow="{number}">'
        f'<span style="width:{min(number, full) / full:.0%}"></span></span> <b>{number:,}</b></span>'
    )
