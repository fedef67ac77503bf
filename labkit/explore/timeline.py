"""A run as a time line: time goes down, each consumer has a lane, and so has whatever was observed beside them."""

from __future__ import annotations

import html
from collections.abc import Sequence
from importlib import resources

from labkit.explore.steps import Kind, Step
from labkit.texts import explore as texts


def as_text(steps: Sequence[Step]) -> str:
    """One numbered line for each step: who did what, and what the onlooker saw change."""
    lines = []
    before: dict[str, str] = {}
    for number, step in enumerate(steps, 1):
        changes = [f"{lane}: {state}" for lane, state in step.lanes.items() if before.get(lane) != state]
        before = dict(step.lanes)
        lines.append(f"{number:>3}  {step}" + (f"  → {' · '.join(changes)}" if changes else ""))
    return "\n".join(lines)


def as_html(steps: Sequence[Step], shown: int | None = None) -> str:
    """The same as a table. With `shown`, only so many steps, the last of which is marked as the present one."""
    consumers = list(dict.fromkeys(step.consumer for step in steps if step.consumer))
    lanes = list(dict.fromkeys(lane for step in steps for lane in step.lanes))
    head = "".join(f'<th scope="col">{html.escape(name)}</th>' for name in ["", *consumers, *lanes])
    rows = "".join(
        _row(number, step, consumers, lanes, present=number == shown) for number, step in enumerate(steps[:shown], 1)
    )
    return (
        f'<style>{stylesheet()}</style><table class="lk-time-line"><caption>{html.escape(texts.CAPTION)}</caption>'
        f"<thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"
    )


def stylesheet() -> str:
    return resources.files("labkit.explore").joinpath("timeline.css").read_text(encoding="utf-8")


def _row(number: int, step: Step, consumers: list[str], lanes: list[str], *, present: bool) -> str:
    what = html.escape(f"{step.action} {step.detail}".strip())
    if step.kind is Kind.TIME:
        cells = f'<td class="lk-time" colspan="{len(consumers)}">{what}</td>'
    else:
        cells = "".join(
            f'<td class="lk-{step.kind}">{what}</td>' if name == step.consumer else "<td></td>" for name in consumers
        )
    cells += "".join(f'<td class="lk-lane">{html.escape(step.lanes.get(lane, ""))}</td>' for lane in lanes)
    return f'<tr{" aria-current=step" if present else ""}><th scope="row">{number}</th>{cells}</tr>'
