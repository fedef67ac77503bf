"""Who asks, and from where."""

import random
import uuid
from dataclasses import dataclass

from labkit.embedded.access.callers import Caller

ACCOUNT = "123456789012"


# Who asks where nobody has checked a signature.
STUDENT = Caller(
    arn=f"arn:aws:iam::{ACCOUNT}:user/student",
    principal_id="AIDASTUDENTEXAMPLE",
    account=ACCOUNT,
    identity_arn=f"arn:aws:iam::{ACCOUNT}:user/student",
)


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
