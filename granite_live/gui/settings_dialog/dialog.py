"""The settings dialog: pages, and the problem line."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QDialog,
    QFrame,
    QHBoxLayout,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from granite_live.app.inputs import Input
from granite_live.gui.dialog_parts import problem_label
from granite_live.gui.fitting import resize_within_screen
from granite_live.gui.preferences import Preferences
from granite_live.gui.settings_dialog.captions import CaptionsPage
from granite_live.gui.settings_dialog.dictation import DictationPage
from granite_live.gui.settings_dialog.keys import KeysPage
from granite_live.gui.settings_dialog.listening import ListeningPage
from granite_live.gui.settings_dialog.look import LookPage
from granite_live.gui.settings_dialog.model import ModelPage
from granite_live.gui.settings_dialog.pages import Pages
from granite_live.gui.settings_dialog.program import ProgramPage
from granite_live.gui.settings_dialog.text import TextPage
from granite_live.gui.theme import GRID_PX
from granite_live.gui.told import in_words
from granite_live.util.errors import SettingsError


class SettingsDialog(QDialog):
    """One page per topic."""

    def __init__(
        self,
        preferences: Preferences,
        parent: QWidget | None = None,
        inputs: Sequence[Input] = (),
    ) -> None:
        """Show the settings; `inputs` are the connected inputs."""
        super().__init__(parent)
        self.setWindowTitle(self.tr("Settings"))
        self._preferences = preferences
        settings = preferences.settings
        self.problem = problem_label(self)
        self.look = LookPage(settings, preferences.theme().family, self.change)
        self.listening = ListeningPage(settings, inputs, self.change)
        self.captions = CaptionsPage(settings, preferences.theme().family, self.change)
        self.dictation = DictationPage(settings, self.change)
        self.model = ModelPage(settings, self.change)
        self.text = TextPage(settings, self.change)
        self.keys = KeysPage(settings, self.change, self.tell)
        self.program = ProgramPage(settings, self.change, self.tell)
        self.tabs = Pages(self)
        for page, name in (
            (self.look, self.tr("Look")),
            (self.listening, self.tr("Listening")),
            (self.captions, self.tr("Captions")),
            (self.dictation, self.tr("Dictation")),
            (self.model, self.tr("Model")),
            (self.text, self.tr("Text")),
            (self.keys, self.tr("Keys")),
            (self.program, self.tr("Program")),
        ):
            self.tabs.add(_scrolled(page), name)
        self._lay_out()
        theme = preferences.theme()
        resize_within_screen(self, theme.px(720), theme.px(560))

    def _lay_out(self) -> None:
        close = QPushButton(self.tr("Close"), self)
        close.setDefault(True)
        close.clicked.connect(self.accept)
        bottom = QHBoxLayout()
        bottom.setContentsMargins(2 * GRID_PX, 0, 2 * GRID_PX, 0)
        bottom.addWidget(self.problem, 1)
        bottom.addStretch()
        bottom.addWidget(close)
        column = QVBoxLayout(self)
        column.setContentsMargins(GRID_PX, 2 * GRID_PX, GRID_PX, 2 * GRID_PX)
        column.setSpacing(2 * GRID_PX)
        column.addWidget(self.tabs, 1)
        column.addLayout(bottom)

    def change(self, **values: object) -> None:
        """Set values; show the problem if one is invalid and keep the old value."""
        try:
            self._preferences.change(**values)
        except SettingsError as error:
            self.tell(str(error))
        else:
            self.tell("")

    def tell(self, sentence: str) -> None:
        """Show a problem, "" for none."""
        self.problem.setText(in_words(sentence))
        self.problem.setVisible(bool(sentence))


def _scrolled(page: QWidget) -> QScrollArea:
    """Return a scroll area for a page, so that large text fits on a small screen."""
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    # The widgets on the page take the focus and scroll into view by themselves.
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setWidget(page)
    return area
