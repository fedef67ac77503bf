"""HTTP as boto3 speaks it to the embedded AWS: one request after the other on a connection that stays open.

werkzeug's own handler closes the connection after each answer, because an application might leave a part of the body
unread, which would then be taken for the next request. The gate reads bodies to their end, so here it need not.
"""

import contextlib
from collections.abc import Iterable
from http import HTTPStatus
from typing import Any

from moto.moto_server.werkzeug_app import MotoRequestHandler

LINGER = 0.1  # seconds for the rest of an unread body to come in
_WITHOUT_BODY = (HTTPStatus.NO_CONTENT, HTTPStatus.NOT_MODIFIED)


class Handler(MotoRequestHandler):  # type: ignore[misc]
    """Keeps connections open, and keeps quiet."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # or a kept connection waits 40 ms for each answer
    wbufsize = -1

    def run_wsgi(self) -> None:
        """Answer one request."""
        environ = self.make_environ()
        unread = environ["wsgi.input"]
        status, headers, body = _call(self.server.app, environ)
        was_read = environ["wsgi.input"] is not unread  # the gate puts what it has read in its place
        if not was_read:
            self.close_connection = True
        self._send(status, headers, body)
        if not was_read:
            self._drain()

    def handle_expect_100(self) -> bool:
        """Say "100 Continue" at once: it would lie in the buffer, and boto3, before it uploads to S3, wait a second."""
        go_on: bool = super().handle_expect_100()
        self.wfile.flush()
        return go_on

    def log_request(self, *_: object) -> None:
        """Every call of every lesson would end in a log that nobody reads."""

    def _send(self, status: str, headers: list[tuple[str, str]], body: bytes) -> None:
        code, _, reason = status.partition(" ")
        self.send_response(int(code), reason)
        for name, value in headers:
            self.send_header(name, value)
        if int(code) not in _WITHOUT_BODY and not any(name.lower() == "content-length" for name, _ in headers):
            self.send_header("Content-Length", str(len(body)))
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(body)
        self.wfile.flush()

    def _drain(self) -> None:
        """Closing a connection on which unread bytes wait would take the answer back from the client."""
        self.connection.settimeout(LINGER)
        with contextlib.suppress(OSError):
            while self.connection.recv(65_536):
                pass


def _call(app: Any, environ: dict[str, Any]) -> tuple[str, list[tuple[str, str]], bytes]:
    """Status, headers and the whole body that a WSGI application answers with."""
    started: list[Any] = []

    def start_response(status: str, headers: list[tuple[str, str]], _: object = None) -> None:
        started[:] = status, headers

    parts: Iterable[bytes] = app(environ, start_response)
    try:
        body = b"".join(parts)
    finally:
        if hasattr(parts, "close"):
            parts.close()
    return started[0], started[1], body
