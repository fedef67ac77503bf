"""Exercise 2.3: answers that beginners give."""

import math
from decimal import Decimal
from typing import Any

from kit import Family

family = Family("2.3")

KB64 = 65_536


def dollars(requests: float, dollars_per_million: float, free: int = 1_000_000) -> float:
    return max(requests - free, 0) * dollars_per_million / 1_000_000


def add(name: str, broken: str, reason: str, requests: Any, pay: Any = dollars) -> None:
    """A wrong answer that differs from a right one in how it counts requests, or in how it pays for them."""

    def answer(messages, size, batch, empty_receives, dollars_per_million):
        return pay(requests(messages, size, batch, empty_receives), dollars_per_million)

    answer.__name__ = name
    family.wrong(broken, reason)(answer)


def right(messages, size, batch, empty_receives):
    return math.ceil(messages / batch) * (2 * math.ceil(batch * size / KB64) + 1) + empty_receives


def calls(messages, batch):
    return math.ceil(messages / batch)


add("pays_back", "free_million", "negative", right, lambda r, p: (r - 1_000_000) * p / 1e6)
add("takes_a_cent_at_least", "free_million", "not_free", right, lambda r, p: max(dollars(r, p), 0.01))
add("returns_the_requests", "one_by_one", "differs", right, lambda r, p: max(r - 1_000_000, 0))
add("counts_sends", "one_by_one", "sends_only", lambda m, s, b, e: calls(m, b) * math.ceil(b * s / KB64) + e)
add("forgets_deletes", "one_by_one", "two_calls", lambda m, s, b, e: 2 * calls(m, b) * math.ceil(b * s / KB64) + e)
add("ignores_the_batch", "batches", "batch_ignored", lambda m, s, b, e: right(m, s, 1, e))
add("sends_in_batches_only", "batches", "differs", lambda m, s, b, e: calls(m, b) * math.ceil(b * s / KB64) + 2 * m + e)
add("ignores_the_size", "large_messages", "size_ignored", lambda m, s, b, e: 3 * calls(m, b) + e)
add(
    "counts_deletes_by_size",
    "large_messages",
    "deletes",
    lambda m, s, b, e: 3 * calls(m, b) * math.ceil(b * s / KB64) + e,
)
add(
    "counts_parts_of_requests",
    "large_messages",
    "broken_steps",
    lambda m, s, b, e: calls(m, b) * (2 * max(b * s / KB64, 1 if s <= 10_240 else 0) + 1) + e,
)
add(
    "rounds_down",
    "large_messages",
    "rounded_down",
    lambda m, s, b, e: calls(m, b) * (2 * max(b * s // KB64, 1) + 1) + e,
)
add(
    "takes_64_thousand",
    "large_messages",
    "thousands",
    lambda m, s, b, e: calls(m, b) * (2 * math.ceil(b * s / 64_000) + 1) + e,
)
add(
    "always_one_step_more",
    "large_messages",
    "differs",
    lambda m, s, b, e: calls(m, b) * (2 * (b * s // KB64 + (s > 10_240)) + 1 + 2 * (s <= 10_240)) + e,
)
add(
    "counts_each_message_s_steps",
    "together",
    "each_alone",
    lambda m, s, b, e: calls(m, b) * (2 * math.ceil(s / KB64) + 1) + e,
)
add(
    "counts_steps_by_message",
    "together",
    "differs",
    lambda m, s, b, e: calls(m, b) * (2 * (b if s > 1024 else 1) * math.ceil(s / KB64) + 1) + e,
)
add("forgets_the_polls", "empty_receives", "polls_forgotten", lambda m, s, b, e: right(m, s, b, 0))
add("charges_polls_threefold", "empty_receives", "differs", lambda m, s, b, e: right(m, s, b, 3 * e))
add("has_a_price_of_its_own", "fifo_price", "price_ignored", right, lambda r, p: dollars(r, 0.40))
add(
    "counts_one_call_too_many", "last_batch", "not_whole", lambda m, s, b, e: right(m // b * b + 1, s, b, e) if m else e
)
add(
    "takes_only_sends_for_large",
    "large_messages",
    "one_way",
    lambda m, s, b, e: calls(m, b) * (math.ceil(b * s / KB64) + 2) + e,
)
add("forgets_the_last_batch", "last_batch", "not_whole", lambda m, s, b, e: right(m // b * b, s, b, e))
add(
    "counts_parts_of_calls", "last_batch", "not_whole", lambda m, s, b, e: m / b * (2 * math.ceil(b * s / KB64) + 1) + e
)
add("rounds_to_cents", "odd_numbers", "rounded", right, lambda r, p: round(dollars(r, p), 2))
add("has_a_discount", "odd_numbers", "differs", right, lambda r, p: dollars(r, p) * (0.9 if r > 60_000_000 else 1))


@family.wrong("one_by_one", "free_forgotten")
def charges_for_the_free_million(messages, size, batch, empty_receives, dollars_per_million):
    requests = right(messages, size, batch, empty_receives)
    return dollars(requests, dollars_per_million, 0) if requests > 1_000_000 else 0


@family.wrong("one_by_one", "type")
def returns_a_text(messages, size, batch, empty_receives, dollars_per_million):
    return f"${dollars(right(messages, size, batch, empty_receives), dollars_per_million):.2f}"


@family.wrong("free_million", "type")
def returns_nothing_where_it_is_free(messages, size, batch, empty_receives, dollars_per_million):
    requests = right(messages, size, batch, empty_receives)
    if requests > 1_000_000:
        return dollars(requests, dollars_per_million)


@family.right
def in_one_line(messages, size, batch, empty_receives, dollars_per_million):
    return dollars(right(messages, size, batch, empty_receives), dollars_per_million)


@family.right
def with_the_last_batch_by_itself(messages, size, batch, empty_receives, dollars_per_million):
    requests = empty_receives
    for number, in_a_call in ((messages // batch, batch), (1, messages % batch)):
        if in_a_call:
            requests += number * (1 + 2 * -(-in_a_call * size // KB64))
    return dollars(requests, dollars_per_million)


@family.right
def in_decimals(messages, size, batch, empty_receives, dollars_per_million):
    steps = 1
    while steps * KB64 < batch * size:
        steps += 1
    requests = Decimal(-(-messages // batch)) * (steps + steps + 1) + empty_receives
    billed = max(requests - 1_000_000, Decimal(0))
    return billed * Decimal(str(dollars_per_million)) / 1_000_000


test_wrong, test_right = family.tests()
