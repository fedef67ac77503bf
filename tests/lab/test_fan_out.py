"""The figure of a fan-out says in words who got how many messages, and draws an arrow to each."""

from typing import Any

from labkit.plots import fan_out

BOTH = {"queue": {"billing": 1, "statistics": 0}, "topic": {"billing": 1, "newsletter": 12, "statistics": 1}}


def words(axes: Any) -> list[str]:
    return [text.get_text() for text in axes.texts if text.get_text()]


def test_each_source_and_what_each_got_is_told_in_words(shown: list[str]) -> None:
    fan_out.draw_fan_out(BOTH)
    assert "From queue: billing 1, statistics 0. From topic: billing 1, newsletter 12, statistics 1." in shown[0]


def test_every_name_is_written_and_every_number(drawn: list[Any]) -> None:
    fan_out.draw_fan_out(BOTH)
    names = ["queue", "billing", "statistics", "topic", "billing", "newsletter", "statistics"]
    assert sorted(words(drawn[0])) == sorted([*names, "1", "0", "1", "12", "1"])


def test_an_arrow_that_carried_nothing_differs_by_more_than_its_colour(drawn: list[Any]) -> None:
    fan_out.draw_fan_out(BOTH)
    arrows = [arrow for text in drawn[0].texts if (arrow := getattr(text, "arrow_patch", None))]
    looks = [(arrow.get_linestyle(), arrow.get_edgecolor()) for arrow in arrows]
    full, empty = looks[0], looks[1]
    assert looks == [full, empty, full, full, full]
    assert full[0] != empty[0]
    assert full[1] != empty[1]


def test_panels_stand_beside_each_other_and_nothing_is_outside(drawn: list[Any]) -> None:
    fan_out.draw_fan_out(BOTH)
    (axes,) = drawn
    place = {text.get_text(): text.get_position() for text in axes.texts if text.get_text() in BOTH}
    assert place["queue"][0] < place["topic"][0]
    axes.figure.draw_without_rendering()
    whole = axes.figure.bbox
    boxes = [text.get_window_extent() for text in axes.texts if text.get_text()]
    assert all(whole.x0 < box.x0 and box.x1 < whole.x1 and whole.y0 < box.y0 and box.y1 < whole.y1 for box in boxes)


def test_nothing_at_all_is_a_figure_too(shown: list[str]) -> None:
    fan_out.draw_fan_out({})
    fan_out.draw_fan_out({"topic": {}})
    assert len(shown) == 2
