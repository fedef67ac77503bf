"""JupyterLab as the lab opens it: on the first notebook, with the lab's own kernel, settings and open tabs."""

import errno
import os
import re
import socket
from itertools import pairwise
from pathlib import Path

from lab_setup import ROOT, STATE, stop

FIRST_NOTEBOOK = "notebooks/00_start_here.ipynb"


def command(python: Path, args: list[str]) -> list[str]:
    """JupyterLab with what the student asked for; of the lab's own options those that were not asked for otherwise."""
    # Opened as an argument, a notebook would make its folder the root and hide data/.
    ours = [f"--ServerApp.root_dir={ROOT}", f"--LabApp.default_url=/lab/tree/{FIRST_NOTEBOOK}"]
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        ours.append("--ServerApp.allow_root=True")  # in a container
    asked = {arg.partition("=")[0] for arg in args}  # Jupyter takes no option twice
    return [str(python), "-m", "jupyterlab", *(arg for arg in ours if arg.partition("=")[0] not in asked), *args]


def settings() -> dict[str, str]:
    """The environment variables that set the lab apart from the student's other Jupyter."""
    config = filter(None, [str(ROOT / ".jupyter"), os.environ.get("JUPYTER_CONFIG_PATH")])
    return {
        "JUPYTER_CONFIG_PATH": os.pathsep.join(config),
        "JUPYTERLAB_SETTINGS_DIR": str(STATE / "settings"),
        "JUPYTERLAB_WORKSPACES_DIR": str(STATE / "workspaces"),
    }


def check_port(args: list[str]) -> None:
    """Stop if a port was asked for that cannot be had: a server would take another, or end in a long complaint."""
    port = value_of(args, "--port", "--ServerApp.port", "--Voila.port")
    if port is None:
        return
    if not re.fullmatch("[0-9]{1,5}", port) or int(port) > 65535:
        stop(f"{port!r} is no port: give a number up to 65535, or leave --port out")
    address = value_of(args, "--ip", "--ServerApp.ip", "--Voila.ip") or "localhost"
    problem = why_not(address, int(port))
    if problem:
        stop(f"port {port} {problem}: name another, or leave --port out and a free one is taken")


def value_of(args: list[str], *names: str) -> str | None:
    """What follows an option, written as `--port=8888` or as `--port 8888`."""
    for arg, following in pairwise([*args, ""]):
        name, equals, value = arg.partition("=")
        if name in names:
            return value if equals else following
    return None


def why_not(address: str, port: int) -> str:
    """Why no server can listen there, as the end of a sentence; empty if one can."""
    try:
        places = socket.getaddrinfo(None if address == "*" else address, port, type=socket.SOCK_STREAM)
    except OSError:
        return ""  # no such address: JupyterLab says so
    for family, kind, protocol, _, place in places:
        with socket.socket(family, kind, protocol) as probe:
            if os.name != "nt":
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # a server that just ended is no hindrance
            try:
                probe.bind(place)
            except OSError as error:
                if error.errno == errno.EADDRINUSE:
                    return "is taken by another program"
                if error.errno == errno.EACCES:
                    return "may not be used without administrator rights"
    return ""
