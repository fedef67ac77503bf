"""Who asks, and from where."""

import random
import uuid
from dataclasses import dataclass

ACCOUNT = "123456789012"


@dataclass(frozen=True, slots=True)
class Caller:
    """A principal: a person, a role's session, or another AWS service that acts for a resource.

    `principal_id` is what SQS shows as `SenderId`: AIDA… for an IAM user, AROA…:session for a role.
    """

    arn: str = f"arn:aws:iam::{ACCOUNT}:user/student"
    principal_id: str = "AIDASTUDENTEXAMPLE"
    account: str = ACCOUNT
    service: str | None = None  # for example sns.amazonaws.com
    source_arn: str | None = None  # what the service acts for, for example the topic


STUDENT = Caller()


@dataclass(frozen=True, slots=True)
class Context:
    """What is known of a request beside its parameters."""

    action: str
    region: str = "us-east-1"
    caller: Caller = STUDENT
    base_url: str = "http://127.0.0.1"  # what the URLs of queues begin with

    def url_of(self, queue_name: str) -> str:
        return f"{self.base_url}/{ACCOUNT}/{queue_name}"


def new_id(rng: random.Random) -> str:
    """A random UUID: message, task and request ids look so."""
    return str(uuid.UUID(int=rng.getrandbits(128), version=4))
