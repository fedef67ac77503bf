"""Whether everything that the notebooks need is in place, and what to type where it is not."""

from __future__ import annotations

import importlib.metadata
import secrets
import sys
import tempfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import boto3
from botocore.exceptions import BotoCoreError, ClientError
from packaging.requirements import Requirement

from labkit import texts
from labkit.lab import Lab
from labkit.targets import EMBEDDED

OLDEST, NEWEST = (3, 11), (3, 14)


@dataclass(frozen=True)
class Check:
    """One thing that must be so; `problem` returns None, or a sentence that says what to type."""

    title: str
    problem: Callable[[], str | None]


def check_setup(lab: Lab) -> None:
    """Print one line for each thing that the lab needs: ✔, or ✘ and what to do."""
    embedded = lab.target == EMBEDDED
    checks = [
        Check(texts.CHECK_PYTHON, python_problem),
        Check(texts.CHECK_PACKAGES, packages_problem),
        Check(texts.CHECK_FOLDER, folder_problem),
        Check(texts.CHECK_AWS if embedded else texts.CHECK_REAL_AWS, lambda: aws_problem(lab)),
    ]
    if embedded:
        checks.append(Check(texts.CHECK_CLOCK, lambda: clock_problem(lab)))
    good = report(checks)
    print(texts.CHECK_ALL_GOOD if good else texts.CHECK_PUT_RIGHT)


def report(checks: Iterable[Check]) -> bool:
    """Print a line for each check; whether all of them hold."""
    good = True
    for check in checks:
        problem = check.problem()
        good = good and problem is None
        print(f"✔ {check.title}" if problem is None else f"✘ {check.title}: {problem}")
    return good


def python_problem(version: tuple[int, int] = sys.version_info[:2]) -> str | None:
    if OLDEST <= version <= NEWEST:
        return None
    oldest, newest = (".".join(map(str, v)) for v in (OLDEST, NEWEST))
    command = f"py -{newest}" if sys.platform == "win32" else f"python{newest}"
    found = ".".join(map(str, version))
    return texts.CHECK_PYTHON_BAD.format(found=found, oldest=oldest, newest=newest, command=command)


def packages_problem(needed: Iterable[str] | None = None) -> str | None:
    """The packages that labkit asks for (or those named), which are missing here or of another version."""
    requirements = map(Requirement, importlib.metadata.requires("labkit") or () if needed is None else needed)
    missing = [str(r) for r in requirements if (r.marker is None or r.marker.evaluate()) and not _installed(r)]
    return texts.CHECK_PACKAGES_BAD.format(names=", ".join(missing)) if missing else None


def _installed(requirement: Requirement) -> bool:
    try:
        return importlib.metadata.version(requirement.name) in requirement.specifier
    except importlib.metadata.PackageNotFoundError:
        return False


def folder_problem(folder: Path | None = None) -> str | None:
    """Whether a file can be made in the folder (by default the one that the notebook is in)."""
    try:
        with tempfile.TemporaryFile(dir=folder or Path.cwd()) as file:
            file.write(b"x")
    except OSError as error:
        return texts.CHECK_FOLDER_BAD.format(why=error.strerror)
    return None


def aws_problem(lab: Lab) -> str | None:
    """Whether a message that is sent can be received."""
    try:
        sqs = boto3.client("sqs")
        name = lab.name(f"check-setup-{secrets.token_hex(2)}")  # AWS blocks a deleted queue's name for a minute
        queue_url = sqs.create_queue(QueueName=name)["QueueUrl"]
        sqs.send_message(QueueUrl=queue_url, MessageBody="ping")
        received = sqs.receive_message(QueueUrl=queue_url, WaitTimeSeconds=5).get("Messages", [])
        sqs.delete_queue(QueueUrl=queue_url)
    except (BotoCoreError, ClientError) as error:
        return texts.CHECK_AWS_BAD.format(why=type(error).__name__)
    return None if [m["Body"] for m in received] == ["ping"] else texts.CHECK_AWS_BAD.format(why="ping")


def clock_problem(lab: Lab) -> str | None:
    before = lab.now()
    lab.wait(minutes=1)
    return None if lab.now() - before >= timedelta(minutes=1) else texts.CHECK_CLOCK_BAD
