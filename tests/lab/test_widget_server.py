"""A panel for a server: the application's answers over HTTP, and servers that are gone, slow, or another."""

import re
import socket
from collections.abc import Callable, Iterator
from typing import Any

import ipywidgets
import pytest
from starlette.responses import JSONResponse, PlainTextResponse, Response

from labkit.automatic import SETTING, Automatic
from labkit.background import Server, serve
from labkit.errors import LabError
from labkit.texts import widgets as texts
from labkit.web import make_app as make_web_app
from labkit.widgets import Panel, panel_for, server


@pytest.fixture(autouse=True)
def no_panel_left() -> Iterator[None]:
    yield
    ipywidgets.Widget.close_all()


@pytest.fixture
def served() -> Iterator[Callable[[Any], Server]]:
    running: list[Server] = []

    def start(app: Any) -> Server:
        running.append(serve(app, f"test {len(running)}"))
        return running[-1]

    yield start
    for each in running:
        each.stop()


def alert(panel: Panel) -> str:
    (found,) = re.findall(r'<div role="alert">(.*?)</div>', panel.notice.value)
    return str(found)


def ids(panel: Panel) -> list[str]:
    return re.findall(r'data-id="(.*?)"', panel.table.value)


def send(panel: Panel, text: str) -> None:
    panel.text.value = text
    panel.send.click()


def test_a_message_goes_from_pending_to_complete_and_another_to_fail(make_app: Any, served: Any) -> None:
    def handle(text: str) -> None:
        if "refund" in text:
            raise ValueError("no <refunds>")

    panel = panel_for(served(make_web_app(make_app(handle=handle))).url)
    send(panel, "one ticket")
    send(panel, "a refund")
    assert 'aria-label="Waiting" aria-valuemin="0" aria-valuemax="10" aria-valuenow="2"' in panel.gauges.value
    panel.process.click()
    assert "Processed: 2." in panel.notice.value
    assert re.findall('data-state="(.*?)"', panel.table.value) == ["fail", "complete"]
    assert "ValueError: no &lt;refunds&gt;" in panel.table.value
    assert not panel.process.disabled
    assert panel.automatic.layout.display == "none"  # nobody can switch it over HTTP
    panel.check()


def test_more_messages_than_fit_a_page_are_turned_to(make_app: Any, served: Any) -> None:
    app = make_app()
    for number in range(60):
        app.send(str(number))
    panel = panel_for(served(make_web_app(app)).url)
    assert len(ids(panel)) == 50
    panel.older.click()
    assert ids(panel) == [f"m-{number}" for number in range(10, 0, -1)]
    panel.newer.click()
    assert ids(panel)[0] == "m-60"
    panel.check()


def test_the_servers_own_sentence_says_why_it_refuses(make_app: Any, served: Any) -> None:
    app, environ = make_app(), {SETTING: "0"}
    automatic = Automatic(app.process, environ=environ)
    panel = panel_for(served(make_web_app(app, automatic)).url)
    assert not panel.process.disabled
    send(panel, "")
    assert alert(panel) == "The message is empty. Type something first."
    environ[SETTING] = "1"  # since the panel last looked
    panel.process.click()
    assert alert(panel) == automatic.reason
    assert panel.process.disabled
    assert automatic.reason in panel.why_off.value
    environ[SETTING] = "0"
    panel.refresh()
    assert not panel.process.disabled


def test_a_server_that_is_gone_is_told_and_what_was_typed_stays(make_app: Any, served: Any) -> None:
    running = served(make_web_app(make_app()))
    panel = panel_for(running.url)
    send(panel, "before")
    running.stop()
    send(panel, "after")
    assert alert(panel) == texts.SERVER_IS_GONE.format(url=running.url)
    assert panel.text.value == "after"
    assert ids(panel) == ["m-1"]


def test_a_server_that_does_not_answer_counts_as_gone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "PATIENCE", 0.1)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        assert alert(panel_for(url)) == texts.SERVER_IS_GONE.format(url=url)


@pytest.mark.parametrize(
    "answer",
    [
        PlainTextResponse("<script>alert(1)</script>"),
        PlainTextResponse("no", 500),
        Response(b"\xff\xfe{", media_type="application/json"),
        JSONResponse(None),
        JSONResponse([]),
        JSONResponse("text"),
        JSONResponse({"automatic": 7}),
        JSONResponse({"automatic": None}),
        JSONResponse({"detail": "Not Found"}, 404),
        JSONResponse([1], 500),
    ],
    ids=lambda answer: f"{answer.status_code} {answer.body!r}",
)
def test_a_server_of_another_kind_is_told_in_one_sentence(answer: Response, served: Any) -> None:
    async def other(scope: Any, receive: Any, send: Any) -> None:
        assert scope["type"] != "lifespan"
        await answer(scope, receive, send)

    said = alert(panel_for(served(other).url))
    assert said.startswith(("What answers at http", "The list function", "A page must have"))
    assert "<script" not in said


@pytest.mark.parametrize(
    "url", ["", "127.0.0.1:8000", "ftp://127.0.0.1", "http://", "http://[::1", "http://x:99999", "http://x:0", None, 7]
)
def test_what_is_no_address_gets_one_sentence(url: Any) -> None:
    with pytest.raises(LabError, match=r"panel_for\(\) takes the address of a server"):
        panel_for(url)


def test_a_proxy_of_the_machine_is_not_asked_for_this_machine(
    make_app: Any, served: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.delenv("NO_PROXY", raising=False)
    panel_for(served(make_web_app(make_app())).url).check()
