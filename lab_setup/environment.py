"""The lab's environment: `.venv`, made from locked versions, completed or remade when it no longer fits.

`.lab/venv.json` notes what was made, and says "unfinished" for as long as something is under way, so that nothing
half done is ever taken as done.
"""

import hashlib
import json
import os
import re
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import PackageNotFoundError, distribution, version
from pathlib import Path
from typing import IO, Literal
from urllib.parse import urlparse
from urllib.request import url2pathname

from lab_setup import LOCKS, PYTHON, ROOT, STATE, VENV, installers, say, stop
from lab_setup.requirements import Kind, needs

NOTE = STATE / "venv.json"
UNFINISHED = "unfinished"
MINOR = f"{sys.version_info.major}.{sys.version_info.minor}"
MEGABYTES: dict[Kind, int] = {"lab": 600, "dev": 900}  # measured: 419 and 694, uv 39, some 50 of compiled code


def environment(kind: Kind) -> Path:
    """The Python of an environment with all that `kind` needs, made or completed if need be."""
    if already_in_one_with(kind):
        return Path(sys.executable)
    if missing(kind):
        STATE.mkdir(exist_ok=True)
        with one_at_a_time():
            task = missing(kind)  # asked again: another `lab.py` may just have done it
            if task:
                check_room(kind)
                set_up(kind, fresh=task == "everything")
    return PYTHON


def already_in_one_with(kind: Kind) -> bool:
    """Whether the Python that runs this has an environment of its own (conda, Binder) with this very lab in it."""
    has_own = sys.prefix != sys.base_prefix or os.environ.get("CONDA_PREFIX") == sys.prefix
    if not has_own or Path(sys.prefix).resolve() == VENV.resolve():
        return False
    try:
        origin = json.loads(distribution("labkit").read_text("direct_url.json") or "{}").get("url", "")
        for requirement in needs(kind):
            version(re.split(r"[^\w.-]", requirement)[0])
    except PackageNotFoundError:
        return False
    return Path(url2pathname(urlparse(origin).path)).resolve() == ROOT


def missing(kind: Kind) -> Literal["", "something", "everything"]:
    """What `.venv` as it is lacks for `kind`. One without a note was made by an editor: it only lacks something."""
    note = read_note()
    elsewhere = note.get("folder", str(ROOT)) != str(ROOT)  # a moved environment still points to where it was
    if not PYTHON.exists() or minor_of(VENV) != MINOR or elsewhere or note.get("done") == UNFINISHED:
        return "everything"
    return "" if note.get("done") in (fingerprint("dev"), fingerprint(kind)) else "something"


def minor_of(venv: Path) -> str:
    """The Python version of a virtual environment, such as "3.12"; empty if it does not say."""
    try:
        settings = (venv / "pyvenv.cfg").read_text(encoding="utf-8")
    except OSError:
        return ""
    found = re.search(r"^version(?:_info)?\s*=\s*(\d+\.\d+)", settings, re.MULTILINE)
    return found[1] if found else ""


def fingerprint(kind: Kind) -> str:
    """Changes with whatever the environment is made from."""
    return hashlib.sha256((LOCKS / f"{kind}.txt").read_bytes() + (ROOT / "pyproject.toml").read_bytes()).hexdigest()


def read_note() -> dict[str, str | None]:
    if not NOTE.exists():
        return {}
    try:
        note = json.loads(NOTE.read_text(encoding="utf-8"))
    except ValueError:
        note = None
    return note if isinstance(note, dict) else {"done": UNFINISHED}


def write_note(done: str | None) -> None:
    """Note how far `.venv` is, in one step, so that a full disk leaves the old note and not half a new one."""
    draft = NOTE.with_suffix(".new")
    draft.write_text(json.dumps({"folder": str(ROOT), "done": done}), encoding="utf-8")
    draft.replace(NOTE)


@contextmanager
def one_at_a_time() -> Iterator[None]:
    """Wait until no other `lab.py` is setting this folder up."""
    with (STATE / "set-up.lock").open("w") as file:
        if not locked(file):
            say("another set-up of this folder is under way; waiting for it")
            while not locked(file):
                time.sleep(0.5)
        yield


def locked(file: IO[str]) -> bool:
    """Lock the file until it is closed, or its process ends; False while another process has it."""
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):
        return False
    except OSError:
        return True  # a file system without locks
    return True


def check_room(kind: Kind) -> None:
    """Stop if the environment would not fit on the disk, counting what an earlier one takes already."""
    needed, free = MEGABYTES[kind], installers.free_megabytes()
    if free < needed and free + megabytes_in(VENV) < needed:
        stop(f"the environment takes {needed} MB of disk and {free} MB are free here; make room and run the same again")


def megabytes_in(folder: Path) -> int:
    files = (Path(place, name) for place, _, names in os.walk(folder) for name in names)
    return sum(file.lstat().st_size for file in files) // 10**6


def set_up(kind: Kind, fresh: bool) -> None:
    """Make `.venv` (fresh) or complete it, with uv or else with pip."""
    say("making .venv; this takes a minute or so, once" if fresh else "completing .venv")
    lock, done = LOCKS / f"{kind}.txt", read_note().get("done")
    uv = installers.bring_uv()  # offline it stops here
    write_note(UNFINISHED)
    try:
        if not (uv and installers.install_with_uv(uv, lock, fresh)):
            say("uv could not do it; trying again with pip alone, which is slower")
            if not installers.install_with_pip(lock, fresh):
                stop("the set-up failed, the lines above say why; put that right and run the same again")
    except installers.Offline:
        if not fresh:
            write_note(done)  # both installers fetch everything before they change anything
        raise
    write_note(fingerprint(kind))
