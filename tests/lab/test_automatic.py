"""Automatic processing: switched by a variable, a round at a time, and nothing lost or doubled by a change."""

import contextlib
import threading
import time
import weakref
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

import labkit
from labkit import LabError, background
from labkit.automatic import SETTING, Automatic, ManualIsOffError, is_on


class MovedTime:
    """A lab whose time only moves when somebody waits."""

    def __init__(self) -> None:
        self.second = 0.0

    def now(self) -> datetime:
        return datetime.fromtimestamp(self.second, UTC)

    def wait(self, *, seconds: float) -> None:
        self.second += seconds


@pytest.fixture(autouse=True)
def _stop_all() -> Iterator[None]:
    yield
    for running in background._running.values():
        running.stop()
    background._running.clear()


def on() -> dict[str, str]:
    return {SETTING: "on"}


@pytest.mark.parametrize("value", ["1", "true", "TRUE", "yes", "on", " On "])
def test_these_values_are_on(value: str) -> None:
    assert is_on({SETTING: value})


@pytest.mark.parametrize("value", ["0", "false", "no", "off", "OFF", "", " "])
def test_these_values_and_none_at_all_are_off(value: str) -> None:
    assert not is_on({SETTING: value})
    assert not is_on({})


@pytest.mark.parametrize("value", ["2", "yess", "null", "verdadero", "\x00", "x" * 10_000])
def test_any_other_value_is_refused_in_a_sentence_at_once(value: str) -> None:
    with pytest.raises(LabError, match=r"neither on \(1, true, yes, on\) nor off") as refused:
        Automatic(list, environ={SETTING: value})
    assert len(str(refused.value)) < 300


def test_the_variable_of_this_process_is_read_unless_told_otherwise(monkeypatch: pytest.MonkeyPatch) -> None:
    automatic = Automatic(list)
    monkeypatch.setenv(SETTING, "1")
    assert automatic.is_on
    assert automatic.reason


def test_it_can_be_switched_from_within() -> None:
    environ: dict[str, str] = {}
    automatic = Automatic(list, environ=environ)
    automatic.switch(True)
    assert (automatic.is_on, environ) == (True, {SETTING: "on"})
    automatic.switch(False)
    assert not automatic.is_on


def test_a_round_comes_every_five_seconds_of_moved_time() -> None:
    lab = MovedTime()
    seconds: list[float] = []
    Automatic(lambda: seconds.append(lab.second), environ=on()).run(lab, minutes=1)
    assert seconds == [5.0 * n for n in range(12)]
    assert lab.second == 60


def test_a_slow_round_delays_the_next_and_none_is_made_up_for() -> None:
    lab = MovedTime()
    seconds: list[float] = []

    def work() -> None:
        seconds.append(lab.second)
        lab.wait(seconds=12 if len(seconds) == 1 else 2)

    Automatic(work, environ=on()).run(lab, seconds=30)
    assert seconds == [0, 12, 17, 22, 27]


def test_off_means_no_round_and_on_takes_effect_within_an_interval() -> None:
    lab, environ = MovedTime(), {SETTING: "off"}
    seconds: list[float] = []
    automatic = Automatic(lambda: seconds.append(lab.second), environ=environ)
    automatic.run(lab, seconds=20)
    assert (seconds, automatic.rounds) == ([], 0)
    environ[SETTING] = "on"
    automatic.run(lab, seconds=10)
    assert seconds == [20, 25]


def test_an_exception_in_a_round_is_kept_and_the_next_round_comes() -> None:
    lab = MovedTime()
    automatic = Automatic(lambda: 1 / 0, environ=on())
    automatic.run(lab, seconds=15)
    assert [type(error) for error in automatic.errors] == [ZeroDivisionError] * 3
    assert automatic.rounds == 3


def test_a_value_that_becomes_odd_stops_rounds_and_refuses_work_by_hand() -> None:
    lab, environ = MovedTime(), on()
    automatic = Automatic(list, environ=environ)
    environ[SETTING] = "maybe"
    automatic.run(lab, seconds=5)
    assert automatic.rounds == 0
    assert "neither on" in str(automatic.errors[0])
    with pytest.raises(ManualIsOffError, match="neither on"):
        automatic.by_hand(list)


def test_work_by_hand_is_done_while_off_and_refused_while_on() -> None:
    environ = {SETTING: "off"}
    automatic = Automatic(list, environ=environ)
    assert (automatic.by_hand(lambda: 7), automatic.reason) == (7, "")
    environ[SETTING] = "on"
    with pytest.raises(ManualIsOffError, match=r"every 5 seconds, because PROCESS_AUTOMATICALLY is on\."):
        automatic.by_hand(lambda: 7)


