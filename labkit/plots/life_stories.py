"""The lives of messages in words: what one would say who sees their figure, and which of them to show."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from labkit.life_lines import LifeLine, Mark, Sign
from labkit.texts import life_lines as texts

_MOST_STORIES = 8  # told one by one; a screen reader reads them all out
_MOST_NAMES = 4


def story(line: LifeLine) -> str:
    """What happened to a message, in order. No measured times, which differ from run to run; timeouts as they were set."""
    steps = [] if line.marks[0].sign is Sign.SENT else [texts.NOT_SEEN_SENT]
    queue = line.marks[0].queue
    for mark in line.marks:
        said = _said(mark)
        if mark.queue != queue:
            queue = mark.queue
            template = texts.TO_QUEUE if mark.sign is Sign.MOVED else texts.FROM_QUEUE
            said = template.format(said=said, queue=queue)
        steps.append(said)
    if line.state is not None:
        steps.append(texts.STILL[line.state])
    return ", ".join(steps)


def alternative(lines: Sequence[LifeLine]) -> str:
    """The text alternative of the figure of these lines: each story once, with the names of those it is true of."""
    if not lines:
        return texts.NOTHING
    told = [
        texts.STORY.format(names=_names([line.label for line in same]), steps=steps)
        for steps, same in list(_by_story(lines).items())[:_MOST_STORIES]
    ]
    untold = list(_by_story(lines).values())[_MOST_STORIES:]
    if untold:
        told.append(texts.OTHERS.format(number=sum(map(len, untold))))
    start = texts.ALT_ONE if len(lines) == 1 else texts.ALT
    return start.format(total=len(lines), stories=" ".join(told))


def choose(lines: Sequence[LifeLine], most: int) -> list[LifeLine]:
    """At most this many lines, those with the rarest stories, in the order they had."""
    rarest_first = sorted(_by_story(lines).values(), key=len)
    chosen = {line.message_id for same in rarest_first for line in same[:most]}  # no story needs more than that
    in_order = [line.message_id for same in rarest_first for line in same if line.message_id in chosen][:most]
    return [line for line in lines if line.message_id in set(in_order)]


def left_out(lines: Sequence[LifeLine], shown: Sequence[LifeLine]) -> str:
    """How many of these lines are not among the shown ones, and what became of them; nothing if all are shown."""
    ids = {line.message_id for line in shown}
    stories = _by_story([line for line in lines if line.message_id not in ids])
    if not stories:
        return ""
    told = [f"{len(same)} × {steps}" for steps, same in list(stories.items())[:2]]
    if len(stories) > len(told):
        told.append("…")
    return texts.LEFT_OUT.format(shown=len(shown), total=len(lines), stories="; ".join(told))


def time_in_words(time: timedelta) -> str:
    """A time in the unit that suits it, for example 31 s."""
    seconds = time.total_seconds()
    for unit, size in ((texts.DAYS, 86_400), (texts.HOURS, 3_600), (texts.MINUTES, 60)):
        if seconds >= 2 * size:
            return unit.format(seconds / size)
    return texts.SECONDS.format(int(seconds))


def _by_story(lines: Sequence[LifeLine]) -> dict[str, list[LifeLine]]:
    stories: dict[str, list[LifeLine]] = {}
    for line in lines:
        stories.setdefault(story(line), []).append(line)
    return stories


def _said(mark: Mark) -> str:
    said = texts.SAID[mark.sign].format(timeout=time_in_words(mark.timeout or timedelta()))
    return texts.BY.format(said=said, consumer=mark.consumer) if mark.consumer else said


def _names(labels: Sequence[str]) -> str:
    if len(labels) <= _MOST_NAMES + 1:
        return ", ".join(labels)
    return texts.AND_MORE.format(names=", ".join(labels[:_MOST_NAMES]), number=len(labels) - _MOST_NAMES)
