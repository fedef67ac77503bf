"""Exercise 8.1: pollers that beginners write."""

import contextlib
import threading
import time
from concurrent.futures import ThreadPoolExecutor

from kit import Family

family = Family("8.1")


@family.wrong("every_five_seconds", "no_round")
def only_waits(process, stopping, now):
    if not stopping.wait():
        process()


@family.wrong("one_at_a_time", "back_early")
def asks_whether_it_is_set_the_wrong_way_round(process, stopping, now):
    while stopping.is_set():
        process()
        stopping.wait(5)


@family.wrong("every_five_seconds", "late")
def pauses_first(process, stopping, now):
    while not stopping.wait(5):
        process()


@family.wrong("one_at_a_time", "back_early")
def once_only(process, stopping, now):
    process()
    stopping.wait(5)


@family.wrong("every_five_seconds", "other_rhythm")
def counts_in_milliseconds(process, stopping, now):
    while not stopping.is_set():
        process()
        stopping.wait(5000)


@family.wrong("one_at_a_time", "busy")
def asks_the_clock_without_a_pause(process, stopping, now):
    due = now()
    while not stopping.is_set():
        if now() >= due:
            due += 5
            process()


@family.wrong("one_at_a_time", "never_stops")
def never_looks(process, stopping, now):
    while True:
        began = now()
        process()
        time.sleep(max(0, began + 5 - now()))


@family.wrong("one_at_a_time", "arguments")
def forgot_the_clock(process, stopping):
    process()


@family.wrong("one_at_a_time", "raised")
def wants_a_number(process, stopping, now):
    while stopping < now():
        process()


@family.wrong("one_at_a_time", "overlap")
def a_thread_for_each_round(process, stopping, now):
    while not stopping.is_set():
        threading.Thread(target=process, daemon=True).start()
        stopping.wait(5)


@family.wrong("one_at_a_time", "overlap")
def a_pool_of_threads(process, stopping, now):
    with ThreadPoolExecutor(4) as pool:
        while not stopping.is_set():
            pool.submit(process)
            stopping.wait(5)


@family.wrong("one_at_a_time", "left_alone")
def leaves_the_last_round_to_itself(process, stopping, now):
    round_ = None
    while not stopping.is_set():
        if round_:
            round_.join()
        round_ = threading.Thread(target=process, daemon=True)
        round_.start()
        stopping.wait(5)


@family.wrong("start_to_start", "drifts")
def always_pauses_five_seconds(process, stopping, now):
    while not stopping.is_set():
        try:
            process()
        except Exception:
            pass
        stopping.wait(5)


@family.wrong("slow_round", "waits")
def waits_for_the_next_multiple(process, stopping, now):
    start = now()
    while not stopping.is_set():
        try:
            process()
        except Exception:
            pass
        stopping.wait(5 - (now() - start) % 5)


@family.wrong("slow_round", "makes_up")
def makes_up_for_what_it_missed(process, stopping, now):
    due = now()
    while not stopping.is_set():
        try:
            process()
        except Exception:
            pass
        due += 5
        stopping.wait(max(0, due - now()))


@family.wrong("exception", "comes_out")
def lets_exceptions_out(process, stopping, now):
    while not stopping.is_set():
        began = now()
        process()
        stopping.wait(max(0, began + 5 - now()))


@family.wrong("exception", "other_rounds")
def gives_up_quietly(process, stopping, now):
    try:
        while not stopping.is_set():
            began = now()
            process()
            stopping.wait(max(0, began + 5 - now()))
    except Exception as error:
        print(error)


@family.wrong("stop", "sleeps_on")
def sleeps_where_it_cannot_be_woken(process, stopping, now):
    while not stopping.is_set():
        began = now()
        try:
            process()
        except Exception:
            pass
        time.sleep(max(0, began + 5 - now()))


@family.wrong("stop", "one_more")
def looks_only_after_the_round(process, stopping, now):
    while True:
        began = now()
        try:
            process()
        except Exception:
            pass
        if stopping.is_set() and now() - began < 4:
            return
        stopping.wait(max(0, began + 5 - now()))


@family.right
def takes_the_round_off_the_pause(process, stopping, now):
    while not stopping.is_set():
        began = now()
        try:
            process()
        except Exception as error:
            print(error)
        stopping.wait(max(0, began + 5 - now()))


@family.right
def waits_as_the_condition_of_the_loop(process, stopping, now):
    pause = 0.0
    while not stopping.wait(pause):
        began = now()
        try:
            process()
        except Exception:
            pass
        finally:
            pause = max(0, 5 - (now() - began))


@family.right
def in_one_thread_that_is_waited_for(process, stopping, now):
    def rounds():
        due = now()
        while not stopping.is_set():
            try:
                process()
            except Exception:
                pass
            due = max(due + 5, now())
            stopping.wait(due - now())

    thread = threading.Thread(target=rounds)
    thread.start()
    thread.join()


@family.right
def with_a_moment_that_is_due(process, stopping, now):
    due = now()
    while True:
        stopping.wait(max(0, due - now()))
        if stopping.is_set():
            break
        due = now() + 5
        with contextlib.suppress(Exception):
            process()


@family.right
def sleeps_a_little_at_a_time(process, stopping, now):
    assert isinstance(stopping, threading.Event)
    while not stopping.is_set():
        began = now()
        with contextlib.suppress(Exception):
            process()
        while now() < began + 5 and not stopping.is_set():
            time.sleep(0.1)


test_wrong, test_right = family.tests()
