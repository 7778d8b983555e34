"""Settings pages: listening, appearance, model, program."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QSignalBlocker
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDoubleSpinBox,
    QHBoxLayout,
    QSpinBox,
    QSystemTrayIcon,
)

from granite_live.app.input_devices import AudioInput
from granite_live.desktop import autostart
from granite_live.gui.dialogs import ask_for_folder
from granite_live.gui.settings_dialog.form import (
    ChangeSettings,
    FormPage,
    PlaceholderField,
)
from granite_live.gui.theme import GRID_PX
from granite_live.gui.translations import LANGUAGES, SYSTEM
from granite_live.gui.widgets import push_button
from granite_live.settings import MAX_EDITING_PASSES, Keep, Retention, Settings
from granite_live.util.errors import GraniteError


class ListeningPage(FormPage):
    """Changes apply from the next session on."""

    def __init__(
        self, settings: Settings, inputs: Sequence[AudioInput], change: ChangeSettings
    ) -> None:
        """Show the settings and the connected inputs."""
        super().__init__(settings, change)
        names = {"": self.tr("System default")}
        for one in inputs:
            kind = self.tr("{0} (computer's sound)") if one.is_system_sound else "{0}"
            names[one.id] = kind.format(one.name)
        if settings.input_device not in names:
            names[settings.input_device] = self.tr("Disconnected device")
        self.input = self.add_choice(self.tr("Input"), names, name="input_device")
        self.early = self.add_switch(
            self.tr("Keep the microphone open in the foreground"), name="open_early"
        )
        self.add_hint(
            self.tr(
                "A session starts sooner, above all with a wireless microphone. Nothing is "
                "recorded before you start, but the system shows that the microphone is in use."
            )
        )
        self.silence_ms = self.add_number(
            self.tr("New line after a pause of"),
            (200, 5000),
            name="silence_ms",
            step=100,
            suffix=self.tr(" ms"),
        )
        detectors = {
            "silero": self.tr("Silero (best in noise)"),
            "webrtc": self.tr("WebRTC (least CPU)"),
        }
        self.detector = self.add_choice(self.tr("Speech detection"), detectors, name="detector")
        self._add_retention(settings.keep)
        self.add_hint(self.tr("Changes apply to the next session."))

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
        self.days.setAccessibleName(self.tr("Keep for (days)"))
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
        self.add_row(self.tr("Keep"), self.keep, beside=beside)

    def _name_days(self) -> None:
        self.days.setSuffix(self.tr(" day") if self.days.value() == 1 else self.tr(" days"))

    def _keep(self) -> None:
        keep = self.keep.currentData()
        self.days.setVisible(keep is Keep.DAYS)
        self._change(keep=Retention(keep, self.days.value()))


class LookPage(FormPage):
    """Changes apply at once, except the language."""

    def __init__(self, settings: Settings, family: str, change: ChangeSettings) -> None:
        """Show the settings; `family` is the font in use."""
        super().__init__(settings, change)
        languages = {SYSTEM: self.tr("System default"), **LANGUAGES}
        self.language = self.add_choice(self.tr("Language"), languages, name="language")
        self.add_hint(self.tr("Restart to change the language."))
        looks = {
            "system": self.tr("System default"),
            "light": self.tr("Light"),
            "dark": self.tr("Dark"),
        }
        self.appearance = self.add_choice(self.tr("Theme"), looks, name="appearance")
        self.family = self.add_font(self.tr("Font"), family, name="font_family")
        self.size_pt = self.add_number(
            self.tr("Text size"), (11, 28), name="font_size_pt", suffix=self.tr(" pt")
        )
        self.spacing = QDoubleSpinBox(self)
        self.spacing.setRange(1.0, 3.0)
        self.spacing.setSingleStep(0.1)
        self.spacing.setDecimals(1)
        self.spacing.setValue(settings.line_spacing)
        self.spacing.valueChanged.connect(lambda lines: change(line_spacing=round(lines, 2)))
        self.add_row(self.tr("Line spacing of the transcript"), self.spacing)


class ModelPage(FormPage):
    """Changes apply from the next session on."""

    def __init__(self, settings: Settings, change: ChangeSettings) -> None:
        super().__init__(settings, change)
        self.path = PlaceholderField(settings.model_path, self)
        self.path.setPlaceholderText(self.tr("Installed model (or demo)"))
        self.path.editingFinished.connect(lambda: change(model_path=self.path.text().strip()))
        self.browse = push_button(
            self.tr("Choose…"), self, self._browse, name=self.tr("Choose the model's folder")
        )
        beside = QHBoxLayout()
        beside.setSpacing(GRID_PX)
        beside.addWidget(self.path, 1)
        beside.addWidget(self.browse)
        self.add_row(self.tr("Folder"), self.path, beside=beside)
        tiers = {
            "": self.tr("Automatic"),
            "int8": self.tr("Compact, quickest (int8)"),
            "fp16w": self.tr("For graphics cards (fp16w)"),
            "fp32": self.tr("Full precision (fp32)"),
        }
        self.tier = self.add_choice(self.tr("Precision"), tiers, name="tier")
        providers = {
            "auto": self.tr("Automatic"),
            "cpu": self.tr("Processor"),
            "cuda": self.tr("NVIDIA graphics card (CUDA)"),
            "coreml": self.tr("Apple (Core ML)"),
        }
        self.provider = self.add_choice(self.tr("Run on"), providers, name="provider")
        certain = {
            "off": self.tr("Never"),
            "safe": self.tr("Only when almost certain"),
            "fast": self.tr("More often (faster, less accurate)"),
        }
        self.skip_editor = self.add_choice(
            self.tr("Skip correction of confident drafts"), certain, name="skip_editor"
        )
        self.editing_passes = self.add_number(
            self.tr("Edit each text at most"), (1, MAX_EDITING_PASSES), name="editing_passes"
        )
        self._name_passes()
        self.editing_passes.valueChanged.connect(lambda _count: self._name_passes())
        self.idle_minutes = self.add_number(
            self.tr("Free its memory without speech for"),
            (0, 10_000),
            name="idle_minutes",
            suffix=self.tr(" min"),
        )
        self.idle_minutes.setSpecialValueText(self.tr("Never"))
        self.add_hint(self.tr("Changes apply to the next session."))

    def _name_passes(self) -> None:
        count = self.editing_passes.value()
        self.editing_passes.setSuffix(self.tr(" time") if count == 1 else self.tr(" times"))

    def _browse(self) -> None:
        ask_for_folder(self, self.tr("Folder of the model"), self._choose_folder)

    def _choose_folder(self, folder: Path) -> None:
        self.path.setText(str(folder))
        self._change(model_path=str(folder))


class ProgramPage(FormPage):
    """Changes apply at once."""

    def __init__(
        self, settings: Settings, change: ChangeSettings, show_problem: Callable[[str], None]
    ) -> None:
        super().__init__(settings, change)
        self._show_problem = show_problem
        self.tray = self.add_switch(
            self.tr("Keep running in the tray when closed"), name="stay_in_tray"
        )
        if not QSystemTrayIcon.isSystemTrayAvailable():
            self.add_hint(self.tr("No system tray available: closing the window quits."))
        self.autostart = QCheckBox(self.tr("Start when I log in"), self)
        self._show_autostart()
        self.autostart.toggled.connect(self._set_autostart)
        self.add_wide(self.autostart)
        self.add_hint(self.tr("Starts in the tray if enabled above."))
        self.hook_command = self.add_text(
            self.tr("Run this command with texts"), name="hook_command"
        )
        self.hook_url = self.add_text(self.tr("Send texts to this local address"), name="hook_url")
        texts = {
            "all": self.tr("Every text"),
            "final": self.tr("Each sentence while it is said"),
            "session": self.tr("The text of each session"),
            "file": self.tr("The text of each file"),
        }
        self.hook_texts = self.add_choice(
            self.tr("Texts to run or send with"), texts, name="hook_texts"
        )

    def _set_autostart(self, is_on: bool) -> None:
        try:
            if is_on:
                autostart.enable(autostart.program_command())
            else:
                autostart.disable()
        except GraniteError as error:
            self._show_problem(str(error))
            self._show_autostart()
        else:
            self._show_problem("")

    def _show_autostart(self) -> None:
        """Show the system's autostart state, which other programs may change."""
        with QSignalBlocker(self.autostart):
            try:
                self.autostart.setChecked(autostart.is_enabled())
            except GraniteError as error:
                self._show_problem(str(error))
                self.autostart.setEnabled(False)
