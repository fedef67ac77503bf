"""The panel in JupyterLab: the whole story, what a server refuses, and many messages. Its notebook is the page's code."""

import pytest
from lab_page import LabPage
from panel_kit import PanelKit, whole_story, whole_story_by_keyboard
from playwright.sync_api import expect

from lab_setup import ROOT

STORY = (ROOT / "page" / "messages.py").read_text(encoding="utf-8")
# The same application as a server, and a button with which somebody else switches automatic processing on and off.
SERVED = """
import ipywidgets
from labkit.background import serve
from labkit.web import make_app
from labkit.widgets import panel_for

elsewhere = ipywidgets.Button(description="Elsewhere")
elsewhere.on_click(lambda _: switch(not automatic.is_on))
ipywidgets.VBox([elsewhere, panel_for(serve(make_app(app, automatic)).url).root])
"""
MANY = """
from labkit.widgets import Panel

messages = [{"id": f"m-{n}", "text": f"order {n}", "state": "complete"} for n in range(5_000)]

def send(text):
    messages.append({"id": f"m-{len(messages)}", "text": text, "state": "pending"})

Panel(send, list, lambda: messages)
"""


@pytest.fixture(scope="module")
def panels(lab_page: LabPage) -> list[PanelKit]:
    lab_page.write("panel.ipynb", STORY, SERVED, MANY)
    lab_page.open("panel.ipynb")
    lab_page.run_all()
    lab_page.expect_no_errors()
    found = lab_page.page.locator(".jp-OutputArea .lk-panel").filter(has=lab_page.page.get_by_role("button"))
    expect(found).to_have_count(3)
    return [PanelKit(found.nth(number)) for number in range(3)]


def test_the_whole_story(panels: list[PanelKit]) -> None:
    whole_story(panels[0])


def test_the_whole_story_by_keyboard(panels: list[PanelKit], lab_page: LabPage) -> None:
    whole_story_by_keyboard(panels[0], lab_page.page.keyboard)


def test_a_button_that_the_server_refuses_says_why_and_the_keyboard_goes_on_from_there(
    panels: list[PanelKit], lab_page: LabPage
) -> None:
    _, panel, _ = panels
    lab_page.page.get_by_role("button", name="Elsewhere").click()
    panel.text.fill("typed and not sent")
    panel.process.focus()
    lab_page.page.keyboard.press("Space")
    expect(panel.alert).to_contain_text("Messages are processed automatically, every 5 seconds")
    expect(panel.process).to_be_disabled()
    expect(panel.text).to_have_value("typed and not sent")
    # The button that was pressed is off now; its neighbour comes next all the same.
    lab_page.page.keyboard.press("Shift+Tab")
    expect(panel.send).to_be_focused()

    lab_page.page.get_by_role("button", name="Elsewhere").click()
    expect(panel.process).to_be_enabled()


def test_of_5000_messages_a_page_is_shown_and_turned_by_keyboard(panels: list[PanelKit], lab_page: LabPage) -> None:
    _, _, panel = panels
    expect(panel.rows).to_have_count(50)
    expect(panel.root).to_contain_text("Messages 1 to 50 of 5,000, newest first")
    panel.older.focus()
    lab_page.page.keyboard.press("Enter")
    expect(panel.root).to_contain_text("Messages 51 to 100 of 5,000")
    expect(panel.older).to_be_focused()
    lab_page.page.keyboard.press("Shift+Tab")
    expect(panel.newer).to_be_focused()
    lab_page.page.keyboard.press("Enter")
    expect(panel.root).to_contain_text("Messages 1 to 50 of 5,000")
    panel.type_and_send("the newest")
    expect(panel.rows.first).to_contain_text("the newest")
    expect(panel.rows).to_have_count(50)
