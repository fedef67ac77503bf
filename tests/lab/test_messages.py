"""The application: its order of steps, its states, and what it does with input that nobody wished for."""

import json
from typing import Any

import pytest

import labkit
from labkit.messages import LARGEST_TEXT, Message, Messages


def states(app: Messages) -> list[tuple[str, str]]:
    return [(m.text, m.state) for m in app.find_page().messages]


def test_a_message_goes_from_pending_to_complete(make_app: Any) -> None:
    app = make_app()
    app.send("one")
    assert states(app) == [("one", "pending")]
    assert [m.state for m in app.process()] == ["complete"]
    assert states(app) == [("one", "complete")]
    assert app.counts() == (0, 0)


def test_a_message_that_cannot_be_handled_fails_with_its_reason(make_app: Any) -> None:
    def handle(text: str) -> None:
        raise ValueError("no such product")

    app = make_app(handle=handle)
    app.send("one")
    (failed,) = app.process()
    assert (failed.state, failed.reason) == ("fail", "ValueError: no such product")
    assert app.counts() == (0, 0)


def test_pending_is_written_before_the_message_is_sent(make_app: Any) -> None:
    """A crash in between leaves what the table shows, never work that no list shows."""

    class Dies:
        def send_message(self, **_: Any) -> None:
            raise KeyboardInterrupt

    app = make_app(sqs=Dies())
    with pytest.raises(KeyboardInterrupt):
        app.send("one")
    assert states(app) == [("one", "pending")]


def test_a_crash_before_the_delete_loses_nothing_and_decides_once(
    make_app: Any, lab: labkit.Lab, clients: tuple[Any, Any]
) -> None:
    class DiesBeforeDelete:
        receive_message = clients[0].receive_message

        def delete_message(self, **_: Any) -> None:
            raise KeyboardInterrupt

    app = make_app()
    app.send("one")
    crashing = Messages(**{**vars(app), "sqs": DiesBeforeDelete()})
    with pytest.raises(KeyboardInterrupt):
        crashing.process()
    assert states(app) == [("one", "complete")]
    lab.wait(seconds=31)
    assert app.counts() == (1, 0)
    assert app.process() == []  # delivered again, decided before: only deleted
    assert app.counts() == (0, 0)


def test_a_late_duplicate_cannot_turn_a_decided_message_back(make_app: Any) -> None:
    app = make_app()
    sent = app.send("one")
    app.process()
    app.sqs.send_message(QueueUrl=app.queue_url, MessageBody=json.dumps({"id": sent.id, "text": "one"}))
    failing = Messages(**{**vars(app), "handle": lambda text: 1 / 0})
    assert failing.process() == []
    assert states(app) == [("one", "complete")]


def test_a_message_that_the_table_does_not_know_yet_stays_in_the_queue(make_app: Any) -> None:
    app = make_app()
    app.sqs.send_message(QueueUrl=app.queue_url, MessageBody=json.dumps({"id": "early", "text": "one"}))
    assert app.process() == []
    assert app.counts() == (0, 1)
    assert app.find_page().messages == []


@pytest.mark.parametrize(
    "body",
    [
        "no JSON",
        "[]",
        "{}",
        '"text"',
        '{"id": "", "text": "x"}',
        '{"id": 7, "text": "x"}',
        '{"id": "a"}',
        '{"id": "\\ud800", "text": "x"}',
        json.dumps({"id": "x" * 3000, "text": "x"}),
        "[" * 200_000,
        "x" * 1_048_576,
    ],
    ids=lambda body: body[:24],
)
def test_an_unreadable_body_is_recorded_as_fail_and_does_not_stop_the_others(make_app: Any, body: str) -> None:
    app = make_app()
    message_id = app.sqs.send_message(QueueUrl=app.queue_url, MessageBody=body)["MessageId"]
    app.send("good")
    app.process()
    found = {m.id: m for m in app.find_page().messages}
    assert found[message_id].state == "fail"
    assert found[message_id].text == body[:1000]
    assert found["m-1"].state == "complete"
    assert app.counts() == (0, 0)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "empty"),
        (" \n\t", "empty"),
        (None, "NoneType"),
        (7, "int"),
        ("a\ud800b", "U\\+D800 at position 2"),
        ("nul\x00", "U\\+0000 at position 4"),
        ("\ufffe", "U\\+FFFE"),
        ("x" * (1024 * 1024 + 1), "1,048,577 bytes"),
        ("x" * (LARGEST_TEXT + 1), "408,577 bytes"),
        ("é" * (LARGEST_TEXT // 2 + 1), "408,578 bytes"),
    ],
    ids=lambda value: repr(value)[:24],
)
def test_what_cannot_be_sent_is_refused_in_one_sentence_and_nothing_is_done(
    make_app: Any, text: Any, says: str
) -> None:
    app = make_app()
    with pytest.raises(labkit.LabError, match=says):
        app.send(text)
    assert app.find_page().messages == []
    assert app.counts() == (0, 0)


@pytest.mark.parametrize(
    "text",
    ["x" * LARGEST_TEXT, "é" * (LARGEST_TEXT // 2), '"' * LARGEST_TEXT, "🎫\t\n", "<b>&"],
    ids=lambda text: text[:9],
)
def test_the_largest_and_the_oddest_text_arrive_as_they_were_sent(make_app: Any, text: str) -> None:
    app = make_app()
    app.send(text)
    assert [m.text for m in app.process()] == [text]


def test_an_id_that_is_taken_is_refused(make_app: Any) -> None:
    app = make_app(new_id=lambda: "same")
    app.send("one")
    with pytest.raises(labkit.LabError, match="the id same already"):
        app.send("two")
    assert states(app) == [("one", "pending")]
    assert app.counts() == (1, 0)


def test_an_unknown_state_cannot_be_written(make_app: Any) -> None:
    with pytest.raises(ValueError, match="done"):
        make_app()._write(Message("m-2", "two", "done", ""))


def test_an_item_of_another_program_is_read_as_far_as_it_goes(make_app: Any) -> None:
    app = make_app()
    app.dynamodb.put_item(TableName=app.table_name, Item={"id": {"S": "x"}, "state": {"S": "odd"}, "price": {"N": "1"}})
    assert app.find("x") == Message("x", "", "odd", "")
