"""What every test may need: an AWS."""

import itertools
import os
from collections.abc import Iterator

import pytest
from botocore.loaders import JSONFileLoader
from hypothesis import HealthCheck, settings
from real_aws import OPTION, RealAws

import labkit
from labkit.embedded.descriptions import read_once

# A test must not depend on how busy the machine is; and what CI finds, anybody must find again.
settings.register_profile(
    "lab", deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize="CI" in os.environ
)
settings.load_profile("lab")

PROGRESS = os.environ["LABKIT_PROGRESS"]
_number = itertools.count()


# Each new session of boto3 reads the endpoints of all of AWS, which takes as long as a hundred calls. Here once is enough.
JSONFileLoader.load_file = read_once(JSONFileLoader.load_file)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        OPTION,
        action="store_true",
        help="run the behaviour suite (tests/aws) against the AWS account whose credentials this machine has, "
        "and wait for real; everything made is removed again, and every request is billed",
    )


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Against real AWS only behaviours make sense, and what differs here is expected to pass there."""
    real = config.getoption(OPTION)
    for item in items:
        mark = item.get_closest_marker("behaviour")
        if real and not mark:
            item.add_marker(pytest.mark.skip(reason="only behaviours run against real AWS"))
        if mark and mark.kwargs["differs"] and not real:
            item.add_marker(pytest.mark.xfail(strict=True, reason=mark.kwargs["differs"]))


@pytest.fixture(autouse=True)
def _own_progress(monkeypatch: pytest.MonkeyPatch) -> None:
    """What one test solves must show in no other, nor in the map of 00, which is tested in the same process."""
    monkeypatch.setenv("LABKIT_PROGRESS", f"{PROGRESS}/{next(_number)}")


@pytest.fixture(scope="session")
def lab(request: pytest.FixtureRequest) -> Iterator[labkit.Lab | RealAws]:
    """The AWS of this run: embedded, or real where the option with the long name was given."""
    if request.config.getoption(OPTION):
        yield RealAws()
    else:
        yield labkit.start()
        labkit.stop()


@pytest.fixture(scope="module")
def empty_lab(lab: labkit.Lab | RealAws) -> labkit.Lab | RealAws:
    """The AWS of this run with nothing on it: each queue that other tests left makes long waits longer."""
    return lab if isinstance(lab, RealAws) else labkit.start()
