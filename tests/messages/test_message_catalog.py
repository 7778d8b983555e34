"""The catalog of messages is complete, in both languages, and used as it is meant."""

from __future__ import annotations

import ast
import json
import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

import pytest
from helpers.messages import arguments_of

import granite_live.messages
from granite_live.messages import MessageCode
from granite_live.util import errors
from granite_live.util.paths import assets_dir

PACKAGE = Path(granite_live.messages.__file__).parents[1]
FRONT_ENDS = {"cli", "gui", "launch.py", "server"}
"""Their own texts are not in the catalog: the window's are translated by Qt, and answers of the
service are English as OpenAI's are."""
TERMINAL_ONLY = {"app/bench.py", "app/doctor"}
"""What these report is printed by a command and by nothing else."""


def catalog() -> dict[str, MessageCode]:
    """Return every message by its code."""
    found = {}
    for module in iter_modules(granite_live.messages.__path__):
        import_module(f"granite_live.messages.{module.name}")
    for one in MessageCode.__subclasses__():
        # __members__ has aliases too: two names of one sentence.
        found.update({member.code: member for member in one.__members__.values()})
        assert len(one) == len(one.__members__), f"{one.__name__} has a sentence twice"
    return found


CATALOG = catalog()
GERMAN: dict[str, str] = json.loads(
    (assets_dir() / "translations" / "messages_de.json").read_text(encoding="utf-8")
)


@cache
def modules(*, front_ends: bool = True) -> tuple[tuple[str, ast.Module], ...]:
    """Return each module outside of the catalog: its path within the package, and its code."""
    if not front_ends:
        return tuple(one for one in modules() if one[0].split("/")[0] not in FRONT_ENDS)
    return tuple(
        (path.relative_to(PACKAGE).as_posix(), ast.parse(path.read_text(encoding="utf-8")))
        for path in PACKAGE.rglob("*.py")
        if path.relative_to(PACKAGE).parts[0] != "messages"
    )


@cache
def nodes(tree: ast.Module) -> tuple[ast.AST, ...]:
    """Return all nodes of a module, for which it is walked through once."""
    return tuple(ast.walk(tree))


@pytest.fixture(scope="module", autouse=True)
def _forget_code() -> Iterator[None]:
    """Forget the code behind its last test: looking for garbage would go through it each time."""
    yield
    modules.cache_clear()
    nodes.cache_clear()


def uses() -> Iterator[tuple[str, ast.Attribute, ast.Call | None]]:
    """Yield each mention of a message outside of the catalog, and its call if it is called."""
    names = {one.__name__ for one in MessageCode.__subclasses__()}
    for place, tree in modules():
        calls = {one.func: one for one in nodes(tree) if isinstance(one, ast.Call)}
        for node in nodes(tree):
            if (
                isinstance(node, ast.Attribute)
                and isinstance(node.value, ast.Name)
                and node.value.id in names
            ):
                yield f"{place}:{node.lineno}", node, calls.get(node)


def code_of(node: ast.Attribute) -> str:
    assert isinstance(node.value, ast.Name)
    return f"{node.value.id.removesuffix('Message').lower()}.{node.attr.lower()}"


def test_every_message_is_there_in_english_and_german() -> None:
    assert len(CATALOG) > 400
    assert sorted(GERMAN) == sorted(CATALOG)


@pytest.mark.parametrize("code", sorted(CATALOG))
def test_both_languages_have_the_same_arguments(code: str) -> None:
    english, german = CATALOG[code].value, GERMAN[code]
    assert sorted(arguments_of(german)) == sorted(arguments_of(english))
    assert german.endswith(".") == english.endswith(".")


def test_every_message_is_used_and_gets_its_arguments() -> None:
    used = Counter[str]()
    for place, node, call in uses():
        code = code_of(node)
        assert code in CATALOG, f"{place} uses {code}, which is not in the catalog"
        used[code] += 1
        if call is not None:
            given = {one.arg for one in call.keywords}
            assert given == set(arguments_of(CATALOG[code].value)), f"{place}: {code} gets {given}"
            assert not call.args, place
    own = {"list.or"}  # of the catalog itself
    assert set(CATALOG) - set(used) == own


