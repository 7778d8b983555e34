"""The settings page for listening: input, pauses, detector, retention."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QComboBox, QHBoxLayout, QSpinBox

from granite_live.app.inputs import Input
from granite_live.gui.settings_dialog.form import Change, FormPage, choice
from granite_live.gui.theme import GRID_PX
from granite_live.settings import Keep, Retention, Settings


class ListeningPage(FormPage):
    """Changes apply from the next session on."""

    def __init__(self, settings: Settings, inputs: Sequence[Input], change: Change) -> None:
        """Show the settings and the connected inputs."""
        super().__init__()
        self._change = change
        names = {"": self.tr("The system's microphone")}
        for one in inputs:
            kind = self.tr("{0} (computer's sound)") if one.is_system_sound else "{0}"
            names[one.id] = kind.format(one.name)
        if settings.input_device not in names:
            names[settings.input_device] = self.tr("One that is not connected")
        self.input = choice("input_device", names, settings.input_device, change)
        self.row(self.tr("Input"), self.input)
        self.silence_ms = QSpinBox(self)
        self.silence_ms.setRange(200, 5000)
        self.silence_ms.setSingleStep(100)
        self.silence_ms.setSuffix(self.tr(" ms"))
        self.silence_ms.setValue(settings.silence_ms)
        self.silence_ms.valueChanged.connect(lambda value: change(silence_ms=value))
        self.row(self.tr("A pause ends a line after"), self.silence_ms)
        detectors = {
            "silero": self.tr("Silero (best in noise)"),
            "webrtc": self.tr("WebRTC (lightest)"),
        }
        self.detector = choice("detector", detectors, settings.detector, change)
        self.row(self.tr("Speech is found by"), self.detector)
        self._add_retention(settings.keep)
        self.hint(self.tr("These apply to the next session."))

    def _add_retention(self, keep: Retention) -> None:
        self.keep = QComboBox(self)
        for kind, label in (
            (Keep.ALL, self.tr("Sound and text")),
            (Keep.TEXT, self.tr("Text only")),
            (Keep.DAYS, self.tr("Everything, for some days")),
        ):
            self.keep.addItem(label, kind)
        self.keep.setCurrentIndex(self.keep.findData(keep.keep))
        self.days = QSpinBox(self)
        self.days.setRange(1, 99_999)
        self.days.setAccessibleName(self.tr("Days to keep"))
        self.days.setValue(keep.days)
        self.days.setVisible(keep.keep is Keep.DAYS)
        self._name_days()
        self.keep.currentIndexChanged.connect(lambda _index: self._keep())
        self.days.valueChanged.connect(lambda _days: self._name_days())
        self.days.valueChanged.connect(lambda _days: self._keep())
        beside = QHBoxLayout()
        beside.setSpacing(GRID_PX)
        beside.addWidget(self.keep, 1)
        beside.addWidget(self.days)
        self.row(self.tr("Of sessions, keep"), self.keep, beside=beside)

    def _name_days(self) -> None:
        self.days.setSuffix(self.tr(" day") if self.days.value() == 1 else self.tr(" days"))

    def _keep(self) -> None:
        keep = self.keep.currentData()
        self.days.setVisible(keep is Keep.DAYS)
        self._change(keep=Retention(keep, self.days.value()))
