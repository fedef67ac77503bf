"""The queues from inside: what no client can see, or only after days."""

import threading
import time
from collections.abc import Callable
from typing import Any

import pytest
from sqs_kit import Queues

from labkit.embedded.sqs import fifo, queue, standard
from labkit.embedded.sqs.errors import SqsError
from labkit.embedded.sqs.receipts import Receipt, Receipts
from labkit.embedded.sqs.schedule import Schedule
from labkit.embedded.sqs.trouble import Trouble


@pytest.fixture
def queues() -> Queues:
    return Queues()


class TestSchedule:
    def test_gives_things_back_in_the_order_in_which_they_are_due(self) -> None:
        schedule: Schedule[str] = Schedule()
        for thing, due in (("c", 3), ("a", 1), ("b", 2), ("also b", 2)):
            schedule.put(thing, due)
        assert schedule.next_due() == 1
        assert [schedule.pop() for _ in range(5)] == ["a", "b", "also b", "c", None]

    def test_pops_only_what_is_due(self) -> None:
        schedule: Schedule[str] = Schedule()
        schedule.put("a", 2)
        assert schedule.pop(until=1.9) is None
        assert schedule.pop(until=2) == "a"

    def test_a_thing_that_is_put_again_moves(self) -> None:
        schedule: Schedule[str] = Schedule()
        for due in (1, 9, 5):
            schedule.put("a", due)
        schedule.put("b", 7)
        assert schedule.due_of("a") == 5
        assert [schedule.pop(), schedule.pop(), schedule.pop()] == ["a", "b", None]

    def test_a_thing_that_is_discarded_is_gone(self) -> None:
        schedule: Schedule[str] = Schedule()
        schedule.put("a", 1)
        schedule.discard("a")
        schedule.discard("never there")
        assert ("a" in schedule, len(schedule), schedule.pop()) == (False, 0, None)

    def test_a_heartbeat_for_hours_leaves_no_garbage_and_loses_nothing(self) -> None:
        schedule: Schedule[str] = Schedule()
        schedule.put("quiet", 0)
        for beat in range(1, 10_000):
            schedule.put("abc"[beat % 3], beat)
        assert len(schedule._heap) < 100
        assert [schedule.pop() for _ in range(5)] == ["quiet", "b", "c", "a", None]


class TestReceipts:
    def test_a_handle_says_what_it_stands_for(self) -> None:
        receipts = Receipts("secret")
        assert receipts.read(receipts.write("id", 3)) == Receipt("id", 3)

    @pytest.mark.parametrize("spoil", [str.lower, lambda h: h[:-4], lambda h: h + "AAAA", lambda h: ""])
    def test_a_spoilt_one_is_refused(self, spoil: Callable[[str], str]) -> None:
        receipts = Receipts("secret")
        with pytest.raises(SqsError, match="is not a valid receipt handle"):
            receipts.read(spoil(receipts.write("id", 3)))

    def test_that_of_another_queue_is_refused(self, queues: Queues) -> None:
        one, other = queues.make(), queues.make()
        queues.send(one, "a")
        (message,) = queues.receive(one)
        with pytest.raises(SqsError, match="is not a valid receipt handle"):
            queues.call("DeleteMessage", other, ReceiptHandle=message["ReceiptHandle"])


