"""The command line of `authoring`; `python lab.py build` and `python lab.py sync` end here."""

import argparse
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from authoring.build import build
from authoring.lesson import AuthoringError, find
from authoring.sync import sync

ROOT = Path(__file__).resolve().parents[1]


def main(args: Sequence[str], root: Path = ROOT) -> int:
    parser = argparse.ArgumentParser(prog="lab.py", description="Lessons to notebooks and back.")
    commands = parser.add_subparsers(dest="command", required=True)
    command = commands.add_parser("build", help="build notebooks from lessons, and run them")
    command.add_argument("numbers", nargs="*", metavar="NN", help="which lessons; all of them if none is given")
    command = commands.add_parser("sync", help="take back into a lesson what was edited in JupyterLab")
    command.add_argument("number", metavar="NN", help="which lesson")
    chosen = parser.parse_args(args)
    lessons, notebooks = root / "lessons", root / "notebooks"
    try:
        if chosen.command == "build":
            numbers = chosen.numbers or [path.stem for path in sorted(lessons.glob("[0-9][0-9]_*.py"))]
            for source in [find(lessons, number) for number in numbers]:
                start = time.perf_counter()
                changed = build(source, notebooks / f"{source.stem}.ipynb")
                print(f"{source.stem}: {'built' if changed else 'as before'}, {time.perf_counter() - start:.1f} s")
        else:
            source = find(lessons, chosen.number)
            print(f"{source.stem}: {sync(find(notebooks, source.stem, '.ipynb'), source)}")
    except AuthoringError as problem:
        print(problem, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
