"""The panel, without a browser: what it shows, and what it does when the functions that it is given go wrong."""

import re
from typing import Any

import pytest
from comm.base_comm import BaseComm

import labkit
from labkit.messages import Message
from labkit.widgets import Panel
from labkit.widgets.pages import LIST_PAGE


class App:
    """An application in memory, as a student's three functions would be."""

    def __init__(self) -> None:
        self.messages: list[dict[str, str]] = []
        self.listed = 0

    def send(self, text: str) -> None:
        if not text:
            raise labkit.LabError("The message is empty.")
        self.messages.append({"id": f"m-{len(self.messages)}", "text": text, "state": "pending"})

    def process(self) -> list[str]:
        waiting = [m for m in self.messages if m["state"] == "pending"]
        for message in waiting:
            message["state"] = "fail" if "bad" in message["text"] else "complete"
        return [m["id"] for m in waiting]

    def find_all(self) -> list[dict[str, str]]:
        self.listed += 1
        return self.messages

    def counts(self) -> tuple[int, int]:
        return sum(m["state"] == "pending" for m in self.messages), 0


@pytest.fixture
def app() -> App:
    return App()


@pytest.fixture
def panel(app: App) -> Panel:
    return Panel(app.send, app.process, app.find_all, app.counts)


def type_and_send(panel: Panel, text: str) -> None:
    panel.text.value = text
    panel.send.click()


def rows(panel: Panel) -> list[tuple[str, ...]]:
    found = re.findall(r"<tr data-id=.*?</tr>", panel.table.value)
    cells = [re.findall(r"<td[^>]*>(.*?)</td>", row) for row in found]
    return [tuple(re.sub("<[^>]*>", "", cell) for cell in row) for row in cells]


def alert(panel: Panel) -> str:
    (found,) = re.findall(r'<div role="alert">(.*?)</div>', panel.notice.value)
    return str(found)


def test_send_and_process_are_seen_newest_first(panel: Panel) -> None:
    type_and_send(panel, "good")
    type_and_send(panel, "bad")
    assert rows(panel) == [("m-1", "bad", "pending"), ("m-0", "good", "pending")]
    assert 'aria-label="Waiting" aria-valuemin="0" aria-valuemax="10" aria-valuenow="2"' in panel.gauges.value
    assert panel.text.value == ""
    panel.process.click()
    assert rows(panel) == [("m-1", "bad", "fail"), ("m-0", "good", "complete")]
    assert 'aria-valuenow="0"' in panel.gauges.value
    assert "Processed: 2." in panel.notice.value
    panel.check()


def test_an_error_in_send_is_shown_and_kept_and_nothing_typed_is_lost(panel: Panel, app: App) -> None:
    app.send = lambda text: 1 / 0  # type: ignore[method-assign, return-value, assignment]
    broken = Panel(app.send, app.process, app.find_all)
    type_and_send(broken, "a long order")
    assert alert(broken) == "ZeroDivisionError: division by zero"
    assert broken.text.value == "a long order"
    assert [type(e) for e in broken.errors] == [ZeroDivisionError]
    with pytest.raises(ZeroDivisionError):
        broken.check()


def test_labkits_own_sentences_are_shown_without_a_class_name_and_go_away(panel: Panel) -> None:
    type_and_send(panel, "")
    assert alert(panel) == "The message is empty."
    type_and_send(panel, "now")
    assert alert(panel) == ""


@pytest.mark.parametrize(
    ("listed", "says"),
    [
        (None, "returned None"),
        ([{"id": 1, "text": "x"}], "must return messages with id, text and state"),
        (["m-1"], "it returned &#x27;m-1&#x27;"),
        (7, "TypeError"),
    ],
    ids=str,
)
def test_a_list_function_that_is_not_right_yet_is_told_so(app: App, listed: Any, says: str) -> None:
    assert says in Panel(app.send, app.process, lambda: listed).notice.value


def test_a_failing_list_does_not_hide_that_send_worked(app: App) -> None:
    panel = Panel(app.send, app.process, lambda: 1 / 0)  # type: ignore[arg-type, return-value]
    type_and_send(panel, "order")
    assert [m["text"] for m in app.messages] == ["order"]
    assert panel.text.value == ""
    assert alert(panel) == "ZeroDivisionError: division by zero"


HOSTILE = "<img src=x onerror=alert(1)>\"'</td></table><script>alert(2)</script>"


