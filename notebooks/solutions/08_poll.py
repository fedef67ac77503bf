import threading
from collections.abc import Callable


def poll(process: Callable[[], object], stopping: threading.Event, now: Callable[[], float]) -> None:
    """Call `process()` at once and then every 5 seconds, counted from the start of one call to the start of the next,
    until `stopping`, a threading.Event, is set; then return.

    A call that takes longer than 5 seconds is followed by the next one at once. Two are never at work at the same time.
    An exception in `process()` ends that call and nothing else. `now()` returns seconds.
    """
    while not stopping.is_set():
        began = now()
        try:
            process()
        except Exception as error:  # noqa: BLE001 (whatever it raises, the next round comes)
            print("a round failed:", error)
        # What the round took is taken off the pause. stop() wakes us from it; time.sleep would sleep on.
        stopping.wait(max(0, began + 5 - now()))
