"""This computer's own time, in a process whose clock was moved and in one where nothing moves it."""

import time

import time_machine

from labkit.embedded.clock import machine_time


def test_it_does_not_move_with_the_clock() -> None:
    before = time.time()
    with time_machine.travel(before + 86_400):
        assert before <= machine_time() < before + 60 < time.time()


def test_it_is_there_where_nothing_moves_the_clock() -> None:
    assert abs(machine_time() - time.time()) < 60
