"""03 as a student sees it: gauges that follow what the cells do, and move while one runs."""

import pytest
from lab_page import LabPage
from playwright.sync_api import expect

# What the gauge of waiting messages shows, looked at often enough to see it move.
WATCH = """() => {
  window.seen = new Set();
  setInterval(() => {
    for (const meter of document.querySelectorAll(".lk-gauges [role=meter][aria-label=waiting]"))
      window.seen.add(Number(meter.getAttribute("aria-valuenow")));
  }, 20);
}"""


@pytest.fixture(scope="module")
def notebook(lab_page: LabPage) -> LabPage:
    lab_page.open("03_settings_and_monitoring.ipynb")
    lab_page.page.evaluate(WATCH)
    lab_page.run_all()
    lab_page.expect_no_errors()
    return lab_page


def test_gauges_move_while_a_cell_runs(notebook: LabPage) -> None:
    seen = notebook.page.evaluate("[...window.seen]")
    assert max(seen) >= 20  # the rush, in the middle of the cell of forty minutes
    assert len(seen) >= 5


def test_gauges_follow_what_later_cells_do(notebook: LabPage) -> None:
    gauges = notebook.page.locator(".jp-OutputArea .lk-gauges")
    # When the cell showed them first, one was in flight and one delayed. By the end the shop's last orders wait.
    for name, number in {"waiting": "3", "in flight": "0", "delayed": "0"}.items():
        expect(gauges.get_by_role("meter", name=name)).to_have_attribute("aria-valuenow", number)