class TestInFlight:
    def test_a_short_poll_fails_when_too_many_are_in_flight(
        self, queues: Queues, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        for module in (queue, standard):
            monkeypatch.setattr(module, "MAX_IN_FLIGHT", 3)
        url = queues.make(VisibilityTimeout=10)
        for body in "abcd":
            queues.send(url, body)
        assert queues.bodies(url) == ["a", "b", "c"]
        with pytest.raises(SqsError) as refusal:
            queues.receive(url)
        assert refusal.value.shape == "OverLimit"
        queues.wait(10)
        assert queues.bodies(url) == ["a", "b", "c"]

    def test_a_fifo_queue_returns_nothing_instead(self, queues: Queues, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(queue, "MAX_IN_FLIGHT", 3)
        url = queues.make(fifo=True)
        for body in "abcd":
            queues.send(url, body, group=body)
        assert queues.bodies(url) == ["a", "b", "c"]
        assert queues.bodies(url) == []


class TestAge:
    """https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html"""

    def age(self, queues: Queues, url: str) -> float:
        return queues.sqs.queue_by_name("us-east-1", url.rpartition("/")[2]).age_of_oldest()

    def test_is_that_of_the_oldest_message_in_flight_too(self, queues: Queues) -> None:
        url = queues.make()
        assert self.age(queues, url) == 0
        queues.send(url, "a")
        queues.wait(7)
        queues.send(url, "b")
        queues.receive(url, 1)
        assert self.age(queues, url) == 7

    def test_forgets_a_poison_pill_after_three_receives(self, queues: Queues) -> None:
        url = queues.make()
        queues.send(url, "poison")
        queues.wait(100)
        queues.send(url, "next")
        ages = []
        for _ in range(3):
            queues.receive(url, 1, VisibilityTimeout=0)
            ages.append(self.age(queues, url))
        assert ages == [100, 100, 0]

    def test_a_fifo_queue_does_not_forget_it(self, queues: Queues) -> None:
        url = queues.make(fifo=True)
        queues.send(url, "poison", group="g")
        queues.wait(100)
        for _ in range(5):
            queues.receive(url, 1, VisibilityTimeout=0)
        assert self.age(queues, url) == 100


class TestDeduplication:
    def test_what_is_older_than_five_minutes_is_forgotten(self, queues: Queues) -> None:
        url = queues.make(fifo=True)
        its_queue = queues.sqs.queue_by_name("us-east-1", url.rpartition("/")[2])
        assert isinstance(its_queue, fifo.FifoQueue)
        for number in range(10):
            queues.send(url, str(number), group="g")
            queues.receive(url, ReceiveRequestAttemptId=str(number), VisibilityTimeout=0)
        queues.wait(300)
        queues.send(url, "last", group="g")
        assert (len(its_queue._sent), len(its_queue._attempts)) == (1, 0)

    def test_a_duplicate_is_counted_and_not_as_sent(self, queues: Queues) -> None:
        url = queues.make(fifo=True)
        for _ in range(3):
            queues.send(url, "same", group="g")
        totals = queues.sqs.queue_by_name("us-east-1", url.rpartition("/")[2]).totals
        assert (totals.sent, totals.deduplicated) == (1, 2)


class TestAttributes:
    def test_are_set_all_or_none(self, queues: Queues) -> None:
        url = queues.make()
        with pytest.raises(SqsError):
            queues.call("SetQueueAttributes", url, Attributes={"DelaySeconds": "5", "VisibilityTimeout": "x"})
        shown = queues.call("GetQueueAttributes", url, AttributeNames=["DelaySeconds"])
        assert shown["Attributes"]["DelaySeconds"] == "0"

    @pytest.mark.parametrize("name", ["Policy", "RedrivePolicy", "RedriveAllowPolicy"])
    @pytest.mark.parametrize("text", ["no json", "[]", "[" * 100_000, "1", '"text"'])
    def test_a_policy_is_an_object(self, queues: Queues, name: str, text: str) -> None:
        with pytest.raises(SqsError) as refusal:
            queues.call("SetQueueAttributes", queues.make(), Attributes={name: text})
        assert refusal.value.shape == "InvalidAttributeValue"

    def test_a_dead_letter_queue_that_is_gone_keeps_nothing_from_being_received(self, queues: Queues) -> None:
        dead = queues.make()
        policy = f'{{"deadLetterTargetArn": "{queues.arn(dead)}", "maxReceiveCount": 1}}'
        url = queues.make(RedrivePolicy=policy)
        queues.send(url, "a")
        queues.call("DeleteQueue", dead)
        for _ in range(3):
            assert queues.bodies(url, VisibilityTimeout=0) == ["a"]


class TestPolls:
    """Here with real threads, and time that stands still unless moved."""

    def poll(self, queues: Queues, url: str) -> tuple[threading.Thread, list[Any]]:
        received: list[Any] = []
        work = lambda: received.append(queues.bodies(url, WaitTimeSeconds=20))
        thread = threading.Thread(target=work, daemon=True)
        thread.start()
        its_queue = queues.sqs.queue_by_name("us-east-1", url.rpartition("/")[2])
        queues.sqs.lock.release()
        for _ in range(500):
            if its_queue.arrivals._waiters:  # type: ignore[attr-defined]
                break
            time.sleep(0.01)
        queues.sqs.lock.acquire()
        return thread, received

    def end(self, queues: Queues, thread: threading.Thread) -> None:
        queues.sqs.lock.release()
        thread.join(5)
        assert not thread.is_alive()
        queues.sqs.lock.acquire()

    def test_ends_when_the_clock_is_moved_past_it(self, queues: Queues) -> None:
        thread, received = self.poll(queues, queues.make())
        queues.wait(20)
        self.end(queues, thread)
        assert received == [[]]

    def test_goes_on_when_the_clock_is_moved_less(self, queues: Queues) -> None:
        url = queues.make()
        thread, received = self.poll(queues, url)
        queues.wait(19)
        queues.send(url, "just in time")
        self.end(queues, thread)
        assert received == [["just in time"]]

    def test_sees_what_a_move_of_the_clock_makes_visible(self, queues: Queues) -> None:
        url = queues.make()
        queues.send(url, "later", DelaySeconds=10)
        thread, received = self.poll(queues, url)
        queues.wait(10)
        self.end(queues, thread)
        assert received == [["later"]]

    def test_ends_when_its_queue_is_deleted(self, queues: Queues) -> None:
        url = queues.make()
        thread, received = self.poll(queues, url)
        queues.call("DeleteQueue", url)
        self.end(queues, thread)
        assert received == [[]]


class TestTrouble:
    def deliveries(self, trouble: Trouble, fifo: bool = False) -> list[str]:
        """What a consumer gets that deletes what it receives, of twenty messages."""
        queues = Queues(trouble=trouble)
        url = queues.make(fifo=fifo)
        for number in range(20):
            queues.send(url, f"{number:02}", group="g" if fifo else None)
        got = []
        for _ in range(60):
            for message in queues.receive(url, 2):
                got.append(message["Body"])
                queues.call("DeleteMessage", url, ReceiptHandle=message["ReceiptHandle"])
        assert queues.counts(url) == (0, 0, 0)
        return got

    def test_none_unless_asked_for(self) -> None:
        assert self.deliveries(Trouble()) == [f"{number:02}" for number in range(20)]

    def test_duplicates_come_even_after_the_delete(self) -> None:
        got = self.deliveries(Trouble(duplicate_rate=0.5, seed=1))
        assert len(set(got)) == 20
        assert 25 <= len(got) <= 35

    def test_a_rate_of_one_duplicates_each_message_once(self) -> None:
        got = self.deliveries(Trouble(duplicate_rate=1))
        assert sorted(got) == sorted([f"{number:02}" for number in range(20)] * 2)

    def test_messages_overtake_each_other(self) -> None:
        got = self.deliveries(Trouble(reorder_rate=0.5, seed=1))
        assert got != sorted(got) == [f"{number:02}" for number in range(20)]

    def test_the_same_seed_makes_the_same_trouble(self) -> None:
        runs = [self.deliveries(Trouble(0.3, 0.3, 0.3, seed)) for seed in (1, 1, 2)]
        assert runs[0] == runs[1] != runs[2]

    def test_a_fifo_queue_only_has_short_polls_that_miss(self) -> None:
        got = self.deliveries(Trouble(duplicate_rate=1, reorder_rate=1, miss_rate=0.5), fifo=True)
        assert got == [f"{number:02}" for number in range(20)]

    def test_a_short_poll_misses_and_a_long_poll_does_not(self) -> None:
        queues = Queues(trouble=Trouble(miss_rate=1))
        url = queues.make()
        queues.send(url, "there")
        assert queues.bodies(url) == []
        assert queues.bodies(url, WaitTimeSeconds=1) == ["there"]


def test_the_same_seed_makes_the_same_ids() -> None:
    def ids() -> list[str]:
        queues = Queues()
        url = queues.make(fifo=True)
        return [queues.send(url, body, group="g")["MessageId"] for body in "ab"]

    assert ids() == ids()


def test_a_queue_is_asked_about_before_it_is_used() -> None:
    asked = []
    queues = Queues(authorise=lambda queue, action, caller: asked.append((queue.name, action, caller.account)))
    url = queues.make()
    queues.call("SendMessageBatch", url, Entries=[{"Id": "a", "MessageBody": "a"}])
    assert asked == [("q1", "SendMessage", "123456789012")]
