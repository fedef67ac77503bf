"""The panel while messages are processed automatically: the button that is off, the box to tick, and the thread that
looks again, which no cell may notice.
"""

import gc
import threading
import time
import weakref
from collections.abc import Callable, Iterator
from typing import Any

import ipywidgets
import pytest
from jupyter_client.blocking.client import BlockingKernelClient
from jupyter_client.manager import KernelManager, start_new_kernel

from labkit.errors import LabError
from labkit.texts import widgets as texts
from labkit.widgets import Panel

WHY = texts.BUTTON_IS_OFF.format(button=texts.PROCESS, why=texts.AUTOMATIC_IS_ON)


class App:
    """An application that can be told to process by itself, and that refuses the button then."""

    def __init__(self) -> None:
        self.on = False
        self.messages: list[dict[str, str]] = []

    def send(self, text: str) -> None:
        self.messages.append({"id": str(len(self.messages)), "text": text, "state": "pending"})

    def process(self) -> list[str]:
        if self.on:
            raise LabError("Automatic processing is on: nobody else may process.")
        return []

    def find_all(self) -> list[dict[str, str]]:
        return self.messages

    def automatic(self) -> bool:
        return self.on

    def switch(self, on: bool) -> None:
        self.on = on

    def panel(self, **options: Any) -> Panel:
        chosen: dict[str, Any] = {"automatic": self.automatic, "switch": self.switch, "seconds": 0.01, **options}
        return Panel(self.send, self.process, self.find_all, **chosen)


@pytest.fixture
def app() -> Iterator[App]:
    yield App()
    ipywidgets.Widget.close_all()
    until(lambda: collected() and threads() == 0)


def until(true: Callable[[], bool], seconds: float = 10) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end
        time.sleep(0.005)


def collected() -> bool:
    """Collect what is gone: again and again, since a thread that looks just now holds its panel for that long."""
    gc.collect()
    return True


def threads() -> int:
    return sum(thread.name == "labkit-panel" for thread in threading.enumerate())


def test_ticking_the_box_turns_the_button_off_and_says_why(app: App) -> None:
    panel = app.panel()
    assert (panel.process.disabled, panel.process.tooltip, panel.why_off.value) == (False, None, "")
    panel.automatic.value = True
    assert app.on
    assert panel.process.disabled
    assert panel.process.tooltip == WHY  # for a screen reader
    assert panel.why_off.value == WHY  # for everybody
    panel.automatic.value = False
    assert not app.on
    assert (panel.process.disabled, panel.process.tooltip, panel.why_off.value) == (False, None, "")
    panel.check()


def test_what_was_switched_elsewhere_is_seen_and_not_switched_again(app: App) -> None:
    calls: list[bool] = []
    panel = app.panel(switch=calls.append)
    app.on = True
    panel.refresh()
    assert panel.automatic.value
    assert panel.process.disabled
    assert calls == []


def test_a_box_whose_switch_fails_goes_back_and_the_reason_is_shown(app: App) -> None:
    def switch(on: bool) -> None:
        raise LabError("Not here.")

    panel = app.panel(switch=switch)
    panel.automatic.value = True
    assert not panel.automatic.value
    assert not panel.process.disabled
    assert '<div role="alert">Not here.</div>' in panel.notice.value


def test_without_a_switch_there_is_no_box_but_the_button_is_off_all_the_same(app: App) -> None:
    app.on = True
    panel = app.panel(switch=None)
    assert panel.automatic.layout.display == "none"
    assert panel.process.disabled
    assert panel.why_off.value == WHY


def test_a_sentence_says_why_and_is_text_and_never_page(app: App) -> None:
    panel = app.panel(automatic=lambda: "because <b>I</b> say so", switch=None)
    assert panel.process.disabled
    assert panel.why_off.value == "“Process messages” is off: because &lt;b&gt;I&lt;/b&gt; say so"
    assert panel.process.tooltip == "“Process messages” is off: because <b>I</b> say so"


def test_a_refusal_is_shown_and_the_button_is_off_from_then_on(app: App) -> None:
    panel = app.panel()
    app.on = True  # somebody else, since the panel last looked
    panel.process.click()
    assert "nobody else may process" in panel.notice.value
    assert panel.process.disabled


def test_the_picture_says_it_too(app: App) -> None:
    app.on = True
    picture = app.panel()._repr_mimebundle_()
    assert WHY in picture["text/html"]
    assert WHY in picture["text/plain"]


def test_the_panel_looks_again_by_itself_only_while_it_is_on(app: App) -> None:
    panel = app.panel()
    assert threads() == 0
    panel.automatic.value = True
    app.send("from elsewhere")
    until(lambda: "from elsewhere" in panel.table.value)
    app.on = False  # by somebody else; the thread sees it, and ends
    until(lambda: not panel.process.disabled)
    until(lambda: threads() == 0)
    panel.automatic.value = True
    assert threads() == 1
    panel.automatic.value = False
    until(lambda: threads() == 0)


