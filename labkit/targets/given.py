"""Which credentials are meant: those handed over, those of the form, or those that the environment points to."""

from __future__ import annotations

import os
from typing import Any

from labkit import credentials as reading
from labkit import isolation
from labkit.credentials import Credentials
from labkit.errors import LabError
from labkit.texts import targets as texts

MACHINE = "machine"
VARIABLE = "LABKIT_CREDENTIALS"  # a .env file's path, or "machine", for runs without anybody to ask


def chosen(given: Any) -> Credentials:
    """The credentials to use, of those given to `start` or `renew`.

    Raises LabError if there are none, or if what was given is none: text, above all, since it would stand in a cell.
    """
    if given is None:
        given = reading.given() or os.environ.get(VARIABLE)
        if given is None:
            raise LabError(texts.NO_CREDENTIALS)
        if given != MACHINE and isinstance(given, str):
            given = reading.read_env_file(given)
    if given == MACHINE:
        with isolation.machine_s_own():
            given = reading.from_machine()
    if not isinstance(given, Credentials):
        raise LabError(texts.CREDENTIALS_IN_A_CELL)
    if given.is_sample:
        raise LabError(texts.SAMPLE_REFUSED)
    return given
