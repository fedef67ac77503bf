"""Locking looks whether every system and every Python can install what is locked."""

from itertools import pairwise

import pytest

from lab_setup import wheels


def test_what_lacks_a_wheel_somewhere_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    asked: list[tuple[str, str]] = []

    def uv(*question: object) -> bool:
        options = dict(pairwise(question))
        asked.append((str(options["--python-platform"]), str(options["--python-version"])))
        return asked[-1] != ("aarch64-pc-windows-msvc", "3.12")

    assert not wheels.all_there(uv)
    assert len(set(asked)) == 6 * 4
    assert "a package has no wheel for aarch64-pc-windows-msvc with Python 3.12;" in capsys.readouterr().err


def test_nothing_is_said_where_all_are_there(capsys: pytest.CaptureFixture[str]) -> None:
    assert wheels.all_there(lambda *question: True)
    assert capsys.readouterr().err == ""


def test_the_pythons_are_those_of_pyproject() -> None:
    assert wheels.pythons() == ["3.11", "3.12", "3.13", "3.14"]
