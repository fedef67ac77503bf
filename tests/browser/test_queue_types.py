"""02, and its calculator, used by keyboard."""

import pytest
from lab_page import LabPage
from playwright.sync_api import Locator, expect


@pytest.fixture(scope="module")
def calculator(lab_page: LabPage) -> Locator:
    """The calculator of a copy of 02, all of which was run."""
    lab_page.open("02_queue_types.ipynb")
    lab_page.run_all()
    lab_page.expect_no_errors()
    found = lab_page.page.locator(".jp-OutputArea .lk-panel").filter(has=lab_page.page.get_by_label("Messages a month"))
    found.scroll_into_view_if_needed()
    return found


def test_every_field_is_found_by_its_label_and_typed_into(calculator: Locator) -> None:
    for label, typed in {
        "Messages a month": "10000000",
        "Messages in a call": "10",
        "Empty receives a month": "0",
    }.items():
        calculator.get_by_label(label).fill(typed)
        calculator.get_by_label(label).press("Enter")
    expect(calculator.get_by_role("status")).to_contain_text("$0.80")
    calculator.get_by_label("Queue").select_option("FIFO")
    expect(calculator.get_by_role("status")).to_contain_text("$1.00")


def test_what_no_call_can_carry_is_said(calculator: Locator) -> None:
    calculator.get_by_label("Messages in a call").fill("10")
    calculator.get_by_label("Messages in a call").press("Tab")
    calculator.get_by_label("Bytes in each").fill("200000")
    calculator.get_by_label("Bytes in each").press("Tab")
    expect(calculator.get_by_role("alert")).to_contain_text("2,000,000 bytes")
