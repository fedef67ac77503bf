"""What a check answers: a line for each property, what happened, and a question that leads on."""

from __future__ import annotations

import html
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from labkit.errors import LabError
from labkit.explore import Step, timeline
from labkit.texts import checks as texts

if TYPE_CHECKING:
    import ipywidgets


@dataclass
class Report:
    """The answer to one try. `broken` is the property that does not hold and the reason; None if all hold."""

    number: str
    name: str
    held: list[str] = field(default_factory=list)  # what each property says that holds
    written: bool = True
    broken: tuple[str, str] | None = None
    fails: str = ""  # what the property says that does not hold
    happened: str = ""
    question: str = ""
    notes: list[str] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)  # the run in which it did not hold, if one has to see it

    @property
    def solved(self) -> bool:
        return self.written and self.broken is None

    def replay(self) -> ipywidgets.VBox:
        """Go through what happened step by step, with two buttons. Raises LabError where there is nothing to see."""
        if not self.steps:
            raise LabError(texts.NOTHING_TO_REPLAY)
        return _replay(self.steps)

    def __str__(self) -> str:
        if not self.written:
            return texts.NOT_WRITTEN.format(number=self.number)
        lines = [texts.HOLDS.format(text=text) for text in self.held]
        if self.broken:
            lines += [texts.DOES_NOT_HOLD.format(text=self.fails), *_indented(self.happened)]
            if self.steps:
                lines += timeline.as_text(self.steps).splitlines()
            lines += _indented(self.question)
        else:
            lines.append(texts.SOLVED.format(number=self.number))
        return "\n".join(lines + self.notes)

    __repr__ = __str__

    def _repr_html_(self) -> str:
        if not self.written:
            return f"<p>{html.escape(str(self))}</p>"
        parts = [_line(texts.HOLDS.format(text=text)) for text in self.held]
        if self.broken:
            parts.append(_line(texts.DOES_NOT_HOLD.format(text=self.fails)))
            parts.append(f'<div style="margin-left:1.5em">{_line(self.happened)}')
            if self.steps:
                parts.append(timeline.as_html(self.steps))
            parts.append(f"{_line(self.question, bold=True)}</div>")
        else:
            parts.append(_line(texts.SOLVED.format(number=self.number), bold=True))
        parts += [_line(note) for note in self.notes]
        return f'<div style="line-height:1.6">{"".join(parts)}</div>'


def _indented(text: str) -> list[str]:
    return [f"  {line}" for line in text.splitlines()]


def _line(text: str, *, bold: bool = False) -> str:
    shown = html.escape(text).replace("\n", "<br>")
    return f"<div>{f'<strong>{shown}</strong>' if bold else shown}</div>"


def _replay(steps: list[Step]) -> ipywidgets.VBox:
    import ipywidgets

    back = ipywidgets.Button(description=texts.REPLAY_BACK)
    further = ipywidgets.Button(description=texts.REPLAY_NEXT, button_style="primary")
    said, picture = ipywidgets.HTML(), ipywidgets.HTML()
    at = 0

    def move(by: int) -> Callable[[object], None]:
        def on_click(_: object) -> None:
            nonlocal at
            at = min(max(1, at + by), len(steps))
            where = texts.REPLAY_STEP.format(step=at, all=len(steps))
            said.value = f'<div role="status">{html.escape(f"{where}: {steps[at - 1]}")}</div>'
            picture.value = timeline.as_html(steps, shown=at)

        return on_click

    back.on_click(move(-1))
    further.on_click(move(+1))
    move(+1)(None)
    return ipywidgets.VBox([ipywidgets.HBox([back, further]), said, picture])
