"""The set-up check can fail: each line turns to ✘ and says what to type."""

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

import labkit
from labkit import setup_check


def test_all_is_well_here(lab: labkit.Lab, capsys: pytest.CaptureFixture[str]) -> None:
    setup_check.check_setup(lab)
    lines = capsys.readouterr().out.splitlines()
    assert [line[0] for line in lines[:-1]] == ["✔"] * 5
    assert lines[-1] == "Everything is in place."


def test_a_line_that_fails_shows_what_to_do(capsys: pytest.CaptureFixture[str]) -> None:
    checks = [setup_check.Check("one", lambda: None), setup_check.Check("two", lambda: "type this")]
    assert not setup_check.report(checks)
    assert capsys.readouterr().out == "✔ one\n✘ two: type this\n"


@pytest.mark.parametrize("version", [(3, 10), (3, 15), (2, 7)])
def test_a_python_that_is_too_old_or_too_new(version: tuple[int, int]) -> None:
    problem = setup_check.python_problem(version)
    assert problem
    assert f"this is Python {version[0]}.{version[1]}" in problem
    assert "3.14 lab.py" in problem
    assert setup_check.python_problem((3, 11)) is setup_check.python_problem((3, 14)) is None


def test_a_package_that_is_missing_or_of_another_version() -> None:
    problem = setup_check.packages_problem(["no-such-package>=1", "boto3<1", "pandas", 'boto3<1; python_version < "3"'])
    assert problem
    assert "no-such-package>=1, boto3<1." in problem
    assert "python lab.py" in problem


def test_a_folder_that_cannot_be_written_to(tmp_path: Path) -> None:
    problem = setup_check.folder_problem(tmp_path / "missing")
    assert problem
    assert "No such file" in problem or sys.platform == "win32"
    assert "Copy the whole lab" in problem
    assert setup_check.folder_problem(tmp_path) is None


def test_an_aws_that_does_not_answer(lab: labkit.Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    monkeypatch.setattr("boto3.DEFAULT_SESSION", None)
    problem = setup_check.aws_problem(lab)
    assert problem
    assert "EndpointConnectionError" in problem
    assert "Restart Kernel" in problem


def test_a_clock_that_does_not_move() -> None:
    class Stopped:
        def now(self) -> datetime:
            return datetime(2026, 1, 1, tzinfo=UTC)

        def wait(self, **_: Any) -> None:
            pass

    problem = setup_check.clock_problem(Stopped())  # type: ignore[arg-type]
    assert problem
    assert "did not move" in problem
