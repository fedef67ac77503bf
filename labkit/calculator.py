"""A calculator for a queue's price: five numbers, and what SQS bills for them. View only; `labkit.pricing` reckons."""

from __future__ import annotations

import html
from typing import Any

import ipywidgets

from labkit import pricing
from labkit.errors import LabError
from labkit.texts import calculator as texts
from labkit.widgets.stylesheet import stylesheet

MOST = 10**12  # messages and receives a month: more than SQS has ever been said to take


class QueueCalculator:
    """Fields with labels, and a table that follows them. Show it by making it the last line of a cell."""

    def __init__(self, messages: int = 1_000_000, size: int = 1024, batch: int = 1, empty_receives: int = 0) -> None:
        """What the fields begin with; a queue of the standard type."""
        self.messages = _number(texts.MESSAGES, messages, 0, MOST)
        self.size = _number(texts.SIZE, size, 1, pricing.LARGEST_CALL)
        self.batch = _number(texts.BATCH, batch, 1, pricing.LARGEST_BATCH)
        self.empty_receives = _number(texts.EMPTY_RECEIVES, empty_receives, 0, MOST)
        self.queue = ipywidgets.Dropdown(
            description=texts.QUEUE, options=[(label, name) for name, label in texts.QUEUES.items()], style=_STYLE
        )
        self.result = ipywidgets.HTML()
        fields = [self.messages, self.size, self.batch, self.empty_receives, self.queue]
        for field in fields:
            field.observe(lambda _: self._show(), names="value")
        self.root = ipywidgets.VBox([ipywidgets.HTML(stylesheet()), *fields, self.result])
        self.root.add_class("lk-panel")
        self._show()

    def rows(self) -> dict[str, str]:
        """Each line of the table, ready to be shown. Raises LabError for numbers that no call can have."""
        requests = pricing.sqs_requests_by_call(
            self.messages.value, self.size.value, batch=self.batch.value, empty_receives=self.empty_receives.value
        )
        price = pricing.find_price(self.queue.value)
        together = sum(requests)
        counts = {**requests._asdict(), "requests": together, "free": min(together, price.free)}
        dollars = pricing.in_dollars(pricing.cost(self.queue.value, together))
        shown = {name: f"{number:,}" for name, number in counts.items()}
        return {**shown, "price": str(price), "cost": dollars}

    def _show(self) -> None:
        # The same element always, so that a screen reader hears what changes in a place that it knows.
        try:
            self.result.value = f'<div role="status">{self._table()}</div>'
        except LabError as error:
            self.result.value = f'<div role="alert">{html.escape(str(error))}</div>'

    def _table(self) -> str:
        lines = "".join(
            f'<tr><th scope="row">{html.escape(texts.ROWS[name])}</th><td>{html.escape(value)}</td></tr>'
            for name, value in self.rows().items()
        )
        caption, source = html.escape(texts.CAPTION), html.escape(_source(self.queue.value))
        return f'<table class="lk-table"><caption>{caption}</caption><tbody>{lines}</tbody></table><p>{source}</p>'

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, Any]:
        """The live fields where there are widgets; a table on a code host, in an export, and for nbval."""
        fields = {field.description: field.value for field in (self.messages, self.size, self.batch)}
        fields[texts.EMPTY_RECEIVES] = self.empty_receives.value
        given = " · ".join(f"{label}: {value:,}" for label, value in fields.items())
        given += f" · {texts.QUEUE}: {texts.QUEUES[self.queue.value]}"
        lines = [f"{texts.ROWS[name]}: {value}" for name, value in self.rows().items()]
        static = f"<p>{html.escape(texts.STATIC)}</p><p>{html.escape(given)}</p>"
        return {
            **self.root._repr_mimebundle_(),
            "text/html": f'{stylesheet()}<div class="lk-panel">{static}{self._table()}</div>',
            "text/plain": "\n".join([texts.STATIC, given, *lines, _source(self.queue.value)]),
        }


_STYLE = {"description_width": "14em"}


def _number(label: str, value: int, least: int, most: int) -> Any:
    return ipywidgets.BoundedIntText(description=label, value=value, min=least, max=most, style=_STYLE)


def _source(name: str) -> str:
    price = pricing.find_price(name)
    return texts.SOURCE.format(checked=price.checked, sources=price.who_says_so)
