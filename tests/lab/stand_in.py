"""A second embedded AWS in the place of the real one: what `labkit.start("aws")` meets in these tests."""

from __future__ import annotations

import json
from typing import Any

from labkit.credentials import Credentials, parse
from labkit.embedded.process import EmbeddedAws
from labkit.isolation import Keys

REGION = "us-east-1"
TRUST = {"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "sts:AssumeRole"}


def document(*statements: dict[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": statements})


class StandIn:
    """Its administrator hands out sessions, as a lab console does."""

    def __init__(self) -> None:
        self.aws = EmbeddedAws()
        self.endpoint_url = self.aws.endpoint_url
        keys = Keys.random()
        self.aws.ask("accept_keys", access_key_id=keys.access_key_id, secret_access_key=keys.secret_access_key)
        self.administrator = Credentials.of(keys.access_key_id, keys.secret_access_key)

    def client(self, service: str) -> Any:
        """The administrator's client, whatever boto3 means by itself."""
        session: Any = self.administrator.session()
        return session.client(service, endpoint_url=self.endpoint_url, region_name=REGION)

    def session(self, *, seconds: int = 3600, may: Any = "*", name: str = "student") -> Credentials:
        """Temporary credentials of a role that may do this."""
        iam, role = self.client("iam"), f"role-{name}"
        try:
            arn = iam.create_role(RoleName=role, AssumeRolePolicyDocument=document(TRUST))["Role"]["Arn"]
        except iam.exceptions.EntityAlreadyExistsException:
            arn = iam.get_role(RoleName=role)["Role"]["Arn"]
        allow = {"Effect": "Allow", "Action": may, "Resource": "*"}
        iam.put_role_policy(RoleName=role, PolicyName="may", PolicyDocument=document(allow))
        answer = self.client("sts").assume_role(RoleArn=arn, RoleSessionName=name, DurationSeconds=seconds)
        answer["Credentials"].pop("Expiration")  # by its clock, which is not ours once it was moved
        return parse(answer["Credentials"])

    def wait(self, seconds: float) -> None:
        """Let its time pass."""
        self.aws.ask("move_clock", seconds=seconds)
