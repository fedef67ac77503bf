"""A topic's attributes: which there are, what they may be, and how GetTopicAttributes shows them.

https://docs.aws.amazon.com/sns/latest/api/API_SetTopicAttributes.html
"""

import json
from collections.abc import Callable
from typing import Any

from labkit.embedded.topics.errors import InvalidAttribute

SMALLEST_LIMIT, DEFAULT_LIMIT, LARGEST_LIMIT = 1024, 262_144, 1_048_576  # bytes, MaximumMessageSize

EFFECTIVE_DELIVERY_POLICY = json.dumps(
    {
        "http": {
            "defaultHealthyRetryPolicy": {
                "minDelayTarget": 20,
                "maxDelayTarget": 20,
                "numRetries": 3,
                "numMaxDelayRetries": 0,
                "numNoDelayRetries": 0,
                "numMinDelayRetries": 0,
                "backoffFunction": "linear",
            },
            "disableSubscriptionOverrides": False,
            "defaultRequestPolicy": {"headerContentType": "text/plain; charset=UTF-8"},
        }
    },
    separators=(",", ":"),
)


def boolean(name: str, value: str) -> str:
    """`true` or `false`, which may be written in any case."""
    if value.lower() not in ("true", "false"):
        raise InvalidAttribute(f"{name}: Invalid value [{value}]. Must be true or false.")
    return value.lower()


def one_of(*allowed: str) -> Callable[[str, str], str]:
    def check(name: str, value: str) -> str:
        if value not in allowed:
            raise InvalidAttribute(f"{name}: Invalid value [{value}]. Please use either {' or '.join(allowed)}")
        return value

    return check


def json_object(name: str, value: str) -> str:
    parsed_object(name, value)
    return value


def parsed_object(name: str, value: str) -> dict[str, Any]:
    """Raises InvalidAttribute for what is no JSON object."""
    try:
        parsed = json.loads(value)
    except (ValueError, RecursionError) as error:
        raise InvalidAttribute(f"{name}: failed to parse JSON. {error}") from None
    if not isinstance(parsed, dict):
        raise InvalidAttribute(f"{name}: failed to parse JSON. It is not an object")
    return parsed


def _size(name: str, value: str) -> str:
    if not value.isdecimal() or not SMALLEST_LIMIT <= int(value) <= LARGEST_LIMIT:
        raise InvalidAttribute(f"{name}: Invalid value [{value}]. Must be {SMALLEST_LIMIT} to {LARGEST_LIMIT}")
    return value


def _any(name: str, value: str) -> str:
    return value


_FEEDBACK = {
    f"{kind}{what}": _any
    for kind in ("HTTP", "Firehose", "Lambda", "Application", "SQS")
    for what in ("SuccessFeedbackRoleArn", "SuccessFeedbackSampleRate", "FailureFeedbackRoleArn")
}
_ON_EVERY_TOPIC: dict[str, Callable[[str, str], str]] = {
    "DisplayName": _any,
    "DeliveryPolicy": json_object,
    "Policy": json_object,
    "KmsMasterKeyId": _any,
    "SignatureVersion": one_of("1", "2"),
    "TracingConfig": one_of("PassThrough", "Active"),
    "MaximumMessageSize": _size,
    **_FEEDBACK,
}
_ON_FIFO_TOPICS: dict[str, Callable[[str, str], str]] = {
    "ContentBasedDeduplication": boolean,
    "FifoThroughputScope": one_of("Topic", "MessageGroup"),
    "ArchivePolicy": json_object,
}
_DEFAULTS = {"DisplayName": ""}
_FIFO_DEFAULTS = {"FifoTopic": "true", "ContentBasedDeduplication": "false"}


def checked(name: str, value: str, *, fifo: bool) -> str:
    """The value as it is kept. Raises InvalidAttribute for an attribute or a value that such a topic cannot have."""
    check = {**_ON_EVERY_TOPIC, **(_ON_FIFO_TOPICS if fifo else {})}.get(name)
    if check is None:
        raise InvalidAttribute("AttributeName")
    return check(name, value)


def defaults(*, fifo: bool) -> dict[str, str]:
    return {**_DEFAULTS, **(_FIFO_DEFAULTS if fifo else {})}
