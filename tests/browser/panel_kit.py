"""The panel in a browser, in JupyterLab and on the page alike."""

from __future__ import annotations

import re

from playwright.sync_api import Keyboard, Locator, expect

A_ROUND = 15_000  # ms until automatic processing has come by: every five seconds, on a busy machine
IS_OFF = re.compile("“Process messages” is off: Messages are processed automatically")


class PanelKit:
    """What a person does with the panel, and what is seen there."""

    def __init__(self, root: Locator) -> None:
        self.root = root
        self.text = root.get_by_label("Message")
        self.send = root.get_by_role("button", name="Send message")
        self.process = root.get_by_role("button", name="Process messages")
        self.automatic = root.get_by_role("checkbox", name="Process automatically")
        self.newer = root.get_by_role("button", name="Newer messages")
        self.older = root.get_by_role("button", name="Older messages")
        self.alert = root.get_by_role("alert")
        self.rows = root.locator(".lk-table tr[data-id]")

    def type_and_send(self, text: str) -> None:
        self.text.fill(text)
        self.send.click()
        expect(self.text).to_have_value("")

    def row(self, text: str) -> Locator:
        return self.rows.filter(has_text=text)

    def expect_state(self, text: str, state: str, within: float = 20_000) -> None:
        expect(self.row(text).locator(".lk-state")).to_have_text(state, timeout=within)

    def expect_gauges(self, waiting: int, in_flight: int = 0) -> None:
        for name, number in {"Waiting": waiting, "In flight": in_flight}.items():
            expect(self.root.get_by_role("meter", name=name)).to_have_attribute("aria-valuenow", str(number))


def whole_story(panel: PanelKit) -> None:
    """By hand: pending, complete, a poison message that fails. By itself: the button is off and says why. And back."""
    panel.type_and_send("three tickets")
    panel.expect_state("three tickets", "pending")
    panel.expect_gauges(waiting=1)
    panel.process.click()
    panel.expect_state("three tickets", "complete")
    panel.expect_gauges(waiting=0)

    panel.type_and_send("a refund <b>at once</b>")
    panel.process.click()
    panel.expect_state("a refund", "fail")
    expect(panel.row("a refund <b>at once</b>")).to_contain_text("ValueError: refunds are not for this machine")

    panel.automatic.check()
    expect(panel.process).to_be_disabled()
    expect(panel.process).to_have_accessible_description(IS_OFF)  # for a screen reader
    expect(panel.root).to_contain_text(IS_OFF)  # for everybody
    panel.type_and_send("by itself")
    panel.type_and_send("another refund")
    panel.expect_state("by itself", "complete", A_ROUND)
    panel.expect_state("another refund", "fail", A_ROUND)

    panel.automatic.uncheck()
    expect(panel.process).to_be_enabled()
    expect(panel.root).not_to_contain_text("is off:")
    panel.type_and_send("by hand again")
    panel.expect_state("by hand again", "pending")
    panel.process.click()
    panel.expect_state("by hand again", "complete")


def whole_story_by_keyboard(panel: PanelKit, keyboard: Keyboard) -> None:
    """The same, without a mouse: every control is reached by Tab, in the order in which one reads."""
    panel.text.focus()
    keyboard.type("typed")
    keyboard.press("Tab")
    expect(panel.send).to_be_focused()
    keyboard.press("Enter")
    panel.expect_state("typed", "pending")
    keyboard.press("Tab")
    expect(panel.process).to_be_focused()
    keyboard.press("Space")
    panel.expect_state("typed", "complete")
    expect(panel.process).to_be_focused()

    keyboard.press("Tab")
    expect(panel.automatic).to_be_focused()
    keyboard.press("Space")
    expect(panel.automatic).to_be_checked()
    expect(panel.process).to_be_disabled()
    expect(panel.automatic).to_be_focused()
    keyboard.press("Space")
    expect(panel.process).to_be_enabled()
    keyboard.press("Shift+Tab")
    expect(panel.process).to_be_focused()
