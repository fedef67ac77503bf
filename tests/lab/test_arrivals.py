"""The figures of arriving messages say in words what they show."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labkit.plots import arrivals


@given(st.permutations(range(1, 9)))
def test_only_sorted_numbers_have_no_pair_turned_round(numbers: list[int]) -> None:
    assert (arrivals.inversions(numbers) == 0) == (numbers == sorted(numbers))
    assert arrivals.inversions(numbers) + arrivals.inversions(numbers[::-1]) == 8 * 7 // 2


def test_what_comes_again_is_a_duplicate_and_turns_nothing_round() -> None:
    assert arrivals.inversions([1, 2, 3, 1]) == 0
    assert arrivals.duplicates([1, 2, 3, 1, 1]) == 2
    assert (arrivals.inversions([]), arrivals.duplicates([])) == (0, 0)


def test_rows_of_arrivals_are_told_in_words(shown: list[str]) -> None:
    arrivals.draw_order({"standard": [2, 1, 3, 1], "FIFO": [1, 2, 3]})
    assert "standard: 2, 1, 3, 1 (pairs turned round: 1; came again: 1)." in shown[0]
    assert "FIFO: 1 to 3 in order, each once." in shown[0]


def test_only_what_really_overtook_stands_out(monkeypatch: pytest.MonkeyPatch, shown: list[str]) -> None:
    drawn: dict[str, Any] = {}
    monkeypatch.setattr(arrivals, "_box", lambda axes, place, row, label, style: drawn.update({f"{place}": style}))
    arrivals.draw_order({"standard": [1, 3, 2, 4, 1]})
    assert drawn == {
        "1": arrivals._PLAIN,
        "2": arrivals._EARLY,
        "3": arrivals._PLAIN,
        "4": arrivals._PLAIN,
        "5": arrivals._AGAIN,
    }


def test_runs_are_counted(shown: list[str]) -> None:
    arrivals.draw_runs([[1, 2], [2, 1], [1, 2, 2]])
    assert "Of the 3 runs 1 are out of order, 1 have a duplicate, and 1 have neither." in shown[0]


def test_groups_have_a_lane_each_and_the_words_say_whether_their_order_held(shown: list[str]) -> None:
    arrivals.draw_groups([("ana", 1), ("ben", 1), ("ana", 2)])
    arrivals.draw_groups([("ana", 2), ("ben", 1), ("ana", 1)])
    assert "ana 1, ben 1, ana 2. Within each lane the numbers only grow" in shown[0]
    assert "do not always grow" in shown[1]


def test_nothing_arrived_is_a_figure_too(shown: list[str]) -> None:
    arrivals.draw_order({"standard": []})
    arrivals.draw_groups([])
    assert len(shown) == 2
