"""Numbers as bars. A screen reader hears each as a meter with its label."""

from __future__ import annotations

import html

FULL = 10  # messages at which a gauge is full: a receive returns at most ten


def gauge_html(label: str, number: int) -> str:
    """`number` as a bar, and in digits. A gauge that is over-full stays inside its frame."""
    name = html.escape(label)
    return (
        f'<span class="lk-gauge">{name} <span class="lk-bar" role="meter" aria-label="{name}"'
        f' aria-valuemin="0" aria-valuemax="{max(FULL, number)}" aria-valuenow="{number}">'
        f'<span style="width:{min(number, FULL) / FULL:.0%}"></span></span> <b>{number:,}</b></span>'
    )
