"""Many items in a table, with a bar to look at."""

from __future__ import annotations

import html
import itertools
from collections.abc import Iterable
from typing import Any

from IPython.display import display

from labkit.lab import Lab
from labkit.texts import seeding as texts

_AT_ONCE = 5_000


def fill(lab: Lab, table_name: str, items: Iterable[dict[str, Any]], count: int) -> None:
    """Put `items`, `count` of them, as PutItem takes them: what BatchWriteItem would store, and faster."""
    shown = display(_picture(0, count), display_id=True, raw=True)  # type: ignore[no-untyped-call]
    left, done = iter(items), 0
    while some := list(itertools.islice(left, _AT_ONCE)):
        lab.fill(table_name, some)
        done += len(some)
        if shown is not None:  # None outside a notebook
            shown.update(_picture(done, count), raw=True)


def _picture(done: int, count: int) -> dict[str, str]:
    line = texts.DONE.format(done=done, count=count)
    bar = "" if done >= count else f'<progress max="{count}" value="{done}" aria-label="{texts.LABEL}"></progress> '
    return {"text/html": f'<div role="status">{bar}{html.escape(line)}</div>', "text/plain": line}
