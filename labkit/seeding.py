"""Many items in a table, with a bar to look at."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from typing import Any

import ipywidgets
from IPython.display import display

from labkit.lab import Lab
from labkit.texts import seeding as texts

_AT_ONCE = 5_000
_WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"


def fill(lab: Lab, table_name: str, items: Iterable[dict[str, Any]], count: int) -> None:
    """Put `items`, `count` of them, as PutItem takes them: what BatchWriteItem would store, and faster."""
    bar = ipywidgets.IntProgress(max=count, tooltip=texts.LABEL)
    # The bar alone, without words beside it: once it is full it goes, and leaves nothing in the notebook.
    display({_WIDGET_VIEW: bar._repr_mimebundle_()[_WIDGET_VIEW]}, raw=True)  # type: ignore[no-untyped-call]
    left = iter(items)
    while some := list(itertools.islice(left, _AT_ONCE)):
        lab.fill(table_name, some)
        bar.value += len(some)
    print(texts.DONE.format(done=bar.value, count=count))
    bar.close()
