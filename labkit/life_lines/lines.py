"""From events to lives: one line for each message."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime

from labkit.life_lines.events import Event, Step
from labkit.life_lines.line import LifeLine, Mark, Sign, Spell, State

LONGEST_LABEL = 24  # characters


def fold(events: Iterable[Event], now: datetime, name: Callable[[str], str] | None = None) -> list[LifeLine]:
    """The life of each message up to `now`, in order of appearance. `name` makes a label of a body."""
    lives: dict[str, _Life] = {}
    asked: dict[str, list[datetime]] = defaultdict(list)  # by queue: when it was, for messages
    for event in sorted(events, key=lambda event: event.at):
        if event.step is Step.ASKED:
            asked[event.queue].append(event.at)
        elif event.step is Step.REMOVED:
            for life in lives.values():
                life.remove(event)
        else:
            life = lives.setdefault(event.message_id, _Life(event))
            life.go_on(event, asked[life.queue])
    return [life.line(message_id, now, name or _label) for message_id, life in lives.items()]


def _label(body: str) -> str:
    try:
        content = json.loads(body)
    except (ValueError, RecursionError):
        content = None
    found = content.get("id") if isinstance(content, dict) else None
    return found if isinstance(found, str) and found else body


class _Life:
    """One message's life as far as it has been told."""

    def __init__(self, first: Event) -> None:
        self._first = first
        self.queue = first.queue
        self._spells: list[Spell] = []
        self._marks: list[Mark] = []
        self._state: State | None = None
        self._since = first.at
        self._hidden_from, self._hidden_until = first.at, first.hidden_until
        self._comes_back = True  # once its timeout is over; the copy of a deleted message does not
        self._expires = first.at + first.keeps if first.step is Step.SENT and first.keeps else None
        self._asked = 0  # how often its queue had been, when it was last received there
        self._body = first.body

    def go_on(self, event: Event, asked: Sequence[datetime]) -> None:
        """`asked`: when the queue in which it was last was asked for messages."""
        self._pass_until(event.at)
        if event.queue != self.queue:
            self._moved(event, asked[self._asked :])
        elif event.step is Step.RECEIVED:
            self._asked = len(asked)
        {
            Step.SENT: self._sent,
            Step.RECEIVED: self._received,
            Step.CHANGED: self._changed,
            Step.DELETED: self._deleted,
        }[event.step](event)

    def remove(self, event: Event) -> None:
        if event.queue == self.queue and self._state is not None:
            self._pass_until(event.at)
            self._mark(Sign.REMOVED, event)
            self._state = None

    def line(self, message_id: str, now: datetime, name: Callable[[str], str]) -> LifeLine:
        if self._state is not None and self._expires is not None and self._expires <= now:
            self._pass_until(self._expires)
            self._marks.append(Mark(Sign.EXPIRED, self._expires, self.queue))
            self._state = None
        self._pass_until(now)
        if self._state in (State.DELAYED, State.IN_FLIGHT) and self._hidden_until is not None:
            self._spend(self._hidden_until)
        label = " ".join(name(self._body).split())
        if len(label) > LONGEST_LABEL:
            label = label[: LONGEST_LABEL - 1] + "…"
        return LifeLine(message_id, label, tuple(self._spells), tuple(self._marks), self._state)

    def _sent(self, event: Event) -> None:
        if self._marks:
            self._mark(Sign.SENT_AGAIN, event)
            return
        self._mark(Sign.SENT, event)
        self._hide(State.DELAYED, event)

    def _moved(self, event: Event, asked: Sequence[datetime]) -> None:
        """It is in another queue. SQS moved it when its own was asked once more, after its timeout was over."""
        visible, self.queue, self._asked = self._hidden_until, event.queue, 0
        moved_at = next((at for at in asked if visible and at >= visible), None)
        if moved_at:
            self._marks.append(Mark(Sign.MOVED, moved_at, event.queue))
        # In a standard queue's dead-letter queue its retention goes on, in a FIFO queue's it begins anew.
        sent_at = self._first.at if self._first.step is Step.SENT else None
        start = moved_at if event.queue.endswith(".fifo") else sent_at
        self._expires = start + event.keeps if start and event.keeps else None

    def _received(self, event: Event) -> None:
        seen = {mark.sign for mark in self._marks}
        if self._state is None and seen & {Sign.DELETED, Sign.REMOVED}:
            sign, self._comes_back = Sign.RECEIVED_AFTER_DELETE, False
        else:
            sign = Sign.RECEIVED_AGAIN if Sign.RECEIVED in seen else Sign.RECEIVED
        self._mark(sign, event)
        self._hide(State.IN_FLIGHT, event)

    def _changed(self, event: Event) -> None:
        if self._state is None:  # another thread deleted it in the same moment
            return
        given_back = event.hidden_until is not None and event.hidden_until <= event.at
        self._mark(Sign.GIVEN_BACK if given_back else Sign.EXTENDED, event)
        self._hide(State.IN_FLIGHT, event)

    def _deleted(self, event: Event) -> None:
        self._mark(Sign.DELETED, event)
        self._state = None

    def _mark(self, sign: Sign, event: Event) -> None:
        timeout = event.hidden_until - event.at if event.hidden_until else None
        consumer = event.consumer if event.step is Step.RECEIVED else ""
        self._marks.append(Mark(sign, event.at, event.queue, consumer, timeout))

    def _hide(self, state: State, event: Event) -> None:
        """From now on hidden, if there is a time to be hidden for, else waiting."""
        self._since = self._hidden_from = event.at
        self._hidden_until = until = event.hidden_until
        # For how long may not be known: then a flight lasts some time, and a delay, which is rare, none.
        hidden = until > event.at if until else state is State.IN_FLIGHT
        self._state = state if hidden else State.WAITING

    def _pass_until(self, end: datetime) -> None:
        """Time passes, and a timeout may run out on the way."""
        over = self._hidden_until
        if self._state in (State.DELAYED, State.IN_FLIGHT) and over is not None and over <= end:
            self._spend(over)
            if self._state is State.IN_FLIGHT and self._comes_back:
                self._marks.append(Mark(Sign.TIMED_OUT, over, self.queue, timeout=over - self._hidden_from))
            self._state = State.WAITING if self._comes_back else None
        self._spend(end)

    def _spend(self, end: datetime) -> None:
        if self._state is None or end <= self._since:
            return
        last = self._spells[-1] if self._spells else None
        if last and last.state is self._state and last.end == self._since:
            self._spells[-1] = Spell(self._state, last.start, end)
        else:
            self._spells.append(Spell(self._state, self._since, end))
        self._since = end
