"""7.6: a list in pages, at the price of what a page shows."""

from __future__ import annotations

import itertools
import json
from typing import Any

from labkit.checks.exercise import Broken, Exercise
from labkit.checks.read_units import read_units
from labkit.checks.trial import Trial
from labkit.embedded.in_process import InProcessAws
from labkit.messages import create_table

list_page = Exercise("7.6", "list_page", ("table_name", "day", "size", "after"))

DAY, DAY_BEFORE, EMPTY_DAY = "2026-11-24", "2026-11-23", "2026-11-22"
NAMES = ("id", "text", "state", "sent_at")
DEAREST = 3.0  # read units for a page of five messages of a kilobyte: two and a half if they were read twice over
_numbers = itertools.count(1)


class Shop:
    """A table with its index, and messages of two days in it."""

    def __init__(self, aws: InProcessAws, messages: int, kilobytes: float = 0.1) -> None:
        self._dynamodb = aws.client("dynamodb")
        self.table_name = f"shop-{next(_numbers)}"
        create_table(self._dynamodb, self.table_name)
        self.newest_first: list[str] = []
        for number in range(messages):
            # Two at a time at the same moment, as happens in a shop.
            sent_at = f"{DAY}T{10 + number // 120:02}:{number // 2 % 60:02}:00.000+00:00"
            self._put(f"m-{number}", DAY, sent_at, kilobytes, fails=number % 3 == 1)
            self.newest_first.insert(0, f"m-{number}")
            self._put(f"old-{number}", DAY_BEFORE, sent_at.replace(DAY, DAY_BEFORE), kilobytes)

    def _put(self, message_id: str, day: str, sent_at: str, kilobytes: float, fails: bool = False) -> None:
        item = {"id": message_id, "text": "x" * int(1000 * kilobytes), "sent_at": sent_at, "day": day}
        item |= {"state": "fail", "reason": "no refunds"} if fails else {"state": "complete"}
        self._dynamodb.put_item(TableName=self.table_name, Item={name: {"S": value} for name, value in item.items()})


@list_page.holds
def first_page(trial: Trial) -> None:
    shop = Shop(trial.aws, 7)
    messages, _ = _page(trial, shop, 5)
    if len(messages) > 5:
        raise Broken("too_many", number=len(messages))
    if any(message["id"].startswith("old") for message in messages):
        raise Broken("other_day")
    times = [message["sent_at"] for message in messages]
    if not times or times != sorted(times, reverse=True) or messages[0]["id"] not in shop.newest_first[:2]:
        raise Broken("not_newest", ids=[message["id"] for message in messages])
    for message in messages:
        wanted = "no refunds" if message["state"] == "fail" else ""
        if message.get("reason", "") != wanted:
            raise Broken("reason", id=message["id"], got=message.get("reason", ""), wanted=wanted)


@list_page.holds
def empty_day(trial: Trial) -> None:
    shop = Shop(trial.aws, 1)
    answer = trial.call(shop.table_name, EMPTY_DAY, 5, returns=dict)
    if answer.get("messages") != [] or answer.get("next") is not None:
        raise Broken("not_empty", got=answer)


@list_page.holds
def all_pages(trial: Trial) -> None:
    for number, size in ((7, 3), (6, 3), (7, 2)):
        shop = Shop(trial.aws, number)
        messages, second = _page(trial, shop, size)
        pages, after = [messages], second
        while after is not None:
            if len(pages) > number + 2:
                raise Broken("never_ends", size=size, number=number)
            messages, after = _page(trial, shop, size, after)
            pages.append(messages)
        seen = [message["id"] for page in pages for message in page]
        if len(seen) != len(set(seen)):
            raise Broken("twice", id=next(one for one in seen if seen.count(one) > 1), size=size)
        if missing := set(shop.newest_first) - set(seen):
            raise Broken("missing", number=len(missing), total=number, size=size)
        again, _ = _page(trial, shop, size, second)  # by somebody else, or after a step back
        if again != pages[1]:
            raise Broken("another", size=size)


@list_page.holds
def price(trial: Trial) -> None:
    shop = Shop(trial.aws, 60, kilobytes=1)
    after = None
    for number in range(1, 7):  # a page far down the list is no dearer than the first
        with read_units() as units:
            _, after = _page(trial, shop, 5, after)
        if sum(units) > DEAREST:
            raise Broken("dear", page=number, units=f"{sum(units):g}")


def _page(trial: Trial, shop: Shop, size: int, *after: Any) -> tuple[list[dict[str, str]], Any]:
    """The messages of a page, and what leads to the next one, as it comes back from a browser."""
    answer = trial.call(shop.table_name, DAY, size, *after, returns=dict)
    if not {"messages", "next"} <= answer.keys() or not isinstance(answer["messages"], list):
        raise Broken("shape", got=sorted(map(str, answer)))
    for message in answer["messages"]:
        if not isinstance(message, dict) or not set(NAMES) <= message.keys():
            raise Broken("message_shape", got=message)
        if odd := [name for name in NAMES if not isinstance(message[name], str)]:
            raise Broken("not_plain", name=odd[0], got=message[odd[0]])
    try:
        return answer["messages"], json.loads(json.dumps(answer["next"]))
    except TypeError:
        raise Broken("no_json", got=type(answer["next"]).__name__) from None
