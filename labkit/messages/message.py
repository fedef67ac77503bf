"""What a message is: its text, its states and which may follow which, its form in the queue and in the table."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, fields
from enum import StrEnum
from typing import TYPE_CHECKING, Any, TypeGuard

from labkit.errors import LabError
from labkit.texts import messages as texts

if TYPE_CHECKING:
    from collections.abc import Mapping

# DynamoDB Developer Guide, "Constraints": an item has at most 400 KB, attribute names included. A kilobyte is for the
# item's other attributes. The queue would take more: 1 MiB (SQS API Reference, SendMessage).
LARGEST_TEXT = 399 * 1024
# SQS API Reference, SendMessage: #x9 | #xA | #xD | #x20 to #xD7FF | #xE000 to #xFFFD | #x10000 to #x10FFFF.
_NOT_ALLOWED = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_ID = re.compile(r"[!-~]{1,100}")  # visible ASCII: any such text can be a key of the table


class TextTooLongError(LabError):
    """A text that no item of the table could hold."""


class State(StrEnum):
    """Where a message is in its life."""

    PENDING = "pending"
    PROCESSING = "processing"
    COMPLETE = "complete"
    FAIL = "fail"


# What each state may follow. A message is worked on under a claim (see `claims`), which may be taken over, and it is
# decided on once: a late duplicate cannot turn it back.
FOLLOWS: dict[State, frozenset[State]] = {
    State.PENDING: frozenset(),
    State.PROCESSING: frozenset({State.PENDING, State.PROCESSING}),
    State.COMPLETE: frozenset({State.PROCESSING}),
    State.FAIL: frozenset({State.PROCESSING}),
}


@dataclass(frozen=True)
class Message:
    """A message as the table has it."""

    id: str
    text: str
    state: str  # a State, or what another program wrote
    sent_at: str  # AWS's time, ISO 8601, UTC, milliseconds: as text these sort by time
    reason: str = ""  # why it failed
    owner: str = ""  # who claimed it last


def check_text(text: object) -> None:
    """Raise LabError, in words for a student, if this cannot be the text of a message."""
    if not isinstance(text, str):
        raise LabError(texts.TEXT_IS_NO_TEXT.format(kind=type(text).__name__))
    if not text.strip():
        raise LabError(texts.TEXT_IS_EMPTY)
    if bad := _NOT_ALLOWED.search(text):
        character = f"U+{ord(bad.group()):04X}"
        raise LabError(texts.TEXT_HAS_BAD_CHARACTER.format(character=character, position=bad.start() + 1))
    size = len(text.encode())
    if size > LARGEST_TEXT:
        raise TextTooLongError(texts.TEXT_IS_TOO_LONG.format(size=size, largest=LARGEST_TEXT))


def is_id(value: object) -> TypeGuard[str]:
    """Whether this can be the id of a message, and so a key of the table."""
    return isinstance(value, str) and _ID.fullmatch(value) is not None


def write_body(message: Message) -> str:
    """The message as it goes into the queue."""
    # Not as ASCII: escapes could make of a text that fits the table a body that does not fit the queue.
    return json.dumps({"id": message.id, "text": message.text}, ensure_ascii=False)


def read_body(body: str) -> tuple[str, str] | None:
    """The id and text in a message's body, or None if it is not one of ours."""
    try:
        content = json.loads(body)
    except (ValueError, RecursionError):  # no JSON, or brackets without end
        return None
    if not isinstance(content, dict):
        return None
    message_id, text = content.get("id"), content.get("text")
    return (message_id, text) if is_id(message_id) and isinstance(text, str) else None


def from_item(item: Mapping[str, Any]) -> Message:
    """A message from its item. What another program left out is empty, what it put in besides is passed over."""
    return Message(**{field.name: item.get(field.name, {}).get("S", "") for field in fields(Message)})
