"""A thread that is made to end does so without a word, whatever it was doing."""

import sys
import threading
import time
from typing import Any

import pytest

from labkit.embedded import threads


class Finalized:
    """Something whose finalizer takes long enough to be interrupted."""

    def __del__(self) -> None:
        for _ in range(2000):
            pass


def test_what_ends_it_in_a_finalizer_is_told_to_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[Any] = []

    def tell(unraisable: Any) -> None:
        told.append(unraisable.exc_type)

    monkeypatch.setattr(sys, "unraisablehook", tell)

    def for_ever() -> None:
        while True:
            try:  # noqa: SIM105
                Finalized()
            except:  # noqa: E722, S110
                pass

    for _ in range(5):
        thread = threading.Thread(target=for_ever, daemon=True)
        thread.start()
        time.sleep(0.01)
        assert threads.end(thread)
    assert not told
    assert sys.unraisablehook is tell
