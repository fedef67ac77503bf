"""The application as processes in their roles: they come up, work on the same queue, end with their parent."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

import labkit
from labkit import LabError, background, service


@pytest.fixture(autouse=True)
def _stop_all() -> Iterator[None]:
    yield
    for running in background._running.values():
        running.stop()
    background._running.clear()


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except OSError:
        return False
    return True


def until(holds: Any) -> bool:
    for _ in range(600):
        if holds():
            return True
        time.sleep(0.05)
    return False


def test_a_web_and_a_worker_process_are_one_application(make_app: Any, lab: labkit.Lab) -> None:
    app = make_app()
    lab.wait(hours=1)  # they keep AWS's time, not this computer's
    web = service.start("web", app.queue_url, app.table_name)
    worker = service.start("worker", app.queue_url, app.table_name)
    sent = httpx.post(f"{web.url}/messages", json={"text": "two tickets"}).json()
    assert sent["sent_at"][:13] == lab.now().isoformat()[:13]
    assert worker.url == ""
    assert until(lambda: app.find(sent["id"]).state == "complete")
    assert app.find(sent["id"]).owner == "worker"
    worker.stop()
    web.stop()
    assert not alive(web.pid)
    assert not alive(worker.pid)


def test_a_monolith_serves_and_polls_and_is_replaced_when_started_again(make_app: Any) -> None:
    app = make_app()
    first = service.start("monolith", app.queue_url, app.table_name)
    second = service.start("monolith", app.queue_url, app.table_name, automatically="off")
    assert not alive(first.pid)
    httpx.post(f"{second.url}/messages", json={"text": "two tickets"})
    assert [m["owner"] for m in httpx.post(f"{second.url}/process").json()] == ["monolith"]


def test_what_does_not_come_up_says_why_in_a_sentence(make_app: Any) -> None:
    app = make_app()
    with pytest.raises(LabError, match="no role 'both'; there are web, worker, monolith"):
        service.start("both", app.queue_url, app.table_name)
    with pytest.raises(LabError, match=r"did not come up: QueueDoesNotExist: .*[^.]\.$"):
        service.start("worker", app.queue_url + "x", app.table_name)
    with pytest.raises(LabError, match=r"did not come up: PROCESS_AUTOMATICALLY is 'maybe'.*[^.]\.$"):
        service.start("worker", app.queue_url, app.table_name, automatically="maybe")
    assert background._running == {}


def test_a_process_ends_with_its_parent_however_that_ends(make_app: Any) -> None:
    app = make_app()
    code = f"""
import os, signal
from labkit import service
print(service.start("worker", {app.queue_url!r}, {app.table_name!r}).pid, flush=True)
os.kill(os.getpid(), signal.SIGKILL)
"""
    done = subprocess.run([sys.executable, "-c", code], check=False, capture_output=True, text=True, timeout=30)
    assert until(lambda: not alive(int(done.stdout)))
