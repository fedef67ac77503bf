"""Servers beside the cells: they start, are replaced, end, and keep quiet, whatever the application does."""

import contextlib
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from fastapi import FastAPI

from labkit import LabError, background
from labkit.background import serve


@pytest.fixture(autouse=True)
def _stop_all() -> Iterator[None]:
    yield
    for server in background._running.values():
        server.stop()
    background._running.clear()


def app_that_says(answer: Any) -> FastAPI:
    app = FastAPI()
    app.get("/")(lambda: answer() if callable(answer) else answer)
    return app


def ask(url: str) -> str:
    with urllib.request.urlopen(url, timeout=5) as response:
        return str(response.read().decode())


def ask_in_vain(url: str) -> None:
    with contextlib.suppress(OSError):  # the connection ends, in one way or another
        ask(url)


def test_an_application_answers_on_loopback_and_a_port_of_its_own() -> None:
    one, two = serve(app_that_says(1), "one"), serve(app_that_says(2), "two")
    assert one.url.startswith("http://127.0.0.1:")
    assert (ask(one.url), ask(two.url)) == ("1", "2")


def test_serving_again_under_a_name_replaces_what_was_there() -> None:
    old = serve(app_that_says("old"))
    new = serve(app_that_says("new"))
    assert ask(new.url) == '"new"'
    with pytest.raises(urllib.error.URLError):
        ask(old.url)


def test_stopping_is_for_good_and_may_be_repeated() -> None:
    server = serve(app_that_says(1))
    server.stop()
    server.stop()
    with pytest.raises(urllib.error.URLError):
        ask(server.url)


def test_a_request_that_hangs_does_not_hang_the_stop() -> None:
    release, entered = threading.Event(), threading.Event()

    def hang() -> None:
        entered.set()
        release.wait(30)

    server = serve(app_that_says(hang))
    threading.Thread(target=ask_in_vain, args=(server.url,), daemon=True).start()
    assert entered.wait(5)
    began = time.monotonic()
    server.stop()
    assert time.monotonic() - began < 5
    assert not server._thread.is_alive()  # only the handler's own thread is left to itself
    release.set()


def test_an_application_that_blocks_its_server_does_not_hang_the_stop() -> None:
    release, entered = threading.Event(), threading.Event()
    app = FastAPI()

    @app.get("/")
    async def block() -> None:
        entered.set()
        release.wait(8)

    server = serve(app)
    threading.Thread(target=ask_in_vain, args=(server.url,), daemon=True).start()
    assert entered.wait(5)
    began = time.monotonic()
    server.stop()
    assert time.monotonic() - began < 5
    release.set()


def test_a_request_under_way_may_end() -> None:
    entered, answers = threading.Event(), []

    def work() -> str:
        entered.set()
        time.sleep(0.3)
        return "done"

    server = serve(app_that_says(work))
    asking = threading.Thread(target=lambda: answers.append(ask(server.url)))
    asking.start()
    assert entered.wait(5)
    server.stop()
    asking.join()
    assert answers == ['"done"']


@pytest.mark.parametrize("app", [None, 7, "labkit.web:app", {}])
def test_what_is_no_application_is_refused_in_a_sentence(app: Any) -> None:
    with pytest.raises(LabError, match="takes an application such as FastAPI"):
        serve(app)


def test_an_error_at_the_start_is_one_sentence_and_nothing_runs(capfd: pytest.CaptureFixture[str]) -> None:
    @asynccontextmanager
    async def broken(app: FastAPI) -> AsyncIterator[None]:
        raise RuntimeError("no table")
        yield

    with pytest.raises(LabError) as refused:
        serve(FastAPI(lifespan=broken))
    assert str(refused.value) == "The server did not start: RuntimeError: no table."
    assert background._running == {}
    assert capfd.readouterr() == ("", "")


def test_a_start_that_hangs_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    release = threading.Event()

    @asynccontextmanager
    async def slow(app: FastAPI) -> AsyncIterator[None]:
        release.wait(10)
        yield

    monkeypatch.setattr(background, "START_TIMEOUT", 0.2)
    with pytest.raises(LabError, match=r"not over after 0\.2 seconds"):
        serve(FastAPI(lifespan=slow))
    release.set()


def test_what_goes_wrong_in_a_request_is_kept_and_not_written_to_the_cells(capfd: pytest.CaptureFixture[str]) -> None:
    one, two = serve(app_that_says(1), "one"), serve(app_that_says(lambda: 1 / 0), "two")
    with pytest.raises(urllib.error.HTTPError, match="500"):
        ask(two.url)
    ask(one.url)
    assert "ZeroDivisionError" in two.log[-1]
    assert list(one.log) == []
    assert capfd.readouterr() == ("", "")


def test_a_process_with_a_server_and_a_request_that_hangs_can_end() -> None:
    code = """
import threading, time, urllib.request
from fastapi import FastAPI
from labkit.background import serve
app, entered = FastAPI(), threading.Event()
app.get("/")(lambda: (entered.set(), time.sleep(600)))
server = serve(app)
threading.Thread(target=urllib.request.urlopen, args=(server.url,), daemon=True).start()
entered.wait(10)
"""
    done = subprocess.run([sys.executable, "-c", code], check=False, timeout=30, capture_output=True, text=True)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
