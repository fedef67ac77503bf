"""Document paths, `a.b[0]` as `("a", "b", 0)`: reading what they lead to, and cutting an item down to them."""

from collections.abc import Iterable
from typing import Any

from labkit.embedded.tables.values import Attributes, AttributeValue

Path = tuple[str | int, ...]


def text(path: Path) -> str:
    """As AWS writes a path in its messages: `[a, b, [0]]`."""
    return f"[{', '.join(f'[{step}]' if isinstance(step, int) else step for step in path)}]"


def find(path: Path, attributes: Attributes) -> AttributeValue | None:
    """The value at `path`, or None."""
    value: AttributeValue = {"M": attributes}
    for step in path:
        inside = members(value, step)
        if inside is None or not _has(inside, step):
            return None
        value = inside[step]
    return value


def members(value: AttributeValue, step: str | int) -> Any:
    """The list or map inside `value` that `step` can be taken in, or None."""
    return value.get("L" if isinstance(step, int) else "M")


def _has(inside: Any, step: str | int) -> bool:
    return step < len(inside) if isinstance(step, int) else step in inside


def project(attributes: Attributes, paths: Iterable[Path]) -> Attributes:
    """Only what `paths` lead to. List elements close up: of `[a, b, c]`, elements 0 and 2 are `[a, c]`."""
    tree: dict[str | int, Any] = {}
    for path in paths:
        branch = tree
        for step in path:
            branch = branch.setdefault(step, {})
    cut: Attributes = _cut(attributes, tree)
    return cut


def _cut(inside: Any, tree: dict[str | int, Any]) -> Any:
    kept = {}
    for step, branch in tree.items():
        if not _has(inside, step):
            continue
        value = inside[step]
        if branch:
            deeper = members(value, next(iter(branch)))
            if deeper is None or not (cut := _cut(deeper, branch)):
                continue
            value = {next(iter(value)): cut}
        kept[step] = value
    return [kept[step] for step in sorted(kept)] if isinstance(inside, list) else kept


def overlap(one: Path, two: Path) -> str | None:
    """Why the two cannot stand in one expression (`overlap`, `conflict`), or None."""
    for a, b in zip(one, two, strict=False):
        if type(a) is not type(b):
            return "conflict"
        if a != b:
            return None
    return "overlap"
