"""Exercise 8.1: a poller that keeps its rhythm, is never at work twice, and stops when it is told to."""

from __future__ import annotations

from labkit.checks.exercise import Broken, Exercise
from labkit.checks.rounds import Rounds
from labkit.checks.trial import Trial

poll = Exercise("8.1", "poll", ("process", "stopping", "now"))


def _run(trial: Trial, rounds: Rounds) -> float:
    """Let the poller run until its event is set; the second at which it came back."""
    trial.call(rounds.process, rounds, rounds.clock)
    rounds.is_over = True
    if rounds.is_busy:
        raise Broken("busy")
    if rounds.never_stops:
        raise Broken("never_stops", at=rounds.stops_at)
    back = round(rounds.now(), 1)
    if back < rounds.stops_at - 0.5:
        raise Broken("back_early", back=round(back), at=rounds.stops_at)
    return back


def _seconds(rounds: Rounds) -> list[int]:
    return [round(moment) for moment in rounds.begun]


def _in_time(rounds: Rounds) -> list[int]:
    """The seconds at which rounds began until it was told to stop; what came later `stop` judges."""
    return [second for second in _seconds(rounds) if second < rounds.stops_at]


@poll.holds
def one_at_a_time(trial: Trial) -> None:
    rounds = Rounds(trial.aws, stops_at=22)
    _run(trial, rounds)
    if rounds.most_at_once > 1:
        raise Broken("overlap", most=rounds.most_at_once)
    if rounds.at_work:
        raise Broken("left_alone")


@poll.holds
def every_five_seconds(trial: Trial) -> None:
    rounds = Rounds(trial.aws, stops_at=22)
    _run(trial, rounds)
    begun = _in_time(rounds)
    if not begun:
        raise Broken("no_round")
    if begun[0] != 0:
        raise Broken("late", first=begun[0])
    if begun != [0, 5, 10, 15, 20]:
        raise Broken("other_rhythm", begun=begun[:8])


@poll.holds
def start_to_start(trial: Trial) -> None:
    rounds = Rounds(trial.aws, stops_at=22, takes=dict.fromkeys(range(99), 2))
    _run(trial, rounds)
    if _in_time(rounds) != [0, 5, 10, 15, 20]:
        raise Broken("drifts", begun=_in_time(rounds)[:8])


@poll.holds
def slow_round(trial: Trial) -> None:
    rounds = Rounds(trial.aws, stops_at=30, takes={0: 12})
    _run(trial, rounds)
    begun = _in_time(rounds)
    if begun[:2] != [0, 12]:
        raise Broken("waits", begun=begun)
    if begun != [0, 12, 17, 22, 27]:
        raise Broken("makes_up", begun=begun)


@poll.holds
def exception(trial: Trial) -> None:
    rounds = Rounds(trial.aws, stops_at=17, fails={1, 2})
    result = trial.attempt(rounds.process, rounds, rounds.clock)
    rounds.is_over = True
    if result.error:
        raise Broken("comes_out", begun=len(rounds.begun))
    if _in_time(rounds) != [0, 5, 10, 15]:
        raise Broken("other_rounds", begun=_in_time(rounds)[:8])


@poll.holds
def stop(trial: Trial) -> None:
    in_a_pause = Rounds(trial.aws, stops_at=12)
    back = _run(trial, in_a_pause)
    if len(in_a_pause.begun) > 3:
        raise Broken("one_more", stopped=12, begun=_seconds(in_a_pause))
    if back > 12.5:
        raise Broken("sleeps_on", stopped=12, back=round(back))
    in_a_round = Rounds(trial.aws, stops_at=11, takes={2: 7})
    _run(trial, in_a_round)
    if len(in_a_round.begun) > 3:
        raise Broken("one_more", stopped=11, begun=_seconds(in_a_round))
