"""Answers page by page: a token says how far the last page went."""

from collections.abc import Sequence
from typing import TypeVar

from labkit.embedded.metrics.errors import invalid_next_token

T = TypeVar("T")


def page(everything: Sequence[T], size: int, token: str | None) -> tuple[Sequence[T], str | None]:
    """One page, and the token for the next; None after the last. Raises InvalidNextToken."""
    first = 0
    if token is not None:
        if not (token.isascii() and token.isdigit()) or int(token) >= max(len(everything), 1):
            raise invalid_next_token()
        first = int(token)
    last = first + size
    return everything[first:last], str(last) if last < len(everything) else None
