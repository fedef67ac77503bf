"""A panel for an application that is a web server: what `labkit.web` serves, asked over HTTP."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from labkit.errors import LabError
from labkit.texts import widgets as texts
from labkit.widgets.panel import Panel

PATIENCE = 3.0  # seconds until a server counts as gone: nobody likes to look at a panel that stands still
PROCESSING = 10.0  # seconds that processing by hand may take
_LOOPBACK = ("127.0.0.1", "localhost", "::1")


def panel_for(url: str, *, seconds: float = 1.0) -> Panel:
    """The panel of the application at this address, for example "http://127.0.0.1:8000"; see `labkit.web`.

    While the server processes automatically, the panel looks again every `seconds`. A server that is gone, or that
    answers with something else, is told in one sentence, in the panel.
    Raises LabError for what is no address of a web server.
    """
    server = _Server(url)
    return Panel(
        server.send, server.process, server.find_page, server.counts, automatic=server.automatic, seconds=seconds
    )


class _Server:
    """The application's functions, each a request."""

    def __init__(self, url: str) -> None:
        # Imported here: it takes a tenth of a second, and most panels ask no server.
        import httpx

        try:
            parts = urlsplit(url)
            if parts.scheme not in ("http", "https") or not parts.hostname or parts.port == 0:
                raise ValueError
            # A school's proxy cannot reach this machine, whatever the environment says.
            self._client = httpx.Client(base_url=url, trust_env=parts.hostname not in _LOOPBACK)
        except (ValueError, AttributeError, TypeError, httpx.InvalidURL):
            raise LabError(texts.URL_IS_BAD.format(url=repr(url)[:100])) from None
        self._url = url
        self._failures = (httpx.HTTPError, httpx.InvalidURL)

    def send(self, text: str) -> Any:
        return self._ask("POST", "/messages", json={"text": text})

    def process(self) -> Any:
        return self._ask("POST", "/process", timeout=PROCESSING)

    def find_page(self, after: str | None = None) -> Any:
        return self._ask("GET", "/messages", params={"after": after} if after else {})

    def counts(self) -> tuple[int, int]:
        answer = self._ask("GET", "/counts")
        return self._part(answer, "waiting"), self._part(answer, "in_flight")

    def automatic(self) -> str:
        """Why nobody may process by hand now; empty if one may."""
        automatic = self._part(self._ask("GET", "/health"), "automatic")
        return self._part(automatic, "reason") if automatic else ""

    def _ask(self, method: str, path: str, timeout: float | None = None, **request: Any) -> Any:
        try:
            answer = self._client.request(method, path, timeout=timeout or PATIENCE, **request)
        except self._failures:
            raise LabError(texts.SERVER_IS_GONE.format(url=self._url)) from None
        try:
            content = answer.json()
        except ValueError:  # no JSON, or in no alphabet
            raise LabError(texts.SERVER_IS_ANOTHER.format(url=self._url)) from None
        if answer.is_error:
            raise LabError(str(self._part(content, "error")))
        return content

    def _part(self, content: Any, name: str) -> Any:
        try:
            return content[name]
        except (KeyError, TypeError, IndexError):
            raise LabError(texts.SERVER_IS_ANOTHER.format(url=self._url)) from None
