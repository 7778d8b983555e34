"""The settings dialog and its page list."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QListWidget,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from granite_live.app.input_devices import AudioInput
from granite_live.gui.preferences import Preferences
from granite_live.gui.settings_dialog.program_pages import (
    ListeningPage,
    LookPage,
    ModelPage,
    ProgramPage,
)
from granite_live.gui.settings_dialog.text_pages import (
    CaptionsPage,
    DictationPage,
    KeysPage,
    TextPage,
)
from granite_live.gui.settings_dialog.vocabulary_page import VocabularyPage
from granite_live.gui.style_sheet import current_theme
from granite_live.gui.theme import GRID_PX
from granite_live.gui.widgets import ProblemLabel
from granite_live.gui.wrapping import resize_within_screen
from granite_live.util.errors import SettingsError

_MOST_OF_WIDTH = 0.25


class _PageNames(QListWidget):
    """The list of names, as wide as the longest name."""

    def sizeHint(self) -> QSize:
        width = self.sizeHintForColumn(0) + 2 * self.frameWidth()
        return QSize(
            width + self.verticalScrollBar().sizeHint().width(), super().sizeHint().height()
        )

    def minimumSizeHint(self) -> QSize:
        """Return the same width with the height of one row: the list can be scrolled."""
        return QSize(self.sizeHint().width(), self.sizeHintForRow(0) + 2 * self.frameWidth())

    def changeEvent(self, event: QEvent) -> None:
        """Update the width for another font."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self.updateGeometry()


class PageSelector(QWidget):
    """Shows one page at a time; more pages than fit into a row of tabs.

    If the names would take too much of the width, a combo box above the page shows them.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.names = _PageNames(self)
        self.names.setObjectName("pages")
        self.names.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.names.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)
        self.box = QComboBox(self)
        self.box.hide()
        for one in (self.names, self.box):
            one.setAccessibleName(self.tr("Pages"))
        self._pages: list[QWidget] = []
        self._stack = QStackedWidget(self)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(GRID_PX)
        grid.addWidget(self.box, 0, 0, 1, 2)
        grid.addWidget(self.names, 1, 0)
        grid.addWidget(self._stack, 1, 1)
        grid.setColumnStretch(1, 1)
        self.names.currentRowChanged.connect(self.setCurrentIndex)
        self.box.currentIndexChanged.connect(self.setCurrentIndex)

    def add(self, page: QWidget, name: str) -> None:
        """Add a page at the end; the first one is shown."""
        self._stack.addWidget(_scrolled(page))
        self._pages.append(page)
        self.names.addItem(name)
        self.box.addItem(name)

    def show_page(self, page: QWidget) -> None:
        """Show this page."""
        self.setCurrentIndex(self._pages.index(page))

    def setCurrentIndex(self, index: int) -> None:
        """Show a page."""
        self._stack.setCurrentIndex(index)
        self.names.setCurrentRow(index)
        self.box.setCurrentIndex(index)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Switch between list and combo box for the new width."""
        super().resizeEvent(event)
        is_narrow = self.names.sizeHint().width() > _MOST_OF_WIDTH * self.width()
        if is_narrow != self.names.isHidden():
            has_keys = self.names.hasFocus() or self.box.hasFocus()
            self.names.setHidden(is_narrow)
            self.box.setHidden(not is_narrow)
            if has_keys:
                (self.box if is_narrow else self.names).setFocus()


class SettingsDialog(QDialog):
    """One page per topic."""

    def __init__(
        self,
        preferences: Preferences,
        parent: QWidget | None = None,
        inputs: Sequence[AudioInput] = (),
    ) -> None:
        """Show the settings; `inputs` are the connected inputs."""
        super().__init__(parent)
        self.setWindowTitle(self.tr("Settings"))
        self._preferences = preferences
        settings = preferences.settings
        self.problem = ProblemLabel(self)
        self.look = LookPage(settings, current_theme().family, self.change)
        self.listening = ListeningPage(settings, inputs, self.change)
        self.captions = CaptionsPage(settings, current_theme().family, self.change)
        preferences.changed.connect(self.captions.show_settings)
        self.dictation = DictationPage(settings, self.change)
        self.model = ModelPage(settings, self.change)
        self.text = TextPage(settings, self.change)
        self.vocabulary = VocabularyPage(preferences.vocabulary, self.problem.show_problem)
        self.keys = KeysPage(settings, self.change)
        self.program = ProgramPage(settings, self.change, self.problem.show_problem)
        self.tabs = PageSelector(self)
        for page, name in (
            (self.look, self.tr("Appearance")),
            (self.listening, self.tr("Listening")),
            (self.captions, self.tr("Captions")),
            (self.dictation, self.tr("Dictation")),
            (self.model, self.tr("Model")),
            (self.text, self.tr("Text")),
            (self.vocabulary, self.tr("Vocabulary")),
            (self.keys, self.tr("Shortcuts")),
            (self.program, self.tr("General")),
        ):
            self.tabs.add(page, name)
        self._lay_out()
        theme = current_theme()
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

    def show_page(self, page: QWidget) -> None:
        """Show one of the dialog's pages, such as `captions`."""
        self.tabs.show_page(page)

    def change(self, **values: object) -> None:
        """Set values; show the problem if one is invalid and keep the old value."""
        try:
            self._preferences.change(**values)
        except SettingsError as error:
            self.problem.show_problem(str(error))
        else:
            self.problem.show_problem("")


def _scrolled(page: QWidget) -> QScrollArea:
    """Return a scroll area for a page, so that large text fits on a small screen."""
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    # The widgets on the page take the focus and scroll into view by themselves.
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setWidget(page)
    return area
