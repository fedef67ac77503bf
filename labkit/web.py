"""The application as a web server: its functions at addresses, in JSON.

    POST /messages {"text": …}    201, the message as it was written; 400, 413, 422 for what cannot be one
    GET  /messages?size=&after=   200, {"messages": […], "next": …, "capacity": …}, newest first; 422
    GET  /messages/{id}           200, the message; 404
    POST /process                 200, the messages decided on now; 409 while they are processed automatically
    GET  /counts                  200, {"waiting": …, "in_flight": …}
    GET  /health                  200, {"status": "ok", "owner": …, "automatic": {…}}

Whatever goes wrong is one sentence, {"error": …}; with 503 AWS refused, with 500 it is ours. Nothing here is HTML, so
what a user typed cannot become part of a page.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError
from fastapi import FastAPI, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from labkit.automatic import Automatic, ManualIsOffError
from labkit.errors import LabError
from labkit.messages import LARGEST_TEXT, Messages, TextTooLongError
from labkit.texts import web as texts

if TYPE_CHECKING:
    from collections.abc import Callable

# Each byte of a text takes at most six in JSON, as \u0000 does.
LARGEST_BODY = 6 * LARGEST_TEXT + 1024


class RequestError(LabError):
    """A request that cannot be done, with its HTTP status."""

    def __init__(self, status: int, sentence: str) -> None:
        super().__init__(sentence)
        self.status = status


def make_app(messages: Messages, automatic: Automatic | None = None) -> FastAPI:
    """The application on `messages`. With `automatic`, processing by hand is refused while that is on.

    It only asks `automatic`; whoever made that starts it.
    """
    app = FastAPI(docs_url=None, redoc_url=None)  # those pages would fetch scripts from elsewhere
    _answer_errors_in_json(app)

    @app.post("/messages", status_code=201)
    async def send(request: Request) -> dict[str, Any]:
        text = _text_in(await _read_body(request))
        return asdict(await run_in_threadpool(messages.send, text))

    @app.get("/messages")
    def list_messages(size: str = "50", after: str | None = None) -> dict[str, Any]:
        # Not `size: int`, because FastAPI would then answer with its own list of complaints.
        if not (size.isascii() and size.isdigit() and len(size) < 10):
            raise RequestError(422, texts.PARAMETER_IS_BAD.format(name="size", value=repr(size)[:50]))
        return asdict(messages.find_page(int(size), after))

    @app.get("/messages/{message_id}")
    def find(message_id: str) -> dict[str, Any]:
        if (message := messages.find(message_id)) is None:
            raise RequestError(404, texts.NO_SUCH_MESSAGE)
        return asdict(message)

    @app.post("/process")
    def process() -> list[dict[str, Any]]:
        decided = automatic.by_hand(messages.process) if automatic else messages.process()
        return [asdict(message) for message in decided]

    @app.get("/counts")
    def counts() -> dict[str, int]:
        waiting, in_flight = messages.counts()
        return {"waiting": waiting, "in_flight": in_flight}

    @app.get("/health")
    def health() -> dict[str, Any]:
        return {"status": "ok", "owner": messages.owner, "automatic": _state_of(automatic)}

    return app


def _state_of(automatic: Automatic | None) -> dict[str, Any] | None:
    if automatic is None:
        return None
    error = automatic.errors[-1] if automatic.errors else None
    last_error = error and f"{type(error).__name__}: {error}"
    return {"reason": automatic.reason, "rounds": automatic.rounds, "last_error": last_error}


async def _read_body(request: Request) -> bytes:
    """The body, as long as it is not larger than any that could be of use: a larger one is not kept in memory."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > LARGEST_BODY:
            raise RequestError(413, texts.BODY_IS_TOO_LARGE.format(largest=LARGEST_BODY))
    return bytes(body)


def _text_in(body: bytes) -> Any:
    try:
        content = json.loads(body)
    except (ValueError, RecursionError):
        content = None
    if not isinstance(content, dict):
        raise RequestError(400, texts.BODY_IS_NO_JSON)
    if "text" not in content:
        raise RequestError(422, texts.TEXT_IS_MISSING)
    return content["text"]


def _answer_errors_in_json(app: FastAPI) -> None:
    def say(status: int, sentence: str) -> JSONResponse:
        return JSONResponse({"error": sentence}, status)

    def refused(_: Request, error: LabError) -> JSONResponse:
        statuses = {ManualIsOffError: 409, TextTooLongError: 413}
        return say(error.status if isinstance(error, RequestError) else statuses.get(type(error), 422), str(error))

    def http(request: Request, error: HTTPException) -> JSONResponse:
        if error.status_code == 405:
            return say(405, texts.METHOD_IS_WRONG.format(method=request.method))
        return say(error.status_code, texts.NO_SUCH_ADDRESS)

    def aws(_: Request, error: ClientError) -> JSONResponse:
        return say(503, texts.AWS_REFUSED.format(code=error.response["Error"]["Code"]))

    def failed(_: Request, error: Exception) -> JSONResponse:
        return say(500, texts.SERVER_FAILED.format(kind=type(error).__name__))

    handlers: dict[Any, Callable[..., JSONResponse]] = {
        LabError: refused,
        HTTPException: http,
        ClientError: aws,
        Exception: failed,
    }
    for kind, handler in handlers.items():
        app.add_exception_handler(kind, handler)