def test_a_reading_that_fails_is_said_and_the_next_one_goes_on(app: App) -> None:
    panel = app.panel()
    panel.automatic.value = True
    messages, app.messages = app.messages, None  # type: ignore[assignment]
    until(lambda: "could not be brought up to date" in panel.notice.value)
    app.messages = messages
    until(lambda: "could not be brought up to date" not in panel.notice.value)
    assert panel.errors == []


@pytest.mark.parametrize(
    "close", [Panel.close, lambda panel: ipywidgets.Widget.close_all()], ids=["close", "collected"]
)
def test_a_panel_that_is_gone_leaves_no_thread(close: Callable[[Panel], None], app: App) -> None:
    panel = app.panel(seconds=0.01)
    panel.automatic.value = True
    gone = weakref.ref(panel)
    close(panel)
    del panel
    until(lambda: collected() and gone() is None)
    until(lambda: threads() == 0)


MAKE = """
import threading, time
from labkit.widgets import Panel
reads, on = [], [True]
def find_all():
    reads.append(time.monotonic())
    print("a student's print")
    return [{"id": str(len(reads)), "text": "x", "state": "pending"}]
"""
SHOW = "panel = Panel(lambda text: None, lambda: [], find_all, automatic=lambda: on[0], seconds=0.02)\npanel"
COUNT = "print(sum(t.name == 'labkit-panel' for t in threading.enumerate()))"


@pytest.fixture(scope="module")
def kernel() -> Iterator[BlockingKernelClient]:
    manager: KernelManager
    manager, client = start_new_kernel(kernel_name="python3")
    yield client
    client.stop_channels()
    manager.shutdown_kernel(now=True)


def run(kernel: BlockingKernelClient, code: str, cell: str) -> str:
    """What a cell prints. `cell` is its id, as JupyterLab sends it."""
    content = {"code": code, "silent": False, "store_history": True, "user_expressions": {}, "allow_stdin": False}
    message = kernel.session.msg("execute_request", content, metadata={"cellId": cell})
    kernel.shell_channel.send(message)
    printed = ""
    while True:
        found = kernel.get_iopub_msg(timeout=20)
        if found["parent_header"].get("msg_id") != message["header"]["msg_id"]:
            assert found["parent_header"].get("msg_type") != "execute_request" or found["msg_type"] != "stream", found
            continue
        if found["msg_type"] == "error":
            raise AssertionError("\n".join(found["content"]["traceback"]))
        if found["msg_type"] == "stream":
            printed += found["content"]["text"]
        if found["msg_type"] == "status" and found["content"]["execution_state"] == "idle":
            return printed


def test_no_cell_notices_the_thread(kernel: BlockingKernelClient) -> None:
    run(kernel, MAKE, "make")
    run(kernel, SHOW, "show")
    time.sleep(1.5)  # it reads once it has been quiet for a second
    before = int(run(kernel, "print(len(reads))", "ask").split()[0])
    assert before > 4  # the thread's: three are the panel's own
    busy = "before = len(reads)\ntime.sleep(1.5)\nprint('during', len(reads) - before)"
    assert "during 0" in run(kernel, busy, "busy")


def test_between_the_cells_of_a_run_all_it_does_not_read(kernel: BlockingKernelClient) -> None:
    run(kernel, MAKE, "make")
    run(kernel, SHOW, "show")
    run(kernel, "reads.clear()", "clear")
    for _ in range(5):
        run(kernel, "time.sleep(0.05)", "next")
    # one after each cell, that with clear() included
    assert "6 reads" in run(kernel, "print(len(reads), 'reads')", "ask")


def test_its_prints_are_part_of_no_cell(kernel: BlockingKernelClient) -> None:
    run(kernel, MAKE, "make")
    run(kernel, SHOW, "show")
    time.sleep(1.5)
    printed = run(kernel, "print('mine'); time.sleep(0.2)", "mine")
    assert printed.startswith("mine\n")
    assert printed.count("a student's print") <= 1  # that of the look after this cell, on the cell's own thread


def test_a_cell_that_runs_again_leaves_one_thread_and_another_cells_panel_alone(kernel: BlockingKernelClient) -> None:
    run(kernel, MAKE + "other = Panel(lambda text: None, lambda: [], list, automatic=lambda: True)", "make")
    for _ in range(3):
        run(kernel, SHOW, "show")
    run(kernel, "time.sleep(0.2)", "wait")
    assert run(kernel, COUNT, "count").startswith("2\n")
    run(kernel, "pass", "show")  # its panel is no longer anywhere
    run(kernel, "time.sleep(0.2)", "wait")
    assert run(kernel, COUNT, "count").startswith("1\n")