def test_no_two_rounds_overlap_nor_work_by_hand_with_a_round() -> None:
    at_once, most, environ = 0, 0, on()
    counting = threading.Lock()

    def work() -> None:
        nonlocal at_once, most
        with counting:
            at_once += 1
            most = max(most, at_once)
        time.sleep(0.002)
        with counting:
            at_once -= 1

    automatic = Automatic(work, environ=environ)

    def by_hand() -> None:
        for _ in range(20):
            try:
                automatic.by_hand(work)
            except ManualIsOffError:
                time.sleep(0.001)

    def rounds() -> None:
        for _ in range(20):
            automatic.round()

    def switch() -> None:
        for number in range(30):
            environ[SETTING] = "on" if number % 2 else "off"
            time.sleep(0.002)

    threads = [threading.Thread(target=target) for target in (by_hand, by_hand, rounds, rounds, switch)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == 1


def test_a_round_that_hangs_keeps_neither_a_refusal_nor_a_timer_waiting() -> None:
    began, go_on = threading.Event(), threading.Event()

    def hang() -> None:
        began.set()
        go_on.wait(5)

    automatic = Automatic(hang, environ=on())
    round_ = threading.Thread(target=automatic.round)
    round_.start()
    began.wait(5)
    with pytest.raises(ManualIsOffError):
        automatic.by_hand(list)
    automatic.round()  # nor another timer: it finds one at work, and does nothing
    assert (round_.is_alive(), automatic.rounds) == (True, 1)
    go_on.set()
    round_.join()


def test_an_error_that_is_kept_does_not_keep_the_messages() -> None:
    class Large:
        pass

    def work() -> None:
        message = Large()
        alive.append(weakref.ref(message))
        raise ValueError

    alive: list[weakref.ref[Large]] = []
    automatic = Automatic(work, environ=on())
    automatic.round()
    assert automatic.errors
    assert alive[0]() is None


def test_switched_on_while_work_by_hand_waits_for_a_round_it_is_refused() -> None:
    environ, began, go_on = on(), threading.Event(), threading.Event()

    def work() -> None:
        began.set()
        go_on.wait(5)

    automatic = Automatic(work, environ=environ)
    round_ = threading.Thread(target=automatic.round)
    round_.start()
    began.wait(5)
    environ[SETTING] = "off"
    answers: list[Any] = []

    def ask() -> None:
        try:
            answers.append(automatic.by_hand(lambda: "done"))
        except ManualIsOffError:
            answers.append("refused")

    asking = threading.Thread(target=ask)
    asking.start()
    environ[SETTING] = "on"
    go_on.set()
    asking.join()
    round_.join()
    assert answers == ["refused"]


def test_a_thread_beside_the_cells_begins_at_once_and_ends_when_told() -> None:
    came = threading.Event()
    automatic = Automatic(came.set, environ=on()).start()
    assert came.wait(5)
    assert automatic.stop()
    assert automatic.rounds == 1


def test_stopping_waits_for_the_round_at_work() -> None:
    began, done = threading.Event(), []

    def work() -> None:
        began.set()
        time.sleep(0.2)
        done.append(1)

    automatic = Automatic(work, environ=on()).start()
    began.wait(5)
    assert automatic.stop()
    assert done == [1]


def test_stopping_a_round_that_hangs_is_bounded_and_says_so() -> None:
    began, release = threading.Event(), threading.Event()

    def hang() -> None:
        began.set()
        release.wait(30)

    automatic = Automatic(hang, environ=on()).start()
    began.wait(5)
    assert not automatic.stop(timeout=0.1)
    release.set()
    assert automatic.stop()
    assert automatic.rounds == 1


def test_starting_again_leaves_one_thread() -> None:
    first = Automatic(list, environ=on()).start()
    second = Automatic(list, environ=on()).start()
    second.start()
    second.start("under another name")
    assert [thread.name for thread in threading.enumerate()].count("automatic") == 1
    assert first.stop(0)


def test_a_handler_that_exits_ends_its_round_and_not_the_rounds(capfd: pytest.CaptureFixture[str]) -> None:
    calls, twice = [], threading.Event()

    def work() -> None:
        calls.append(1)
        if len(calls) == 2:
            twice.set()
        raise SystemExit

    automatic = Automatic(work, interval=timedelta(milliseconds=10), environ=on()).start()
    assert twice.wait(5)
    automatic.stop()
    assert isinstance(automatic.errors[0], SystemExit)
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("interval", [timedelta(0), timedelta(seconds=-5)])
def test_an_interval_that_is_none_is_refused(interval: timedelta) -> None:
    with pytest.raises(LabError, match="above zero"):
        Automatic(list, interval=interval)


def test_switching_under_load_loses_and_doubles_nothing(make_app: Any, lab: labkit.Lab) -> None:
    worked: list[str] = []
    environ = on()
    app = make_app(handle=worked.append)
    automatic = Automatic(app.process, interval=timedelta(milliseconds=5), environ=environ).start()
    for number in range(30):
        app.send(str(number))
        if number % 5 == 0:
            environ[SETTING] = "off" if environ[SETTING] == "on" else "on"
        with contextlib.suppress(ManualIsOffError):
            automatic.by_hand(app.process)
    automatic.stop()
    environ[SETTING] = "off"
    while app.counts() != (0, 0):
        automatic.by_hand(app.process)
    assert sorted(worked, key=int) == [str(number) for number in range(30)]
    assert {m.state for m in app.find_page().messages} == {"complete"}
    assert not automatic.errors
