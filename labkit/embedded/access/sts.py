"""The Security Token Service: who am I, and temporary keys with an end. STS API Reference."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from xml.sax.saxutils import escape

from labkit.embedded.access.callers import Caller
from labkit.embedded.access.demands import Call
from labkit.embedded.access.keys import Key, KeyRing
from labkit.embedded.access.permissions import Permissions, denial
from labkit.embedded.access.policies import statements
from labkit.embedded.access.refusals import Reason, Refused

SHORTEST = 900  # seconds, of every session
LONGEST_ROLE = 43_200
LONGEST_CHAINED = 3_600  # a role assumed with temporary keys
LONGEST_USER = 129_600
LONGEST_POLICY = 2_048  # characters of a session policy
DEFAULT_ROLE = 3_600
DEFAULT_USER = 43_200

Parameters = Mapping[str, str]


class Sts:
    """Answers STS's operations for callers whose signatures are good."""

    def __init__(self, keys: KeyRing, permissions: Permissions) -> None:
        self._keys = keys
        self._permissions = permissions
        self._operations: dict[str, Callable[[Caller, Parameters], str]] = {
            "GetCallerIdentity": self._get_caller_identity,
            "GetAccessKeyInfo": self._get_access_key_info,
            "GetSessionToken": self._get_session_token,
            "AssumeRole": self._assume_role,
        }

    def answer(self, call: Call, caller: Caller) -> str:
        """The operation's result as XML. Raises Refused."""
        operation = self._operations.get(call.operation)
        if operation is None:
            raise Refused(Reason.UNKNOWN_OPERATION, f"Could not find operation {call.operation} for version 2011-06-15")
        return operation(caller, call.parameters)

    def _get_caller_identity(self, caller: Caller, _: Parameters) -> str:
        return _xml(Arn=caller.arn, UserId=caller.principal_id, Account=caller.account)

    def _get_access_key_info(self, caller: Caller, given: Parameters) -> str:
        if caller.temporary and not caller.is_role:
            raise Refused(Reason.DENIED, "Cannot call GetAccessKeyInfo with session credentials")
        key = self._keys.find(_required(given, "AccessKeyId", r"\w{16,128}"))
        if key is None:
            raise Refused(Reason.INVALID, "The access key ID is not known.")
        return _xml(Account=key.caller.account)

    def _get_session_token(self, caller: Caller, given: Parameters) -> str:
        if caller.temporary:
            raise Refused(Reason.DENIED, "Cannot call GetSessionToken with session credentials")
        session = Caller(caller.arn, caller.principal_id, caller.account, caller.identity_arn, temporary=True)
        return _credentials(self._keys.open_session(session, _duration(given, DEFAULT_USER, LONGEST_USER)))

    def _assume_role(self, caller: Caller, given: Parameters) -> str:
        arn = _required(given, "RoleArn", r".{20,2048}")
        session_name = _required(given, "RoleSessionName", r"[\w+=,.@-]{2,64}")
        seconds = _duration(given, DEFAULT_ROLE, LONGEST_ROLE)
        policy = given.get("Policy")
        if policy is not None:
            _check_policy(policy)
        role = next((role for role in list(self._keys.iam.roles.values()) if role.arn == arn), None)
        if role is None:  # AWS does not say which roles there are
            raise Refused(Reason.DENIED, denial(caller, "sts:AssumeRole", arn, ""))
        context = {"sts:rolesessionname": session_name}
        if "ExternalId" in given:
            context["sts:externalid"] = given["ExternalId"]
        self._permissions.demand_trust(caller, arn, role.assume_role_policy_document, context)
        if caller.temporary and seconds > LONGEST_CHAINED:
            raise Refused(
                Reason.INVALID,
                "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.",
            )
        if seconds > int(role.max_session_duration or DEFAULT_ROLE):
            raise Refused(
                Reason.INVALID, "The requested DurationSeconds exceeds the MaxSessionDuration set for this role."
            )
        session = Caller(
            arn=f"arn:aws:sts::{self._keys.account}:assumed-role/{role.name}/{session_name}",
            principal_id=f"{role.id}:{session_name}",
            account=self._keys.account,
            identity_arn=arn,
            temporary=True,
            session_policy=policy,
        )
        user = f"<AssumedRoleUser>{_xml(AssumedRoleId=session.principal_id, Arn=session.arn)}</AssumedRoleUser>"
        return user + _credentials(self._keys.open_session(session, seconds))


def _duration(given: Parameters, default: int, longest: int) -> int:
    text = given.get("DurationSeconds")
    if text is None:
        return default
    try:
        seconds = int(text)
    except ValueError:
        raise Refused(Reason.MALFORMED, "DurationSeconds is not a number.") from None
    for wrong, bound in (
        (seconds < SHORTEST, f"greater than or equal to {SHORTEST}"),
        (seconds > longest, f"less than or equal to {longest}"),
    ):
        if wrong:
            raise _invalid("durationSeconds", text, f"Member must have value {bound}")
    return seconds


def _required(given: Parameters, name: str, pattern: str) -> str:
    value = given.get(name)
    parameter = name[0].lower() + name[1:]
    if value is None:
        raise _invalid(parameter, None, "Member must not be null")
    if not re.fullmatch(pattern, value, re.ASCII):
        raise _invalid(parameter, value, f"Member must satisfy regular expression pattern: {pattern}")
    return value


def _invalid(parameter: str, value: str | None, constraint: str) -> Refused:
    shown = "null" if value is None else f"'{value}'"
    return Refused(
        Reason.INVALID,
        f"1 validation error detected: Value {shown} at '{parameter}' failed to satisfy constraint: {constraint}",
    )


def _check_policy(document: str) -> None:
    if len(document) > LONGEST_POLICY:
        raise _invalid("policy", document[:20] + "…", f"Member must have length less than or equal to {LONGEST_POLICY}")
    try:
        statements(document)
    except ValueError:
        raise Refused(Reason.MALFORMED_POLICY, "This policy contains invalid Json") from None


def _credentials(key: Key) -> str:
    assert key.token is not None
    assert key.expires is not None
    expiration = datetime.fromtimestamp(key.expires, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    parts = _xml(
        AccessKeyId=key.access_key_id,
        SecretAccessKey=key.secret_access_key,
        SessionToken=key.token,
        Expiration=expiration,
    )
    return f"<Credentials>{parts}</Credentials>"


def _xml(**elements: str) -> str:
    return "".join(f"<{name}>{escape(value)}</{name}>" for name, value in elements.items())
