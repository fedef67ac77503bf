"""Real AWS as a lab's target: the account of the credentials that were given, with a name for everything that is made."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any, cast

import boto3
from botocore.config import Config

from labkit import inventory, isolation
from labkit.credentials import Credentials, outputs
from labkit.errors import LabError
from labkit.targets import AWS, batch_writing, names, refusals, waiting
from labkit.targets.given import chosen
from labkit.texts import targets as texts

if TYPE_CHECKING:
    import pandas as pd

_ONCE_OR_TWICE = Config(connect_timeout=5, read_timeout=10, retries={"total_max_attempts": 2})
_MOST_NAMED = 5  # of what is left, in a sentence


class AwsTarget:
    """The real AWS. `endpoint_url` is for tests, in which another embedded AWS stands in for it."""

    name = AWS

    def __init__(self, credentials: Credentials, region: str, endpoint_url: str | None = None) -> None:
        """Look whose credentials these are, and let boto3 mean them.

        Raises LabError if AWS does not take them or cannot be reached; boto3 then reaches no AWS at all.
        """
        if region not in boto3.Session().get_available_regions("sqs"):
            raise LabError(texts.NO_SUCH_REGION.format(region=region))
        self.region, self.endpoint_url = region, endpoint_url
        isolation.isolate()
        isolation.open_to(endpoint_url)
        try:
            self.account, self._ahead = self._identify(credentials)
        except BaseException:
            isolation.isolate()
            raise
        self._student = names.student_prefix()
        self.prefix = names.run_prefix(self._student)
        self._use(credentials)
        # One session for all clients of `boto3.client`, so that all of them can be given new credentials later.
        _default_session().events.register("after-call", _say_how_to_go_on)

    def _identify(self, credentials: Credentials) -> tuple[str, timedelta]:
        """The account of these credentials, and by how much AWS's clock is ahead of this computer's."""
        with refusals.in_a_sentence(self.region):
            sts = credentials.session().client("sts", region_name=self.region, config=_ONCE_OR_TWICE)
            answer = sts.get_caller_identity()
        there = parsedate_to_datetime(answer["ResponseMetadata"]["HTTPHeaders"]["date"])
        return answer["Account"], there - datetime.now(UTC)

    def _use(self, credentials: Credentials) -> None:
        outputs.hide(credentials)
        isolation.point_at_real(credentials, self.region, self.endpoint_url)

    def describe(self) -> str:
        return texts.STARTED.format(region=self.region, account=self.account, prefix=self.prefix)

    def pass_time(self, time: timedelta) -> None:
        waiting.sleep(time)

    def now(self) -> datetime:
        """This computer's clock, set right by AWS's where it is wrong by more than the second that AWS's answer has."""
        return datetime.now(UTC) + (self._ahead if abs(self._ahead) > timedelta(seconds=2) else timedelta())

    def fill(self, table_name: str, items: list[dict[str, Any]]) -> None:
        batch_writing.put_all(boto3.client("dynamodb"), table_name, items)

    def spend(self, dollars: float) -> None:
        raise LabError(texts.NO_SPENDING_HERE)

    def make_trouble(self, line: str, *, queues: dict[str, Any], calls: dict[str, Any]) -> None:
        """Nothing to end is fine; anything else is refused."""
        if line:
            raise LabError(texts.NO_TROUBLE_HERE)

    def renew(self, credentials: Credentials | str | None) -> None:
        """Give the new credentials to boto3 and to every client that `boto3.client` has made.

        A client keeps the object that its session's credentials are, not the values: those are exchanged.
        Raises LabError if AWS does not take the new ones, or if they are another account's.
        """
        new = chosen(credentials)
        account, self._ahead = self._identify(new)
        if account != self.account:
            raise LabError(texts.OTHER_ACCOUNT)
        session = _default_session()
        held: Any = session.get_credentials()
        self._use(new)
        boto3.DEFAULT_SESSION = session  # which the new environment would have been a reason to forget
        arguments = new.arguments()
        held.access_key, held.secret_key = arguments["aws_access_key_id"], arguments["aws_secret_access_key"]
        held.token = arguments.get("aws_session_token")
        print(texts.RENEWED)

    def tear_down(self, *, earlier_runs: bool = False) -> pd.DataFrame:
        """Remove what begins with this run's prefix, and say what earlier runs of this student left."""
        with refusals.in_a_sentence(self.region):
            prefix = self._student if earlier_runs else self.prefix
            removal = inventory.remove(prefix, keep_going=True)
            left = inventory.names(self._student, except_for=prefix)
        if removal.refused:
            print(texts.NOT_REMOVED.format(names=_listed(removal.refused)))
        if left:
            print(texts.LEFT_FROM_BEFORE.format(number=len(left), names=_listed(left)))
        return inventory.table(removal)

    def stop(self) -> None:
        """Nothing to end: what was made stays until `tear_down`."""


def _default_session() -> boto3.Session:
    if boto3.DEFAULT_SESSION is None:
        boto3.setup_default_session()
    session: Any = boto3.DEFAULT_SESSION
    return cast(boto3.Session, session)


def _listed(things: list[tuple[str, str]]) -> str:
    first = ", ".join(f"{kind} {name}" for kind, name in things[:_MOST_NAMED])
    more = len(things) - _MOST_NAMED
    return texts.NAMES_MORE.format(names=first, number=more) if more > 0 else first


def _say_how_to_go_on(parsed: dict[str, Any], **_: Any) -> None:
    """After a call of the student's own that met the session's end: the error stays AWS's, its message says more."""
    error = parsed.get("Error", {})
    if error.get("Code") in refusals.EXPIRED:
        error["Message"] = texts.EXPIRED_HINT.format(message=error.get("Message", "").rstrip("."))
