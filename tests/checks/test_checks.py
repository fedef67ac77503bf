"""Whatever a student hands in, the answer is a report, and the kernel lives."""

import json
import sys
import time
from pathlib import Path
from typing import Any

import boto3
import pytest

import labkit
from labkit.checks import check, progress, reset
from labkit.checks.exercise import exercise
from labkit.checks.progress import folder, tries_of
from labkit.checks.trial import Trial
from labkit.errors import LabError
from labkit.explore import consumer


@pytest.fixture(autouse=True)
def _in_a_lab(lab: labkit.Lab) -> None:
    """Checks take the keys that the lab gave out."""


def crashes(queue_url: str, table_name: str, handle: Any) -> list[str]:
    """Deletes first."""
    sqs, dynamodb = boto3.client("sqs"), boto3.client("dynamodb")
    done = []
    for message in sqs.receive_message(QueueUrl=queue_url, MaxNumberOfMessages=10).get("Messages", []):
        order = json.loads(message["Body"])
        sqs.delete_message(QueueUrl=queue_url, ReceiptHandle=message["ReceiptHandle"])
        handle(order["text"])
        dynamodb.update_item(
            TableName=table_name,
            Key={"id": {"S": order["id"]}},
            UpdateExpression="SET #state = :complete",
            ExpressionAttributeNames={"#state": "state"},
            ExpressionAttributeValues={":complete": {"S": "complete"}},
        )
        done.append(order["id"])
    return done


def loops_without_calls(*_: Any) -> None:
    while True:
        pass


def swallows_everything(queue_url: str, table_name: str, handle: Any) -> None:
    while True:
        try:  # noqa: SIM105
            boto3.client("sqs").receive_message(QueueUrl=queue_url)
        except:  # noqa: E722, S110
            pass


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (lambda *_: 1 / 0, "raised"),
        (lambda *_: sys.exit(), "ended"),
        (lambda *_: 7, "type"),
        (lambda queue_url: [queue_url], "arguments"),
        (loops_without_calls, "stuck"),
        (swallows_everything, "endless"),
        (print, "printed"),
    ],
)
def test_no_slip_takes_the_kernel_down(answer: Any, reason: str) -> None:
    report = check("7.2", answer)
    assert report.broken
    assert report.broken[1] == reason
    assert report.question


def test_what_catches_even_its_end_does_no_more_afterwards(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(consumer, "PATIENCE", 60)
    rounds = []

    def goes_on(queue_url: str, table_name: str, handle: Any) -> None:
        sqs = boto3.client("sqs")
        while True:
            try:
                rounds.append(sqs.receive_message(QueueUrl=queue_url))
            except:  # noqa: E722
                rounds.append(None)

    begun = time.monotonic()
    assert check("7.2", goes_on).broken == ("empty_queue", "endless")
    assert time.monotonic() - begun < 60  # nobody waited for it
    made = len(rounds)
    time.sleep(0.2)
    assert len(rounds) == made


def test_a_function_that_does_nothing_is_not_written_yet_and_counts_as_no_try() -> None:
    assert str(check("7.2", lambda *_: None)) == "7.2 not written yet"
    assert str(check("7.2", lambda *_: ...)) == "7.2 not written yet"
    assert not tries_of("7.2").tries


def test_a_function_that_only_forgets_to_return_is_written() -> None:
    def forgets(queue_url: str, *_: Any) -> None:
        sorted(queue_url)

    assert check("7.2", forgets).broken == ("empty_queue", "type")


def test_what_will_not_be_compared_is_of_the_wrong_type_like_anything_else() -> None:
    class Table:
        def __eq__(self, _: object) -> bool:
            raise ValueError("the truth of a table is ambiguous")

        __hash__ = None  # type: ignore[assignment]

    assert check("7.2", lambda *_: Table()).broken == ("empty_queue", "type")


def test_what_went_wrong_is_drawn_and_can_be_gone_through() -> None:
    report = check("7.2", crashes)
    assert report.broken == ("crash", "lost")
    assert "A crashes before handle" in str(report)
    assert '<table class="lk-time-line">' in report._repr_html_()
    replay = report.replay()
    back, further = replay.children[0].children
    assert "Step 1 of" in replay.children[1].value
    for _ in report.steps:
        further.click()
    assert f"Step {len(report.steps)} of {len(report.steps)}" in replay.children[1].value
    back.click()
    assert f"Step {len(report.steps) - 1} of" in replay.children[1].value


def test_where_nothing_was_explored_there_is_nothing_to_replay() -> None:
    with pytest.raises(LabError, match="nothing to go through"):
        check("7.2", lambda *_: 7).replay()


def test_the_same_mistake_gets_a_more_pointed_question_and_at_last_the_solution() -> None:
    reports = [check("7.2", crashes) for _ in range(3)]
    assert reports[0].question != reports[1].question
    assert not any("%load" in note for note in reports[1].notes)
    assert any("%load solutions/07_process_messages.py" in note for note in reports[2].notes)


def test_what_a_function_prints_does_not_flood_the_cell(capsys: pytest.CaptureFixture[str]) -> None:
    def talks(queue_url: str, table_name: str, handle: Any) -> list[str]:
        print("here I am")
        return crashes(queue_url, table_name, handle)

    check("7.2", talks)
    assert capsys.readouterr().out == ""


def test_what_a_function_returns_or_raises_is_escaped() -> None:
    def hostile(*_: Any) -> None:
        raise ValueError("<script>alert(1)</script>")

    assert "<script>" not in check("7.2", hostile)._repr_html_()


def test_a_check_that_breaks_says_so_and_shows_no_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    def breaks(_: Trial) -> None:
        raise KeyError("Messages")

    breaks.__name__ = exercise("7.2").properties[0].__name__
    monkeypatch.setattr(exercise("7.2"), "properties", [breaks])
    report = check("7.2", crashes)
    assert not report.solved
    assert "The check itself broke (KeyError in test_checks.py, line " in str(report)


def test_progress_is_kept_shown_and_reset() -> None:
    check("7.2", crashes)
    assert "tried, 1×" in str(progress())
    reset("7.2")
    assert "tried" not in str(progress())


def test_solved_stays_solved_after_a_later_slip() -> None:
    from runpy import run_path

    solution = Path(__file__).parents[2] / "notebooks" / "solutions" / "07_process_messages.py"
    assert check("7.2", run_path(str(solution))["process_messages"]).solved
    check("7.2", crashes)
    assert tries_of("7.2").solved


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"tries": "many"}', "\0"])
def test_a_damaged_progress_file_counts_as_none(content: str) -> None:
    folder().mkdir(parents=True)
    (folder() / "7.2.json").write_text(content)
    assert not tries_of("7.2").tries
    check("7.2", lambda *_: 7)
    assert tries_of("7.2").tries == 1


def test_progress_that_cannot_be_kept_is_said_and_no_more(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("LABKIT_PROGRESS", str(tmp_path / "file" / "progress"))
    assert any("could not be kept" in note for note in check("7.2", lambda *_: 7).notes)


@pytest.mark.parametrize("number", ["7.99", "99.1", "x", "", 7.2])
def test_a_number_that_is_none_is_one_sentence(number: Any) -> None:
    with pytest.raises(LabError):
        check(number, crashes)


def test_a_result_instead_of_a_function_is_one_sentence() -> None:
    with pytest.raises(LabError, match="without brackets"):
        check("7.2", [])
