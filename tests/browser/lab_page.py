"""JupyterLab in a browser, as a student uses it: open a notebook, run its cells, look at what shows."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import Dialog, Locator, Page, Request, expect

KERNEL_IDLE = "Python 3 (ipykernel) | Idle"  # in the status bar; the toolbar says idle before there is a kernel
A_MINUTE = 60_000
INSIDE = re.compile(r"(https?|wss?)://(127\.0\.0\.1|localhost)[:/]|data:|blob:|about:")


class LabPage:
    """One browser tab. `address` is what JupyterLab itself would open, with its token."""

    def __init__(self, page: Page, address: str) -> None:
        self.page = page
        self.address = address
        parts = urlsplit(address)
        self.server = f"{parts.scheme}://{parts.netloc}"
        self.token = parse_qs(parts.query)["token"][0]
        self.surprises: list[str] = []  # requests to anybody else, and dialogs
        page.context.on("request", self._note_request)
        page.on("dialog", self._note_dialog)

    def _note_request(self, request: Request) -> None:
        if not INSIDE.match(request.url):
            self.surprises.append(f"request: {request.url}")

    def _note_dialog(self, dialog: Dialog) -> None:
        self.surprises.append(f"{dialog.type}: {dialog.message}")
        dialog.dismiss()

    def open_first(self) -> None:
        """Open what `python lab.py` opens."""
        self.page.goto(self.address)
        self._wait_until_ready()

    def open(self, notebook: str) -> None:
        """Open one of the notebooks, and no other tab."""
        self.page.goto(f"{self.server}/doc/tree/notebooks/{notebook}?reset&token={self.token}")
        self._wait_until_ready()

    def _wait_until_ready(self) -> None:
        expect(self.page.locator("#jp-main-statusbar")).to_contain_text(KERNEL_IDLE, timeout=A_MINUTE)
        expect(self.code_cells.last).to_be_attached()

    @property
    def code_cells(self) -> Locator:
        return self.page.locator(".jp-Notebook .jp-CodeCell")

    def run_all(self) -> None:
        """Run every cell and wait for the last one. The committed outputs go first: they must not pass for new ones."""
        last = self.code_cells.last.locator(".jp-InputPrompt")
        self._choose("Edit", "Clear Outputs of All Cells")
        expect(last).to_have_text("[ ]:")
        self._choose("Run", "Run All Cells")
        expect(last).to_have_text(re.compile(r"\[\d+\]:"), timeout=A_MINUTE)
        expect(self.page.locator("#jp-main-statusbar")).to_contain_text(KERNEL_IDLE, timeout=A_MINUTE)

    def _choose(self, menu: str, command: str) -> None:
        self.page.get_by_role("menuitem", name=menu, exact=True).click()
        self.page.get_by_role("menuitem", name=command, exact=True).click()

    def expect_no_errors(self) -> None:
        """Neither a traceback nor anything on stderr in any cell."""
        for kind in ("error", "stderr"):
            expect(self.page.locator(f'[data-mime-type="application/vnd.jupyter.{kind}"]')).to_have_count(0)
