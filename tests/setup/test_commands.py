"""What `lab.py` says to those who start it in another way than it is meant, and what it hands on."""

import ast
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from lab_setup import ROOT, commands, jupyter

OTHER_PYTHONS = [f"python{version}" for version in ("2.7", "3.6", "3.8", "3.9", "3.10", "3.15")]


def lab(*args: str, python: str = sys.executable) -> subprocess.CompletedProcess[str]:
    return subprocess.run([python, ROOT / "lab.py", *args], capture_output=True, text=True, timeout=60, check=False)


def one_sentence(done: subprocess.CompletedProcess[str]) -> str:
    """What it said, provided that it failed with one line and no traceback."""
    assert done.returncode == 1
    assert done.stdout == ""
    (line,) = done.stderr.splitlines()
    assert line.startswith("lab: ")
    return line


@pytest.fixture(params=OTHER_PYTHONS)
def other_python(request: pytest.FixtureRequest) -> str:
    program: str = request.param
    pyenv = sorted(Path.home().glob(f".pyenv/versions/{program.removeprefix('python')}.*/bin/{program}"))
    found = str(pyenv[-1]) if pyenv else shutil.which(program)
    if not found or subprocess.run([found, "-c", ""], capture_output=True, check=False).returncode:
        pytest.skip(f"{program} is not on this machine")
    return found


def test_another_python_gets_one_sentence(other_python: str) -> None:
    assert "the lab needs 3.11, 3.12, 3.13 or 3.14" in one_sentence(lab(python=other_python))


@pytest.mark.parametrize("minor", [10, 15])
def test_a_python_too_old_or_too_new_gets_one_sentence(minor: int) -> None:
    pretend = f"import runpy, sys; sys.version_info = (3, {minor}, 0); runpy.run_path('lab.py', run_name='__main__')"
    done = subprocess.run([sys.executable, "-c", pretend], cwd=ROOT, capture_output=True, text=True, check=False)
    assert f"this is Python 3.{minor} " in one_sentence(done)


def test_the_oldest_python_can_read_lab_py() -> None:
    text = (ROOT / "lab.py").read_text(encoding="ascii")  # Python 2 takes no other letters without being told
    ast.parse(text, feature_version=(3, 4))
    assert "import annotations" not in text


def test_an_unknown_command_gets_the_list() -> None:
    said = one_sentence(lab("tset"))
    assert "'tset'" in said
    assert "page, test, run, build, sync, lock" in said


def test_an_unknown_program_gets_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)  # become() goes there
    with pytest.raises(SystemExit, match="lab: there is no program 'no-such-program'"):
        commands.become(["no-such-program"], Path(sys.executable))


@pytest.mark.skipif(os.name == "nt", reason="there it starts a child instead")
def test_a_program_finds_the_environments_programs_and_kernel_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    became: list[dict[str, str]] = []

    def execve(program: str, command: list[str], variables: dict[str, str]) -> None:
        became.append(variables)
        raise SystemExit

    monkeypatch.setattr(os, "execve", execve)
    with pytest.raises(SystemExit):
        commands.become([sys.executable], Path("/its/bin/python"), ADDED="yes")
    assert became[0]["PATH"].split(os.pathsep)[0] == "/its/bin"
    assert became[0]["JUPYTER_PREFER_ENV_PATH"] == "1"
    assert became[0]["ADDED"] == "yes"


@pytest.mark.parametrize("option", ["--port", "-h"])
def test_options_are_no_commands(option: str, capsys: pytest.CaptureFixture[str]) -> None:
    if option == "-h":
        assert commands.main([option], "how to use it") == 0
        assert capsys.readouterr().out == "how to use it\n"
    else:
        with pytest.raises(SystemExit, match="is no port"):
            commands.main([option, "lots"], "")


