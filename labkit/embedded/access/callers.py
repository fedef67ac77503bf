"""Who asks: the principal behind a request."""

from __future__ import annotations

from dataclasses import dataclass

CALLER_KEY = "labkit.caller"  # in the WSGI environment: the Caller, put there by the gate
FROM_INSIDE_KEY = (
    "labkit.from_inside"  # in the same place: a call of this process's own, to whatever address it was meant
)


@dataclass(frozen=True, slots=True)
class Caller:
    """A principal: an IAM user, a role's session, or an AWS service that acts for a resource.

    `principal_id` is what SQS shows as `SenderId`: AIDA… for a user, AROA…:session for a role. `identity_arn` is the
    IAM user or role whose policies count; for a role's session it differs from `arn`, the session's own.
    """

    arn: str
    principal_id: str
    account: str
    identity_arn: str
    temporary: bool = False  # holds a session token
    session_policy: str | None = None  # given to AssumeRole; the session may do only what it allows, too
    service: str | None = None  # for example sns.amazonaws.com
    source_arn: str | None = None  # what the service acts for, for example the topic

    @property
    def is_role(self) -> bool:
        return self.arn != self.identity_arn

    @classmethod
    def for_service(cls, service: str, *, source_arn: str) -> Caller:
        """An AWS service, such as SNS when it delivers what was published to the topic `source_arn`."""
        account = source_arn.split(":")[4]
        return cls(service, service, account, service, service=service, source_arn=source_arn)
