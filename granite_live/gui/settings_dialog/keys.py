"""The settings page for shortcuts."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QKeySequenceEdit, QPushButton

from granite_live.gui import shortcuts
from granite_live.gui.settings_dialog.form import Change, FormPage
from granite_live.settings import Settings


class KeysPage(FormPage):
    """A field for each action's keys. Keys of another action are reported and rejected."""

    def __init__(self, settings: Settings, change: Change, tell: Callable[[str], None]) -> None:
        super().__init__()
        self._change, self._tell = change, tell
        self._labels = shortcuts.labels()
        self._keys = shortcuts.in_force(settings.shortcuts)
        self.hint(self.tr("Press the keys in a field. Space always starts and stops."))
        self.fields: dict[str, QKeySequenceEdit] = {}
        for name, label in self._labels.items():
            field = QKeySequenceEdit(QKeySequence(self._keys[name]), self)
            field.setMaximumSequenceLength(1)
            field.setClearButtonEnabled(True)
            field.setAccessibleName(self.tr("Keys: {0}").format(label))
            field.keySequenceChanged.connect(
                lambda keys, name=name: self._take(name, keys.toString())
            )
            self.fields[name] = field
            self.row(label, field)
        self.reset = QPushButton(self.tr("Use the usual keys"), self)
        self.reset.setAutoDefault(False)
        self.reset.clicked.connect(self._reset)
        self.wide(self.reset)

    def _take(self, name: str, keys: str) -> None:
        if keys == self._keys[name]:
            return
        if owner := self._owner(name, keys):
            self.fields[name].setKeySequence(QKeySequence(self._keys[name]))
            text = self.tr("{0} is taken ({1}): choose other keys, or change those first.")
            self._tell(text.format(shortcuts.shown(keys), owner))
            return
        self._keys[name] = keys
        self._change(shortcuts=shortcuts.chosen_of(self._keys))

    def _owner(self, name: str, keys: str) -> str:
        """Return what else the keys are used for, "" for nothing."""
        if not keys:
            return ""
        if keys in shortcuts.FIXED:
            return self.tr("it means the same everywhere")
        others = (one for one, taken in self._keys.items() if taken == keys and one != name)
        return next((self._labels[one] for one in others), "")

    def _reset(self) -> None:
        self._keys = shortcuts.in_force(())
        for name, field in self.fields.items():
            field.setKeySequence(QKeySequence(self._keys[name]))
        self._change(shortcuts=())
