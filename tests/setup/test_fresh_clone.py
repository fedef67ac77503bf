"""Both of the README's commands in a fresh clone without an environment, on a machine with a Jupyter of its own.

The clone has what is committed. Packages come from uv's cache where it has them.
"""

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from jupyter_client.blocking.client import BlockingKernelClient

from lab_setup import ROOT
from lab_setup.installers import BASE
from lab_setup.jupyter import FIRST_NOTEBOOK

ELSEWHERE = """
c.ServerApp.root_dir = {home!r}
c.LabApp.default_url = "/tree"
c.ServerApp.terminals_enabled = True
c.KernelSpecManager.allowed_kernelspecs = set()
"""
BROKEN_KERNEL = {"argv": ["/nowhere/python", "{connection_file}"], "display_name": "Mine", "language": "python"}


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    if not (ROOT / ".git").exists():
        pytest.skip("this copy of the lab came without git")
    folder = tmp_path_factory.mktemp("a fresh machine") / "lab"
    subprocess.run(["git", "clone", "-q", str(ROOT), str(folder)], check=True)
    return folder


@pytest.fixture(scope="module")
def machine(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Environment variables of a machine whose Jupyter is set up for something else."""
    home = tmp_path_factory.mktemp("home")
    for config in ("jupyter_server_config.py", "jupyter_lab_config.py"):
        (home / config).write_text(ELSEWHERE.format(home=str(home)))
    for kernel in ("python3", "another"):
        (home / "kernels" / kernel).mkdir(parents=True)
        (home / "kernels" / kernel / "kernel.json").write_text(json.dumps(BROKEN_KERNEL))
    ours = ("PYTEST_", "COV_", "JUPYTER", "VIRTUAL_ENV", "PYTHON")
    variables = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    jupyter = {f"JUPYTER_{what}_DIR": str(home) for what in ("CONFIG", "DATA")}
    return {**variables, **jupyter, "JUPYTER_RUNTIME_DIR": str(home / "runtime")}


def skip_if_offline(log: str) -> None:
    if "the package index cannot be reached" in log:
        (pytest.fail if os.environ.get("CI") else pytest.skip)("no network, and a fresh clone needs one")


class Server:
    """`python lab.py --no-browser` in a clone, asked over HTTP."""

    def __init__(self, clone: Path, machine: dict[str, str]) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.log = clone.parent / "server.log"
        options = ["--no-browser", "--port", str(self.port), "--IdentityProvider.token=secret"]
        with self.log.open("w") as log:
            self.process = subprocess.Popen(
                [BASE, clone / "lab.py", *options], cwd=clone.parent, env=machine, stdout=log, stderr=subprocess.STDOUT
            )

    def ask(self, path: str, method: str = "GET") -> bytes:
        request = Request(
            f"http://localhost:{self.port}{path}", method=method, headers={"Authorization": "token secret"}
        )
        with urlopen(request, timeout=30) as answer:
            body: bytes = answer.read()
        return body

    def ready(self, seconds: int = 240) -> None:
        until = time.monotonic() + seconds
        while time.monotonic() < until and self.process.poll() is None:
            try:
                self.ask("/api")
            except OSError:
                time.sleep(0.2)
            else:
                return
        log = self.log.read_text()
        skip_if_offline(log)
        pytest.fail(f"no answer from `python lab.py`: {log[-2000:]}")

    def stop(self) -> None:
        try:
            self.ask("/api/shutdown", "POST")
            self.process.wait(20)
        except (OSError, subprocess.TimeoutExpired):
            self.process.kill()


@pytest.fixture(scope="module")
def server(clone: Path, machine: dict[str, str]) -> Iterator[Server]:
    server = Server(clone, machine)
    try:
        server.ready()
        yield server
    finally:
        server.stop()


def test_python_lab_py_opens_the_first_notebook(server: Server) -> None:
    assert f"/lab/tree/{FIRST_NOTEBOOK}?token" in server.log.read_text()
    assert b"jupyter-config-data" in server.ask(f"/lab/tree/{FIRST_NOTEBOOK}")
    assert json.loads(server.ask(f"/api/contents/{FIRST_NOTEBOOK}"))["type"] == "notebook"


def test_the_one_kernel_is_the_labs_and_starts_without_a_warning(
    server: Server, clone: Path, machine: dict[str, str]
) -> None:
    assert list(json.loads(server.ask("/api/kernelspecs"))["kernelspecs"]) == ["python3"]
    kernel = json.loads(server.ask("/api/kernels", "POST"))["id"]
    client = BlockingKernelClient()
    client.load_connection_file(str(Path(machine["JUPYTER_RUNTIME_DIR"], f"kernel-{kernel}.json")))
    client.start_channels()
    try:
        client.wait_for_ready(timeout=60)
        written: list[str] = []
        client.execute_interactive(
            "import labkit, sys; print(sys.prefix, labkit.__file__, sep='\\n')",
            output_hook=lambda message: written.append(message["content"].get("text", "")),
            timeout=30,
        )
    finally:
        client.stop_channels()
    prefix, labkit = "".join(written).splitlines()
    assert Path(prefix) == clone / ".venv"
    assert Path(labkit) == clone / "labkit" / "__init__.py"
    warnings = re.findall(r"^(?:\[[WE] |.* WARNING ).*", server.log.read_text(), re.MULTILINE)
    assert [line for line in warnings if "is not trusted" not in line] == []  # true of any notebook made elsewhere


def test_there_are_no_terminals(server: Server) -> None:
    with pytest.raises(HTTPError, match="404"):
        server.ask("/api/terminals")


def test_python_lab_py_test_runs_tests(server: Server, clone: Path, machine: dict[str, str]) -> None:
    # a part of them, and not this file: or it would call itself
    command = [BASE, "lab.py", "test", "tests/setup/test_agreement.py", "-p", "no:cacheprovider"]
    done = subprocess.run(
        command, cwd=clone, env=machine, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
    )
    skip_if_offline(done.stdout)
    assert done.returncode == 0, done.stdout[-3000:]
    assert "passed" in done.stdout
    assert "lab: completing .venv" in done.stdout
    assert (clone / ".venv" / "pyvenv.cfg").exists()
    assert shutil.which("ruff", path=str(clone / ".venv" / ("Scripts" if sys.platform == "win32" else "bin")))
