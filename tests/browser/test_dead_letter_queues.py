"""04, and its viewer of dead letters, used by keyboard."""

import pytest
from lab_page import LabPage
from playwright.sync_api import Locator, expect

HOSTILE = "<img src=x onerror=alert(1)>"
# In place of the tear-down: two more orders die, and are looked at while their queue is still there.
TWO_MORE = f"""
for order in ["7: nothing", "{HOSTILE}"]:
    sqs.send_message(QueueUrl=new_orders, MessageBody=order)
for _ in range(8):
    sqs.receive_message(QueueUrl=new_orders, VisibilityTimeout=0)
DeadLetterViewer(DeadLetters(sqs, dead))
"""


@pytest.fixture(scope="module")
def viewers(lab_page: LabPage) -> Locator:
    """The viewers in a copy of 04, all of which was run: the lesson's own, and one that can be used."""
    lab_page.end_with("04_dead_letter_queues.ipynb", TWO_MORE)
    lab_page.open("04_dead_letter_queues.ipynb")
    lab_page.run_all()
    lab_page.expect_no_errors()
    button = lab_page.page.get_by_role("button", name="Send one back")
    return lab_page.page.locator(".jp-OutputArea .lk-panel").filter(has=button)


def row(viewer: Locator, text: str) -> Locator:
    return viewer.locator(".lk-table tr[data-id]").filter(has_text=text)


def test_it_shows_the_letters_and_says_what_a_look_does(viewers: Locator) -> None:
    for order in ("5: nothing", "6: nothing"):
        expect(row(viewers.first, order)).to_contain_text("new-orders")
    expect(viewers.first).to_contain_text("Each look is a receive")


def test_what_a_letter_says_is_never_part_of_the_page(viewers: Locator) -> None:
    viewer = viewers.last
    expect(row(viewer, HOSTILE)).to_have_count(1)  # shown as it was sent
    expect(viewer.get_by_label("Message").get_by_text(HOSTILE, exact=True)).to_be_attached()
    expect(viewer.locator("img")).to_have_count(0)  # and no_surprises fails the test if an alert opens


def test_one_is_chosen_and_sent_back_by_keyboard_alone(lab_page: LabPage, viewers: Locator) -> None:
    viewer, keyboard = viewers.last, lab_page.page.keyboard
    send_one = viewer.get_by_role("button", name="Send one back")
    viewer.get_by_role("button", name="Look again").focus()
    keyboard.press("Tab")
    expect(viewer.get_by_label("Message")).to_be_focused()
    keyboard.type("<img")
    keyboard.press("Tab")
    expect(send_one).to_be_focused()
    keyboard.press("Enter")
    expect(viewer.get_by_role("status")).to_have_text(f"Sent back: {HOSTILE}")
    expect(row(viewer, HOSTILE)).to_have_count(0)
    expect(row(viewer, "7: nothing")).to_have_count(1)
    expect(viewer.get_by_role("alert")).to_be_empty()
    expect(send_one).to_be_focused()
    expect(viewer.locator("img")).to_have_count(0)
