"""A browser tab that notes whatever its page must not do."""

from __future__ import annotations

import re

from playwright.sync_api import Dialog, Page, Request

INSIDE = re.compile(r"(https?|wss?)://(127\.0\.0\.1|localhost)[:/]|data:|blob:|about:")


class Tab:
    """One tab; `surprises` are requests to anybody but this computer, and dialogs."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.surprises: list[str] = []
        page.context.on("request", self._note_request)
        page.on("dialog", self._note_dialog)

    def _note_request(self, request: Request) -> None:
        if not INSIDE.match(request.url):
            self.surprises.append(f"request: {request.url}")

    def _note_dialog(self, dialog: Dialog) -> None:
        self.surprises.append(f"{dialog.type}: {dialog.message}")
        dialog.dismiss()
