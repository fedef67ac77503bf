"""The list in pages: nothing twice, nothing left out, however the messages lie over days and pages."""

import base64
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labkit import LabError
from labkit.messages import LARGEST_PAGE, LOOKS_BACK, Message, Messages

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
DAY = timedelta(days=1)


def put(app: Messages, sent_at: list[datetime]) -> None:
    for number, moment in enumerate(sent_at):
        app._write(Message(f"m-{number}", "x", "pending", moment.isoformat(timespec="milliseconds")))


def read_all(app: Messages, size: int) -> list[list[Message]]:
    pages, after = [], None
    while True:
        page = app.find_page(size, after)
        pages.append(page.messages)
        if (after := page.next) is None:
            return pages


@settings(max_examples=30)
@given(days=st.lists(st.integers(0, LOOKS_BACK), max_size=12), size=st.integers(1, 5))
def test_every_message_is_on_one_page_newest_first_and_only_the_last_may_be_empty(
    make_app: Callable[..., Messages], days: list[int], size: int
) -> None:
    app = make_app(now=lambda: NOW)
    put(app, [NOW - days_ago * DAY + timedelta(milliseconds=n // 2) for n, days_ago in enumerate(days)])  # some at once
    pages = read_all(app, size)
    listed = [m for page in pages for m in page]
    assert sorted(m.id for m in listed) == sorted(f"m-{n}" for n in range(len(days)))
    assert [m.sent_at for m in listed] == sorted((m.sent_at for m in listed), reverse=True)
    assert all(len(page) == size for page in pages[:-1])


def test_a_page_goes_back_over_days_without_a_message(make_app: Any) -> None:
    app = make_app(now=lambda: NOW)
    put(app, [NOW, NOW - 3 * DAY, NOW - LOOKS_BACK * DAY, NOW - (LOOKS_BACK + 1) * DAY])
    assert [m.id for m in app.find_page(50).messages] == ["m-0", "m-1", "m-2"]
    first = app.find_page(1)
    second = app.find_page(1, first.next)
    assert [m.id for m in second.messages] == ["m-1"]


def test_what_a_page_costs_does_not_grow_with_the_table(make_app: Any) -> None:
    app = make_app(now=lambda: NOW)
    put(app, [NOW - timedelta(seconds=n) for n in range(10)])
    before = app.find_page(5)
    put(app, [NOW - timedelta(minutes=1, seconds=n) for n in range(60)])
    assert app.find_page(5).capacity == before.capacity == 0.5
    assert make_app(now=lambda: NOW).find_page().capacity == (LOOKS_BACK + 1) * 0.5  # a look at each empty day


def test_large_texts_make_shorter_pages_and_none_is_lost(make_app: Any) -> None:
    app = make_app()
    for number in range(8):
        app.send(f"{number}" + "x" * 300_000)  # three to the 1 MB that a Query reads
    pages = read_all(app, 50)
    assert [m.text[0] for page in pages for m in page] == list("76543210")
    assert [len(page) for page in pages[:2]] == [3, 3] or [len(page) for page in pages[:2]] == [4, 4]


def test_a_day_may_end_with_its_page_and_the_list_goes_on(make_app: Any) -> None:
    """With as many messages as asked for, DynamoDB may say that there is more, or not."""

    class NeverMore:
        def query(self, **asked: Any) -> Any:
            return {**app.dynamodb.query(**asked), "LastEvaluatedKey": None}

    app = make_app(now=lambda: NOW)
    put(app, [NOW, NOW - DAY])
    listing = Messages(**{**vars(app), "dynamodb": NeverMore()})
    assert [[m.id for m in page] for page in read_all(listing, 1)] == [["m-0"], ["m-1"], []]


def test_a_message_sent_between_two_pages_moves_none_of_the_others(make_app: Any) -> None:
    app = make_app(now=lambda: NOW)
    put(app, [NOW - timedelta(seconds=n) for n in range(4)])
    first = app.find_page(2)
    app._write(Message("late", "x", "pending", NOW.isoformat(timespec="milliseconds")))
    assert [m.id for m in app.find_page(2, first.next).messages] == ["m-2", "m-3"]


@pytest.mark.parametrize("size", [0, -1, LARGEST_PAGE + 1, True, 2.5, "5", None, 10**30])
def test_a_size_that_is_none_is_refused(make_app: Any, size: Any) -> None:
    with pytest.raises(LabError, match="from 1 to 200"):
        make_app().find_page(size)


def token(*parts: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(parts).encode()).decode().rstrip("=")


@pytest.mark.parametrize(
    "after",
    [
        "",
        "x",
        "{}",
        "../../etc",
        "é",
        "a\x00b",
        7,
        b"bytes",
        "A" * 100_001,
        base64.urlsafe_b64encode(b"[" * 100_000).decode(),
        base64.urlsafe_b64encode(b"\xff\xfe").decode(),
        token(),
        token("TABLE"),
        token("another table", "2026-11-23"),
        token("TABLE", "2026-11-25"),  # tomorrow
        token("TABLE", "9999-12-31"),
        token("TABLE", 7),
        token("TABLE", "2026-11-23", "2026-11-22T00:00:00.000+00:00", "m-1"),
        token("TABLE", "2026-11-23", "2026-11-23T00:00:00.000+00:00"),
        token("TABLE", "2026-11-23", "2026-11-23T00:00:00.000+00:00", ""),
        token("TABLE", "2026-11-23", "2026-11-23T00:00:00.000+00:00", {"N": "1"}),
        token("TABLE", "2026-11-23", {"S": "x"}, "m-1"),
        token("TABLE", "2026-11-23", "2026-11-23", "m-1", "more"),
    ],
    ids=lambda after: repr(after)[:24],
)
def test_an_after_that_is_malformed_or_foreign_is_refused_in_a_sentence(make_app: Any, after: Any) -> None:
    app = make_app(now=lambda: NOW)
    if isinstance(after, str) and after.startswith("WyJUQUJMRS"):  # ["TABLE…
        after = token(app.table_name, *json.loads(base64.urlsafe_b64decode(after + "=="))[1:])
        if after == token(app.table_name):
            after = token(app.table_name, "")
    with pytest.raises(LabError, match="no page of this list"):
        app.find_page(5, after)


def test_a_page_of_long_ago_is_the_end_of_the_list(make_app: Any) -> None:
    app = make_app(now=lambda: NOW)
    assert app.find_page(5, token(app.table_name, "0001-01-01")).next is None


def test_next_may_stand_in_an_address_as_it_is(make_app: Any) -> None:
    app = make_app(now=lambda: NOW, new_id=lambda: "?" * 100)
    app.send("x")
    after = app.find_page(1).next
    assert after is not None
    assert set(after) <= set(map(chr, range(33, 127))) - set("%&=+/?#")
    assert app.find_page(1, after).messages == []
