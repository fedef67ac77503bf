"""What requests and bytes cost on AWS, for Region us-east-1, in US dollars.

Two steps, and each is worth seeing by itself: from what a program does to what is billed (`sqs_requests`,
`write_units` …), and from there to money (`cost`). The prices are in `data/prices.toml`, with who says so and when
it was checked; `price_table` shows them. None of them is AWS's own word: look there before you plan with one.
"""

from labkit.pricing.billing import (
    LARGEST_BATCH,
    LARGEST_CALL,
    QueueRequests,
    polls_a_month,
    publish_requests,
    read_units,
    sqs_requests,
    sqs_requests_by_call,
    write_units,
)
from labkit.pricing.money import HOURS_A_MONTH, cost, in_dollars
from labkit.pricing.prices import Price, find_price, price_names, price_table

__all__ = [
    "HOURS_A_MONTH",
    "LARGEST_BATCH",
    "LARGEST_CALL",
    "Price",
    "QueueRequests",
    "cost",
    "find_price",
    "in_dollars",
    "polls_a_month",
    "price_names",
    "price_table",
    "publish_requests",
    "read_units",
    "sqs_requests",
    "sqs_requests_by_call",
    "write_units",
]
