from collections.abc import Callable
from typing import Any

from botocore.exceptions import ClientError


def renewing(open_client: Callable[[], Any]) -> Callable[..., Any]:
    """Return `call(operation, **arguments)`, for example call("receive_message", QueueUrl=url)."""
    client = open_client()

    def call(operation: str, **arguments: Any) -> Any:
        nonlocal client
        try:
            return getattr(client, operation)(**arguments)
        except ClientError as refused:
            if refused.response["Error"]["Code"] not in ("ExpiredToken", "ExpiredTokenException"):
                raise
        # Once: if a session that was just opened is refused as well, another one would not help.
        client = open_client()
        return getattr(client, operation)(**arguments)

    return call
