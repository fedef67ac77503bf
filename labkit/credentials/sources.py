"""Credentials from elsewhere than a paste: a `.env` file, or, when asked for by name, this computer's own."""

from __future__ import annotations

import codecs
from datetime import datetime
from os import PathLike
from pathlib import Path
from typing import Any

import boto3
from botocore.exceptions import BotoCoreError, ClientError, ProfileNotFound

from labkit.credentials.parsing import parse
from labkit.credentials.secret import Credentials
from labkit.errors import LabError
from labkit.texts import credentials as texts


def read_env_file(path: str | PathLike[str], *, now: datetime | None = None) -> Credentials:
    """The credentials in a `.env` file, or in any file with a block as `parse` takes it.

    Nothing else of the file is used, and the environment stays as it is.
    Raises LabError for a file that is not there or is no text, and what `parse` raises.
    """
    file = Path(path)
    try:
        content = file.read_bytes()
    except FileNotFoundError:
        raise LabError(texts.NO_FILE.format(path=file)) from None
    except OSError as error:
        raise LabError(texts.FILE_IS_UNREADABLE.format(path=file, why=error.strerror)) from None
    # What Windows' editor and PowerShell's > write begins with a mark.
    encoding = "utf-16" if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) else "utf-8-sig"
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError:
        text = ""
    del content
    if not text.strip():
        raise LabError(texts.FILE_IS_NO_TEXT.format(path=file))
    return parse(text, now=now)


def from_machine(profile: str | None = None) -> Credentials:
    """This computer's own credentials, where boto3 finds them; of a named profile if one is given.

    Raises LabError if there are none, or if they cannot be had (a session that has ended, a broken file).
    """
    try:
        session = boto3.Session(profile_name=profile)
        found = session.get_credentials()
        if found is None:
            raise LabError(texts.NOTHING_ON_MACHINE)
        keys: Any = found.get_frozen_credentials()
    except ProfileNotFound:
        raise LabError(texts.NO_SUCH_PROFILE) from None
    except (BotoCoreError, ClientError) as error:
        raise LabError(texts.MACHINE_FAILED.format(why=type(error).__name__)) from None
    return Credentials.of(keys.access_key, keys.secret_key, keys.token, session.region_name)
