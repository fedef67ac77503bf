"""What a life line consists of: the states that a message was in, and the signs of what happened to it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum


class State(StrEnum):
    """What a message is for its queue."""

    DELAYED = "delayed"
    WAITING = "waiting"
    IN_FLIGHT = "in flight"


class Sign(StrEnum):
    """What happened to a message."""

    SENT = "sent"
    SENT_AGAIN = "sent again"  # a FIFO queue recognised it as a duplicate
    RECEIVED = "received"
    RECEIVED_AGAIN = "received again"
    RECEIVED_AFTER_DELETE = "received after it was deleted"
    TIMED_OUT = "timed out"  # its visibility timeout, and so it waits again
    EXTENDED = "extended"  # its visibility timeout
    GIVEN_BACK = "given back"  # its visibility timeout was set to 0
    MOVED = "moved"  # to its queue's dead-letter queue
    DELETED = "deleted"
    REMOVED = "removed"  # with all the others of its queue
    EXPIRED = "expired"  # at the end of its retention period


@dataclass(frozen=True)
class Spell:
    """A time that a message was in one state. AWS's time."""

    state: State
    start: datetime
    end: datetime  # of a delay or flight that goes on, when it will end


@dataclass(frozen=True)
class Mark:
    """One thing that happened to a message. AWS's time."""

    sign: Sign
    at: datetime
    queue: str
    consumer: str = ""  # who received it, where that is known
    timeout: timedelta | None = None  # for which it is hidden from here on, or was, where it timed out


@dataclass(frozen=True)
class LifeLine:
    """All that was seen of one message. `state` is what it is at the end; None if it is gone."""

    message_id: str
    label: str
    spells: tuple[Spell, ...]
    marks: tuple[Mark, ...]
    state: State | None
