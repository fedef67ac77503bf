"""JupyterLab in a browser, as a student uses it: open a notebook, run its cells, look at what shows."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import parse_qs, urlsplit

import nbformat
from playwright.sync_api import Locator, Page, expect
from tab import Tab

KERNEL_IDLE = "Python 3 (ipykernel) | Idle"  # in the status bar; the toolbar says idle before there is a kernel
A_MINUTE = 60_000


class LabPage(Tab):
    """JupyterLab's tab. `address` is what JupyterLab itself would open, with its token."""

    def __init__(self, page: Page, address: str) -> None:
        super().__init__(page)
        self.address = address
        parts = urlsplit(address)
        self.server = f"{parts.scheme}://{parts.netloc}"
        self.token = parse_qs(parts.query)["token"][0]

    def write(self, notebook: str, *cells: str) -> None:
        """Put a notebook with these cells where `open` looks for it."""
        kernel = {"name": "python3", "display_name": "Python 3 (ipykernel)", "language": "python"}
        made = nbformat.v4.new_notebook(
            cells=[nbformat.v4.new_code_cell(cell) for cell in cells], metadata={"kernelspec": kernel}
        )
        self._put(notebook, made)

    def end_with(self, notebook: str, cell: str) -> None:
        """Have the last cell of one of the notebooks do this instead."""
        path = f"{self.server}/api/contents/notebooks/{notebook}"
        content = self.page.request.get(path, headers=self._authorization).json()["content"]
        content["cells"][-1]["source"] = cell
        self._put(notebook, content)

    def _put(self, notebook: str, content: dict[str, Any]) -> None:
        self.page.request.put(
            f"{self.server}/api/contents/notebooks/{notebook}",
            headers=self._authorization,
            data={"type": "notebook", "format": "json", "content": content},
        )

    @property
    def _authorization(self) -> dict[str, str]:
        return {"Authorization": f"token {self.token}"}

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
