"""What every test may need: an AWS."""

from collections.abc import Iterator

import pytest

import labkit


@pytest.fixture(scope="session")
def lab() -> Iterator[labkit.Lab]:
    yield labkit.start()
    labkit.stop()
