"""Who may do what to a queue: its own policy and the caller's, put together."""

from collections.abc import Callable

from labkit.embedded.access.callers import Caller
from labkit.embedded.access.permissions import Permissions
from labkit.embedded.access.refusals import Refused
from labkit.embedded.sqs import errors
from labkit.embedded.sqs.queue import Queue


def queue_guard(permissions: Permissions) -> Callable[[Queue, str, Caller], None]:
    """An `authorise` for `Sqs`, which raises SqsError (AccessDenied) for what the policies do not allow."""

    def authorise(queue: Queue, action: str, caller: Caller) -> None:
        try:
            permissions.demand(
                caller,
                f"sqs:{action}",
                queue.arn,
                resource_policy=queue.attributes.get("Policy"),
                context={"aws:requestedregion": queue.arn.split(":")[3]},
            )
        except Refused as refused:
            raise errors.access_denied(str(refused)) from None

    return authorise
