"""Whether a caller may do what it asks: identity policies, the resource's own policy and the session's, put together.

IAM User Guide, "Policy evaluation logic" (single account): a denial anywhere refuses; else one permission suffices,
from the caller's identity policies or from the resource's policy; a session policy must allow it as well.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

from labkit.embedded.access.callers import Caller
from labkit.embedded.access.keys import EVERYTHING, KeyRing
from labkit.embedded.access.policies import Judgement, Request, Verdict, allows_everything, judge
from labkit.embedded.access.refusals import Reason, Refused


class Permissions:
    """What the users and roles of a `KeyRing`'s account may do, by the policies that IAM has for them now."""

    def __init__(self, keys: KeyRing) -> None:
        self._iam = keys.iam
        self.account = keys.account
        self._parsed: dict[tuple[str, ...], bool] = {}

    def unlimited(self, caller: Caller) -> bool:
        """Whether the caller's own policies allow it everything, as an administrator's do."""
        if caller.session_policy is not None or caller.service is not None:
            return False
        documents = self._identity_policies(caller)
        known = self._parsed.get(documents)
        if known is None:
            if len(self._parsed) > 1000:
                self._parsed.clear()
            known = self._parsed[documents] = allows_everything(documents)
        return known

    def demand(
        self,
        caller: Caller,
        action: str,
        resource: str,
        *,
        resource_policy: str | None = None,
        context: Mapping[str, str] | None = None,
    ) -> None:
        """Let `caller` do `action` to `resource`, whose own policy may be given, or raise Refused.

        The account of `resource` is the key ring's. `context` adds condition keys (lower case) to those of the caller.
        """
        if resource_policy is None and self.unlimited(caller):
            return
        request = Request(caller, action, resource, {**_context(caller), **(context or {})})
        own = judge(self._identity_policies(caller), request)
        theirs = judge([resource_policy] if resource_policy else [], request, of_resource=True)
        session = judge([EVERYTHING if caller.session_policy is None else caller.session_policy], request)
        refusal = self._refusal(caller, own, theirs, session)
        if refusal is None:
            return
        trouble = next((judgement.trouble for judgement in (own, theirs, session) if judgement.trouble), None)
        raise Refused(Reason.DENIED, denial(caller, action, resource, refusal) + (f" ({trouble})" if trouble else ""))

    def demand_trust(self, caller: Caller, role_arn: str, trust_policy: str, context: Mapping[str, str]) -> None:
        """Let `caller` assume a role, or raise Refused. The role must trust it, whatever its own policies say.

        A role that trusts the caller by name needs no more; one that trusts the whole account leaves it to the
        caller's policies. IAM User Guide, "Methods to assume a role".
        """
        request = Request(caller, "sts:AssumeRole", role_arn, {**_context(caller), **context})
        trust = judge([trust_policy], request, of_resource=True)
        if trust.verdict in (Verdict.ALLOW, Verdict.ALLOW_ACCOUNT):
            self.demand(caller, "sts:AssumeRole", role_arn, resource_policy=trust_policy, context=context)
            return
        why = f"({trust.trouble})" if trust.trouble else ""
        raise Refused(Reason.DENIED, denial(caller, "sts:AssumeRole", role_arn, why))

    def _refusal(self, caller: Caller, own: Judgement, theirs: Judgement, session: Judgement) -> str | None:
        """Which policy refuses, in AWS's words; None if the caller may."""
        kinds = {"an identity-based": own, "a resource-based": theirs, "a session": session}
        for kind, judgement in kinds.items():
            if judgement.verdict is Verdict.DENY:
                return f"with an explicit deny in {kind} policy"
        if session.verdict is not Verdict.ALLOW:
            return "because no session policy allows the {action} action"
        at_home = own.verdict is Verdict.ALLOW
        here = theirs.verdict is Verdict.ALLOW
        if caller.service is None and caller.account != self.account:  # another account's: both sides must allow it
            here = here or theirs.verdict is Verdict.ALLOW_ACCOUNT
            return None if here else "because no resource-based policy allows the {action} action"
        return None if here or at_home else "because no identity-based policy allows the {action} action"

    def _identity_policies(self, caller: Caller) -> tuple[str, ...]:
        """The documents attached to the caller's user or role now; none for a service or one that is gone."""
        if caller.service is not None or caller.account != self.account:
            return ()
        if caller.is_role:
            role = self._iam.roles.get(caller.principal_id.partition(":")[0])
            return _documents(role) if role else ()
        user = self._iam.users.get(caller.identity_arn.rpartition("/")[2])
        if user is None:
            return ()
        documents = _documents(user)
        for group in list(self._iam.groups.values()):
            if user in group.users:
                documents += _documents(group)
        return documents


def _documents(identity: Any) -> tuple[str, ...]:
    """The inline and attached policies of moto's user, role or group."""
    attached = [v.document for p in list(identity.managed_policies.values()) for v in p.versions if v.is_default]
    return (*identity.policies.values(), *attached)


def _context(caller: Caller) -> dict[str, str]:
    """The condition keys that every request has. IAM User Guide, "AWS global condition context keys"."""
    context = {
        "aws:principalaccount": caller.account,
        "aws:currenttime": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        "aws:epochtime": str(int(time.time())),
        "aws:securetransport": "true",  # as boto3's requests to AWS; here they do not leave the machine
        "aws:sourceip": "127.0.0.1",
    }
    if caller.service is not None:
        context["aws:principalisawsservice"] = "true"
        context["aws:principalservicename"] = caller.service
        if caller.source_arn is not None:
            context["aws:sourcearn"] = caller.source_arn
            context["aws:sourceaccount"] = caller.account
        return context
    context["aws:principalarn"] = caller.identity_arn
    context["aws:userid"] = caller.principal_id
    context["aws:principaltype"] = "AssumedRole" if caller.is_role else "User"
    if not caller.is_role:
        context["aws:username"] = caller.identity_arn.rpartition("/")[2]
    if caller.temporary:
        context["aws:multifactorauthpresent"] = "false"
    return context


def denial(caller: Caller, action: str, resource: str, because: str) -> str:
    """AWS's sentence for a refusal; `because` may hold the action."""
    spelled = _spelled(action)
    where = "" if resource == "*" else f" on resource: {resource}"
    return (
        f"User: {caller.arn} is not authorized to perform: {spelled}{where} {because.format(action=spelled)}".rstrip()
    )


def _spelled(action: str) -> str:
    """As each service writes it (seen in traces from AWS): sqs:sendmessage, SNS:Publish, dynamodb:PutItem."""
    service, _, operation = action.partition(":")
    return {"sqs": action.lower(), "sns": f"SNS:{operation}"}.get(service, action)
