"""The clock by the minute: a move stops at each minute in which anything can happen, in order."""

import subprocess
import sys
import textwrap

# In a process of its own, as the clock always is: it moves the time of all that runs in it.
PRELUDE = """
import math, time
from datetime import timedelta
from labkit.embedded.clock import MovableClock
clock, minutes, shown, woken = MovableClock(), [], [], []
def pass_minute(now):
    minutes.append(now)
    shown.append(time.time())
clock.when_moved(lambda: woken.append(len(minutes)))
clock.move(timedelta(seconds=60 - time.time() % 60))
woken.clear()
start = time.time() // 60 * 60
next_minute = lambda: (time.time() // 60 + 1) * 60
"""


def run(script: str) -> None:
    code = PRELUDE + textwrap.dedent(script)
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)


def test_an_hour_is_sixty_minutes_in_order() -> None:
    run("""
        clock.every_minute(pass_minute, next_needed=next_minute)
        clock.move(timedelta(hours=1))
        assert minutes == [start + 60 * i for i in range(1, 61)], minutes
        assert all(0 <= now - minute < 1 for minute, now in zip(minutes, shown)), shown
        assert woken == [60], woken
    """)


def test_small_moves_pass_a_minute_only_when_it_is_full() -> None:
    run("""
        clock.every_minute(pass_minute, next_needed=next_minute)
        for _ in range(5):
            clock.move(timedelta(seconds=25))
        assert minutes == [start + 60, start + 120], minutes
        assert abs(time.time() - start - 125) < 1
    """)


def test_minutes_in_which_nothing_can_happen_are_skipped() -> None:
    run("""
        hour = lambda: (time.time() // 3600 + 1) * 3600
        clock.every_minute(pass_minute, next_needed=hour)
        clock.move(timedelta(days=1))
        assert len(minutes) == 24 and all(minute % 3600 == 0 for minute in minutes), minutes
        clock.every_minute(pass_minute, next_needed=lambda: math.inf)
        minutes.clear()
        clock.move(timedelta(days=400))
        assert minutes == []
        assert abs(time.time() - start - 401 * 86400) < 1
    """)


def test_a_minute_passes_by_itself() -> None:
    run("""
        clock.move(timedelta(seconds=59.7))
        clock.every_minute(pass_minute, next_needed=lambda: math.inf)
        for _ in range(100):
            if minutes:
                break
            time.sleep(0.02)
        assert minutes == [start + 60], minutes
    """)


def test_a_failure_in_a_minute_stops_neither_the_clock_nor_the_next_minute() -> None:
    run("""
        import logging, threading
        from types import SimpleNamespace
        from labkit.embedded.aws import Aws
        logging.disable()
        def fail(now):
            minutes.append(now)
            raise RuntimeError
        aws = Aws.__new__(Aws)  # no more of it than a minute needs
        aws._moto = SimpleNamespace(turn=threading.Lock())
        aws.metrics = SimpleNamespace(minute_passed=fail)
        clock.every_minute(aws.minute_passed, next_needed=next_minute)
        clock.move(timedelta(minutes=3))
        assert len(minutes) == 3
    """)
