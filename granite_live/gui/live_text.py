"""A text file that follows the running session, and its dialog."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, QSettings, Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QCheckBox,
    QDialog,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QRadioButton,
    QSpinBox,
    QWidget,
)

from granite_live.app.engine import Engine
from granite_live.gui.dialogs import ask_where_to_save, button_row, dialog_column
from granite_live.gui.live_session import LiveSession, SessionActivity
from granite_live.gui.preferences import Preferences
from granite_live.gui.style_sheet import current_theme
from granite_live.gui.theme import GRID_PX
from granite_live.gui.widgets import ProblemLabel, add_side_margins, default_button, text_label
from granite_live.gui.wrapping import fit_to_text
from granite_live.util.errors import SettingsError


class LiveTextFile(QObject):
    """Emits `path_changed` with the path being written, or None; `failed` with a sentence."""

    path_changed = Signal(object)
    failed = Signal(str)

    def __init__(
        self,
        engine: Engine,
        live: LiveSession,
        preferences: Preferences,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._live, self._preferences = live, preferences
        self.path: Path | None = None
        engine.on_live_export_error = self.failed.emit
        live.activity_changed.connect(lambda _activity: self._show())
        preferences.changed.connect(lambda _settings: self._changed())
        self._target = self._target_of_settings()

    def _target_of_settings(self) -> tuple[str, int]:
        settings = self._preferences.settings
        return settings.live_export, settings.live_export_lines

    def _changed(self) -> None:
        wanted = self._target_of_settings()
        if wanted == self._target:
            return
        self._target = wanted
        path, lines = wanted
        self._live.export(Path(path) if path else None, lines)
        self._show()

    def _show(self) -> None:
        path, _ = self._target
        is_on = bool(path) and self._live.activity not in (
            SessionActivity.IDLE,
            SessionActivity.STARTING,
        )
        shown = Path(path) if is_on else None
        if shown != self.path:
            self.path = shown
            self.path_changed.emit(shown)


_LAST_PATH = "live_text/path"
_DEFAULT_LINES = 2


class LiveTextDialog(QDialog):
    """Edits the settings of the live text file. Accepting applies them at once."""

    def __init__(
        self, preferences: Preferences, ui_state: QSettings, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Live text file"))
        self._preferences, self._ui_state = preferences, ui_state
        settings = preferences.settings
        self.is_on = QCheckBox(self.tr("Write the live text to a text file"), self)
        self.is_on.setChecked(bool(settings.live_export))
        path = settings.live_export or str(ui_state.value(_LAST_PATH, ""))
        self.path = QLineEdit(path, self)
        self.path.setAccessibleName(self.tr("File"))
        self.path.setPlaceholderText(self.tr("File"))
        self.browse = QPushButton(self.tr("Choose…"), self)
        self.browse.setAccessibleName(self.tr("Choose the file"))
        self.browse.clicked.connect(self._choose)
        self.last_lines = QRadioButton(self.tr("Last lines only:"), self)
        self.all_lines = QRadioButton(self.tr("Everything"), self)
        self._amount = QButtonGroup(self)
        self._amount.addButton(self.last_lines)
        self._amount.addButton(self.all_lines)
        self.lines = QSpinBox(self)
        self.lines.setRange(1, 100)
        self.lines.setAccessibleName(self.tr("How many lines"))
        add_side_margins(self.lines)
        self.lines.setValue(settings.live_export_lines or _DEFAULT_LINES)
        (self.last_lines if settings.live_export_lines else self.all_lines).setChecked(True)
        self.problem = ProblemLabel(self)
        self.save_button = default_button(self.tr("Save"), self._save, self)
        self.cancel_button = QPushButton(self.tr("Cancel"), self)
        self.cancel_button.clicked.connect(self.reject)
        self.is_on.toggled.connect(lambda _is_on: self._enable())
        self.last_lines.toggled.connect(lambda _is_on: self._enable())
        self._lay_out()
        self._enable()
        fit_to_text(self, current_theme().px(560))

    def _lay_out(self) -> None:
        text = self.tr(
            "Keeps a text file up to date with what is said, e.g. for OBS. It is cleared when a "
            "session starts."
        )
        file = QHBoxLayout()
        file.addWidget(self.path, 1)
        file.addWidget(self.browse)
        amount = QHBoxLayout()
        amount.addWidget(self.last_lines)
        amount.addWidget(self.lines)
        amount.addSpacing(2 * GRID_PX)
        amount.addWidget(self.all_lines)
        amount.addStretch(1)
        column = dialog_column(self)
        column.addWidget(text_label(self, text, role="soft"))
        column.addWidget(self.is_on)
        column.addLayout(file)
        column.addLayout(amount)
        column.addWidget(self.problem)
        column.addLayout(button_row((), (self.cancel_button, self.save_button)))

    def _enable(self) -> None:
        is_on = self.is_on.isChecked()
        for widget in (self.path, self.browse, self.last_lines, self.all_lines):
            widget.setEnabled(is_on)
        self.lines.setEnabled(is_on and self.last_lines.isChecked())

    def _choose(self) -> None:
        ask_where_to_save(
            self,
            self.tr("Live text file"),
            lambda path: self.path.setText(str(path)),
            name=self.path.text().strip() or "captions.txt",
            suffix="txt",
            folder=Path.home(),
            name_filter=self.tr("Text (*.txt)"),
        )

    def _save(self) -> None:
        path = self.path.text().strip()
        lines = self.lines.value() if self.last_lines.isChecked() else 0
        if self.is_on.isChecked() and not path:
            self.problem.show_problem(self.tr("Choose a file first."))
            return
        if self.is_on.isChecked() and not Path(path).expanduser().parent.is_dir():
            told = self.tr("The folder '{0}' does not exist: create it or choose another.")
            self.problem.show_problem(told.format(Path(path).expanduser().parent))
            return
        chosen = str(Path(path).expanduser()) if self.is_on.isChecked() else ""
        try:
            self._preferences.change(live_export=chosen, live_export_lines=lines)
        except SettingsError as error:
            self.problem.show_problem(str(error))
            return
        if path:
            self._ui_state.setValue(_LAST_PATH, path)
        self.accept()
