"""Find translated strings and displayed literals in the window's source code."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

GUI = Path(__file__).parents[2] / "granite_live" / "gui"
TOLD = GUI / "messages" / "__init__.py"
"""The module that translates strings marked in other modules."""
TRANSLATING = ("tr", "translate", "QT_TRANSLATE_NOOP")


@dataclass(frozen=True)
class Said:
    """A call that translates or marks. `source` is None if it is not a literal."""

    place: str
    context: str
    source: str | None
    arguments: int
    is_tr: bool


def files() -> list[Path]:
    """Return the window's modules."""
    return sorted(GUI.rglob("*.py"))


def name_of(call: ast.Call) -> str:
    """Return the name of the called function without its object."""
    function = call.func
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else ""


def literal(node: ast.expr) -> str | None:
    """Return a literal's text, None for anything else."""
    is_text = isinstance(node, ast.Constant) and isinstance(node.value, str)
    return str(node.value) if is_text else None


def place_of(path: Path, node: ast.expr) -> str:
    """Return the file and line of a node."""
    return f"{path.relative_to(GUI)}:{node.lineno}"


@cache
def all_said() -> tuple[Said, ...]:
    """Return every call that translates; QPainter.translate is not one."""
    return tuple(
        said
        for path in files()
        for said in _said(path, ast.parse(path.read_text(encoding="utf-8")), "")
    )


def _said(path: Path, node: ast.AST, context: str) -> Iterator[Said]:
    if isinstance(node, ast.ClassDef):
        context = node.name
    if isinstance(node, ast.Call) and name_of(node) in TRANSLATING:
        is_tr = name_of(node) == "tr"
        arguments = [literal(one) for one in node.args]
        place, count = place_of(path, node), len(node.args) + len(node.keywords)
        if is_tr:
            yield Said(place, context, arguments[0], count, is_tr)
        elif not _is_excepted(path, node):
            yield Said(place, arguments[0] or "?", arguments[1], count, is_tr)
    for child in ast.iter_child_nodes(node):
        yield from _said(path, child, context)


def _is_excepted(path: Path, call: ast.Call) -> bool:
    """Return whether the call moves a painter or rectangle, or translates marked strings."""
    function = call.func
    if path == TOLD or not isinstance(function, ast.Attribute):
        return path == TOLD
    owner = function.value
    return not (isinstance(owner, ast.Name) and owner.id.endswith("Application"))