def user_errors() -> set[str]:
    """Return the names of the classes of errors that users see."""
    classes: dict[str, set[str]] = {}
    for _place, tree in modules():
        for node in nodes(tree):
            if isinstance(node, ast.ClassDef):
                bases = {base.id for base in node.bases if isinstance(base, ast.Name)}
                classes.setdefault(node.name, set()).update(bases)
    found = {name for name, one in vars(errors).items() if isinstance(one, type)}
    before = 0
    while len(found) != before:
        before = len(found)
        for name, bases in classes.items():
            if bases & found:
                found.add(name)
    return found


def is_sentence(node: ast.expr) -> bool:
    """Say whether an expression is text in English: two words in a row, written out here."""
    if isinstance(node, ast.JoinedStr):
        text = "".join(str(one.value) for one in node.values if isinstance(one, ast.Constant))
    else:
        text = node.value if isinstance(node, ast.Constant) else ""
    return isinstance(text, str) and re.search(r"[a-z]{2,} [a-z]{2,}", text) is not None


def test_errors_and_events_are_made_of_messages() -> None:
    shown = user_errors() | {"State", "Fault", "Gap", "Disk", "DeviceLost", "WorkerRestarted"}
    assert {"AudioError", "BundleError", "DownloadError", "DetectorError"} <= shown
    checked = 0
    for place, tree in modules(front_ends=False):
        if place.startswith(tuple(TERMINAL_ONLY)):
            continue
        for node in nodes(tree):
            if not isinstance(node, ast.Call):
                continue
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            if name in shown:
                checked += 1
                for one in (*node.args, *(keyword.value for keyword in node.keywords)):
                    assert not is_sentence(one), f"{place}:{node.lineno} writes its own sentence"
    assert checked > 200


PROGRAMMING_ERRORS = {"ValueError", "TypeError", "RuntimeError", "AssertionError", "OSError"}
LOGGING = {"debug", "info", "warning", "error", "exception", "critical", "log_failure"}
NOT_SHOWN = {
    "transcript/": "what is said and written in transcripts",
    "models/optimize/recipe.py": "names of rewrites, as manifests record them",
    "models/optimize/graph_editor.py": "entries of manifests",
    "models/optimize/quantized_weights.py": "the name of a rewrite, as manifests record it",
    "models/bundle.py": "a note in manifests",
    "util/logs.py": "the log",
    "vad/events.py": "programming errors",
    "vad/segmenter.py": "programming errors",
    "asr/verify.py": "names of checks, which the window translates itself",
}
NAMES = {
    "3g2 3gp aac": "endings of files",
    "stream of ": "a thread",
    " rows": "a session of onnxruntime",
    "granite-live demo": "what a bundle says of itself",
    "imported from ": "what a record says of a tier's origin",
    "a an the this that": "words that are never names",
    "a header is far too large": "an error that another one takes the place of",
    "model name": "the name of a line of /proc/cpuinfo",
    "an the this that": "words that are never names",
}
"""Texts that are names, and what has them."""
LANGUAGES = re.compile(r"'[a-z]{2}( [a-z]{3}){1,2}'")


def test_no_sentence_is_built_elsewhere() -> None:
    found = []
    for place, tree in modules(front_ends=False):
        if place.startswith((*TERMINAL_ONLY, *NOT_SHOWN)):
            continue
        hidden: set[ast.AST] = set()
        for node in nodes(tree):
            if isinstance(node, ast.Expr):  # docstrings
                hidden.add(node.value)
            if isinstance(node, ast.Call):
                name = getattr(node.func, "id", getattr(node.func, "attr", ""))
                if name in PROGRAMMING_ERRORS | LOGGING or name.endswith("Thread"):
                    hidden |= {*node.args, *(keyword.value for keyword in node.keywords)}
                if name == "execute":
                    hidden |= set(node.args)
        for node in nodes(tree):
            if isinstance(node, ast.JoinedStr):
                hidden |= {one for part in node.values for one in ast.walk(part)}
        for node in nodes(tree):
            if isinstance(node, ast.expr) and node not in hidden and is_sentence(node):
                text = ast.unparse(node)
                if not LANGUAGES.fullmatch(text) and not any(part in text for part in NAMES):
                    found.append(f"{place}:{node.lineno} {text[:90]}")
    assert not found, "\n".join(found)
