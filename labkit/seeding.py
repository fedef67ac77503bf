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
    """Put `items`, as PutItem takes them: what BatchWriteItem would store, and faster. `count`: the bar's length.

    Raises boto3's ClientError for what BatchWriteItem would refuse; what came before it stays.
    """
    bar = ipywidgets.IntProgress(max=count, tooltip=texts.LABEL)
    # The bar alone, without words beside it: once it is full it goes, and leaves nothing in the notebook.
    display({_WIDGET_VIEW: bar._repr_mimebundle_()[_WIDGET_VIEW]}, raw=True)  # type: ignore[no-untyped-call]
    left, done = iter(items), 0
    try:
        while some := list(itertools.islice(left, _AT_ONCE)):
            lab.fill(table_name, some)
            done += len(some)
            bar.value = done
    finally:
        bar.close()
    print(texts.DONE.format(done=done))
