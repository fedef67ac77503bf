"""The panel as a web page: the whole story, a state of its own for each tab, and nothing for strangers."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from panel_kit import PanelKit, whole_story, whole_story_by_keyboard
from playwright.sync_api import Browser, expect
from tab import Tab

from conftest import announced, free_port
from lab_setup import ROOT, jupyter


@pytest.fixture(scope="module")
def page_server(
    chromium: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[str, "subprocess.Popen[bytes]"]]:
    """The page as `python lab.py page` starts it: its address, token and all, and its process."""
    log: Path = tmp_path_factory.mktemp("page") / "page.log"
    with log.open("wb") as output:
        server = subprocess.Popen(
            [sys.executable, "-m", "page", "--no-browser", f"--port={free_port()}"],
            cwd=ROOT,
            env={**os.environ, "JUPYTER_PREFER_ENV_PATH": "1", **jupyter.settings()},
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        yield announced(log, server), server
    finally:
        server.terminate()
        server.wait(timeout=20)


@pytest.fixture
def tab(browser: Browser, page_server: tuple[str, "subprocess.Popen[bytes]"]) -> Iterator[Tab]:
    context = browser.new_context(viewport={"width": 1000, "height": 900})
    tab = Tab(context.new_page())
    tab.page.goto(page_server[0])
    yield tab
    context.close()


@pytest.fixture(autouse=True)
def no_surprises(tab: Tab) -> Iterator[None]:
    """As in JupyterLab, which these tests do without."""
    yield
    assert tab.surprises == []


def panel_in(tab: Tab) -> PanelKit:
    panel = PanelKit(tab.page.locator(".lk-panel"))
    expect(panel.send).to_be_visible(timeout=60_000)
    return panel


def test_the_whole_story_without_any_code(tab: Tab) -> None:
    panel = panel_in(tab)
    expect(tab.page.get_by_role("heading", name="What became of my message?")).to_be_visible()
    expect(tab.page).to_have_title("What became of my message?")
    expect(tab.page.locator(".jp-InputArea, .jp-CodeMirrorEditor")).to_have_count(0)
    whole_story(panel)


def test_the_whole_story_by_keyboard(tab: Tab) -> None:
    whole_story_by_keyboard(panel_in(tab), tab.page.keyboard)


def test_each_tab_has_a_queue_and_a_table_of_its_own(tab: Tab, page_server: tuple[str, object]) -> None:
    panel = panel_in(tab)
    panel.type_and_send("only here")
    panel.expect_gauges(waiting=1)
    other = Tab(tab.page.context.new_page())
    other.page.goto(page_server[0])
    other_panel = panel_in(other)
    expect(other_panel.root).to_contain_text("No messages yet.")
    other_panel.expect_gauges(waiting=0)
    panel.process.click()
    panel.expect_state("only here", "complete")
    assert other.surprises == []


def test_without_its_token_the_page_starts_nothing(tab: Tab, page_server: tuple[str, object]) -> None:
    context = tab.page.context.browser
    assert context is not None
    stranger = context.new_context()
    answer = stranger.request.get(page_server[0].split("?")[0])
    assert "lk-panel" not in answer.text()
    assert "/login" in answer.url
    stranger.close()
