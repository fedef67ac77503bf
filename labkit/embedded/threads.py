"""Ends a thread that does not end by itself."""

import ctypes
import threading

_TRIES, _PAUSE = 40, 0.05  # two seconds in all


def end(thread: threading.Thread, exception: type[BaseException] = SystemExit) -> bool:
    """Raise `exception` in it, again and again, since it may catch it; whether it has ended.

    It is raised between two steps of Python code: a thread that waits in C sees it when it wakes.
    """
    for _ in range(_TRIES):
        if not thread.is_alive() or thread.ident is None:
            return True
        ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread.ident), ctypes.py_object(exception))
        thread.join(_PAUSE)
    return False
