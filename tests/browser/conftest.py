"""A real JupyterLab, started as `lab.py` starts it, on copies of the notebooks, and the system's Chromium.

Everything ends with the last test of this folder: as long as Playwright runs, nothing else in this process can use
asyncio.
"""

import os
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Generator, Iterator
from pathlib import Path

import pytest
from lab_page import LabPage
from playwright.sync_api import Browser, expect, sync_playwright
from tab import Tab

from lab_setup import ROOT, jupyter

ARTIFACTS = ROOT / "test-artifacts"
CHROMIUM_OPTIONS = [
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-gpu",
    "--disable-quic",
    "--disable-sync",
    "--no-first-run",
    "--no-sandbox",  # in a container, as root, Chromium does not start otherwise; it only sees our own pages
]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Leave a picture of the browser tab in test-artifacts/ when a test fails."""
    report = yield
    tabs = [found for found in getattr(item, "funcargs", {}).values() if isinstance(found, Tab)]
    if report.failed and report.when != "teardown" and tabs:  # there the tab may be closed already
        ARTIFACTS.mkdir(exist_ok=True)
        tabs[0].page.screenshot(path=ARTIFACTS / f"{item.name}.png")
    return report


@pytest.fixture(scope="package")
def chromium() -> str:
    """The path of a Chromium. Where `CI` is set it must be there; elsewhere these tests are skipped without it."""
    names = ("chromium", "chromium-browser", "google-chrome")
    found = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, names)), None)
    if found is None:
        (pytest.fail if os.environ.get("CI") else pytest.skip)("no Chromium here; set CHROMIUM to the path of one")
    return found


@pytest.fixture(scope="package")
def browser(chromium: str) -> Iterator[Browser]:
    expect.set_options(timeout=20_000)
    with sync_playwright() as playwright:
        yield playwright.chromium.launch(executable_path=chromium, args=CHROMIUM_OPTIONS)


@pytest.fixture(scope="package")
def address(chromium: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address that JupyterLab would open in the student's browser, token and all.

    Command and settings are lab.py's own; only the folders are others, so that the notebooks that JupyterLab saves
    are copies, and no settings or open tabs of the machine play a part.
    """
    house = tmp_path_factory.mktemp("house")
    for folder in (ROOT / "notebooks", ROOT / "data"):
        if folder.exists():  # git knows no empty folder
            shutil.copytree(folder, house / folder.name, ignore=shutil.ignore_patterns(".ipynb_checkpoints"))
    fresh = {
        name: str(house / f".{name.lower()}")
        for name in (
            "JUPYTER_CONFIG_DIR",
            "JUPYTER_DATA_DIR",
            "JUPYTER_RUNTIME_DIR",
            "JUPYTERLAB_SETTINGS_DIR",
            "JUPYTERLAB_WORKSPACES_DIR",
            "IPYTHONDIR",
        )
    }
    options = ["--no-browser", f"--ServerApp.root_dir={house}", f"--ServerApp.port={free_port()}"]
    log = house / "jupyterlab.log"
    with log.open("wb") as output:
        server = subprocess.Popen(
            jupyter.command(Path(sys.executable), options),
            cwd=house,
            env={**os.environ, "JUPYTER_PREFER_ENV_PATH": "1", **jupyter.settings(), **fresh},
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        yield announced(log, server)
    finally:
        server.terminate()
        server.wait(timeout=20)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def announced(log: Path, server: "subprocess.Popen[bytes]", seconds: float = 60) -> str:
    """The first address with a token in the server's log, once it is there."""
    end = time.monotonic() + seconds
    while time.monotonic() < end and server.poll() is None:
        if found := re.search(r"http://(127\.0\.0\.1|localhost):\d+\S*token=\w+", log.read_text(encoding="utf-8")):
            return found[0]
        time.sleep(0.1)
    pytest.fail(f"It did not start:\n{log.read_text(encoding='utf-8')}")


@pytest.fixture(scope="module")
def lab_page(browser: Browser, address: str) -> Iterator[LabPage]:
    """One browser tab for the tests of a file; at their end its kernels end too."""
    context = browser.new_context(viewport={"width": 1280, "height": 1000})
    lab_page = LabPage(context.new_page(), address)
    yield lab_page
    end_kernels(lab_page)
    context.close()


@pytest.fixture(autouse=True)
def no_surprises(lab_page: LabPage) -> Iterator[None]:
    """No page may ask anybody but our own server for anything, or open an alert."""
    yield
    assert lab_page.surprises == []


def end_kernels(lab_page: LabPage) -> None:
    sessions = f"{lab_page.server}/api/sessions"
    headers = {"Authorization": f"token {lab_page.token}"}
    for session in lab_page.page.request.get(sessions, headers=headers).json():
        lab_page.page.request.delete(f"{sessions}/{session['id']}", headers=headers)
