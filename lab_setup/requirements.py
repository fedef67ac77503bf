"""What the lab requires: stated in pyproject.toml, locked in requirements/."""

import tomllib
from collections.abc import Iterator
from typing import Literal

from lab_setup import LOCKS, ROOT, wheels
from lab_setup.installers import bring_uv

Kind = Literal["lab", "dev"]  # what students need; that and what tests and tools need


def needs(kind: Kind) -> list[str]:
    """The requirements of `kind`, as pyproject.toml states them."""
    stated = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))

    def group(name: str) -> Iterator[str]:
        for item in stated["dependency-groups"][name]:
            if isinstance(item, dict):
                yield from group(item["include-group"])
            else:
                yield item

    project = stated["project"]
    lab = [*project["dependencies"], *project["optional-dependencies"]["lab"]]
    return lab if kind == "lab" else [*lab, *group("dev")]


def lock(*args: str) -> bool:
    """Write the locks anew: versions that still fit are kept, unless `--upgrade` is given. Says whether it worked.

    At the end, which takes a minute, it looks whether everybody can install them.
    """
    uv = bring_uv()
    if not uv:
        return False
    lab, dev = LOCKS / "lab.txt", LOCKS / "dev.txt"
    # `uv pip compile`, since `uv.lock` and `pylock.toml` hold the addresses of a package index
    form = ("--universal", "--python-version", "3.11", "--generate-hashes")
    common = ("pip", "compile", "-q", *form, "--custom-compile-command", "python lab.py lock", *args)
    everyone = ("pyproject.toml", "--extra", "lab", "--group", "setup", "--group", "wheels")
    done = (
        uv(*common, *everyone, "-o", lab)
        and uv(*common, *everyone, "--group", "dev", "-c", lab, "-o", dev)
        and uv(*common, "--group", "pyproject.toml:installer", "-o", LOCKS / "uv.txt")
    )
    if done:
        # pip takes no hashes beside an editable install: the same versions without them, for environment.yml
        pins = [line.rstrip(" \\") for line in dev.read_text(encoding="utf-8").splitlines() if line[:1].isalnum()]
        heading = "# Made by `python lab.py lock`: the versions of dev.txt."
        (LOCKS / "pins.txt").write_text("\n".join([heading, *pins, ""]), encoding="utf-8", newline="\n")
    return done and wheels.all_there(uv)
