"""The calculator: what is typed is what is reckoned, and what cannot be is said."""

import pytest

from labkit.calculator import QueueCalculator


@pytest.fixture
def calculator() -> QueueCalculator:
    return QueueCalculator()


def test_a_million_messages_one_by_one(calculator: QueueCalculator) -> None:
    rows = calculator.rows()
    assert (rows["send"], rows["receive"], rows["delete"]) == ("1,000,000",) * 3
    assert (rows["requests"], rows["free"], rows["cost"]) == ("3,000,000", "1,000,000", "$0.80")


def test_it_follows_every_field(calculator: QueueCalculator) -> None:
    for field, value, shown in [
        (calculator.messages, 10_000_000, "$11.60"),
        (calculator.batch, 10, "$0.80"),
        (calculator.size, 10 * 1024, "$1.60"),
        (calculator.empty_receives, 1_000_000, "$2.00"),
        (calculator.queue, "sqs_fifo", "$2.50"),
    ]:
        field.value = value
        assert shown in calculator.result.value


def test_what_no_call_can_carry_is_said_and_mended(calculator: QueueCalculator) -> None:
    calculator.batch.value = 10
    calculator.size.value = 200_000
    assert 'role="alert"' in calculator.result.value
    assert "10 messages of 200,000 bytes" in calculator.result.value
    calculator.batch.value = 5
    assert 'role="status"' in calculator.result.value


def test_a_number_beyond_what_there_is_becomes_the_largest(calculator: QueueCalculator) -> None:
    calculator.batch.value = 11
    assert calculator.batch.value == 10


def test_each_field_has_a_label_and_source_and_date_stand_below(calculator: QueueCalculator) -> None:
    fields = (calculator.messages, calculator.size, calculator.batch, calculator.empty_receives, calculator.queue)
    assert all(field.description for field in fields)
    assert "cloudburn.io" in calculator.result.value
    assert "2026-11-24" in calculator.result.value


def test_without_widgets_it_is_a_table_with_what_was_given(calculator: QueueCalculator) -> None:
    shown = calculator._repr_mimebundle_()
    assert "Messages a month: 1,000,000" in shown["text/plain"]
    assert "a month: $0.80" in shown["text/plain"]
    assert "<table" in shown["text/html"]
    assert "application/vnd.jupyter.widget-view+json" in shown
