"""Batches: refused as a whole, or answered entry by entry."""

import re
from collections.abc import Callable
from typing import Any

from labkit.embedded.sqs import errors

MAX_ENTRIES = 10
_ENTRY_ID = re.compile(r"[A-Za-z0-9_-]{1,80}")

Entry = dict[str, Any]


def for_each_entry(entries: list[Entry], do: Callable[[Entry], dict[str, Any]]) -> dict[str, Any]:
    """`do` each entry; its answer is listed under `Successful`, an SqsError that it raises under `Failed`."""
    successful, failed = [], []
    for entry in entries:
        try:
            successful.append({"Id": entry["Id"], **do(entry)})
        except errors.SqsError as error:
            failed.append(error.for_entry(entry["Id"]))
    return {name: listed for name, listed in (("Successful", successful), ("Failed", failed)) if listed}


def check_entries(entries: list[Entry]) -> None:
    """Raises SqsError if the batch is refused as a whole."""
    if not entries:
        raise errors.empty_batch()
    if len(entries) > MAX_ENTRIES:
        raise errors.too_many_entries(len(entries), MAX_ENTRIES)
    seen = set()
    for entry in entries:
        if not _ENTRY_ID.fullmatch(entry["Id"]):
            raise errors.invalid_batch_entry_id()
        if entry["Id"] in seen:
            raise errors.entry_ids_not_distinct(entry["Id"])
        seen.add(entry["Id"])
