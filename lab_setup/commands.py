"""The commands of `lab.py`: each sees to the environment it needs and then becomes another program."""

import os
import shutil
import signal
import subprocess
from pathlib import Path

from lab_setup import ROOT, jupyter, requirements, say, stop
from lab_setup.environment import environment

COMMANDS = ("page", "test", "run", "build", "sync", "lock")
# All tests: one file per core at a time, in order. A notebook's cells share a kernel, and a file's tests may share more.
EVERYTHING = ("--numprocesses=logical", "--maxprocesses=4", "--dist=loadfile", "--no-loadscope-reorder")


def main(args: list[str], usage: str) -> int:
    """Do what was asked for. What goes wrong ends in one sentence, never in a traceback."""
    name, rest = (args[0], args[1:]) if args and not args[0].startswith("-") else ("", args)
    if name and name not in COMMANDS:
        stop(f"there is no command {name!r}; there are {', '.join(COMMANDS)}, and none at all opens JupyterLab")
    if not name and rest[:1] in (["-h"], ["--help"]):
        print(usage)
        return 0
    try:
        if name == "lock":
            return 0 if requirements.lock(*rest) else 1
        if name in ("", "page"):
            return open_in_browser(name, rest)
        return in_environment(name, rest)
    except KeyboardInterrupt:
        stop("stopped; run the same again to go on")
    except OSError as error:  # a full disk, a folder that may not be written to
        stop(f"{error}; put that right and run the same again")


def in_environment(name: str, args: list[str]) -> int:
    python = environment("dev")
    command = {
        "test": [str(python), "-m", "pytest", *(args or EVERYTHING)],
        "run": args or [str(python)],
        "build": [str(python), "-m", "authoring", "build", *args],
        "sync": [str(python), "-m", "authoring", "sync", *args],
    }[name]
    return become(command, python)


def open_in_browser(name: str, args: list[str]) -> int:
    """Start JupyterLab, or the page; either opens the browser by itself."""
    jupyter.check_port(args)
    python = environment("lab")
    command = [str(python), "-m", "page", *args] if name else jupyter.command(python, args)
    say(f"starting {'the page' if name else 'JupyterLab'}; Ctrl-C in this window ends it")
    return become(command, python, **jupyter.settings())


def become(command: list[str], python: Path, **settings: str) -> int:
    """Go on as another program of the environment, so that Ctrl-C and signals reach it and nobody else."""
    path = os.pathsep.join([str(python.parent), os.environ.get("PATH", "")])
    # the second: this environment's kernel before the student's others
    variables = {**os.environ, "PATH": path, "JUPYTER_PREFER_ENV_PATH": "1", **settings}
    os.chdir(ROOT)
    program = shutil.which(command[0], path=path)
    if program is None:
        stop(f"there is no program {command[0]!r} in the lab's environment or on this machine")
    if os.name != "nt":
        os.execve(program, [program, *command[1:]], variables)
    child = subprocess.Popen([program, *command[1:]], env=variables)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    return child.wait()
