"""Claims: one owner at a time, a lease that can run out, and nothing written by one whose claim no longer stands."""

import itertools
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import labkit
from labkit.messages import Message, Messages, State
from labkit.messages.claims import Claim, Refusal, claim, finish
from labkit.messages.table import as_time

START = datetime(2026, 11, 24, tzinfo=UTC)
LEASE = timedelta(seconds=30)


def at(seconds: float) -> str:
    return as_time(START + timedelta(seconds=seconds))


def take(app: Messages, owner: str, seconds: float) -> Claim | Refusal:
    return claim(app.dynamodb, app.table_name, "m-1", owner, at(seconds), at(seconds + 30))


def settle(app: Messages, held: Claim | Refusal, state: State = State.COMPLETE) -> Message | None:
    assert isinstance(held, Claim)
    return finish(app.dynamodb, app.table_name, held, state)


def test_a_message_is_seen_to_be_processed_and_by_whom(make_app: Any) -> None:
    seen = []

    def handle(text: str) -> None:
        seen.append(app.find("m-1"))

    app = make_app(handle=handle, owner="worker-1")
    app.send("one")
    (done,) = app.process()
    assert [(m.state, m.owner) for m in seen] == [("processing", "worker-1")]
    assert (done.state, done.owner) == ("complete", "worker-1")


def test_of_many_who_claim_at_once_one_gets_it(make_app: Any) -> None:
    app = make_app()
    app.send("one")
    together = threading.Barrier(8)

    def race(number: int) -> Claim | Refusal:
        together.wait()
        return take(app, f"owner-{number}", 0)

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(race, range(8)))
    assert sum(isinstance(answer, Claim) for answer in answers) == 1
    assert answers.count(Refusal.TAKEN) == 7


@settings(max_examples=40)
@given(
    steps=st.lists(
        st.tuples(st.sampled_from(["claim", "complete", "fail"]), st.integers(0, 2), st.integers(0, 40)), max_size=10
    )
)
def test_claims_behave_as_their_model_says(
    make_app: Callable[..., Messages], steps: list[tuple[str, int, int]]
) -> None:
    app = make_app()
    app.send("one")
    second, standing, state = 0, None, "pending"
    held: dict[int, tuple[int, Claim]] = {}
    numbers = itertools.count()
    lease_ends = 0
    for action, owner, later in steps:
        second += later
        if action == "claim":
            answer = take(app, f"owner-{owner}", second)
            if state == "pending" or (state == "processing" and lease_ends <= second):
                assert isinstance(answer, Claim)
                standing, state, lease_ends = next(numbers), "processing", second + 30
                held[owner] = (standing, answer)
            else:
                assert answer is (Refusal.TAKEN if state == "processing" else Refusal.DECIDED)
        elif owner in held:
            number, claimed = held[owner]
            done = settle(app, claimed, State(action))
            assert (done is not None) == (state == "processing" and number == standing)
            state = action if done else state
        found = app.find("m-1")
        assert found is not None
        assert found.state == state


def test_an_owner_that_comes_back_too_late_cannot_write_even_if_it_followed_on_itself(make_app: Any) -> None:
    app = make_app()
    app.send("one")
    first = take(app, "same", 0)
    second = take(app, "same", 30)
    assert settle(app, first, State.FAIL) is None
    done = settle(app, second)
    assert done is not None
    assert done.state == "complete"
    assert settle(app, second, State.FAIL) is None


def test_a_lease_that_ran_out_is_no_hindrance_as_long_as_nobody_took_over(make_app: Any) -> None:
    app = make_app()
    app.send("one")
    assert settle(app, take(app, "slow", 0)) is not None


def test_what_the_table_does_not_know_cannot_be_claimed(make_app: Any) -> None:
    assert take(make_app(), "a", 0) is Refusal.UNKNOWN


