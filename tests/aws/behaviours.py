"""`@behaviour`: one thing that AWS does, stated once, with the AWS page that says so.

The same test runs against the embedded AWS and, with --on-real-aws-this-costs-money, against the real one. What the
embedded AWS does otherwise, on purpose, is marked with `differs`: the test is then expected to fail there, and the
table of behaviours lists it with the reason.
"""

from collections.abc import Callable
from typing import Any

import pytest


def behaviour(key: str, statement: str, *, source: str, differs: str | None = None) -> Callable[[Any], Any]:
    """Mark a test as the behaviour `key` (for example `fifo.dedup.after_delete`), which `statement` says in words.

    `source` is the AWS page or API operation behind it. `differs` is the reason why the embedded AWS does otherwise.
    """
    return pytest.mark.behaviour(key=key, statement=statement, source=source, differs=differs)
