"""Many items into a table of the real AWS, by BatchWriteItem."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

MOST_AT_ONCE = 25  # items; Amazon DynamoDB API Reference, BatchWriteItem
FIRST_PAUSE, LONGEST_PAUSE = 0.05, 5.0  # seconds


def put_all(
    dynamodb: Any, table_name: str, items: list[dict[str, Any]], sleep: Callable[[float], object] = time.sleep
) -> None:
    """Put `items`, and again those that were not processed, after a pause that doubles as long as there are any.

    "If DynamoDB returns any unprocessed items, you should retry the batch operation on those items. However, we strongly
    recommend that you use an exponential backoff algorithm": BatchWriteItem, in the API Reference.
    """
    left: list[Any] = [{"PutRequest": {"Item": item}} for item in items]
    pause = 0.0
    while left:
        answer = dynamodb.batch_write_item(RequestItems={table_name: left[:MOST_AT_ONCE]})
        again = answer["UnprocessedItems"].get(table_name, [])
        left[:MOST_AT_ONCE] = again
        pause = min(2 * pause or FIRST_PAUSE, LONGEST_PAUSE) if again else 0.0
        if pause:
            sleep(pause)
