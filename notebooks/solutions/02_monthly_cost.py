import math


def monthly_cost(messages: int, size: int, batch: int, empty_receives: int, dollars_per_million: float) -> float:
    """Dollars for a month: `messages` of `size` bytes are sent, received and deleted in calls of `batch` messages.

    `empty_receives` calls find nothing. The first million requests are free. The result is not rounded.
    """
    calls = math.ceil(messages / batch)
    steps = math.ceil(batch * size / (64 * 1024))
    requests = calls * (steps + steps + 1) + empty_receives  # send, receive, delete
    return max(requests - 1_000_000, 0) * dollars_per_million / 1_000_000
