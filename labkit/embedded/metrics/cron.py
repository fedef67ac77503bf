"""The five fields of a recurring scheduled action: minute, hour, day of the month, month, day of the week."""

import re
from datetime import datetime

from labkit.embedded.metrics.errors import validation_error

_RANGES = ((0, 59), (0, 23), (1, 31), (1, 12), (0, 7))
_PART = re.compile(r"(?:\*|(\d+)(?:-(\d+))?)(?:/(\d+))?")
_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_DAYS = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"]


class Cron:
    """Raises ValidationError if the text is no cron expression."""

    def __init__(self, text: str) -> None:
        fields = text.lower().split()
        if len(fields) != len(_RANGES):
            raise _bad(text)
        fields[3] = _numbered(fields[3], _MONTHS, 1)
        fields[4] = _numbered(fields[4], _DAYS, 0)
        self._sets = [_members(text, field, *limits) for field, limits in zip(fields, _RANGES, strict=True)]
        self._any_day, self._any_weekday = fields[2] == "*", fields[4] == "*"

    def matches(self, moment: datetime) -> bool:
        """Whether it is due in the minute of `moment`. If both kinds of day are restricted, one is enough."""
        minutes, hours, days, months, weekdays = self._sets
        day, weekday = moment.day in days, {moment.isoweekday(), moment.isoweekday() % 7} & weekdays
        right_day = (day and weekday) if self._any_day or self._any_weekday else (day or weekday)
        return bool(moment.minute in minutes and moment.hour in hours and moment.month in months and right_day)


def _numbered(field: str, names: list[str], first: int) -> str:
    return re.sub("|".join(names), lambda name: str(names.index(name[0]) + first), field)


def _members(text: str, field: str, low: int, high: int) -> set[int]:
    members: set[int] = set()
    for part in field.split(","):
        match = _PART.fullmatch(part)
        if match is None:
            raise _bad(text)
        begin, end, step = (None if group is None else int(group) for group in match.groups())
        if begin is None:
            first, last = low, high
        else:
            first, last = begin, begin if end is None and step is None else high if end is None else end
        if not low <= first <= last <= high or step == 0:
            raise _bad(text)
        members.update(range(first, last + 1, step or 1))
    return members


def _bad(text: str) -> Exception:
    return validation_error(f"Given recurrence string: {text} is invalid")
