"""Publish and PublishBatch: what is refused, as a whole or entry by entry, and what is answered.

https://docs.aws.amazon.com/sns/latest/api/API_PublishBatch.html
"""

import re
from collections.abc import Mapping
from typing import Any

from labkit.embedded.topics import errors, message, message_attributes
from labkit.embedded.topics.errors import Refusal
from labkit.embedded.topics.topic import Topic

MAX_ENTRIES = 10
MAX_ENTRY_ID = 80  # characters

_ENTRY_ID = re.compile(r"[A-Za-z0-9_-]*")


def publish(topic: Topic, request: Mapping[str, Any]) -> dict[str, str]:
    """Raises Refusal."""
    message_attributes.check(request.get("MessageAttributes") or {})
    _check_entry(topic, request)
    if message.size_of(request) > topic.size_limit:
        raise errors.invalid("Message too long")
    message.texts_by_protocol(request)
    return topic.take(request)


def publish_batch(topic: Topic, entries: list[dict[str, Any]]) -> dict[str, Any]:
    """Raises Refusal if the batch is refused as a whole; an entry's own fault is listed under `Failed`."""
    _check_batch(topic, entries)
    successful, failed = [], []
    for entry in entries:
        try:
            _check_entry(topic, entry)
            successful.append({"Id": entry["Id"], **topic.take(entry)})
        except Refusal as error:
            failed.append({"Id": entry["Id"], "Code": error.code, "Message": error.message, "SenderFault": True})
    return {"Successful": successful, "Failed": failed}


def _check_batch(topic: Topic, entries: list[dict[str, Any]]) -> None:
    if not entries:
        raise errors.empty_batch()
    if len(entries) > MAX_ENTRIES:
        raise errors.too_many_entries()
    ids = [entry["Id"] for entry in entries]
    if len(set(ids)) < len(ids):
        raise errors.entry_ids_not_distinct()
    for entry_id in ids:
        if len(entry_id) > MAX_ENTRY_ID:
            raise errors.invalid_entry_id(entry_id, "is too long")
        if not _ENTRY_ID.fullmatch(entry_id):
            raise errors.invalid_entry_id(entry_id, "contains an impermissible character")
    for entry in entries:
        message_attributes.check(entry.get("MessageAttributes") or {})
        message.texts_by_protocol(entry)
        if topic.fifo_topic:
            topic.check_type(entry)
    if sum(message.size_of(entry) for entry in entries) > topic.size_limit:
        raise errors.batch_too_long()


def _check_entry(topic: Topic, request: Mapping[str, Any]) -> None:
    message.check_texts(request)
    message.check_fifo_ids(request)
    topic.check_type(request)
