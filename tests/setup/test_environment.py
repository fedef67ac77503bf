"""`.venv`: made, completed or remade when it must be, left alone otherwise, and never half done. The installers are fakes."""

import json
import os
import shutil
import subprocess
import sys
from collections import namedtuple
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest

from lab_setup import environment as module
from lab_setup import installers
from lab_setup.environment import MINOR, environment
from lab_setup.requirements import Kind

POPEN = subprocess.Popen
Usage = namedtuple("Usage", "total used free")


class Lab:
    """A copy of what the environment is made from, in a folder of its own, with installers that only pretend."""

    def __init__(self, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.root, self.monkeypatch = root, monkeypatch
        self.calls: list[str] = []
        self.fails: Callable[[str], bool] = lambda call: False
        (root / "requirements").mkdir(parents=True)
        for file in ("pyproject.toml", "requirements/lab.txt", "requirements/dev.txt"):
            (root / file).write_text(file)
        self.move_to(root)
        monkeypatch.setattr(module, "already_in_one_with", lambda kind: False)
        monkeypatch.setattr(installers, "bring_uv", lambda: self.uv)
        monkeypatch.setattr(installers, "pip_install", lambda python, *args: self.install("pip", *args))
        monkeypatch.setattr(installers, "run", lambda *args: self.install(*map(str, args[1:])))
        self.free(10**12)

    def move_to(self, root: Path) -> None:
        venv = root / ".venv"
        places = {
            "ROOT": root,
            "LOCKS": root / "requirements",
            "STATE": root / ".lab",
            "VENV": venv,
            "PYTHON": venv / "python",
            "NOTE": root / ".lab" / "venv.json",
        }
        for name, path in places.items():
            for user in (module, installers):
                if hasattr(user, name):
                    self.monkeypatch.setattr(user, name, path)
        self.root, self.venv, self.note = root, venv, places["NOTE"]

    def free(self, size: int) -> None:
        self.monkeypatch.setattr(shutil, "disk_usage", lambda path: Usage(10**12, 0, size))

    def uv(self, *args: object) -> bool:
        return self.install("uv", *map(str, args))

    def install(self, *args: object) -> bool:
        call = " ".join(map(str, args))
        if self.fails(call):
            return False
        if "venv" in args:
            self.calls.append("make" if "--clear" in args else "mend")
            self.make_venv()
        elif "-r" in args:
            self.calls.append(f"{args[0]} {Path(str(args[-1])).name}")
        return True

    def make_venv(self, minor: str = MINOR) -> None:
        self.venv.mkdir(exist_ok=True)
        (self.venv / "python").touch()
        (self.venv / "pyvenv.cfg").write_text(f"home = /usr/bin\nversion = {minor}.7\n")

    def did(self, kind: Kind) -> list[str]:
        """What setting up for `kind` did."""
        self.calls.clear()
        assert environment(kind) == self.venv / "python"
        return self.calls.copy()


@pytest.fixture
def lab(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Lab:
    return Lab(tmp_path / "a lab", monkeypatch)


def test_it_is_made_once(lab: Lab) -> None:
    assert lab.did("lab") == ["make", "uv lab.txt"]
    assert lab.did("lab") == []


def test_students_packages_are_completed_for_tests_and_then_serve_both(lab: Lab) -> None:
    lab.did("lab")
    assert lab.did("dev") == ["uv dev.txt"]
    assert lab.did("lab") == []
    assert lab.did("dev") == []


@pytest.mark.parametrize("file", ["requirements/lab.txt", "pyproject.toml"])
def test_changed_requirements_complete_it(file: str, lab: Lab) -> None:
    lab.did("lab")
    (lab.root / file).write_text("changed")
    assert lab.did("lab") == ["uv lab.txt"]
    assert lab.did("lab") == []


def test_a_moved_folder_remakes_it(lab: Lab, tmp_path: Path) -> None:
    lab.did("lab")
    lab.move_to(lab.root.rename(tmp_path / "moved"))
    assert lab.did("lab") == ["make", "uv lab.txt"]
    assert lab.did("lab") == []


@pytest.mark.parametrize("key", ["version", "version_info"])  # as venv writes it, and as uv does
def test_another_python_remakes_it(key: str, lab: Lab) -> None:
    lab.did("lab")
    (lab.venv / "pyvenv.cfg").write_text(f"{key} = 3.9.18\n")
    assert lab.did("lab") == ["make", "uv lab.txt"]
    (lab.venv / "pyvenv.cfg").write_text(f"{key} = {MINOR}.99\n")
    assert lab.did("lab") == []


def test_one_whose_python_is_gone_is_remade(lab: Lab) -> None:
    lab.did("lab")
    (lab.venv / "python").unlink()
    assert lab.did("lab") == ["make", "uv lab.txt"]


def test_one_that_an_editor_made_is_completed_if_its_python_will_do(lab: Lab) -> None:
    lab.make_venv()
    assert lab.did("lab") == ["uv lab.txt"]
    lab.note.unlink()
    lab.make_venv("3.9")
    assert lab.did("lab") == ["make", "uv lab.txt"]


@pytest.mark.parametrize("stop", [KeyboardInterrupt(), OSError(28, "No space left on device")])
@pytest.mark.parametrize("kind", ["lab", "dev"])
def test_an_interrupted_one_is_remade(stop: BaseException, kind: Kind, lab: Lab) -> None:
    if kind == "dev":
        lab.did("lab")

    def interrupted(call: str) -> bool:
        if " -r " in call:
            raise stop
        return False

    lab.fails = interrupted
    with pytest.raises(type(stop)):
        environment(kind)
    lab.fails = lambda call: False
    assert lab.did(kind) == ["make", f"uv {kind}.txt"]


@pytest.mark.parametrize("note", ["", "{", "[]", '"x"', "null", "7", '{"done": "unfinished"}'])
def test_a_note_that_makes_no_sense_counts_as_unfinished(note: str, lab: Lab) -> None:
    lab.did("lab")
    lab.note.write_text(note)
    assert lab.did("lab") == ["make", "uv lab.txt"]


def test_a_note_that_cannot_be_written_leaves_the_old_one(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    lab.note.parent.mkdir()
    module.write_note("old")

    def full(self: Path, target: Path) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(OSError, match="No space"):
        module.write_note("new")
    assert json.loads(lab.note.read_text())["done"] == "old"


def test_where_uv_fails_pip_does_it(lab: Lab) -> None:
    lab.fails = lambda call: call.startswith("uv pip")
    assert lab.did("lab") == ["make", "make", "pip lab.txt"]
    lab.fails = lambda call: call.startswith("uv")
    assert lab.did("dev") == ["mend", "pip dev.txt"]


def test_where_both_fail_nothing_is_taken_as_done(lab: Lab) -> None:
    lab.fails = lambda call: " -r " in call
    with pytest.raises(SystemExit, match=r"^lab: the set-up failed"):
        environment("lab")
    lab.fails = lambda call: False
    assert lab.did("lab") == ["make", "uv lab.txt"]


def test_offline_what_was_there_stays_as_it_was(lab: Lab) -> None:
    lab.did("lab")
    before = lab.note.read_bytes()
    requirements = lab.root / "requirements" / "lab.txt"
    old = requirements.read_bytes()

    def offline(call: str) -> bool:
        if call.startswith("pip"):
            raise installers.Offline("lab: offline")
        return call.startswith("uv")

    lab.fails = offline
    requirements.write_text("changed")
    with pytest.raises(SystemExit, match=r"^lab: offline"):
        environment("lab")
    assert lab.note.read_bytes() == before
    requirements.write_bytes(old)
    assert lab.did("lab") == []


def test_a_disk_without_room_is_told_before_anything_is_touched(lab: Lab) -> None:
    lab.free(123_456_789)
    with pytest.raises(
        SystemExit, match=r"^lab: the environment takes 600 MB of disk and 123 MB are free here; make room"
    ):
        environment("lab")
    assert not lab.venv.exists()
    assert not lab.note.exists()


def test_what_an_earlier_environment_takes_counts_as_room(lab: Lab) -> None:
    lab.make_venv()
    with (lab.venv / "large").open("wb") as file:
        file.truncate(550 * 10**6)
    lab.free(60 * 10**6)
    assert lab.did("lab") == ["uv lab.txt"]


def test_a_disk_that_fills_up_midway_is_told_and_nothing_taken_as_done(lab: Lab) -> None:
    def full(call: str) -> bool:
        if " -r " in call:
            lab.free(0)
        return " -r " in call

    lab.fails = full
    with pytest.raises(SystemExit, match=r"^lab: a disk is full \(0 MB are free here\)"):
        environment("lab")
    assert lab.calls == ["make"], "pip was not tried in vain"
    lab.fails = lambda call: False
    lab.free(10**12)
    assert lab.did("lab") == ["make", "uv lab.txt"]


@pytest.mark.parametrize(
    ("own_prefix", "origin", "expected"),
    [(True, "here", True), (True, "elsewhere", False), (False, "here", False)],
)
def test_an_environment_that_has_this_very_lab_is_used_as_it_is(
    own_prefix: bool, origin: str, expected: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = tmp_path / "a lab ñ"
    monkeypatch.setattr(sys, "prefix", str(tmp_path / "conda") if own_prefix else sys.base_prefix)
    monkeypatch.delenv("CONDA_PREFIX", raising=False)
    monkeypatch.setattr(module, "ROOT", root)
    url = (root if origin == "here" else tmp_path / "other").as_uri()
    monkeypatch.setattr(
        module, "distribution", lambda name: SimpleNamespace(read_text=lambda file: f'{{"url": "{url}"}}')
    )
    assert module.already_in_one_with("lab") is expected
    monkeypatch.setattr(module, "needs", lambda kind: ["no-such-package[extra]>=1"])
    assert not module.already_in_one_with("lab")


def test_a_second_set_up_waits_for_the_first(lab: Lab, capsys: pytest.CaptureFixture[str]) -> None:
    lab.note.parent.mkdir()
    with (
        (lab.note.parent / "set-up.lock").open("w") as mine,
        (lab.note.parent / "set-up.lock").open("w") as theirs,
    ):
        assert module.locked(mine)
        assert not module.locked(theirs)
    with module.one_at_a_time():
        pass
    assert capsys.readouterr().err == ""


def pip_that_says(text: str, monkeypatch: pytest.MonkeyPatch, status: int = 1) -> Callable[[], bool]:
    """`pip_install`, with a program in pip's place that writes `text` to stderr and fails."""
    script = f"import sys; sys.stderr.write({text!r}); sys.exit({status})"
    monkeypatch.setattr(subprocess, "Popen", lambda command, **how: POPEN([sys.executable, "-c", script], **how))
    return lambda: installers.pip_install(sys.executable, "x")


RETRYING = (
    "WARNING: Retrying after connection broken by 'NewConnectionError(...): Temporary failure in name resolution'\n"
)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (RETRYING + "ERROR: No matching distribution found for uv", "^lab: the package index cannot be reached"),
        ("ERROR: Could not install packages due to an OSError: [Errno 28] No space left", "^lab: a disk is full"),
        ("error: Failed to write: There is not enough space on the disk. (os error 112)", "^lab: a disk is full"),
    ],
)
def test_pip_says_in_a_sentence_why_it_failed(text: str, said: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(SystemExit, match=said):
        pip_that_says(text, monkeypatch)()


def test_pip_may_fail_for_other_reasons_or_succeed_after_all(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert not pip_that_says("ERROR: no such option", monkeypatch)()
    assert "no such option" in capsys.readouterr().err
    assert pip_that_says(RETRYING, monkeypatch, status=0)()


def test_a_program_that_cannot_start_counts_as_failed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert not installers.run(tmp_path / "uv", "--version")
    assert "uv cannot be started" in capsys.readouterr().err


def test_uv_gets_pips_index_and_the_students_own_settings_win(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("UV_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("PIP_INDEX_URL", "https://index.example/simple")
    assert installers.uv_settings() == {
        "UV_PYTHON_DOWNLOADS": "never",
        "UV_SYSTEM_CERTS": "1",
        "UV_DEFAULT_INDEX": "https://index.example/simple",
    }
    monkeypatch.setenv("UV_DEFAULT_INDEX", "https://theirs.example/simple")
    monkeypatch.setenv("UV_SYSTEM_CERTS", "0")
    assert installers.uv_settings() == {"UV_PYTHON_DOWNLOADS": "never"}


def test_uv_gets_the_index_of_pips_configuration(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "pip.conf").write_text("[global]\nindex-url = https://configured.example/simple\n")
    monkeypatch.setenv("PIP_CONFIG_FILE", str(tmp_path / "pip.conf"))
    monkeypatch.delenv("PIP_INDEX_URL", raising=False)
    monkeypatch.delenv("UV_DEFAULT_INDEX", raising=False)
    assert installers.uv_settings()["UV_DEFAULT_INDEX"] == "https://configured.example/simple"


def test_settings_that_would_stop_pip_are_overruled(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PIP_USER", "1")
    monkeypatch.setenv("PIP_REQUIRE_VIRTUALENV", "1")
    assert installers.run(
        installers.BASE, "-c", "import os; print(os.environ['PIP_USER'], os.environ['PIP_REQUIRE_VIRTUALENV'])"
    )
    assert capfd.readouterr().out.split() == ["0", "0"]
