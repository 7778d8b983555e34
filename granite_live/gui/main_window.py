"""The main window: sidebar, session view and control bar."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

from PySide6.QtCore import QByteArray, QSettings, Qt, Signal
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent, QKeyEvent
from PySide6.QtWidgets import QSplitter, QVBoxLayout, QWidget

from granite_live.gui.background import LibraryStore
from granite_live.gui.control_bar import ControlBar
from granite_live.gui.file_queue.panel import QueuePanel
from granite_live.gui.file_queue.queue import JobQueue
from granite_live.gui.session_document import TranscriptDocument
from granite_live.gui.session_view import SessionView
from granite_live.gui.sessions.sidebar import Sidebar
from granite_live.gui.shortcuts import Shortcuts
from granite_live.gui.theme import Theme
from granite_live.gui.transcript.panel import TranscriptPanel
from granite_live.gui.widgets import resize_within_screen


class MainWindow(QWidget):
    """Lays out the parts. `conductor` connects them."""

    files_dropped = Signal(list)
    closing = Signal()
    dictate_requested = Signal()

    def __init__(
        self,
        store: LibraryStore,
        document: TranscriptDocument,
        queue: JobQueue,
        theme: Theme,
        ui_state: QSettings,
    ) -> None:
        super().__init__()
        self.setObjectName("page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setWindowTitle(self.tr("Granite Live"))
        self.setAcceptDrops(True)
        self.ui_state = ui_state
        """Stored window geometry and last used folders."""
        self.hides_on_close = False
        """Whether closing only hides the window."""
        self.shortcuts = Shortcuts(self)
        self.theme = theme
        self.panel = TranscriptPanel(document.model, document.editing, theme)
        self.session_view = SessionView(self.panel, theme)
        self.control_bar = ControlBar(theme)
        self.sidebar = Sidebar(store, theme)
        self.queue_panel = QueuePanel(queue, theme)
        self.sidebar.extra_layout.addWidget(self.queue_panel)
        self._lay_out()
        self._add_shortcuts()
        self._restore()

    def _lay_out(self) -> None:
        right = QWidget()
        column = QVBoxLayout(right)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.session_view, 1)
        column.addWidget(self.control_bar)
        self.splitter = QSplitter(Qt.Orientation.Horizontal, self)
        self.splitter.setHandleWidth(1)
        self.splitter.setChildrenCollapsible(False)
        self.splitter.addWidget(self.sidebar)
        self.splitter.addWidget(right)
        self.splitter.setStretchFactor(1, 1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self.splitter)
        self.session_view.sidebar_requested.connect(self.toggle_sidebar)
        self.session_view.search_requested.connect(lambda: self.find_in_session())
        for passing in (self.session_view.notices, self.session_view.offer):
            passing.focus_lost.connect(self.control_bar.button.setFocus)

    def _add_shortcuts(self) -> None:
        acts: dict[str, Callable[[], object]] = {
            "start_stop": self.control_bar.toggle,
            "find": self.find_in_session,
            "find_next": lambda: self.panel.find_bar.step(1),
            "find_previous": lambda: self.panel.find_bar.step(-1),
            "replace": lambda: self.find_in_session(replaces=True),
            "copy": self.panel.copy,
            "open_files": self.sidebar.files_requested.emit,
            "new": self.session_view.new_session_requested.emit,
            "export": self.session_view.export_requested.emit,
            "pause": self.control_bar.toggle_pause,
            "settings": self.sidebar.settings_requested.emit,
            "search": self.search_all,
            "sidebar": self.toggle_sidebar,
            "dictate": self.dictate_requested.emit,
        }
        for name, act in acts.items():
            self.shortcuts.bind(name, act)
        hint = self.shortcuts.hint
        hint(self.session_view.sidebar_button, "sidebar", self.tr("Sessions"))
        hint(self.session_view.new_button, "new", self.tr("New session"))
        hint(self.session_view.find_button, "find", self.tr("Find in this session"))
        hint(self.session_view.export_button, "export", self.tr("Export"))
        hint(self.sidebar.search, "search", self.tr("Search all sessions"))
        hint(self.sidebar.settings_button, "settings", self.tr("Settings"))
        files = self.tr("Write down recordings and videos")
        hint(self.sidebar.files_button, "open_files", files)

    def set_shortcuts(self, chosen: Iterable[tuple[str, str]]) -> None:
        """Set the user's own keys for actions."""
        self.shortcuts.set_custom_keys(chosen)
        self.control_bar.set_pause_keys(self.shortcuts.keys("pause"))

    def set_theme(self, theme: Theme) -> None:
        """Apply the theme."""
        self.theme = theme
        self.session_view.set_theme(theme)
        self.control_bar.set_theme(theme)
        self.sidebar.set_theme(theme)
        self.queue_panel.set_theme(theme)

    # -- user actions -------------------------------------------------------------------------

    def find_in_session(self, *, replaces: bool = False) -> None:
        """Search the displayed session; `replaces` offers to replace matches, too."""
        if self.session_view.find_button.isEnabled():
            self.panel.find_bar.open_with(replaces=replaces)

    def search_all(self) -> None:
        """Search all sessions."""
        self.sidebar.show()
        self.sidebar.search.setFocus()
        self.sidebar.search.selectAll()

    def toggle_sidebar(self) -> None:
        """Show or hide the sidebar."""
        self.sidebar.setVisible(not self.sidebar.isVisible())

    def bring_forward(self) -> None:
        """Show the window in front of the others."""
        self.setWindowState(self.windowState() & ~Qt.WindowState.WindowMinimized)
        self.show()
        self.raise_()
        self.activateWindow()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Make Space press the start button, wherever the focus is."""
        if event.key() == Qt.Key.Key_Space and not event.modifiers():
            if not event.isAutoRepeat():
                self.control_bar.toggle()
            return
        super().keyPressEvent(event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:  # noqa: N802
        """Accept files."""
        if _dropped_files(event):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:  # noqa: N802
        """Transcribe dropped files."""
        if files := _dropped_files(event):
            event.acceptProposedAction()
            self.files_dropped.emit(files)

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802
        """Store the window's geometry and close, or only hide."""
        self.ui_state.setValue("geometry", self.saveGeometry())
        self.ui_state.setValue("splitter", self.splitter.saveState())
        self.ui_state.setValue("sidebar", self.sidebar.isVisibleTo(self))
        if self.hides_on_close:
            self.hide()
            event.ignore()
            return
        self.closing.emit()
        event.accept()

    def _restore(self) -> None:
        resize_within_screen(self, self.theme.px(1080), self.theme.px(720))
        geometry, splitter = self.ui_state.value("geometry"), self.ui_state.value("splitter")
        if isinstance(geometry, QByteArray):
            self.restoreGeometry(geometry)
        if isinstance(splitter, QByteArray):
            self.splitter.restoreState(splitter)
        else:
            side = self.theme.px(264)
            self.splitter.setSizes([side, max(1, self.width() - side)])
        self.sidebar.setVisible(self.ui_state.value("sidebar", True, type=bool) is not False)


def _dropped_files(event: QDropEvent) -> list[Path]:
    urls = event.mimeData().urls()
    return [Path(url.toLocalFile()) for url in urls if url.isLocalFile()]
