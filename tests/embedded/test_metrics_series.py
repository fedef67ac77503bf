"""What is kept of a metric, from inside."""

import random
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labkit.embedded.metrics.series import DAY, Metric, Store, of_values, single, statistic

METRIC = Metric("Test", "M")


@given(st.lists(st.tuples(st.integers(0, 599), st.integers(-50, 50)), max_size=60), st.sampled_from([60, 120, 300]))
def test_periods_hold_what_was_reported_in_them(reported: list[tuple[int, int]], period: int) -> None:
    store = Store()
    for at, value in reported:
        store.put(METRIC, single(at, value))
    found = store.periods(METRIC, 0, period, 600 // period)
    expected: dict[int, list[int]] = {}
    for at, value in reported:
        expected.setdefault(at // period, []).append(value)
    assert found.keys() == expected.keys()
    for number, values in expected.items():
        sample = found[number]
        assert (sample.sample_count, sample.total) == (len(values), sum(values))
        assert (sample.lowest, sample.highest) == (min(values), max(values))


@given(st.lists(st.tuples(st.integers(0, 99), st.integers(1, 5)), min_size=1, max_size=30), st.floats(0, 100))
def test_a_percentile_is_a_value_with_so_many_at_or_below_it(pairs: list[tuple[int, int]], percent: float) -> None:
    text = f"{percent:.6f}".rstrip("0").rstrip(".")
    found = statistic(f"p{text}")(of_values(0, [(float(v), float(n)) for v, n in pairs]))
    everything = sorted(v for v, n in pairs for _ in range(n))
    assert found in everything
    at_or_below = sum(v <= found for v in everything)
    below = sum(v < found for v in everything)
    wanted = len(everything) * float(text) / 100
    assert at_or_below >= wanted - 1e-6
    assert below <= wanted + 1e-6


def test_old_samples_become_coarser_and_nothing_is_lost() -> None:
    store, minutes = Store(), 80 * 1440
    values = random.Random(1)
    total = 0
    for minute in range(minutes):
        value = values.randrange(100)
        total += value
        store.put(METRIC, single(minute * 60, value))
    assert len(store._series[METRIC]._samples) < 70_000
    days = store.periods(METRIC, 0, DAY, 80)
    assert sum(sample.total for sample in days.values()) == total
    assert {sample.sample_count for sample in days.values()} == {1440}
    last = store.periods(METRIC, (minutes - 14 * 1440) * 60, 60, 14 * 1440)
    assert len(last) == 14 * 1440


@pytest.mark.parametrize(
    "look",
    [
        lambda store: store.latest(METRIC) == 60,
        lambda store: store.metrics(since=60) == [METRIC],
        lambda store: store.periods(METRIC, 0, 60, 2) == {0: single(0, 7), 1: single(60, 8)},
    ],
)
def test_what_is_put_for_later_is_there_for_whoever_looks(look: Callable[[Store], bool]) -> None:
    store = Store()
    store.put_later(lambda: [(METRIC, single(0, 7))])
    store.put_later(lambda: [(METRIC, single(60, 8))])
    assert look(store)
    assert look(store)
