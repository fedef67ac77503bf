"""The life of a message is told as it was: from what SQS answered, in AWS's time."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import boto3
import pytest

import labkit
from labkit import faults, life_lines
from labkit.checks import check
from labkit.life_lines import LifeLine, Record, Sign, State, fold
from labkit.life_lines.events import Event, Step
from labkit.plots import life_lines as figure
from labkit.plots.life_lines import draw, place
from labkit.plots.life_stories import alternative, choose, left_out, story

pytestmark = pytest.mark.usefixtures("empty_lab")  # days pass here
NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


@pytest.fixture
def sqs(lab: labkit.Lab) -> Any:
    return boto3.client("sqs")


@pytest.fixture
def queue_url(sqs: Any, request: pytest.FixtureRequest) -> Iterator[str]:
    fifo = "fifo" in request.node.name
    attributes = {"FifoQueue": "true", "ContentBasedDeduplication": "true"} if fifo else {}
    name = f"lives-{abs(hash(request.node.name))}" + (".fifo" if fifo else "")
    url = sqs.create_queue(QueueName=name, Attributes=attributes)["QueueUrl"]
    yield url
    sqs.delete_queue(QueueUrl=url)


@pytest.fixture
def record(lab: labkit.Lab, sqs: Any) -> Iterator[Record]:
    record = life_lines.record(lab, sqs)
    yield record
    record.stop()


def receive(sqs: Any, url: str, **more: Any) -> list[Any]:
    return list(sqs.receive_message(QueueUrl=url, **more).get("Messages", []))


def delete(sqs: Any, url: str, message: Any) -> None:
    sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])


def signs(line: LifeLine) -> list[Sign]:
    return [mark.sign for mark in line.marks]


def seconds(line: LifeLine) -> list[tuple[State, int]]:
    return [(spell.state, round((spell.end - spell.start).total_seconds())) for spell in line.spells]


def test_a_message_that_came_back(lab: labkit.Lab, sqs: Any, queue_url: str, record: Record) -> None:
    sqs.send_message(QueueUrl=queue_url, MessageBody='{"id": "m-1"}')
    receive(sqs, queue_url)
    lab.wait(seconds=40)
    delete(sqs, queue_url, receive(sqs, queue_url)[0])
    (line,) = record.lines()
    assert signs(line) == [Sign.SENT, Sign.RECEIVED, Sign.TIMED_OUT, Sign.RECEIVED_AGAIN, Sign.DELETED]
    assert (State.IN_FLIGHT, 30) in seconds(line)
    assert (State.WAITING, 10) in seconds(line)
    assert (line.label, line.state) == ("m-1", None)


def test_timeouts_are_those_of_the_queue_and_of_each_call(
    lab: labkit.Lab, sqs: Any, queue_url: str, record: Record
) -> None:
    sqs.send_message(QueueUrl=queue_url, MessageBody="later", DelaySeconds=20)
    lab.wait(seconds=21)
    sqs.set_queue_attributes(QueueUrl=queue_url, Attributes={"VisibilityTimeout": "50"})
    message = receive(sqs, queue_url)[0]
    sqs.change_message_visibility(QueueUrl=queue_url, ReceiptHandle=message["ReceiptHandle"], VisibilityTimeout=100)
    lab.wait(seconds=70)
    sqs.change_message_visibility(QueueUrl=queue_url, ReceiptHandle=message["ReceiptHandle"], VisibilityTimeout=0)
    receive(sqs, queue_url, VisibilityTimeout=5)
    (line,) = record.lines()
    assert [mark.timeout for mark in line.marks if mark.timeout] == [timedelta(seconds=s) for s in (20, 50, 100, 5)]
    assert seconds(line)[0] == (State.DELAYED, 20)
    assert (State.IN_FLIGHT, 70) in seconds(line)
    assert line.state is State.IN_FLIGHT


def test_batches_and_messages_that_nobody_was_seen_to_send(
    lab: labkit.Lab, sqs: Any, queue_url: str, record: Record
) -> None:
    record.stop()
    sqs.send_message(QueueUrl=queue_url, MessageBody="before")
    record = life_lines.record(lab, sqs)
    entries = [{"Id": str(n), "MessageBody": f"order {n}"} for n in range(3)]
    sqs.send_message_batch(QueueUrl=queue_url, Entries=entries)
    messages = receive(sqs, queue_url, MaxNumberOfMessages=10)
    gone = [{"Id": str(n), "ReceiptHandle": message["ReceiptHandle"]} for n, message in enumerate(messages)]
    sqs.delete_message_batch(QueueUrl=queue_url, Entries=gone)
    lines = {line.label: signs(line) for line in record.lines()}
    assert lines == {"before": [Sign.RECEIVED, Sign.DELETED]} | {
        f"order {n}": [Sign.SENT, Sign.RECEIVED, Sign.DELETED] for n in range(3)
    }


def test_a_fifo_duplicate_is_on_the_line_of_the_first(sqs: Any, queue_url: str, record: Record) -> None:
    for _ in range(2):
        sqs.send_message(QueueUrl=queue_url, MessageBody="order", MessageGroupId="one")
    assert [signs(line) for line in record.lines()] == [[Sign.SENT, Sign.SENT_AGAIN]]


def test_a_copy_that_comes_after_the_delete_does_not_wait_for_ever(
    lab: labkit.Lab, sqs: Any, queue_url: str, record: Record
) -> None:
    with faults.on(lab, duplicate=1):
        sqs.send_message(QueueUrl=queue_url, MessageBody="order")
        delete(sqs, queue_url, receive(sqs, queue_url)[0])
        assert receive(sqs, queue_url)
    lab.wait(minutes=1)
    (line,) = record.lines()
    assert signs(line) == [Sign.SENT, Sign.RECEIVED, Sign.DELETED, Sign.RECEIVED_AFTER_DELETE]
    assert line.state is None


def test_purges_retention_and_refused_calls(lab: labkit.Lab, sqs: Any, queue_url: str, record: Record) -> None:
    sqs.send_message(QueueUrl=queue_url, MessageBody="purged")
    sqs.purge_queue(QueueUrl=queue_url)
    sqs.send_message(QueueUrl=queue_url, MessageBody="expired")
    with pytest.raises(sqs.exceptions.ClientError):
        sqs.delete_message(QueueUrl=queue_url, ReceiptHandle="none")
    lab.wait(days=5)
    assert [signs(line)[-1] for line in record.lines()] == [Sign.REMOVED, Sign.EXPIRED]


def test_who_received_is_said_where_clients_have_names_and_later_clients_are_heard_too(
    lab: labkit.Lab, sqs: Any, queue_url: str
) -> None:
    record = life_lines.record(lab, A=sqs)
    sqs.send_message(QueueUrl=queue_url, MessageBody="order")
    receive(sqs, queue_url, VisibilityTimeout=0)
    receive(boto3.client("sqs"), queue_url)
    (line,) = record.lines()
    assert [(mark.sign, mark.consumer) for mark in line.marks] == [
        (Sign.SENT, ""),
        (Sign.RECEIVED, "A"),
        (Sign.RECEIVED_AGAIN, ""),
    ]


def test_a_dead_letter_moves_when_its_queue_is_asked_once_more(
    lab: labkit.Lab, sqs: Any, queue_url: str, record: Record
) -> None:
    dead = sqs.create_queue(QueueName="dead-lives")["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=dead, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    policy = json.dumps({"deadLetterTargetArn": arn, "maxReceiveCount": 2})
    sqs.set_queue_attributes(QueueUrl=queue_url, Attributes={"RedrivePolicy": policy})
    sqs.send_message(QueueUrl=queue_url, MessageBody="order")
    receive(sqs, queue_url, VisibilityTimeout=0)
    for found in (1, 0, 0, 0):
        assert len(receive(sqs, queue_url)) == found
        lab.wait(seconds=20)  # so that the second of these is in vain, and the third one moves it
    receive(sqs, dead)
    (line,) = record.lines()
    assert signs(line) == [
        *(Sign.SENT, Sign.RECEIVED, Sign.RECEIVED_AGAIN, Sign.TIMED_OUT),
        *(Sign.MOVED, Sign.RECEIVED_AGAIN),
    ]
    timed_out, moved, again = line.marks[-3:]
    assert round((moved.at - timed_out.at).total_seconds()) == 10
    assert round((again.at - moved.at).total_seconds()) == 40
    assert "moved by SQS to dead-lives, received again, still in flight" in story(line)


@pytest.mark.parametrize(("ending", "days"), [("", 10), (".fifo", 13)])  # its time goes on, or begins anew
def test_a_dead_letter_is_kept_as_its_new_queue_keeps(ending: str, days: int) -> None:
    queue, dead = f"orders{ending}", f"dead{ending}"
    three_days, ten_days = timedelta(days=3), timedelta(days=10)
    later = NOON + three_days
    events = [
        Event(NOON, Step.SENT, queue, "m-1", "order", NOON, timedelta(days=4)),
        Event(NOON, Step.ASKED, queue),
        Event(NOON, Step.RECEIVED, queue, "m-1", "order", NOON, timedelta(days=4)),
        Event(later, Step.ASKED, queue),
        Event(later, Step.ASKED, dead),
        Event(later, Step.RECEIVED, dead, "m-1", "order", later, ten_days),
    ]
    expires = NOON + timedelta(days=days)
    (line,) = fold(events, expires - timedelta(seconds=1))
    assert line.state is State.WAITING
    assert [mark.at for mark in line.marks if mark.sign is Sign.MOVED] == [later]
    (line,) = fold(events, expires)
    assert (line.marks[-1].sign, line.marks[-1].at, line.state) == (Sign.EXPIRED, expires, None)


def test_a_new_record_ends_the_one_before(lab: labkit.Lab, sqs: Any, queue_url: str, record: Record) -> None:
    later = life_lines.record(lab, sqs)
    sqs.send_message(QueueUrl=queue_url, MessageBody="order")
    assert (len(record.events), len(later.events)) == (0, 1)


def test_what_happens_inside_of_a_check_is_not_recorded(sqs: Any, record: Record) -> None:
    def process_messages(queue_url: str, table_name: str, handle: Any) -> list[str]:
        return [message["Body"] for message in receive(sqs, queue_url, MaxNumberOfMessages=10)]

    assert check("7.2", process_messages).broken
    assert record.events == []


def some_lines(sqs: Any, queue_url: str, record: Record, number: int) -> list[LifeLine]:
    for start in range(0, number, 10):
        entries = [{"Id": str(n), "MessageBody": f"order {n}"} for n in range(start, min(start + 10, number))]
        sqs.send_message_batch(QueueUrl=queue_url, Entries=entries)
    for message in receive(sqs, queue_url):
        delete(sqs, queue_url, message)
    return record.lines()


def test_of_many_messages_the_rare_stories_are_shown_and_the_rest_is_told(
    sqs: Any, queue_url: str, record: Record
) -> None:
    lines = some_lines(sqs, queue_url, record, 100)
    shown = choose(lines, 5)
    assert len(shown) == 5
    assert "sent, received, deleted" in {story(line) for line in shown}
    assert left_out(lines, shown) == "5 of 100 messages; left out: 95 × sent, still waiting"
    assert left_out(shown, shown) == ""
    words = alternative(lines)
    assert words.startswith("Life lines of 100 messages. order 0: sent, received, deleted.")
    assert "order 1, order 2, order 3, order 4 and 95 more: sent, still waiting." in words


def test_hostile_texts_and_no_messages_are_drawn(
    sqs: Any, queue_url: str, record: Record, monkeypatch: pytest.MonkeyPatch, recwarn: pytest.WarningsRecorder
) -> None:
    shown: list[Any] = []
    monkeypatch.setattr("labkit.plots.figure.display", lambda data, **_: shown.append(data))
    draw(record.lines())
    for body in ("$\\frac{1}{", "日本 😀", "<b>bold</b>", "x" * 1000, '{"id": 7}', "[" * 5000):
        sqs.send_message(QueueUrl=queue_url, MessageBody=body)
    draw(record.lines())
    assert sum("image/png" in data for data in shown) == 2
    assert all(len(line.label) <= 24 for line in record.lines())
    assert not recwarn.list


def test_moments_keep_their_order_and_only_long_idle_times_are_cut() -> None:
    moments = [NOON + timedelta(seconds=s) for s in (0, 0.001, 30, 86_400, 86_401)]
    where, cuts = place(moments, timedelta(seconds=30))
    spots = [where[moment] for moment in moments]
    assert spots == sorted(spots)
    assert (spots[0], round(spots[-1], 9)) == (0, 1)
    assert min(later - earlier for earlier, later in pairwise(spots)) > 0.02
    assert len(cuts) == 1
    assert spots[2] < cuts[0] < spots[3]
    assert place([NOON], timedelta()) == ({NOON: 0.0}, [])
    assert place([], timedelta()) == ({}, [])


def test_each_sign_that_is_drawn_has_a_name_and_each_a_story() -> None:
    from labkit.texts import life_lines as texts

    assert {*figure._MARKS} == {*Sign} - {Sign.TIMED_OUT}
    assert {*texts.SIGNS} == {*map(str, figure._MARKS)}
    assert {*texts.SAID} == {*map(str, Sign)}
    assert {*texts.STATES} == {*texts.STILL} == {*map(str, State)}
