"""08, and its panel with a box to tick, beside a thread that really polls."""

import pytest
from lab_page import LabPage
from playwright.sync_api import Locator, expect


@pytest.fixture(scope="module")
def panel(lab_page: LabPage) -> Locator:
    """The panel of a copy of 08, all of which was run."""
    lab_page.open("08_automatic_processing.ipynb")
    lab_page.run_all()
    lab_page.expect_no_errors()
    found = lab_page.page.locator(".jp-OutputArea .lk-panel").filter(has=lab_page.page.get_by_role("button"))
    found.scroll_into_view_if_needed()
    return found


def send(panel: Locator, text: str) -> None:
    panel.get_by_label("Message").fill(text)
    panel.get_by_role("button", name="Send message").click()


def test_by_hand_it_waits_and_by_itself_it_does_not(panel: Locator) -> None:
    row = panel.get_by_role("row").filter(has_text="six tickets")
    send(panel, "six tickets")
    expect(row).to_contain_text("pending")
    panel.get_by_role("checkbox").check()
    expect(panel.get_by_role("button", name="Process messages")).to_be_disabled()
    expect(row).to_contain_text("complete", timeout=15_000)  # a round comes every five seconds


def test_unticked_the_button_works_again(panel: Locator) -> None:
    panel.get_by_role("checkbox").uncheck()
    button = panel.get_by_role("button", name="Process messages")
    expect(button).to_be_enabled()
    send(panel, "<b>seven</b> tickets")
    row = panel.get_by_role("row").filter(has_text="<b>seven</b> tickets")
    expect(row).to_contain_text("pending")
    button.click()
    expect(row).to_contain_text("complete")
