"""pyproject.toml, the locks, environment.yml and lab.py say the same."""

import re
import tomllib

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

from lab_setup import LOCKS, ROOT
from lab_setup.requirements import Kind, needs

PYTHONS = SpecifierSet(
    tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["requires-python"]
)
LOCKED = re.compile(r"^([a-z0-9-]+)==([^\s;\\]+)", re.MULTILINE)


def versions(lock: str) -> dict[str, set[str]]:
    """The locked versions of each package: more than one where systems differ."""
    found: dict[str, set[str]] = {}
    for package, version in LOCKED.findall((LOCKS / lock).read_text(encoding="utf-8")):
        found.setdefault(package, set()).add(version)
    return found


@pytest.mark.parametrize("kind", ["lab", "dev"])
def test_the_lock_meets_pyproject(kind: Kind) -> None:
    locked = versions(f"{kind}.txt")
    for requirement in map(Requirement, needs(kind)):
        chosen = locked.get(canonicalize_name(requirement.name), set())
        assert chosen, f"{requirement.name} is not in {kind}.txt: run `python lab.py lock`"
        assert all(version in requirement.specifier for version in chosen), f"{kind}.txt has {chosen} for {requirement}"


def test_lab_is_a_part_of_dev_and_pins_are_dev() -> None:
    lab, dev = versions("lab.txt"), versions("dev.txt")
    assert {package: dev.get(package) for package in lab} == lab
    assert versions("pins.txt") == dev


@pytest.mark.parametrize("lock", ["lab.txt", "dev.txt", "uv.txt"])
def test_every_locked_package_has_hashes_and_no_address(lock: str) -> None:
    text = (LOCKS / lock).read_text(encoding="utf-8")
    packages = [block for block in re.split(r"^(?=[a-z0-9])", text, flags=re.MULTILINE) if LOCKED.match(block)]
    assert packages
    assert [block for block in packages if "--hash=sha256:" not in block] == []
    assert "://" not in text
    assert re.findall(r"^-.*", text, re.MULTILINE) == [], "an option, such as the address of an index"


def test_environment_yml_installs_the_locked_versions() -> None:
    environment = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))
    *conda, by_pip = environment["dependencies"]
    assert by_pip == {"pip": ["-c requirements/pins.txt", "-e .[lab]"]}
    assert [re.split(r"[=<>]", package)[0] for package in conda] == ["python", "pip"]
    form = re.fullmatch(r"python=(3\.\d+)", conda[0])
    assert form, "Binder reads no other form"
    assert f"{form[1]}.0" in PYTHONS
    assert environment["channels"] == ["conda-forge", "nodefaults"]


def test_lab_py_names_the_pythons_that_pyproject_allows() -> None:
    text = (ROOT / "lab.py").read_text(encoding="ascii")
    (oldest, newest) = map(int, re.findall(r"\(3, (\d+)\)", text))
    allowed = [minor for minor in range(30) if f"3.{minor}.0" in PYTHONS]
    assert allowed == list(range(oldest, newest + 1))
    named = [f"3.{minor}" for minor in allowed]
    assert f"the lab needs {', '.join(named[:-1])} or {named[-1]}:" in text
    assert f"Needs Python {named[0]} to {named[-1]} with pip" in text
