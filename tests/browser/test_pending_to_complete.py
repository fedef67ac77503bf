"""The panel of 07, used by hand."""

import pytest
from lab_page import LabPage
from playwright.sync_api import Locator, expect

HOSTILE = "<img src=x onerror=alert(1)>"


@pytest.fixture(scope="module")
def shown_panel(lab_page: LabPage) -> Locator:
    """The panel of a copy of 07, all of which was run."""
    lab_page.open("07_pending_to_complete.ipynb")
    lab_page.run_all()
    lab_page.expect_no_errors()
    panel = lab_page.page.locator(".jp-OutputArea .lk-panel").filter(has=lab_page.page.get_by_role("button"))
    panel.get_by_role("button", name="Send message").scroll_into_view_if_needed()
    return panel


@pytest.fixture
def panel(shown_panel: Locator) -> Locator:
    """The same panel, with nothing waiting and nothing typed."""
    shown_panel.get_by_label("Message").fill("")
    shown_panel.get_by_role("button", name="Process messages").click()
    expect_gauges(shown_panel, waiting=0, in_flight=0)
    return shown_panel


def row(panel: Locator, text: str) -> Locator:
    return panel.locator(".lk-table tr[data-id]").filter(has_text=text)


def expect_gauges(panel: Locator, waiting: int, in_flight: int) -> None:
    for name, number in {"Waiting": waiting, "In flight": in_flight}.items():
        expect(panel.get_by_role("meter", name=name)).to_have_attribute("aria-valuenow", str(number))


def test_a_message_goes_from_pending_to_complete(panel: Locator) -> None:
    text, send = panel.get_by_label("Message"), panel.get_by_role("button", name="Send message")
    text.fill("three tickets")
    send.click()
    expect(row(panel, "three tickets").locator(".lk-state")).to_have_text("pending")
    expect_gauges(panel, waiting=1, in_flight=0)
    expect(text).to_have_value("")

    text.fill("one more refund")
    send.click()
    expect_gauges(panel, waiting=2, in_flight=0)
    panel.get_by_role("button", name="Process messages").click()
    expect(row(panel, "three tickets").locator(".lk-state")).to_have_text("complete")
    expect(row(panel, "one more refund").locator(".lk-state")).to_have_text("fail")
    expect_gauges(panel, waiting=0, in_flight=0)


def test_what_a_user_types_is_never_part_of_the_page(panel: Locator) -> None:
    panel.get_by_label("Message").fill(HOSTILE)
    panel.get_by_role("button", name="Send message").click()
    expect(row(panel, HOSTILE)).to_have_count(1)  # shown as it was typed
    expect(panel.locator("img")).to_have_count(0)
    panel.get_by_role("button", name="Process messages").click()
    expect(row(panel, HOSTILE).locator(".lk-state")).to_have_text("complete")
    expect(panel.locator("img")).to_have_count(0)  # and no_surprises fails the test if an alert opens


def test_an_empty_message_is_refused_in_the_panel(panel: Locator) -> None:
    rows = panel.locator(".lk-table tr[data-id]")
    before = rows.count()
    expect(panel.get_by_role("alert")).to_be_empty()
    panel.get_by_role("button", name="Send message").click()
    expect(panel.get_by_role("alert")).to_contain_text("empty")
    expect(rows).to_have_count(before)

    panel.get_by_label("Message").fill("not empty")
    panel.get_by_role("button", name="Send message").click()
    expect(row(panel, "not empty")).to_have_count(1)
    expect(panel.get_by_role("alert")).to_be_empty()


# A slow computer and a fast typist: letters and a click, with no time in between for the kernel to answer.
TYPE_AND_SEND_AT_ONCE = """(panel, text) => {
  const box = panel.querySelector("input");
  for (const typed of [text[0], text]) {
    box.value = typed;
    box.dispatchEvent(new Event("input", {bubbles: true}));
  }
  box.dispatchEvent(new Event("change", {bubbles: true}));
  panel.querySelector("button").click();
}"""


def test_a_click_never_overtakes_what_was_typed(panel: Locator) -> None:
    """It did, in two ways: letters held back until the kernel had answered, and a text field and a button that were
    served by two threads of the kernel (JupyterLab's setting commsOverSubshells), one time in five. Hence ten times.
    """
    for number in range(10):
        text = f"in a hurry {number}"
        panel.evaluate(TYPE_AND_SEND_AT_ONCE, text)
        expect(panel.locator(".lk-table tr[data-id] .lk-text").first).to_have_text(text)


def test_the_keyboard_is_enough(lab_page: LabPage, panel: Locator) -> None:
    keyboard = lab_page.page.keyboard
    panel.get_by_label("Message").focus()
    keyboard.type("by keyboard")
    keyboard.press("Tab")
    expect(panel.get_by_role("button", name="Send message")).to_be_focused()
    keyboard.press("Enter")
    expect(row(panel, "by keyboard").locator(".lk-state")).to_have_text("pending")
    keyboard.press("Tab")
    expect(panel.get_by_role("button", name="Process messages")).to_be_focused()
    keyboard.press("Space")
    expect(row(panel, "by keyboard").locator(".lk-state")).to_have_text("complete")
