"""The suite runs unchanged against another AWS than the one it starts itself: here, one that stands in for the real."""

import os
import subprocess
import sys
from pathlib import Path

STANDS_IN = """
import labkit, os, subprocess, sys
lab = labkit.start()
sys.exit(subprocess.run([sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *sys.argv[1:]]).returncode)
"""
HERE = Path(__file__).parent


def pytest_outside(*arguments: str) -> subprocess.CompletedProcess[str]:
    """pytest, with credentials in its environment of an AWS that it cannot control."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    command = [sys.executable, "-c", STANDS_IN, "--on-real-aws-this-costs-money", "-rA", *arguments]
    return subprocess.run(command, cwd=HERE.parents[1], env=clean, capture_output=True, text=True, check=False)


def test_behaviours_run_and_long_waits_and_other_tests_are_skipped() -> None:
    done = pytest_outside(str(HERE / "probe_two_targets.py"))
    assert done.returncode == 0, done.stdout
    assert "2 passed, 2 skipped" in done.stdout
    assert "would wait 1 day" in done.stdout
    assert "only behaviours run" in done.stdout
