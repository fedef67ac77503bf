"""Which messages the panel shows: one page of them, of a function that returns a list or of one that returns pages."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from labkit.errors import LabError
from labkit.texts import widgets as texts

LIST_PAGE = 50  # messages of a list shown at once; a page that repaints more than that at each click is no pleasure
NEWEST: tuple[Any, ...] = (None,)  # the `after` of each page from the newest one to that which is meant
_LONGEST_EXCERPT = 200  # characters shown of what makes no sense


@dataclass(frozen=True)
class Page:
    """Some of the messages, newest first."""

    messages: list[Any]
    next: Any  # what the list function takes as `after` for the page that follows; None if there is none
    number: int  # 1 is the page with the newest
    start: int = 0  # of a list: how many messages are newer than these
    total: int | None = None  # of a list: how many there are in all


class Pages:
    """The page that is shown, and the way to its neighbours.

    A list function without a parameter `after` returns all messages, oldest first; it is cut into pages here. One with
    `after` returns a page, newest first: `messages` and `next`, as attributes or as keys, where `next` is what to give
    as `after` for the page that follows, or None.
    """

    def __init__(self, list_messages: Callable[..., Any]) -> None:
        self._list_messages = list_messages
        self._gives_pages = _takes_after(list_messages)
        self._way = self._shown = NEWEST  # the second: the last one that could be read
        self._next: Any = None

    def read(self) -> Page:
        """The page that is shown, as it is now; the newest one if there is nothing left on it.

        Raises LabError if the function's answer makes no sense, and whatever the function raises.
        """
        try:
            page = self._read_page()
            if not page.messages and self._way != NEWEST:
                self._way = NEWEST
                page = self._read_page()
        except Exception:
            self._way = self._shown  # so that one can ask for the same page again
            raise
        self._shown, self._next = self._way, page.next
        return page

    def turn_to_older(self) -> bool:
        """Go one page on; False if there is none."""
        if self._next is None:
            return False
        self._way = (*self._way, self._next)
        return True

    def turn_to_newer(self) -> bool:
        """Go one page back; False if the newest page is shown already."""
        if self._way == NEWEST:
            return False
        self._way = self._way[:-1]
        return True

    def _read_page(self) -> Page:
        after, number = self._way[-1], len(self._way)
        found = self._list_messages(after=after) if self._gives_pages else self._list_messages()
        if found is None:
            raise LabError(texts.LIST_IS_NONE)
        if self._gives_pages:
            return Page(list(_part(found, "messages")), _part(found, "next"), number)
        messages, start = list(found), after or 0
        end = start + LIST_PAGE
        newest_first = messages[::-1][start:end]
        return Page(newest_first, end if end < len(messages) else None, number, start, len(messages))


def _takes_after(function: Callable[..., Any]) -> bool:
    try:
        return "after" in inspect.signature(function).parameters
    except (TypeError, ValueError):  # `list` itself, and other functions written in C
        return False


def _part(page: Any, name: str) -> Any:
    try:
        return page[name] if isinstance(page, Mapping) else getattr(page, name)
    except (KeyError, AttributeError):
        raise LabError(texts.PAGE_IS_ODD.format(page=repr(page)[:_LONGEST_EXCERPT])) from None
