"""The settings page for dictation: hotkey, delivery, speed."""

from __future__ import annotations

from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QCheckBox, QKeySequenceEdit, QSpinBox

from granite_live.gui.settings_dialog.form import Change, FormPage, choice
from granite_live.settings import Settings


class DictationPage(FormPage):
    """The hotkey and the delivery apply at once, the rest from the next session on."""

    def __init__(self, settings: Settings, change: Change) -> None:
        super().__init__()
        self._change = change
        self.key = QKeySequenceEdit(QKeySequence(settings.dictation_key), self)
        self.key.setMaximumSequenceLength(1)
        self.key.setClearButtonEnabled(True)
        self.key.keySequenceChanged.connect(
            lambda keys: change(dictation_key=keys.toString(_STORED))
        )
        self.row(self.tr("Key, in any program"), self.key)
        modes = {
            "hold": self.tr("Held while you speak"),
            "toggle": self.tr("Pressed to begin and to end"),
        }
        self.mode = choice("dictation_mode", modes, settings.dictation_mode, change)
        self.row(self.tr("The key is"), self.mode)
        ways = {
            "paste": self.tr("Pasted (clipboard kept)"),
            "type": self.tr("Typed, letter by letter"),
            "copy": self.tr("Copied only"),
        }
        self.delivery = choice("dictation_delivery", ways, settings.dictation_delivery, change)
        self.row(self.tr("Texts are"), self.delivery)
        self._add_quickness(settings)
        self.commands = self._switch(
            "spoken_editing", self.tr("Understand spoken commands"), settings.spoken_editing
        )
        self.hint(
            self.tr(
                "“New line”, “new paragraph” and “scratch that”; “neue Zeile”, “neuer Absatz” and "
                "“streich das”. Each counts as a sentence of its own only."
            )
        )
        self.at_start = self._switch(
            "dictation_at_start",
            self.tr("Open the pad when the program starts"),
            settings.dictation_at_start,
        )
        self.hint(
            self.tr(
                "While the pad is open the microphone is ready. Nothing is recorded before the "
                "key goes down."
            )
        )

    def _add_quickness(self, settings: Settings) -> None:
        self.quick = self._switch(
            "dictation_quick", self.tr("Quick texts"), settings.dictation_quick
        )
        self.silence_ms = QSpinBox(self)
        self.silence_ms.setRange(200, 5000)
        self.silence_ms.setSingleStep(50)
        self.silence_ms.setSuffix(self.tr(" ms"))
        self.silence_ms.setValue(settings.dictation_silence_ms)
        self.silence_ms.setEnabled(settings.dictation_quick)
        self.silence_ms.valueChanged.connect(lambda value: self._change(dictation_silence_ms=value))
        self.quick.toggled.connect(self.silence_ms.setEnabled)
        self.row(self.tr("A pause ends a text after"), self.silence_ms)
        self.hint(
            self.tr(
                "Quick texts also skip the editor where the draft is fairly certain: about one "
                "word more in a thousand is wrong. This applies to the next session."
            )
        )

    def _switch(self, name: str, label: str, is_on: bool) -> QCheckBox:
        box = QCheckBox(label, self)
        box.setChecked(is_on)
        box.toggled.connect(lambda checked: self._change(**{name: checked}))
        self.wide(box)
        return box


_STORED = QKeySequence.SequenceFormat.PortableText
