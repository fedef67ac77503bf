"""Live gauges, without a browser: what they show, when they look again, and what they do when they cannot."""

import re
from typing import Any

import pytest

from labkit.gauges import Gauges


class Queue:
    """Numbers that can change, or not be read at all."""

    def __init__(self) -> None:
        self.numbers: dict[str, int] | None = {"waiting": 3, "in flight": 1}
        self.asked = 0

    def read(self) -> dict[str, int]:
        self.asked += 1
        if self.numbers is None:
            raise LookupError("the queue is gone")
        return self.numbers


@pytest.fixture
def queue() -> Queue:
    return Queue()


def shown(gauges: Gauges) -> dict[str, str]:
    """What a screen reader hears: each meter's label and its value."""
    return dict(re.findall(r'role="meter" aria-label="([^"]*)"[^>]* aria-valuenow="(\d+)"', gauges.meters.value))


def test_each_number_is_a_meter_and_follows(queue: Queue) -> None:
    gauges = Gauges(queue.read)
    assert shown(gauges) == {"waiting": "3", "in flight": "1"}
    queue.numbers = {"waiting": 0, "in flight": 4}
    gauges.refresh()
    assert shown(gauges) == {"waiting": "0", "in flight": "4"}


def test_numbers_that_stay_the_same_send_nothing_to_the_page(queue: Queue) -> None:
    gauges = Gauges(queue.read)
    changes: list[Any] = []
    gauges.meters.observe(changes.append)
    gauges.refresh()
    assert changes == []
    queue.numbers = {"waiting": 2, "in flight": 1}
    gauges.refresh()
    assert len(changes) == 1


def test_numbers_that_cannot_be_read_leave_the_last_ones(queue: Queue) -> None:
    gauges = Gauges(queue.read)
    queue.numbers = None
    gauges.refresh()
    assert shown(gauges) == {"waiting": "3", "in flight": "1"}


def test_closed_gauges_read_no_more(queue: Queue) -> None:
    gauges = Gauges(queue.read)
    gauges.close()
    asked = queue.asked
    gauges.refresh()
    assert queue.asked == asked


def test_full_is_where_the_caller_says(queue: Queue) -> None:
    queue.numbers = {"waiting": 30}
    assert 'style="width:75%"' in Gauges(queue.read, full=40).meters.value


def test_a_name_is_text_and_never_part_of_the_page(queue: Queue) -> None:
    queue.numbers = {"<img src=x onerror=alert(1)>": 1}
    gauges = Gauges(queue.read)
    assert "<img" not in gauges.meters.value + gauges._repr_mimebundle_()["text/html"]


def test_where_there_are_no_widgets_there_are_the_numbers(queue: Queue) -> None:
    bundle = Gauges(queue.read)._repr_mimebundle_()
    assert bundle["text/plain"] == "A picture of the gauges. waiting 3 · in flight 1"
    assert bundle["text/html"].count('role="meter"') == 2
    assert "application/vnd.jupyter.widget-view+json" in bundle
