"""A form to paste credentials into. What is pasted stays in memory: not in the notebook, not in its saved widgets."""

from __future__ import annotations

import html
from typing import Any

from labkit.credentials.diagnosis import CredentialsError
from labkit.credentials.parsing import parse
from labkit.credentials.secret import Credentials
from labkit.texts import credentials as texts

_given: Credentials | None = None  # the last that a form took, in this kernel


def given() -> Credentials | None:
    """The credentials that a form took last, in this kernel; None if none were."""
    return _given


def ask() -> Form:
    """A form for the credentials, which `labkit.start("aws")` and `lab.renew()` then take. Make it a cell's last line."""
    return Form()


class Form:
    """One field and one button. The field is emptied as soon as it is left, whatever was in it."""

    def __init__(self) -> None:
        import ipywidgets  # here: it takes a third of a second, and hardly anybody needs the form

        # A field of this kind shows dots, makes one line of what is pasted, and is kept by no browser.
        self.field = ipywidgets.Password(
            description=texts.FORM_LABEL, placeholder=texts.FORM_PLACEHOLDER, continuous_update=False
        )
        self.field.layout.width = "32em"
        self.field.style.description_width = "initial"
        self.button = ipywidgets.Button(description=texts.FORM_BUTTON, button_style="primary")
        self.notice = ipywidgets.HTML()
        self.field.observe(lambda _: self._take(), names="value")
        self.button.on_click(lambda _: self._on_click())
        help_line = ipywidgets.HTML(html.escape(texts.FORM_HELP))
        self.root = ipywidgets.VBox([ipywidgets.HBox([self.field, self.button]), help_line, self.notice])
        self._took = False
        self._say()

    def _take(self) -> None:
        """Read what the field holds, and empty it. Leaving the field is enough; so is Enter, or the button."""
        global _given
        if not self.field.value:
            return
        text, self.field.value = self.field.value, ""
        self._took = True
        try:
            _given = parse(text)
        except CredentialsError as error:
            self._say(alert=str(error))
        else:
            self._say(status=texts.FORM_TAKEN.format(credentials=_given))

    def _on_click(self) -> None:
        if not self._took:
            self._say(alert=texts.FORM_EMPTY)

    def _say(self, status: str = "", alert: str = "") -> None:
        from labkit.widgets.notice import notice_html  # here, as ipywidgets above

        self.notice.value = notice_html(status, alert)

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, Any]:
        """The live form where there are widgets; a line in its place on a code host and for nbval."""
        return {**self.root._repr_mimebundle_(), "text/plain": texts.FORM_STATIC}
