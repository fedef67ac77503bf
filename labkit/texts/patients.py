"""What `labkit.patients` says to a student. The situations themselves are words of the code, and stay as they are."""

SITUATION_IS_UNKNOWN = "There is no situation called {situation!r}. There are: {known}."
STORIES = {
    "steady": "three orders a minute, all done at once",
    "rush": "150 orders at once in minute 20, done within minutes",
    "quiet": "two orders in the whole hour, both done",
    "long work": "orders that take 70 s each, hidden for 180 s, all done",
    "no workers": "three orders a minute, and no worker at all",
    "no workers, few orders": "six orders in the hour, and no worker at all",
    "workers gone": "workers that all went in minute 20",
    "far too slow": "ten orders a minute where the workers can do four",
    "a little too slow": "thirty orders a minute where the workers can do twenty-four",
    "no deletes": "workers that never delete, with a timeout of 60 s",
    "no deletes, long timeout": "workers that never delete, with a timeout of two hours",
    "one stuck": "180 orders, one of which fails again and again",
    "three stuck": "360 orders, three of which fail again and again",
    "one stuck, long timeout": "one order that fails each time, once every ten minutes",
    "all slow": "orders that take 45 s each, hidden for 30 s",
    "some slow": "orders of which every third takes 45 s, hidden for 30 s",
}
