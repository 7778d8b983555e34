"""The window: the side and the page, put together."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QByteArray, QSettings, Qt, Signal
from PySide6.QtGui import (
    QCloseEvent,
    QDragEnterEvent,
    QDropEvent,
    QKeyEvent,
    QKeySequence,
    QShortcut,
)
from PySide6.QtWidgets import QSplitter, QVBoxLayout, QWidget

from granite_live.gui.controls.dock import Dock
from granite_live.gui.document import Document
from granite_live.gui.files import FileQueue
from granite_live.gui.files_panel import FilesPanel
from granite_live.gui.page import Page
from granite_live.gui.sessions.sidebar import Sidebar
from granite_live.gui.store import Store
from granite_live.gui.theme import Theme
from granite_live.gui.transcript.panel import TranscriptPanel


class MainWindow(QWidget):
    """Side, page and dock. What they do together is in `conductor`."""

    files_dropped = Signal(list)
    closing = Signal()

    def __init__(
        self,
        store: Store,
        document: Document,
        queue: FileQueue,
        theme: Theme,
        places: QSettings,
    ) -> None:
        super().__init__()
        self.setObjectName("page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setWindowTitle(self.tr("Granite Live"))
        self.setAcceptDrops(True)
        self._places = places
        self.theme = theme
        self.panel = TranscriptPanel(document.model, document.editing, theme)
        self.page = Page(self.panel, theme)
        self.dock = Dock(theme)
        self.sidebar = Sidebar(store, theme)
        self.files = FilesPanel(queue, theme)
        self.sidebar.extra.addWidget(self.files)
        self._lay_out()
        self._add_shortcuts()
        self._restore()

    def _lay_out(self) -> None:
        right = QWidget()
        column = QVBoxLayout(right)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.page, 1)
        column.addWidget(self.dock)
        self.splitter = QSplitter(Qt.Orientation.Horizontal, self)
        self.splitter.setHandleWidth(1)
        self.splitter.setChildrenCollapsible(False)
        self.splitter.addWidget(self.sidebar)
        self.splitter.addWidget(right)
        self.splitter.setStretchFactor(1, 1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self.splitter)
        self.page.sidebar_wanted.connect(self.toggle_sidebar)
        self.page.search_wanted.connect(self.find_here)

    def _add_shortcuts(self) -> None:
        keys: dict[QKeySequence.StandardKey | str, Callable[[], None]] = {
            QKeySequence.StandardKey.Find: self.find_here,
            QKeySequence.StandardKey.FindNext: lambda: self.panel.find_bar.step(1),
            QKeySequence.StandardKey.FindPrevious: lambda: self.panel.find_bar.step(-1),
            QKeySequence.StandardKey.Copy: self.panel.copy,
            QKeySequence.StandardKey.Open: self.sidebar.files_wanted.emit,
            QKeySequence.StandardKey.New: self.page.new_wanted.emit,
            "Ctrl+E": self.page.export_wanted.emit,
            "Ctrl+P": self.dock.toggle_pause,
            "Ctrl+,": self.sidebar.settings_wanted.emit,
            "Ctrl+K": self.search_all,
            "F9": self.toggle_sidebar,
        }
        for key, act in keys.items():
            QShortcut(QKeySequence(key), self).activated.connect(act)

    def set_theme(self, theme: Theme) -> None:
        """Take another look."""
        self.theme = theme
        self.page.set_theme(theme)
        self.dock.set_theme(theme)
        self.sidebar.set_theme(theme)
        self.files.set_theme(theme)

    # -- what the user does with the window ---------------------------------------------------

    def find_here(self) -> None:
        """Search the session on show."""
        if self.page.find_button.isEnabled():
            self.panel.find_bar.enter()

    def search_all(self) -> None:
        """Search all sessions."""
        self.sidebar.show()
        self.sidebar.search.setFocus()
        self.sidebar.search.selectAll()

    def toggle_sidebar(self) -> None:
        """Show or hide the side."""
        self.sidebar.setVisible(not self.sidebar.isVisible())

    def bring_forward(self) -> None:
        """Show the window in front of the others."""
        self.setWindowState(self.windowState() & ~Qt.WindowState.WindowMinimized)
        self.show()
        self.raise_()
        self.activateWindow()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Let the space bar press the big button, wherever the focus is."""
        if event.key() == Qt.Key.Key_Space and not event.modifiers():
            if not event.isAutoRepeat():
                self.dock.toggle()
            return
        super().keyPressEvent(event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:  # noqa: N802
        """Take files."""
        if _files(event):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:  # noqa: N802
        """Write dropped files down."""
        if files := _files(event):
            event.acceptProposedAction()
            self.files_dropped.emit(files)

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802
        """Remember the window's place; what goes on is ended by the program."""
        self._places.setValue("geometry", self.saveGeometry())
        self._places.setValue("splitter", self.splitter.saveState())
        self._places.setValue("sidebar", self.sidebar.isVisibleTo(self))
        self.closing.emit()
        event.accept()

    def _restore(self) -> None:
        self.resize(self.theme.px(1080), self.theme.px(720))
        geometry, splitter = self._places.value("geometry"), self._places.value("splitter")
        if isinstance(geometry, QByteArray):
            self.restoreGeometry(geometry)
        if isinstance(splitter, QByteArray):
            self.splitter.restoreState(splitter)
        else:
            side = self.theme.px(264)
            self.splitter.setSizes([side, max(1, self.width() - side)])
        self.sidebar.setVisible(self._places.value("sidebar", True, type=bool) is not False)


def _files(event: QDropEvent) -> list[Path]:
    urls = event.mimeData().urls()
    return [Path(url.toLocalFile()) for url in urls if url.isLocalFile()]
