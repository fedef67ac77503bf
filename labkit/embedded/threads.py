"""Ends a thread that does not end by itself."""

import ctypes
import sys
import threading
import time
import weakref
from typing import NoReturn

_ASKS, _PAUSE = 4, 0.05  # as often a thread is asked to end, so many seconds apart; most do at once
_STUBBORN = 2.0  # seconds for one that catches what ends it

_parked: weakref.WeakSet[threading.Thread] = weakref.WeakSet()


def end(thread: threading.Thread, exception: type[BaseException] = SystemExit) -> bool:
    """Raise `exception` in it, again and again, since it may catch it; whether it has ended, or is parked.

    It is raised between two steps of Python code: a thread that waits in C sees it when it wakes. A SystemExit ends
    a thread without a word, wherever it is.
    """
    # Whoever is told of exceptions in threads, or in finalizers, would be told in the thread itself, and meet the next
    # one there. `id` takes what they take, does nothing, and is no Python code that could be interrupted.
    thread._invoke_excepthook = id  # type: ignore[attr-defined]
    told_of_finalizers, sys.unraisablehook = sys.unraisablehook, id
    try:
        for _ in range(_ASKS):
            if _is_over(thread):
                return True
            _raise(exception, thread)
            thread.join(_PAUSE)
        return _is_over(thread) or _end_stubborn(thread, exception)
    finally:
        if told_of_finalizers is not id:  # then somebody else is ending a thread, and gives back what was there
            sys.unraisablehook = told_of_finalizers


def park() -> NoReturn:
    """Let the calling thread do nothing any more, for ever: it was told to end and goes on. As a daemon it costs nothing."""
    _parked.add(threading.current_thread())
    while True:
        threading.Event().wait()


def _end_stubborn(thread: threading.Thread, exception: type[BaseException]) -> bool:
    """`while True: try: … except: pass` ends by what is raised between two rounds, and by nothing else.

    So Python changes threads at every step here: the next exception is there when the handler of the last is left.
    """
    interval, last = sys.getswitchinterval(), time.monotonic() + _STUBBORN
    sys.setswitchinterval(1e-6)
    try:
        while not _is_over(thread) and time.monotonic() < last:
            _raise(exception, thread)
            time.sleep(0)  # lets the other go on for a step; a `join` of no length would not
    finally:
        sys.setswitchinterval(interval)
    return _is_over(thread)


def _is_over(thread: threading.Thread) -> bool:
    return not thread.is_alive() or thread in _parked


def _raise(exception: type[BaseException], thread: threading.Thread) -> None:
    ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread.ident or 0), ctypes.py_object(exception))
