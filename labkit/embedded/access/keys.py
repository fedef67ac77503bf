"""The access keys that the embedded AWS knows: IAM users' long-term pairs, and the triples that STS handed out."""

from __future__ import annotations

import base64
import secrets
import time
from dataclasses import dataclass, field, replace

from moto.iam.models import AccessKey

from labkit.embedded.access import iam
from labkit.embedded.access.callers import Caller

EVERYTHING = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}'
_TOKEN_START = base64.b64decode("IQoJb3JpZ2luX2Vj")  # what today's session tokens begin with
_TOKEN_BYTES = 520  # about 700 characters


@dataclass(frozen=True, slots=True)
class Key:
    """An access key and whose it is. `token` and `expires` (AWS's time, seconds since the epoch): temporary ones."""

    access_key_id: str
    secret_access_key: str = field(repr=False)
    caller: Caller
    token: str | None = field(default=None, repr=False)
    expires: float | None = None


class KeyRing:
    """All keys of one account. Users and their keys are IAM's (moto's); sessions are kept here."""

    def __init__(self, account: str) -> None:
        self.account = account
        self.iam = iam.install(account)
        self._sessions: dict[str, Key] = {}

    def accept_administrator(self, user_name: str, access_key_id: str, secret_access_key: str) -> None:
        """Make an IAM user who may do everything and who has this key."""
        user = self.iam.create_user("us-east-1", user_name)
        user.put_policy("AdministratorAccess", EVERYTHING)
        key = user.create_access_key(prefix="AKIA")
        key.access_key_id, key.secret_access_key = access_key_id, secret_access_key
        self.iam.access_keys[access_key_id] = key

    def open_session(self, caller: Caller, seconds: int) -> Key:
        """A new triple for `caller`, good for `seconds` of AWS's time."""
        key = Key(
            iam.make_id("ASIA", 20),
            base64.b64encode(secrets.token_bytes(30)).decode(),  # 40 letters, digits, / and +, as AWS's own are
            caller,
            base64.b64encode(_TOKEN_START + secrets.token_bytes(_TOKEN_BYTES)).decode(),
            time.time() + seconds,
        )
        self._sessions[key.access_key_id] = key
        return key

    def demand_token(self, access_key_id: str, token: str) -> None:
        """Let this key, which is known, be good together with this token only, as a session's is."""
        key = self.find(access_key_id)
        assert key is not None
        self._sessions[access_key_id] = replace(key, token=token)

    def find(self, access_key_id: str) -> Key | None:
        """The key of this id, expired or not; None if there is none or it is not active."""
        session = self._sessions.get(access_key_id)
        if session is not None:
            return session
        key: AccessKey | None = self.iam.access_keys.get(access_key_id)
        if key is None or key.status != "Active":
            return None
        user = self.iam.users.get(key.user_name)
        if user is None:
            return None
        arn = f"arn:aws:iam::{self.account}:user{user.path}{user.name}"
        return Key(access_key_id, key.secret_access_key, Caller(arn, user.id, self.account, arn))
