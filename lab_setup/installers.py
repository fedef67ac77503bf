"""The two installers: a pinned uv that pip brings into `.lab/uv`, never into the student's own Python; and pip."""

import hashlib
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

from lab_setup import LOCKS, PYTHON, ROOT, STATE, VENV, say, stop

Uv = Callable[..., bool]  # runs uv with these arguments, says whether it worked

BASE = getattr(sys, "_base_executable", None) or sys.executable  # also when started from inside .venv
NO_ROOM = re.compile(r"(Errno|WinError|os error) (28|112)\b|No space left on device")
NO_NETWORK = re.compile(r"connection broken by|failed to connect|timed out", re.IGNORECASE)


class Offline(SystemExit):
    """The package index cannot be reached, and so nothing was changed."""


def bring_uv() -> Uv | None:
    """The pinned uv, fetched by pip at the first call; None where pip cannot get one for this machine."""
    home, lock = STATE / "uv", LOCKS / "uv.txt"
    mark = home / f"{hashlib.sha256(lock.read_bytes()).hexdigest()}.ok"
    if not mark.exists():
        shutil.rmtree(home, ignore_errors=True)
        target = ("--target", home, "--no-deps", "--require-hashes", "--only-binary", ":all:")
        if not pip_install(BASE, *target, "-r", lock):
            return None
        mark.touch()
    # The program itself and not `python -m uv`, which would install into the Python that called it.
    program = shutil.which("uv", path=os.pathsep.join([str(home / "bin"), str(home / "Scripts")]))
    settings = uv_settings()
    return lambda *args: run(program, *args, **settings) if program else False


def uv_settings() -> dict[str, str]:
    """The environment variables for uv, which reads none of pip's settings: among them pip's package index, if any."""
    settings = {
        "UV_PYTHON_DOWNLOADS": "never",
        "UV_SYSTEM_CERTS": "1",  # a school's or firm's own certificates count
        "UV_DEFAULT_INDEX": pip_index(),
    }
    return {name: value for name, value in settings.items() if value and name not in os.environ}


def pip_index() -> str:
    """The package index that pip was told to use, by a variable or in any of its files; empty if by none."""
    # `pip config get` would read one file only
    listed = subprocess.run([BASE, "-m", "pip", "config", "list"], check=False, capture_output=True, text=True).stdout
    indexes = dict(re.findall(r"^(:env:|install|global)\.index-url='(.*)'$", listed, re.MULTILINE))
    return next((indexes[source] for source in (":env:", "install", "global") if source in indexes), "")


def install_with_uv(uv: Uv, lock: Path, fresh: bool) -> bool:
    into = ("pip", "install", "--python", PYTHON)
    done = (
        (not fresh or uv("venv", "-q", "--clear", "--python", BASE, VENV))
        and uv(*into, "--require-hashes", "-r", lock)
        and uv(*into, "-q", "--no-deps", "--no-build-isolation", "-e", ROOT)
    )
    if not done and free_megabytes() < 50:
        stop_for_room()
    return done


def install_with_pip(lock: Path, fresh: bool) -> bool:
    if not run(BASE, "-m", "venv", *(["--clear"] if fresh else []), VENV):
        stop("this Python cannot make an environment (Debian, Ubuntu: sudo apt install python3-venv)")
    return pip_install(PYTHON, "--require-hashes", "-r", lock) and pip_install(
        PYTHON, "-q", "--no-deps", "--no-build-isolation", "-e", ROOT
    )


def pip_install(python: str | Path, *args: str | Path) -> bool:
    """Run `pip install`; stop where nothing else would work either: no network, no room."""
    command = [python, "-m", "pip", "install", "--disable-pip-version-check", *args]
    errors = ""
    with subprocess.Popen(
        command, cwd=ROOT, env=pip_environ(), stderr=subprocess.PIPE, text=True, errors="replace"
    ) as pip:
        assert pip.stderr
        for line in pip.stderr:
            sys.stderr.write(line)
            errors += line
    if pip.returncode and NO_ROOM.search(errors):
        stop_for_room()
    if pip.returncode and NO_NETWORK.search(errors):
        raise Offline(
            "lab: the package index cannot be reached, the lines above say why; setting up is the one thing that needs"
            " a network: connect (behind a proxy, set HTTPS_PROXY) and run the same again"
        )
    return pip.returncode == 0


def free_megabytes() -> int:
    return shutil.disk_usage(ROOT).free // 10**6


def stop_for_room() -> NoReturn:
    stop(f"a disk is full ({free_megabytes()} MB are free here); make room and run the same again")


def run(*command: str | Path, **settings: str) -> bool:
    """Run a program in the repository; say whether it worked."""
    try:
        return subprocess.call(command, cwd=ROOT, env=pip_environ() | settings) == 0
    except OSError as error:
        say(f"{command[0]} cannot be started: {error}")
        return False


def pip_environ() -> dict[str, str]:
    return {**os.environ, "PIP_USER": "0", "PIP_REQUIRE_VIRTUALENV": "0", "PIP_ROOT_USER_ACTION": "ignore"}
