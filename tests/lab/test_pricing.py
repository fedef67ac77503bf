"""Money: what is billed for what a program does, and the arithmetic of free units and lower prices."""

import ast
import inspect
import tomllib
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labkit import pricing
from labkit.errors import LabError
from labkit.pricing import billing, money, prices


def entries() -> dict[str, Any]:
    content = tomllib.loads(prices.PRICES.read_text(encoding="utf-8"))
    return {name: entry for name, entry in content.items() if isinstance(entry, dict)}


@pytest.mark.parametrize("name", entries())
def test_every_price_has_a_unit_a_source_and_prices_from_zero_on(name: str) -> None:
    entry = entries()[name]
    starts = [start for start, _ in entry["dollars"]]
    assert starts[0] == 0
    assert starts == sorted(set(starts))
    assert entry["unit"]
    assert len(entry["sources"]) >= 2, "a price that one third party gives is hearsay"


def test_the_file_says_region_currency_and_the_day_it_was_checked() -> None:
    content = tomllib.loads(prices.PRICES.read_text(encoding="utf-8"))
    assert (content["region"], content["currency"]) == ("us-east-1", "USD")
    assert {row["checked"] for _, row in pricing.price_table().iterrows()} == {content["checked"].isoformat()}


def test_a_price_in_the_file_is_read_to_the_last_digit() -> None:
    assert pricing.cost("dynamodb_rcu_hour", 18_250 + 1) == Decimal("0.00013")


def test_a_million_messages_one_by_one_and_in_tens() -> None:
    alone = pricing.sqs_requests(1_000_000)
    together = pricing.sqs_requests(1_000_000, batch=10)
    assert (alone, together) == (3_000_000, 300_000)
    assert pricing.cost("sqs_standard", alone, free=False) == Decimal("1.20")
    assert pricing.cost("sqs_fifo", alone, free=False) == Decimal("1.50")
    assert pricing.cost("sqs_standard", together, free=False) == Decimal("0.12")


@pytest.mark.parametrize(
    ("size", "batch", "requests"),
    [
        (1, 1, 3),
        (64 * 1024, 1, 3),
        (64 * 1024 + 1, 1, 5),  # two to send, two to receive, one to delete
        (1024 * 1024, 1, 33),  # sixteen, sixteen, one
        (60 * 1024, 10, 10 + 10 + 1),  # a call's payload counts, not each message's: 600 KB are ten steps
    ],
)
def test_a_call_is_a_request_for_each_64_kb_that_it_carries(size: int, batch: int, requests: int) -> None:
    assert pricing.sqs_requests(batch, size, batch=batch) == requests


def test_the_last_batch_may_be_smaller() -> None:
    assert pricing.sqs_requests(11, 60 * 1024, batch=10) == (10 + 1) * 2 + 2
    assert pricing.sqs_requests(0, batch=10) == 0


def test_asking_costs_though_nothing_comes() -> None:
    assert pricing.sqs_requests(0, empty_receives=518_400) == pricing.polls_a_month(5) == 518_400
    assert pricing.polls_a_month(20) == 129_600
    assert pricing.cost("sqs_standard", pricing.polls_a_month(5, consumers=10)) == Decimal("1.6736")


def test_free_units_are_taken_off_first_and_never_pay_anything_back() -> None:
    assert pricing.cost("sqs_standard", 1_000_000) == 0
    assert pricing.cost("sqs_standard", 1_000_001) == Decimal("0.0000004")
    assert pricing.cost("dynamodb_wcu_hour", 25 * pricing.HOURS_A_MONTH) == 0


def test_only_what_is_beyond_a_limit_has_the_lower_price() -> None:
    hundred = 100_000_000_000
    assert pricing.cost("sqs_fifo", hundred, free=False) == 50_000
    assert pricing.cost("sqs_fifo", hundred + 1_000_000, free=False) == Decimal("50000.40")
    assert pricing.cost("sqs_fifo", 3 * hundred, free=False) == 50_000 + 40_000 + 35_000


@given(st.integers(0, 10**12), st.integers(0, 10**12), st.sampled_from(pricing.price_names()))
def test_more_never_costs_less_and_the_whole_no_more_than_its_parts(one: int, other: int, name: str) -> None:
    parts = pricing.cost(name, one, free=False) + pricing.cost(name, other, free=False)
    assert pricing.cost(name, one) <= pricing.cost(name, one + other, free=False) <= parts


@pytest.mark.parametrize(("size", "units"), [(1, 1), (1024, 1), (1025, 2), (400 * 1024, 400)])
def test_a_write_counts_begun_kilobytes(size: int, units: int) -> None:
    assert pricing.write_units(size) == units