def test_what_comes_from_a_message_or_an_error_is_text_and_never_page(app: App) -> None:
    app.messages = [{"id": HOSTILE, "text": HOSTILE, "state": HOSTILE}]

    def send(text: str) -> None:
        raise ValueError(HOSTILE)

    panel = Panel(send, app.process, app.find_all)
    type_and_send(panel, "x")
    shown = panel.table.value + panel.notice.value + panel._repr_mimebundle_()["text/html"]
    assert "<img" not in shown
    assert "<script" not in shown
    assert (
        shown.count("&lt;img") == 11
    )  # in the table and its picture: three cells and two attributes; and in the alert
    assert alert(panel).startswith("ValueError: &lt;img")


def test_rows_may_be_objects_too(app: App) -> None:
    panel = Panel(app.send, app.process, lambda: [Message("m-1", "text", "pending", "")])
    assert rows(panel) == [("m-1", "text", "pending")]


def test_a_huge_table_and_a_huge_message_stay_small_on_the_page(app: App, panel: Panel) -> None:
    app.messages = [{"id": str(n), "text": "x" * 300_000, "state": "pending"} for n in range(LIST_PAGE + 5)]
    panel.refresh()
    assert len(rows(panel)) == LIST_PAGE
    assert rows(panel)[0][0] == str(LIST_PAGE + 4)
    assert f"Messages 1 to {LIST_PAGE} of {LIST_PAGE + 5}, newest first" in panel.table.value
    assert len(panel.table.value) < 50_000
    assert 'style="width:100%"' in panel.gauges.value  # a gauge that is over-full stays inside its frame


def test_an_update_that_changes_nothing_sends_nothing(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[Any] = []
    monkeypatch.setattr(BaseComm, "send", lambda self, data=None, *_, **__: sent.append(data))
    panel = Panel(app.send, app.process, app.find_all, app.counts, automatic=lambda: False, switch=lambda on: None)
    type_and_send(panel, "order")
    assert sent
    sent.clear()
    for _ in range(3):
        panel.refresh()
    assert sent == []


def test_a_refresh_that_fails_leaves_the_last_picture_and_says_so(app: App, panel: Panel) -> None:
    type_and_send(panel, "order")
    app.messages = None  # type: ignore[assignment]
    panel.refresh()
    assert rows(panel) == [("m-0", "order", "pending")]
    assert "could not be brought up to date" in panel.notice.value
    assert panel.errors == []


def test_when_it_can_be_read_again_nothing_is_said_any_more_but_an_alert_stays(app: App, panel: Panel) -> None:
    type_and_send(panel, "")
    messages, app.messages = app.messages, None  # type: ignore[assignment]
    panel.refresh()
    assert "could not be brought up to date" in panel.notice.value
    app.messages = messages
    panel.refresh()
    assert "could not be brought up to date" not in panel.notice.value
    assert alert(panel) == "The message is empty."


def test_where_there_are_no_widgets_there_is_a_picture_with_the_same_table(panel: Panel) -> None:
    type_and_send(panel, "order")
    bundle = panel._repr_mimebundle_()
    assert set(bundle) >= {"application/vnd.jupyter.widget-view+json", "text/html", "text/plain"}
    assert panel.table.value in bundle["text/html"]
    assert bundle["text/plain"].splitlines()[-1] == "m-0 · order · pending"


def test_the_states_are_told_by_words_and_a_failure_by_its_reason(app: App, panel: Panel) -> None:
    states = ("pending", "processing", "complete", "fail")
    app.messages = [{"id": state, "text": "x", "state": state} for state in states]
    panel.refresh()
    assert "why it failed" not in panel.table.value
    assert [row[2] for row in rows(panel)] == list(reversed(states))
    app.messages[-1]["reason"] = "ValueError: <no refunds>"
    panel.refresh()
    assert "why it failed" in panel.table.value
    assert [row[3] for row in rows(panel)] == ["ValueError: &lt;no refunds&gt;", "", "", ""]
    assert "fail · x · fail · ValueError: <no refunds>" in panel._repr_mimebundle_()["text/plain"]


def test_no_button_is_disabled_while_it_works_so_the_keyboard_keeps_its_place(app: App) -> None:
    seen: list[bool] = []
    panel: Panel
    panel = Panel(lambda text: seen.append(panel.send.disabled), lambda: seen.append(panel.process.disabled), list)
    type_and_send(panel, "x")
    panel.process.click()
    assert seen == [False, False]
