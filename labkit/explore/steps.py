"""What happened in a run, step by step, in few words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from botocore.exceptions import ClientError

from labkit.texts import explore as texts

LONGEST_DETAIL = 60  # characters


class Kind(StrEnum):
    """What a step is."""

    CALL = "call"  # a call of AWS
    EFFECT = "effect"  # something in the world outside that cannot be taken back, for example an e-mail
    CRASH = "crash"
    ERROR = "error"  # an exception that ended the consumer
    TIME = "time"  # time passed


@dataclass(frozen=True, slots=True)
class Step:
    """One step. `lanes` is what an observer saw just after it, for example the message's and the table's state."""

    kind: Kind
    consumer: str  # empty where time passes
    action: str  # the API's name of a call, or the effect's
    detail: str = ""
    lanes: Mapping[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        return " ".join(filter(None, [self.consumer, self.action, self.detail]))


def detail_of(operation: str, parameters: Mapping[str, Any], answer: Mapping[str, Any] | BaseException) -> str:
    """What is worth saying of a call: what it received, what it wrote, or why it was refused."""
    if isinstance(answer, ClientError):
        return "✘ " + answer.response["Error"]["Code"].removeprefix("AWS.SimpleQueueService.")
    if isinstance(answer, BaseException):
        return "✘ " + type(answer).__name__
    if operation == "ReceiveMessage":
        bodies = [message["Body"] for message in answer.get("Messages", [])]
        return shortened(", ".join(bodies)) if bodies else texts.NOTHING
    for name in ("MessageBody", "Message", "UpdateExpression", "ConditionExpression"):
        if name in parameters:
            return shortened(str(parameters[name]))
    return ""


def shortened(text: str) -> str:
    return text if len(text) <= LONGEST_DETAIL else text[: LONGEST_DETAIL - 1] + "…"
