"""No displayed literal or sentence is left untranslated."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from helpers import translated_strings
from helpers.translated_strings import files, literal, name_of, place_of

SHOWN_BY = {
    "ask_for_archive",
    "ask_for_file",
    "ask_for_folder",
    "ask_where_to_save",
    "ElidedLabel",
    "QAction",
    "QCheckBox",
    "QGroupBox",
    "QLabel",
    "QMenu",
    "QMessageBox",
    "QPushButton",
    "QRadioButton",
    "QTableWidgetItem",
    "QToolButton",
    "addAction",
    "addButton",
    "addItem",
    "addItems",
    "addMenu",
    "addRow",
    "addTab",
    "add_choice",
    "add_color",
    "add_font",
    "add_hint",
    "add_number",
    "add_row",
    "add_switch",
    "add_text",
    "default_button",
    "getText",
    "insertItem",
    "hint",
    "icon_button",
    "link_button",
    "name_button",
    "offer",
    "push_button",
    "question_box",
    "setAccessibleDescription",
    "setAccessibleName",
    "setHorizontalHeaderLabels",
    "setInformativeText",
    "setLabelText",
    "setNameFilter",
    "setPlaceholderText",
    "setPlainText",
    "setPrefix",
    "setSpecialValueText",
    "setStatusTip",
    "setSuffix",
    "setText",
    "setTitle",
    "setToolTip",
    "setToolTipText",
    "setWhatsThis",
    "setWindowTitle",
    "showMessage",
    "showText",
    "show_message",
    "show_problem",
    "text_label",
}
"""Calls that display their text."""
_WORD = re.compile(r"[A-Za-z]{2}")
_SENTENCE = re.compile(r"[A-Za-z]{2,} [a-z]{2,}")
_NOT_SHOWN = set(translated_strings.TRANSLATING)
_LOGGING = {"debug", "info", "warning", "error", "exception", "critical", "log", "getLogger"}
_NEVER_READ = {"setStyleSheet", "ValueError", "TypeError", "RuntimeError"}
"""Calls whose text no user of the window sees: style sheets and programming errors."""
_STYLE = {"style_sheet.py"}
"""Modules whose literals are style sheets."""
_MEASURED = {"the quick brown fox and a lazy dog "}
"""Text that is only measured."""


def texts(node: ast.expr) -> Iterator[str]:
    """Yield the literal texts that make up a displayed expression."""
    if (text := literal(node)) is not None:
        yield text
    elif isinstance(node, ast.JoinedStr):
        for part in node.values:
            yield from texts(part)
    elif isinstance(node, ast.IfExp):
        yield from texts(node.body)
        yield from texts(node.orelse)
    elif isinstance(node, ast.BinOp):
        yield from texts(node.left)
        yield from texts(node.right)
    elif isinstance(node, ast.List | ast.Tuple):
        for part in node.elts:
            yield from texts(part)
    elif isinstance(node, ast.BoolOp):
        for part in node.values:
            yield from texts(part)
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        # The object of the call, as in "…".format(…); other calls are opaque.
        yield from texts(node.func.value)


def shown_literals(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and name_of(node) in SHOWN_BY:
            given = [*node.args, *(one.value for one in node.keywords if one.arg == "text")]
            for text in (text for one in given for text in texts(one)):
                if _WORD.search(text):
                    yield f"{place_of(path, node)}: {text!r}"


def quiet_nodes(tree: ast.AST) -> set[int]:
    """Return the ids of literals that users do not see: docstrings, logging, translated ones."""
    quiet: set[int] = set()
    for node in ast.walk(tree):
        is_call = isinstance(node, ast.Call) and name_of(node) in _NOT_SHOWN | _LOGGING
        if is_call or isinstance(node, ast.Expr | ast.Assert):
            if isinstance(node, ast.Expr) and literal(node.value) is None:
                continue  # a call as a statement may display its literals
            quiet.update(id(one) for one in ast.walk(node))
        if isinstance(node, ast.Call) and name_of(node) in _NEVER_READ:
            quiet.update(id(one) for one in ast.walk(node))
    return quiet


def sentences(path: Path) -> Iterator[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    quiet = quiet_nodes(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and id(node) not in quiet:
            text = literal(node) or ""
            if _SENTENCE.search(text) and text not in _MEASURED:
                yield f"{place_of(path, node)}: {node.value!r}"


def test_nothing_is_shown_that_is_not_translated() -> None:
    found = [one for path in files() for one in shown_literals(path)]
    assert not found, "\n".join(["write self.tr(…) around it:", *found])


def test_no_sentence_stands_anywhere_untranslated() -> None:
    found = [one for path in files() if path.name not in _STYLE for one in sentences(path)]
    assert not found, "\n".join(["write self.tr(…) around it:", *found])


def test_what_is_looked_for_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    module = tmp_path / "module.py"
    module.write_text(
        '"""Tells things."""\n'
        'label.setText("Ready")\n'
        'QPushButton(f"Open the {name}", self)\n'
        'menu.addAction("Go on" if is_paused else self.tr("Pause"))\n'
        'label.setText(self.tr("Fine") + " " + name)\n'
        '_log.info("a defect in the log")\n'
        'names = {"one": "Two words here"}\n'
    )
    monkeypatch.setattr(translated_strings, "GUI", tmp_path)
    assert [one.split(":")[1] for one in shown_literals(module)] == ["2", "3", "4"]
    assert sorted(one.split(":")[1] for one in sentences(module)) == ["3", "4", "7"]
