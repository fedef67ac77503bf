"""Which messages the panel shows, and how one gets to the others."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from labkit.errors import LabError
from labkit.texts import widgets as texts
from labkit.widgets import Panel
from labkit.widgets.pages import LIST_PAGE, Pages

MANY = [{"id": f"m-{number}", "text": "x", "state": "pending"} for number in range(5_000)]


def in_pages(messages: list[Any], size: int = 10, asked: list[Any] | None = None) -> Callable[..., dict[str, Any]]:
    """A list function as the application's: newest first, with opaque texts that lead on."""

    def find_page(after: str | None = None) -> dict[str, Any]:
        if asked is not None:
            asked.append(after)
        start = int(after.removeprefix("after ")) if after else 0
        found = messages[::-1][start : start + size]
        end = start + size
        return {"messages": found, "next": f"after {end}" if end < len(messages) else None}

    return find_page


def ids(pages: Pages) -> list[str]:
    return [message["id"] for message in pages.read().messages]


def test_a_list_is_cut_into_pages_newest_first() -> None:
    pages = Pages(lambda: MANY)
    assert ids(pages) == [f"m-{number}" for number in range(4_999, 4_999 - LIST_PAGE, -1)]
    assert pages.turn_to_older()
    assert ids(pages)[0] == f"m-{4_999 - LIST_PAGE}"
    page = pages.read()
    assert (page.number, page.start, page.total) == (2, LIST_PAGE, 5_000)
    assert pages.turn_to_newer()
    assert ids(pages)[0] == "m-4999"


@pytest.mark.parametrize("list_messages", [lambda: MANY, in_pages(MANY, 7)], ids=["list", "pages"])
def test_every_message_is_on_one_page_and_there_is_a_last_one(list_messages: Callable[..., Any]) -> None:
    pages = Pages(list_messages)
    seen = ids(pages)
    while pages.turn_to_older():
        seen += ids(pages)
    assert seen == [message["id"] for message in reversed(MANY)]
    while pages.turn_to_newer():
        assert pages.read().messages
    assert ids(pages)[0] == "m-4999"


def test_pages_are_asked_for_one_at_a_time_and_read_again_from_where_they_begin() -> None:
    asked: list[Any] = []
    pages = Pages(in_pages(MANY, asked=asked))
    pages.read()
    pages.turn_to_older()
    pages.read()
    pages.read()
    assert asked == [None, "after 10", "after 10"]


def test_pages_may_be_objects() -> None:
    pages = Pages(lambda after: SimpleNamespace(messages=MANY[:1], next=None))
    assert ids(pages) == ["m-0"]
    assert not pages.turn_to_older()


def test_a_page_that_was_emptied_gives_way_to_the_newest() -> None:
    messages = list(MANY[:15])
    pages = Pages(in_pages(messages))
    pages.read()
    pages.turn_to_older()
    assert len(pages.read().messages) == 5
    del messages[3:]
    assert ids(pages) == ["m-2", "m-1", "m-0"]
    assert pages.read().number == 1


@pytest.mark.parametrize(
    "page", [{"messages": []}, {"next": None}, [], "page", 7, SimpleNamespace(messages=[])], ids=str
)
def test_a_page_that_is_none_is_told_so(page: Any) -> None:
    with pytest.raises(LabError, match='must have "messages" and "next"'):
        Pages(lambda after=None: page).read()


def test_a_list_function_in_c_has_no_pages() -> None:
    assert Pages(list).read().messages == []


def panel_of(list_messages: Callable[..., Any]) -> Panel:
    return Panel(lambda text: None, list, list_messages)


def test_the_buttons_that_turn_pages_are_there_only_where_there_are_pages() -> None:
    assert panel_of(lambda: MANY[:LIST_PAGE]).turn.layout.display == "none"
    assert panel_of(lambda: MANY).turn.layout.display is None
    assert panel_of(in_pages(MANY[:10])).turn.layout.display == "none"
    assert panel_of(in_pages(MANY[:11])).turn.layout.display is None


def test_the_panel_turns_pages_and_stays_on_the_one_it_shows() -> None:
    panel = panel_of(in_pages(MANY))
    panel.older.click()
    assert 'data-id="m-4989"' in panel.table.value
    assert "Page 2 of the messages, newest first" in panel.table.value
    panel.refresh()
    assert 'data-id="m-4989"' in panel.table.value
    panel.newer.click()
    assert 'data-id="m-4999"' in panel.table.value
    assert panel.errors == []


def test_at_either_end_the_button_says_so_and_stays_on() -> None:
    panel = panel_of(in_pages(MANY[:15]))
    panel.newer.click()
    assert texts.NO_NEWER in panel.notice.value
    panel.older.click()
    assert texts.NO_OLDER not in panel.notice.value
    panel.older.click()
    assert texts.NO_OLDER in panel.notice.value
    assert not panel.older.disabled
    assert not panel.newer.disabled


def test_a_page_that_cannot_be_read_leaves_the_last_picture_and_can_be_asked_for_again() -> None:
    works = [True]

    def find_page(after: str | None = None) -> Any:
        if after and not works[0]:
            raise TimeoutError("too slow")
        return in_pages(MANY)(after)

    panel = panel_of(find_page)
    works[0] = False
    panel.older.click()
    assert "TimeoutError: too slow" in panel.notice.value
    assert 'data-id="m-4999"' in panel.table.value
    works[0] = True
    panel.older.click()
    assert 'data-id="m-4989"' in panel.table.value
    assert "Page 2 of" in panel.table.value
