"""The panel, without a browser: what it shows, and what it does when the functions that it is given go wrong."""

import re
from typing import Any

import pytest

import labkit
from labkit.messages import Message
from labkit.widgets import MOST_ROWS, Panel


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
    return [tuple(re.findall(r"<td[^>]*>(.*?)</td>", row)) for row in found]


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
    assert shown.count("&lt;img") == 11  # in the table twice: three cells and two attributes; and in the alert
    assert alert(panel).startswith("ValueError: &lt;img")


def test_rows_may_be_objects_too(app: App) -> None:
    panel = Panel(app.send, app.process, lambda: [Message("m-1", "text", "pending", "")])
    assert rows(panel) == [("m-1", "text", "pending")]


def test_a_huge_table_and_a_huge_message_stay_small_on_the_page(app: App, panel: Panel) -> None:
    app.messages = [{"id": str(n), "text": "x" * 300_000, "state": "pending"} for n in range(MOST_ROWS + 5)]
    panel.refresh()
    assert len(rows(panel)) == MOST_ROWS
    assert rows(panel)[0][0] == str(MOST_ROWS + 4)
    assert f"The newest {MOST_ROWS} of {MOST_ROWS + 5} messages." in panel.table.value
    assert len(panel.table.value) < 200_000
    assert 'style="width:100%"' in panel.gauges.value  # a gauge that is over-full stays inside its frame


def test_an_update_that_changes_nothing_sends_nothing(panel: Panel) -> None:
    changes: list[Any] = []
    for widget in (panel.table, panel.gauges, panel.notice):
        widget.observe(changes.append)
    panel.refresh()
    assert changes == []


def test_a_refresh_that_fails_leaves_the_last_picture_and_says_so(app: App, panel: Panel) -> None:
    type_and_send(panel, "order")
    app.messages = None  # type: ignore[assignment]
    panel.refresh()
    assert rows(panel) == [("m-0", "order", "pending")]
    assert "could not be read again" in panel.notice.value
    assert panel.errors == []


def test_where_there_are_no_widgets_there_is_a_picture_with_the_same_table(panel: Panel) -> None:
    type_and_send(panel, "order")
    bundle = panel._repr_mimebundle_()
    assert set(bundle) >= {"application/vnd.jupyter.widget-view+json", "text/html", "text/plain"}
    assert panel.table.value in bundle["text/html"]
    assert bundle["text/plain"].splitlines()[-1] == "m-0 · order · pending"


def test_no_button_is_ever_disabled_so_the_keyboard_keeps_its_place(app: App) -> None:
    seen: list[bool] = []
    panel: Panel
    panel = Panel(lambda text: seen.append(panel.send.disabled), lambda: seen.append(panel.process.disabled), list)
    type_and_send(panel, "x")
    panel.process.click()
    assert seen == [False, False]
