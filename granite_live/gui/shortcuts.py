"""Keys of the window's actions, by their ids: the defaults, or the user's own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence

_Standard = QKeySequence.StandardKey
_DEFAULTS: dict[str, QKeySequence.StandardKey | str] = {
    "start_stop": "",
    "pause": "Ctrl+P",
    "new": _Standard.New,
    "open_files": _Standard.Open,
    "export": "Ctrl+E",
    "copy": _Standard.Copy,
    "copy_times": "Ctrl+Shift+C",
    "copy_markdown": "Ctrl+Alt+C",
    "play": "Ctrl+L",
    "find": _Standard.Find,
    "find_next": _Standard.FindNext,
    "find_previous": _Standard.FindPrevious,
    "replace": "Ctrl+H",
    "search": "Ctrl+K",
    "undo": "Ctrl+Z",
    "redo": "Ctrl+Shift+Z",
    "rename": "Shift+F2",
    "sidebar": "F9",
    "captions": "Ctrl+Shift+L",
    "captions_through": "Ctrl+Shift+T",
    "dictation": "Ctrl+D",
    "dictate": "Ctrl+Shift+D",
    "compact": "Ctrl+Shift+M",
    "settings": "Ctrl+,",
    "help": "F1",
    "quit": "Ctrl+Q",
}
FIXED = ("Space", "Return", "Enter", "Escape", "Tab", "Shift+Tab", "Del", "F2")
"""Keys with a fixed meaning: start and stop, edit, leave, next field, delete."""


def labels() -> dict[str, str]:
    """Return the labels of all actions that have shortcuts, in the order of the list."""
    translate = QCoreApplication.translate
    return {
        "start_stop": translate("Shortcuts", "Start/stop"),
        "pause": translate("Shortcuts", "Pause/resume"),
        "new": translate("Shortcuts", "New session"),
        "open_files": translate("Shortcuts", "Open files"),
        "export": translate("Shortcuts", "Export"),
        "copy": translate("Shortcuts", "Copy the selected lines"),
        "copy_times": translate("Shortcuts", "Copy with times"),
        "copy_markdown": translate("Shortcuts", "Copy as Markdown"),
        "play": translate("Shortcuts", "Play or stop the line"),
        "find": translate("Shortcuts", "Find in this session"),
        "find_next": translate("Shortcuts", "Next match"),
        "find_previous": translate("Shortcuts", "Previous match"),
        "replace": translate("Shortcuts", "Find and replace"),
        "search": translate("Shortcuts", "Search all sessions"),
        "undo": translate("Shortcuts", "Undo"),
        "redo": translate("Shortcuts", "Redo"),
        "rename": translate("Shortcuts", "Rename the session"),
        "sidebar": translate("Shortcuts", "Show or hide the sessions"),
        "captions": translate("Shortcuts", "Show or hide the captions"),
        "captions_through": translate("Shortcuts", "Click-through captions"),
        "dictation": translate("Shortcuts", "Open or close the dictation pad"),
        "dictate": translate("Shortcuts", "Start/stop dictation"),
        "compact": translate("Shortcuts", "Compact window"),
        "settings": translate("Shortcuts", "Settings"),
        "help": translate("Shortcuts", "Help"),
        "quit": translate("Shortcuts", "Quit"),
    }


def default_keys(name: str) -> str:
    """Return an action's default keys as stored, "" for none."""
    return _text(QKeySequence(_DEFAULTS[name]))


def current_keys(chosen: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Return every action's current keys as stored, "" for none.

    The user's choice wins: an action whose default keys were given to another action has none.
    Unknown actions and invalid keys are ignored.
    """
    wanted = {name: _text(QKeySequence(keys)) for name, keys in chosen if name in _DEFAULTS}
    taken = {keys for keys in wanted.values() if keys}
    found: dict[str, str] = {}
    for name in _DEFAULTS:
        keys = wanted.get(name)
        if keys is None:
            keys = default_keys(name)
            keys = "" if keys in taken else keys
        elif keys in found.values():
            keys = ""  # given twice in a file edited by hand
        found[name] = keys
    return found


def speaker_key(event: QKeyEvent) -> int:
    """Return the digit 1 to 9 that names a speaker, 0 if the event is of another key."""
    if event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
        return 0
    digit = event.key() - Qt.Key.Key_0
    return digit if 1 <= digit <= 9 else 0


_EDITING = (
    _Standard.Copy,
    _Standard.Cut,
    _Standard.Paste,
    _Standard.SelectAll,
    _Standard.Undo,
    _Standard.Redo,
)
_MOVING = (
    Qt.Key.Key_Backspace,
    Qt.Key.Key_Left,
    Qt.Key.Key_Right,
    Qt.Key.Key_Up,
    Qt.Key.Key_Down,
    Qt.Key.Key_Home,
    Qt.Key.Key_End,
    Qt.Key.Key_PageUp,
    Qt.Key.Key_PageDown,
)


def is_needed_for_typing(name: str, keys: str) -> bool:
    """Return whether text could not be typed or edited if this action had these keys."""
    if keys == default_keys(name):
        return False
    sequence = QKeySequence(keys)
    combination = sequence[0]  # type: ignore[index]  # missing in the stubs
    if not combination.keyboardModifiers() & ~Qt.KeyboardModifier.ShiftModifier:
        # Keys with characters have the numbers of the characters; Escape is the first other key.
        return combination.key() < Qt.Key.Key_Escape or combination.key() in _MOVING
    return any(sequence in QKeySequence.keyBindings(one) for one in _EDITING)


def custom_keys(keys: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """Return the entries to store: the actions whose keys differ from the defaults."""
    return tuple((name, one) for name, one in keys.items() if one != default_keys(name))


def native_text(keys: str) -> str:
    """Return keys in the system's notation."""
    return QKeySequence(keys).toString(QKeySequence.SequenceFormat.NativeText)


def _text(keys: QKeySequence) -> str:
    return keys.toString(QKeySequence.SequenceFormat.PortableText)
