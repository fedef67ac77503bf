"""A queue's attributes: which there are for which type, their defaults and ranges, and the policies among them.

https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SetQueueAttributes.html
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from labkit.embedded.access import policies
from labkit.embedded.sqs import errors
from labkit.embedded.sqs.message import MAX_SIZE

RANGES = {
    "DelaySeconds": (0, 900),
    "KmsDataKeyReusePeriodSeconds": (60, 86_400),
    "MaximumMessageSize": (1_024, MAX_SIZE),
    "MessageRetentionPeriod": (60, 1_209_600),
    "ReceiveMessageWaitTimeSeconds": (0, 20),
    "VisibilityTimeout": (0, 43_200),
}
CHOICES = {
    "ContentBasedDeduplication": ("true", "false"),
    "DeduplicationScope": ("queue", "messageGroup"),
    "FifoQueue": ("true", "false"),
    "FifoThroughputLimit": ("perQueue", "perMessageGroupId"),
    "SqsManagedSseEnabled": ("true", "false"),
}
POLICIES = ("Policy", "RedrivePolicy", "RedriveAllowPolicy")
REMOVED_WHEN_EMPTY = (*POLICIES, "KmsMasterKeyId")
SETTABLE = {*RANGES, *CHOICES, *REMOVED_WHEN_EMPTY}
FIFO_ONLY = {"ContentBasedDeduplication", "DeduplicationScope", "FifoQueue", "FifoThroughputLimit"}
DEFAULTS = {
    "DelaySeconds": "0",
    "MaximumMessageSize": str(MAX_SIZE),
    "MessageRetentionPeriod": "345600",
    "ReceiveMessageWaitTimeSeconds": "0",
    "SqsManagedSseEnabled": "true",
    "VisibilityTimeout": "30",
}
FIFO_DEFAULTS = {
    "ContentBasedDeduplication": "false",
    "DeduplicationScope": "queue",
    "FifoQueue": "true",
    "FifoThroughputLimit": "perQueue",
}


@dataclass(frozen=True, slots=True)
class Redrive:
    """Where messages go that were received too often."""

    target_arn: str
    max_receive_count: int


class QueueAttributes:
    """What was set on a queue, as text for the API and as numbers for the queue."""

    def __init__(self, fifo: bool, values: Mapping[str, str] | None = None):
        """Raises SqsError for values that a queue of this type cannot have."""
        self.fifo = fifo
        self._values: dict[str, str] = DEFAULTS | (FIFO_DEFAULTS if fifo else {})
        self.set(values or {})

    @staticmethod
    def knows(name: str) -> bool:
        """Whether there is such an attribute, on queues of one type at least."""
        return name in SETTABLE

    def set(self, values: Mapping[str, str]) -> None:
        """All of them or, when one is refused with an SqsError, none."""
        new = self._checked(values)
        after = self._values | new
        if "KmsMasterKeyId" in new and new.get("SqsManagedSseEnabled") == "true":
            raise errors.invalid_attribute_name(
                "You can use one type of server-side encryption (SSE) at one time. "
                "You can either enable KMS SSE or SQS SSE."
            )
        if after.get("FifoThroughputLimit") == "perMessageGroupId" and after["DeduplicationScope"] == "queue":
            raise errors.invalid_attribute_value(
                "FifoThroughputLimit", "perMessageGroupId is allowed only when DeduplicationScope is messageGroup."
            )
        if new.get("KmsMasterKeyId"):
            after["SqsManagedSseEnabled"] = "false"
        self._values = {name: value for name, value in after.items() if value or name not in REMOVED_WHEN_EMPTY}
        self._keep_numbers()

    def differing(self, values: Mapping[str, str]) -> str | None:
        """The first of `values` that is not what this queue has; None if all are."""
        current = QueueAttributes(self.fifo, values)
        for name in values:
            if current._values.get(name) != self._values.get(name):
                return name
        return None

    def shown(self) -> dict[str, str]:
        """As GetQueueAttributes shows them."""
        hidden = () if "KmsMasterKeyId" in self._values else ("KmsDataKeyReusePeriodSeconds",)
        return {name: value for name, value in self._values.items() if name not in hidden}

    def get(self, name: str) -> str | None:
        return self._values.get(name)

    def _keep_numbers(self) -> None:
        """Calls read these; parsing them once is what makes a call cheap."""
        values = self._values
        self.delay = int(values["DelaySeconds"])
        self.max_size = int(values["MaximumMessageSize"])
        self.retention = int(values["MessageRetentionPeriod"])
        self.wait_time = int(values["ReceiveMessageWaitTimeSeconds"])
        self.visibility_timeout = int(values["VisibilityTimeout"])
        self.content_based_deduplication = values.get("ContentBasedDeduplication") == "true"
        self.deduplicates_by_group = values.get("DeduplicationScope") == "messageGroup"
        self.redrive = parse_redrive_policy(values["RedrivePolicy"]) if "RedrivePolicy" in values else None

    def _checked(self, values: Mapping[str, str]) -> dict[str, str]:
        return {name: self._checked_value(name, value) for name, value in values.items()}

    def _checked_value(self, name: str, value: str) -> str:
        if name not in SETTABLE:
            raise errors.unknown_attribute(name)
        if name in FIFO_ONLY and not self.fifo:
            if name in ("DeduplicationScope", "FifoThroughputLimit"):
                raise errors.invalid_attribute_name(f"You can specify the {name} only when FifoQueue is set to true.")
            raise errors.unknown_attribute(name)
        if name in RANGES:
            return _in_range(name, value)
        if name in CHOICES:
            return _one_of(name, value)
        if name in POLICIES and value:
            _POLICY_CHECKS[name](value)
        return value


def parse_redrive_policy(text: str) -> Redrive:
    """Raises SqsError unless it names a target and 1 to 1,000 receives. Whether the target exists is not its concern."""
    policy = _json_object("RedrivePolicy", text)
    for key in ("deadLetterTargetArn", "maxReceiveCount"):
        if policy.get(key) in (None, ""):
            raise errors.invalid_value(
                text, "RedrivePolicy", f"Redrive policy does not contain mandatory attribute: {key}."
            )
    count = str(policy["maxReceiveCount"])
    if not (count.isascii() and count.isdigit() and len(count) < 10 and 1 <= int(count) <= 1000):
        raise errors.invalid_value(
            text,
            "RedrivePolicy",
            f"Invalid value for maxReceiveCount: {count}, valid values are from 1 to 1000 both inclusive.",
        )
    return Redrive(str(policy["deadLetterTargetArn"]), int(count))


def allows_redrive(policy_text: str | None, source_arn: str) -> bool:
    """Whether a dead-letter queue with this RedriveAllowPolicy takes messages from that source."""
    policy = json.loads(policy_text) if policy_text else {}
    permission = policy.get("redrivePermission", "allowAll")
    return permission == "allowAll" or (permission == "byQueue" and source_arn in policy["sourceQueueArns"])


def _check_redrive_allow_policy(text: str) -> None:
    policy = _json_object("RedriveAllowPolicy", text)
    permission, sources = policy.get("redrivePermission"), policy.get("sourceQueueArns")
    if permission not in ("allowAll", "denyAll", "byQueue"):
        raise errors.invalid_value(
            text, "RedriveAllowPolicy", "redrivePermission must be one of allowAll, denyAll, byQueue."
        )
    named = isinstance(sources, list) and all(isinstance(s, str) for s in sources) and 1 <= len(sources) <= 10
    if (permission == "byQueue") != named:
        raise errors.invalid_value(
            text,
            "RedriveAllowPolicy",
            "sourceQueueArns must hold 1 to 10 queue ARNs when redrivePermission is byQueue, and only then.",
        )


def _json_object(name: str, text: str) -> dict[str, Any]:
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        value = None
    if not isinstance(value, dict):
        raise errors.invalid_attribute_value(name)
    return value


def _in_range(name: str, value: str) -> str:
    low, high = RANGES[name]
    if not (value.isascii() and value.isdigit() and len(value) < 10 and low <= int(value) <= high):
        raise errors.invalid_attribute_value(name)
    return str(int(value))


def _one_of(name: str, value: str) -> str:
    for choice in CHOICES[name]:
        if value.lower() == choice.lower():
            return choice
    raise errors.invalid_attribute_value(name)


def _check_policy(text: str) -> None:
    try:
        policies.statements(text)
    except ValueError:
        raise errors.invalid_attribute_value("Policy") from None


_POLICY_CHECKS = {
    "Policy": _check_policy,
    "RedrivePolicy": parse_redrive_policy,
    "RedriveAllowPolicy": _check_redrive_allow_policy,
}