@pytest.fixture
def became(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """The programs that a command would have become, its environment being there."""
    programs: list[list[str]] = []

    def become(command: list[str], python: Path, **settings: str) -> int:
        programs.append(command)
        return 0

    monkeypatch.setattr(commands, "environment", lambda kind: Path(kind, "python"))
    monkeypatch.setattr(commands, "become", become)
    return programs


@pytest.mark.parametrize(
    ("args", "expected"),
    [
        (["test"], ["dev/python", "-m", "pytest", *commands.EVERYTHING]),
        (["test", "-n0"], ["dev/python", "-m", "pytest", "-n0"]),
        (["test", "-k", "one"], ["dev/python", "-m", "pytest", "-k", "one"]),
        (["run", "ruff", "check"], ["ruff", "check"]),
        (["run"], ["dev/python"]),
        (["build", "07"], ["dev/python", "-m", "authoring", "build", "07"]),
        (["sync", "07"], ["dev/python", "-m", "authoring", "sync", "07"]),
        (["--no-browser"], ["lab/python", "-m", "jupyterlab", "--no-browser"]),
        (["page", "--no-browser"], ["lab/python", "-m", "page", "--no-browser"]),
    ],
)
def test_a_command_hands_on_what_follows_it(args: list[str], expected: list[str], became: list[list[str]]) -> None:
    assert commands.main(args, "") == 0
    (command,) = became
    ours = [arg for arg in command if arg.startswith(("--ServerApp.", "--LabApp."))]
    assert [arg.replace(os.sep, "/") for arg in command if arg not in ours] == expected
    assert bool(ours) == (args == ["--no-browser"])


@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), KeyboardInterrupt()])
def test_a_full_disk_and_an_interruption_end_in_one_sentence(
    error: BaseException, monkeypatch: pytest.MonkeyPatch
) -> None:
    def environment(kind: str) -> Path:
        raise error

    monkeypatch.setattr(commands, "environment", environment)
    with pytest.raises(SystemExit, match=r"^lab: .*run the same again"):
        commands.main(["test"], "")


def test_an_option_given_replaces_the_labs_own() -> None:
    command = jupyter.command(Path("python"), ["--ServerApp.root_dir=/elsewhere", "--no-browser"])
    assert [arg for arg in command if "root_dir" in arg] == ["--ServerApp.root_dir=/elsewhere"]
    assert f"--LabApp.default_url=/lab/tree/{jupyter.FIRST_NOTEBOOK}" in command


@pytest.fixture
def taken_port() -> Iterator[int]:
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        yield server.getsockname()[1]


@pytest.mark.parametrize(
    "form",
    ["--port={}", "--port {}", "--ServerApp.port={}", "--no-browser --port {}", "page --port={}", "page --port {}"],
)
def test_a_port_that_is_taken_gets_one_sentence(form: str, taken_port: int) -> None:
    said = one_sentence(lab(*form.format(taken_port).split()))
    assert said.startswith(f"lab: port {taken_port} is taken by another program: ")


@pytest.mark.parametrize("port", ["", "http", "-1", "65536", "8888.0", "٣٤", "9" * 5000])
def test_what_is_no_port_gets_one_sentence(port: str) -> None:
    with pytest.raises(SystemExit, match=r"^lab: .* is no port"):
        jupyter.check_port(["--port", port])


@pytest.mark.parametrize(
    ("args", "says"), [(["8080"], "the page takes no '8080'"), (["a", "b"], "the page takes no 'a'")]
)
def test_what_the_page_does_not_take_gets_one_sentence(args: list[str], says: str) -> None:
    command = [sys.executable, "-m", "page", "--no-browser", *args]
    assert says in one_sentence(subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False))


def test_a_page_without_voila_gets_one_sentence() -> None:
    without = "import runpy, sys; sys.modules['voila'] = None; runpy.run_module('page', run_name='__main__')"
    done = subprocess.run([sys.executable, "-c", without], cwd=ROOT, capture_output=True, text=True, check=False)
    assert "voila" in one_sentence(done)


def test_a_free_port_passes(taken_port: int) -> None:
    jupyter.check_port([])
    jupyter.check_port(["--port=0"])
    jupyter.check_port(["--no-browser", "--ip", "127.0.0.1", "--port", "0"])
    with pytest.raises(SystemExit):
        jupyter.check_port(["--ip", "127.0.0.1", "--port", str(taken_port)])