@pytest.mark.parametrize(("size", "units"), [(0, 1), (1, 1), (4096, 1), (4097, 2), (1024 * 1024, 256)])
def test_a_read_counts_begun_four_kilobytes_and_half_of_that_if_it_may_be_stale(size: int, units: int) -> None:
    assert pricing.read_units(size, consistent=True) == units
    assert pricing.read_units(size) == Decimal(units) / 2


def test_the_lecture_s_message_with_three_writes_costs_less_than_two_dollars_a_million() -> None:
    assert pricing.cost("dynamodb_write", 3 * 1_000_000 * pricing.write_units(300)) == Decimal("1.875")


def test_half_a_unit_of_aurora_through_a_month() -> None:
    assert pricing.in_dollars(pricing.cost("aurora_acu_hour", 0.5 * pricing.HOURS_A_MONTH)) == "$43.80"


def test_a_publish_counts_begun_64_kb() -> None:
    assert pricing.publish_requests(1000, 64 * 1024 + 1) == 2000


@pytest.mark.parametrize(
    ("amount", "shown"),
    [("0", "$0"), ("1.2", "$1.20"), ("1.675", "$1.68"), ("2422000", "$2,422,000.00"), ("0.000123", "$0.00012")],
)
def test_an_amount_is_shown_as_people_write_it(amount: str, shown: str) -> None:
    assert pricing.in_dollars(Decimal(amount)) == shown


def test_the_table_has_price_free_units_source_and_date_for_what_was_asked() -> None:
    table = pricing.price_table("sqs_standard", "sqs_fifo")
    assert list(table.index) == ["sqs_standard", "sqs_fifo"]
    text = table.to_string(max_colwidth=None)
    for part in ["$0.40", "$0.50", "1,000,000, shared with sqs_fifo", "cloudburn.io", "2026-11-24"]:
        assert part in text


def test_no_cell_of_the_table_is_cut_off_by_pandas() -> None:
    assert all(len(str(cell)) < 50 for cell in pricing.price_table().to_numpy().flat)


BAD = [
    (lambda: pricing.cost("sqs", 1), "no price called 'sqs'"),
    (lambda: pricing.cost([], 1), "no price called"),  # type: ignore[arg-type]
    (lambda: pricing.cost("sqs_fifo", -1), "this is -1"),
    (lambda: pricing.cost("sqs_fifo", float("nan")), "this is nan"),
    (lambda: pricing.cost("sqs_fifo", float("inf")), "this is inf"),
    (lambda: pricing.cost("sqs_fifo", "7"), "this is '7'"),  # type: ignore[arg-type]
    (lambda: pricing.cost("sqs_fifo", True), "this is True"),
    (lambda: pricing.sqs_requests(1.5), "messages is a whole number"),  # type: ignore[arg-type]
    (lambda: pricing.sqs_requests(1, batch=11), "batch is a whole number from 1 to 10; this is 11"),
    (lambda: pricing.sqs_requests(1, batch=0), "batch is a whole number"),
    (lambda: pricing.sqs_requests(1, 0), "size is a whole number"),
    (lambda: pricing.sqs_requests(1, 2**20 + 1), "size is a whole number from 1 to 1,048,576"),
    (lambda: pricing.sqs_requests(10, 200_000, batch=10), "10 messages of 200,000 bytes are 2,000,000 bytes"),
    (lambda: pricing.sqs_requests(1, empty_receives=-1), "empty_receives is a whole number"),
    (lambda: pricing.polls_a_month(0), "seconds is a number"),
    (lambda: pricing.write_units(0), "size is a whole number"),
    (lambda: pricing.write_units(400 * 1024 + 1), "from 1 to 409,600"),
]


@pytest.mark.parametrize(("call", "sentence"), BAD)
def test_what_cannot_be_is_refused_in_a_sentence(call: Any, sentence: str) -> None:
    with pytest.raises(LabError, match=sentence.replace("[", r"\[")):
        call()


def test_a_missing_file_is_said_without_the_machine_s_own_paths(monkeypatch: Any, tmp_path: Any) -> None:
    monkeypatch.setattr(prices, "PRICES", tmp_path / "prices.toml")
    prices._prices.cache_clear()
    try:
        with pytest.raises(LabError, match="not where they should be") as error:
            pricing.price_names()
    finally:
        monkeypatch.undo()
        prices._prices.cache_clear()
    assert str(tmp_path) not in str(error.value)


def test_no_price_is_written_into_the_code() -> None:
    trees = [ast.parse(inspect.getsource(module)) for module in (billing, money, prices)]
    numbers = {node.value for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Constant)}
    dollars = {amount for entry in entries().values() for _, amount in entry["dollars"]}
    assert not numbers & dollars
