"""What a student sees first."""

import re

from lab_page import LabPage
from playwright.sync_api import expect


def test_the_first_notebook_opens_by_itself_and_runs_to_the_bottom(lab_page: LabPage) -> None:
    lab_page.open_first()
    expect(lab_page.page.get_by_role("tab", name="00_start_here.ipynb")).to_be_visible()
    expect(lab_page.page.locator(".jp-Dialog")).to_have_count(0)
    expect(lab_page.page.locator(".Toastify__toast")).to_have_count(0)

    lab_page.run_all()
    prompts = lab_page.code_cells.locator(".jp-InputPrompt").all_inner_texts()
    assert [prompt for prompt in prompts if not re.fullmatch(r"\[\d+\]:", prompt)] == []
    lab_page.expect_no_errors()
