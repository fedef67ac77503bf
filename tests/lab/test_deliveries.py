"""The figure of deliveries says in words which queue got how many messages, and shows the same from the top down."""

from itertools import pairwise
from typing import Any

from labkit.plots import deliveries


def test_each_queue_and_its_number_are_told_in_words(shown: list[str]) -> None:
    deliveries.draw_deliveries({"billing": 1, "statistics": 0})
    assert "billing: 1, statistics: 0." in shown[0]


def test_each_queue_has_a_bar_as_long_as_what_it_got_the_first_on_top(drawn: list[Any]) -> None:
    deliveries.draw_deliveries({"billing": 3, "statistics": 0, "newsletter": 12})
    (axes,) = drawn
    assert [bar.get_width() for bar in axes.patches] == [3, 0, 12]
    assert [label.get_text() for label in axes.get_yticklabels()] == ["billing", "statistics", "newsletter"]
    assert [note.get_text() for note in axes.texts] == ["3", "0", "12"]
    assert axes.yaxis_inverted()


def test_bars_that_stand_together_are_told_apart_by_hatch_and_by_colour(drawn: list[Any]) -> None:
    deliveries.draw_deliveries({f"queue {number}": 1 for number in range(9)})
    looks = [(bar.get_facecolor(), bar.get_hatch()) for bar in drawn[0].patches]
    for one, next_one in pairwise(looks):
        assert one[0] != next_one[0]
        assert one[1] != next_one[1]


def test_no_queue_at_all_is_a_figure_too(shown: list[str]) -> None:
    deliveries.draw_deliveries({})
    assert len(shown) == 1