def test_impossible_claims_and_ends_are_refused(make_app: Any) -> None:
    app = make_app()
    app.send("one")
    with pytest.raises(ValueError, match="after it begins"):
        claim(app.dynamodb, app.table_name, "m-1", "a", at(1), at(1))
    held = take(app, "a", 0)
    for state in ("pending", "processing"):
        with pytest.raises(ValueError, match="does not end a claim"):
            settle(app, held, State(state))


def test_a_duplicate_delivery_does_not_work_beside_a_living_owner(make_app: Any) -> None:
    done = []

    def handle(text: str) -> None:
        done.append(text)
        if len(done) == 1:
            other.process()

    app = make_app(handle=handle)
    other = Messages(**{**vars(app), "owner": "other"})
    app.send("one")
    body = '{"id": "m-1", "text": "one"}'
    app.sqs.send_message(QueueUrl=app.queue_url, MessageBody=body)  # a second copy, as a standard queue may deliver
    app.process()
    app.process()
    assert done == ["one"]


def test_a_crash_in_the_work_is_taken_over_at_the_very_next_delivery(make_app: Any, lab: labkit.Lab) -> None:
    """The lease is over when the message comes back: no round is lost in which it is refused."""
    crashed: list[str] = []

    def crash_once(text: str) -> None:
        if not crashed:
            crashed.append(text)
            raise KeyboardInterrupt

    app = make_app(handle=crash_once)
    app.send("one")
    with pytest.raises(KeyboardInterrupt):
        app.process()
    assert (app.find("m-1").state, app.process()) == ("processing", [])
    lab.wait(seconds=28)
    assert app.counts() == (0, 1)  # not earlier either: a lease that still ran would refuse it
    lab.wait(seconds=2)
    assert [m.state for m in Messages(**{**vars(app), "owner": "other"}).process()] == ["complete"]


def test_what_there_was_no_time_for_is_left_in_the_queue(make_app: Any, lab: labkit.Lab) -> None:
    app = make_app(handle=lambda text: lab.wait(seconds=20))
    for text in ("one", "two", "three"):
        app.send(text)
    assert len(app.process()) == 2  # the second begins at 20 s and ends at 40 s; the third would begin without a lease
    assert sorted(m.state for m in app.find_page().messages) == ["complete", "complete", "pending"]
    assert len(app.process()) == 1


def test_a_consumer_that_was_overtaken_neither_writes_nor_deletes(make_app: Any, lab: labkit.Lab) -> None:
    def hang(text: str) -> None:
        lab.wait(seconds=31)
        assert [m.state for m in other.process()] == ["complete"]
        raise ValueError("too late to matter")

    app = make_app(handle=hang)
    other = Messages(**{**vars(app), "owner": "other", "handle": lambda text: None})
    app.send("one")
    assert app.process() == []
    assert [(m.state, m.owner) for m in app.find_page().messages] == [("complete", "other")]


def test_a_message_whose_new_owner_died_comes_back_whatever_the_old_one_does(make_app: Any, lab: labkit.Lab) -> None:
    def die(text: str) -> None:
        raise KeyboardInterrupt

    def hang(text: str) -> None:
        lab.wait(seconds=31)
        with pytest.raises(KeyboardInterrupt):
            dying.process()

    app = make_app(handle=hang)
    dying = Messages(**{**vars(app), "owner": "dying", "handle": die})
    app.send("one")
    assert app.process() == []
    lab.wait(seconds=30)
    assert app.counts() == (1, 0)


@pytest.mark.parametrize(
    "lease", [timedelta(0), timedelta(seconds=-1), timedelta(hours=13), timedelta(milliseconds=1500)]
)
def test_a_lease_that_no_visibility_timeout_can_have_is_refused(make_app: Any, lease: timedelta) -> None:
    with pytest.raises(labkit.LabError, match="whole seconds"):
        make_app(lease=lease)


def test_a_reason_with_half_a_character_can_be_written(make_app: Any) -> None:
    def handle(text: str) -> None:
        raise ValueError("a\ud800b")

    app = make_app(handle=handle)
    app.send("one")
    assert [m.reason for m in app.process()] == ["ValueError: a?b"]
