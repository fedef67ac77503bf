"""`parse`: from what was pasted to `Credentials`, or to all that is wrong with it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from labkit.credentials.cleaning import clean
from labkit.credentials.diagnosis import CredentialsError, Problem, diagnose
from labkit.credentials.reading import PARTS, Found, read
from labkit.credentials.secret import Credentials
from labkit.errors import LabError
from labkit.texts import credentials as texts


def parse(text: str | dict[str, Any], *, now: datetime | None = None) -> Credentials:
    """The credentials in what somebody pasted: the lab console's block, `export` or `set` lines, JSON, `.env`, …

    An answer of STS, a dict, is taken too. `now` (default: this computer's time) decides whether they have ended, if
    their end was pasted with them. A block with several profiles is read as boto3 reads it: `default` counts.

    Raises CredentialsError, a LabError, with one sentence for each problem; no message holds a value.
    """
    made = _parse(text, now)
    del text  # a traceback that shows what variables hold must not find it here
    if isinstance(made, Credentials):
        return made
    raise CredentialsError(made)


def problems(text: str | dict[str, Any], *, now: datetime | None = None) -> list[str]:
    """What `parse` would say of this, a sentence for each problem; nothing if all is well."""
    made = _parse(text, now)
    return [] if isinstance(made, Credentials) else [problem.sentence for problem in made]


def _parse(text: Any, now: datetime | None) -> Credentials | tuple[Problem, ...]:
    try:
        profiles = _candidates(read(clean(text)))
    except LabError as error:
        return (Problem("not_readable", str(error)),)
    found = profiles[0] if profiles else Found()
    if any(other.values != found.values for other in profiles):
        if len({profile.name for profile in profiles}) > 1:
            return (Problem("several_profiles", texts.SEVERAL_PROFILES),)
        found = found.with_values_of(profiles)  # which is then told as two different values
    wrong = diagnose(found, now or datetime.now(UTC))
    if wrong:
        return wrong
    key, secret, token = (next(iter(found.values[part]), "") for part in PARTS)
    return Credentials.of(key, secret, token, found.region, found.expires)


def _candidates(profiles: list[Found]) -> list[Found]:
    """Those that count: the one called default, among others; as often as it is there."""
    named_default = [profile for profile in profiles if profile.name == "default"]
    return named_default if named_default and all(profile.name for profile in profiles) else profiles
