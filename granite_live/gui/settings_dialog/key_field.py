"""A field for a keyboard shortcut. It refuses keys that the user needs for something else."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QKeyCombination, QSignalBlocker, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QBoxLayout, QKeySequenceEdit, QVBoxLayout, QWidget

from granite_live.gui.theme import GRID_PX
from granite_live.gui.widgets import problem_label

_Key = Qt.Key
_INCOMPLETE = (
    _Key.Key_Control,
    _Key.Key_Shift,
    _Key.Key_Alt,
    _Key.Key_AltGr,
    _Key.Key_Meta,
    _Key.Key_Super_L,
    _Key.Key_Super_R,
    _Key.Key_CapsLock,
    _Key.Key_NumLock,
    _Key.Key_unknown,
)
_LEFT_TO_DIALOG = (_Key.Key_Escape, _Key.Key_Return, _Key.Key_Enter)


class KeySequenceField(QKeySequenceEdit):
    """Takes one combination of keys. Emits `keys_chosen` with it as stored, "" for none.

    Escape and Enter do in the dialog what they do in every other field, and Tab leaves the field.
    Backspace removes the shortcut. `problem` says why keys were refused; `column` contains both.
    """

    keys_chosen = Signal(str)

    def __init__(
        self, keys: str, why_refused: Callable[[str], str], parent: QWidget | None = None
    ) -> None:
        """Show these keys; `why_refused` returns why keys cannot be taken, "" if they can."""
        super().__init__(QKeySequence(keys), parent)
        self._keys, self._why_refused = keys, why_refused
        self.setMaximumSequenceLength(1)
        self.setClearButtonEnabled(True)
        self.problem = problem_label(self)
        self.keySequenceChanged.connect(self._take)

    def column(self) -> QBoxLayout:
        """Return a layout with the field and the problem under it."""
        column = QVBoxLayout()
        column.setSpacing(GRID_PX // 2)
        column.addWidget(self)
        column.addWidget(self.problem)
        return column

    def show_keys(self, keys: str) -> None:
        """Show other keys without asking whether they can be taken."""
        self._keys = keys
        with QSignalBlocker(self):
            self.setKeySequence(QKeySequence(keys))
        self._show_problem("")

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Take a complete combination; Qt would store the modifiers of an incomplete one."""
        key = Qt.Key(event.key())
        is_plain = not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if key in _INCOMPLETE:
            event.accept()
        elif is_plain and key in _LEFT_TO_DIALOG:
            event.ignore()
        elif is_plain and key is _Key.Key_Backspace:
            self.clear()
        else:
            self.setKeySequence(QKeySequence(_combination(event)))

    def keyReleaseEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Do nothing: the press was taken at once."""
        event.accept()

    def _take(self, sequence: QKeySequence) -> None:
        keys = sequence.toString(QKeySequence.SequenceFormat.PortableText)
        if reason := self._why_refused(keys) if keys else "":
            self.show_keys(self._keys)
            self._show_problem(reason)
            return
        self._show_problem("")
        if keys != self._keys:
            self._keys = keys
            self.keys_chosen.emit(keys)

    def _show_problem(self, sentence: str) -> None:
        self.problem.setText(sentence)
        self.problem.setVisible(bool(sentence))
        self.setAccessibleDescription(sentence)


def _combination(event: QKeyEvent) -> QKeyCombination:
    """Return the pressed keys, without a Shift that only selects the character."""
    text, modifiers = event.text(), event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
    if text and text.isprintable() and not text.isalnum() and not text.isspace():
        modifiers &= ~Qt.KeyboardModifier.ShiftModifier
    return QKeyCombination(modifiers, Qt.Key(event.key()))
