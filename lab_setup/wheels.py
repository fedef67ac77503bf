"""Whether a newcomer without a compiler can install the lab: what is locked has wheels for every system and Python."""

import os
import re
import tomllib

from lab_setup import LOCKS, ROOT, say
from lab_setup.installers import Uv

SYSTEMS = [
    f"{machine}-{system}"
    for system in ("pc-windows-msvc", "apple-darwin", "unknown-linux-gnu")
    for machine in ("x86_64", "aarch64")
]
BUILDS_ANYWHERE = "pyyaml"  # no release has a wheel for Windows on ARM with Python 3.11, and none needs a compiler


def all_there(uv: Uv) -> bool:
    """Look for the wheels of lab.txt; uv says which one is missing, and this for which system and Python."""
    question = ("pip", "compile", "-q", "--no-deps", "--only-binary", ":all:", "--no-binary", BUILDS_ANYWHERE)
    missing = [
        f"{system} with Python {python}"
        for system in SYSTEMS
        for python in pythons()
        if not uv(
            *question, "--python-platform", system, "--python-version", python, LOCKS / "lab.txt", "-o", os.devnull
        )
    ]
    if missing:
        say(f"a package has no wheel for {', '.join(missing)}; see the group `wheels` in pyproject.toml")
    return not missing


def pythons() -> list[str]:
    """The versions that pyproject.toml allows, such as "3.11"."""
    stated = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["requires-python"]
    oldest, beyond = map(int, re.findall(r"3\.(\d+)", stated))
    return [f"3.{minor}" for minor in range(oldest, beyond)]
