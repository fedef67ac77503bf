"""One of botocore's requests, answered by a WSGI application instead of over a network."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable
from typing import Any, cast
from urllib.parse import unquote, urlsplit

from botocore.awsrequest import AWSResponse, HeadersDict

from labkit.embedded.access.callers import FROM_INSIDE_KEY


def answer(app: Callable[..., Any], request: Any) -> AWSResponse:
    """What a WSGI application answers to one of botocore's prepared requests."""
    started: list[Any] = []

    def start_response(status: str, headers: list[tuple[str, str]], _: object = None) -> None:
        started[:] = int(status.split()[0]), headers

    content = b"".join(app(_environ(request), start_response))
    response: Any = AWSResponse(request.url, started[0], cast(Any, HeadersDict(started[1])), None)
    response._content = content  # where botocore keeps what it has read already
    return cast(AWSResponse, response)


def _environ(request: Any) -> dict[str, Any]:
    body = request.body or b""
    body = body.read() if hasattr(body, "read") else body.encode() if isinstance(body, str) else bytes(body)
    url = urlsplit(request.url)
    environ = {
        "REQUEST_METHOD": request.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote(url.path, "latin-1"),
        "RAW_URI": request.url,
        "QUERY_STRING": url.query,
        "SERVER_NAME": url.hostname,
        "SERVER_PORT": str(url.port or 80),
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        FROM_INSIDE_KEY: True,
        "HTTP_HOST": url.netloc,
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.url_scheme": "http",
        "wsgi.version": (1, 0),
        "wsgi.input": io.BytesIO(body),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }
    for name, value in request.headers.items():
        key = name.upper().replace("-", "_")
        if key != "CONTENT_LENGTH":
            text = value.decode("latin-1") if isinstance(value, bytes) else str(value)
            environ[key if key == "CONTENT_TYPE" else f"HTTP_{key}"] = text
    return environ
