"""The main window: menu bar, sidebar, session view and control bar."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

from PySide6.QtCore import (
    QByteArray,
    QCoreApplication,
    QEvent,
    QPoint,
    QRect,
    QSettings,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import (
    QCloseEvent,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDropEvent,
    QKeyEvent,
    QMoveEvent,
)
from PySide6.QtWidgets import QMainWindow, QSplitter, QVBoxLayout, QWidget

from granite_live.gui import actions
from granite_live.gui.actions import ActionTable
from granite_live.gui.background import LibraryStore
from granite_live.gui.control_bar import ControlBar
from granite_live.gui.file_queue.panel import QueuePanel
from granite_live.gui.file_queue.queue import JobQueue
from granite_live.gui.session_document import TranscriptDocument
from granite_live.gui.session_view import SessionView
from granite_live.gui.sessions.sidebar import Sidebar
from granite_live.gui.shortcuts import speaker_key
from granite_live.gui.style_sheet import current_theme
from granite_live.gui.transcript.panel import TranscriptPanel
from granite_live.gui.widgets import DropHint, link_button
from granite_live.gui.wrapping import resize_within_screen

_NEED_LINES = (
    *("export", "copy", "copy_times", "copy_markdown", "find", "find_next", "find_previous"),
    "replace",
    "play",
)


_COMPACT_PLACE = "compact/place"
_LIST_ORDER = "sessions/order"
_FIT_MS = 300
_COMPACT = (420, 240)
"""Width and height of a compact window [px] at the usual text size."""


class MainWindow(QMainWindow):
    """Lays out the parts. `MainController` connects them."""

    files_dropped = Signal(list)
    text_dropped = Signal(Path, Path)
    """Emitted with a recording and its text if two such files are dropped together."""
    closing = Signal()
    speaker_key_pressed = Signal(int)

    def __init__(
        self,
        store: LibraryStore,
        document: TranscriptDocument,
        queue: JobQueue,
        ui_state: QSettings,
    ) -> None:
        super().__init__()
        self.setObjectName("page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setWindowTitle(self.tr("Granite Live"))
        self.setAcceptDrops(True)
        self.ui_state = ui_state
        """Stored window geometry and last used folders."""
        self.is_compact = False
        """Whether the window is a small one for a corner of the screen."""
        self._fit_timer = QTimer(self, singleShot=True, interval=_FIT_MS)
        self._fit_timer.timeout.connect(self._fit_finally)
        self._usual, self._usual_size = (QByteArray(), True), self.size()
        self.hides_on_close = False
        """Whether closing only hides the window."""
        self.is_space_free: Callable[[], bool] = lambda: True
        """Asked for Space: whether it may start and stop, because nothing else is being read."""
        self.must_stay_open: Callable[[], bool] = lambda: False
        """Asked on closing: whether the window must stay open for a moment."""
        self.actions_by_id = ActionTable(self)
        self.panel = TranscriptPanel(document.model, document.editing)
        self.session_view = SessionView(self.panel)
        self.control_bar = ControlBar()
        self.sidebar = Sidebar(store)
        self.queue_panel = QueuePanel(queue)
        self.watch_link = link_button("", self)
        self.watch_link.hide()
        self.sidebar.extra_layout.addWidget(self.watch_link)
        self.sidebar.extra_layout.addWidget(self.queue_panel)
        self.drop_hint = DropHint(self)
        self._lay_out()
        self._bind_actions()
        self._fill_menus()
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
        self.setCentralWidget(self.splitter)
        for passing in (self.session_view.notices, self.session_view.offer):
            passing.focus_lost.connect(self.control_bar.button.setFocus)

    def _bind_actions(self) -> None:
        acts: dict[str, Callable[[], object]] = {
            "start_stop": self.control_bar.toggle,
            "find": self.find_in_session,
            "find_next": lambda: self.panel.find_bar.step(1),
            "find_previous": lambda: self.panel.find_bar.step(-1),
            "replace": lambda: self.find_in_session(replaces=True),
            "copy": self.panel.copy,
            "pause": self.control_bar.toggle_pause,
            "search": self.search_all,
            "sidebar": self.toggle_sidebar,
            "compact": self.toggle_compact,
        }
        table = self.actions_by_id
        for name, act in acts.items():
            table.bind(name, act)
        self.session_view.lines_shown.connect(self._enable_for_lines)
        self._enable_for_lines(self.session_view.find_button.isEnabled())
        view, files = self.session_view, self.tr("Transcribe audio and video files")
        table.connect_button(view.sidebar_button, "sidebar", self.tr("Sessions"))
        table.connect_button(view.new_button, "new", self.tr("New session"))
        table.connect_button(view.find_button, "find", self.tr("Find in this session"))
        table.connect_button(view.export_button, "export", self.tr("Export"))
        table.connect_button(view.live_text_button, "live_text")
        table.connect_button(self.sidebar.settings_button, "settings", self.tr("Settings"))
        table.connect_button(self.sidebar.files_button, "open_files", files)
        table.connect_button(self.control_bar.model_link, "models")
        table.connect_button(self.watch_link, "watch_folder")
        table.hint(self.sidebar.search, self.tr("Search all sessions"), name="search")

    def _fill_menus(self) -> None:
        table = self.actions_by_id
        for name, title in actions.menu_titles().items():
            menu = self.menuBar().addMenu(title)
            menu.setObjectName(f"menu-{name}")
            menu.setToolTipsVisible(True)
            table.fill(menu, actions.MENUS[name])
        table.fill(self.session_view.menu, actions.MORE)
        table["sidebar"].setChecked(True)

    def _enable_for_lines(self, has_lines: bool) -> None:
        for name in _NEED_LINES:
            self.actions_by_id[name].setEnabled(has_lines)

    def set_shortcuts(self, chosen: Iterable[tuple[str, str]]) -> None:
        """Set the user's own keys for actions."""
        self.actions_by_id.set_custom_keys(chosen)
        self.control_bar.set_pause_keys(self.actions_by_id.keys("pause"))

    # -- user actions -------------------------------------------------------------------------

    def find_in_session(self, *, replaces: bool = False) -> None:
        """Search the displayed session; `replaces` offers to replace matches, too."""
        if self.session_view.find_button.isEnabled():
            self.panel.find_bar.open_with(replaces=replaces)

    def search_all(self) -> None:
        """Search all sessions."""
        self.show_sidebar(True)
        self.sidebar.search.setFocus()
        self.sidebar.search.selectAll()

    def toggle_sidebar(self) -> None:
        """Show or hide the sidebar."""
        self.show_sidebar(not self.sidebar.isVisible())

    def show_sidebar(self, is_shown: bool) -> None:
        """Show or hide the sidebar."""
        self.sidebar.setVisible(is_shown)
        self.actions_by_id["sidebar"].setChecked(is_shown)

    def toggle_compact(self) -> None:
        """Make the window a small one for a corner of the screen, or as large as before."""
        self.set_compact(not self.is_compact)

    def set_compact(self, is_compact: bool) -> None:
        """Show only the text and the start button, or everything."""
        if is_compact == self.is_compact:
            return
        if is_compact:
            self._usual = (self.saveGeometry(), self.sidebar.isVisibleTo(self))
            self._usual_size = self.size()
        self.is_compact = is_compact
        self._fit_timer.start()  # until it ends, the place is not the user's choice
        self.actions_by_id["compact"].setChecked(is_compact)
        self.menuBar().setVisible(not is_compact)
        self.session_view.set_compact(is_compact)
        self.control_bar.set_compact(is_compact)
        if is_compact:
            self.show_sidebar(False)
            self.showNormal()
        else:
            geometry, has_sidebar = self._usual
            self.show_sidebar(has_sidebar)
            self.restoreGeometry(geometry)
        # The layout must know the other parts before the window can have their size.
        self._fit_timer.start()

    def _fit_finally(self) -> None:
        # On a busy computer some parts have not been laid out yet.
        QCoreApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest.value)
        self._fit()

    def _fit(self) -> None:
        if self.is_compact:
            resize_within_screen(self, *map(current_theme().px, _COMPACT))
            place = self.ui_state.value(_COMPACT_PLACE)
            if isinstance(place, QPoint) and self._fits_at(place):
                self.move(place)
        else:
            self.resize(self._usual_size)

    def _fits_at(self, place: QPoint) -> bool:
        """Return whether a screen shows the whole window at this place."""
        area = QRect(place, self.size())
        screens = self.screen().virtualSiblings()
        return any(one.availableGeometry().contains(area) for one in screens)

    def moveEvent(self, event: QMoveEvent) -> None:
        """Remember where the compact window was put."""
        super().moveEvent(event)
        if self.is_compact and self.isVisible() and not self._fit_timer.isActive():
            self.ui_state.setValue(_COMPACT_PLACE, self.pos())

    def event(self, event: QEvent) -> bool:
        """Take the size of the other form as soon as its parts allow it."""
        is_handled = super().event(event)
        if event.type() is QEvent.Type.LayoutRequest and self._fit_timer.isActive():
            self._fit()
        return is_handled

    def control_bar_on_screen(self) -> QRect:
        """Return where the screen shows the control bar, an empty area if it does not."""
        bar = self.control_bar
        if self.isMinimized() or not bar.isVisible():
            return QRect()
        return QRect(bar.mapToGlobal(QPoint(0, 0)), bar.size())

    def bring_forward(self) -> None:
        """Show the window in front of the others."""
        self.setWindowState(self.windowState() & ~Qt.WindowState.WindowMinimized)
        self.show()
        self.raise_()
        self.activateWindow()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Let Space start and stop and digits name speakers, unless a focused widget wants them."""
        if event.key() == Qt.Key.Key_Space and not event.modifiers():
            if not event.isAutoRepeat() and self.is_space_free():
                self.control_bar.toggle()
            return
        if (key := speaker_key(event)) and not event.isAutoRepeat():
            self.speaker_key_pressed.emit(key)
            return
        super().keyPressEvent(event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Accept files, and show that they can be dropped here."""
        if _dropped_files(event):
            event.acceptProposedAction()
            self.drop_hint.show_over(self.splitter.geometry())

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        """Show no longer that files can be dropped."""
        self.drop_hint.hide()
        super().dragLeaveEvent(event)

    def dropEvent(self, event: QDropEvent) -> None:
        """Transcribe dropped files, or align a text with its recording."""
        from granite_live.app.alignment_tasks import recording_and_text

        self.drop_hint.hide()
        if files := _dropped_files(event):
            event.acceptProposedAction()
            if (pair := recording_and_text(files)) is not None:
                self.text_dropped.emit(*pair)
            else:
                self.files_dropped.emit(files)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Store the window's geometry and close, only hide, or stay until speech is finished."""
        usual = (self.saveGeometry(), self.sidebar.isVisibleTo(self))
        geometry, has_sidebar = self._usual if self.is_compact else usual
        self.ui_state.setValue("geometry", geometry)
        self.ui_state.setValue("sidebar", has_sidebar)
        if not self.is_compact:
            self.ui_state.setValue("splitter", self.splitter.saveState())
        if self.hides_on_close:
            self.hide()
            event.ignore()
            return
        if self.must_stay_open():
            event.ignore()
            return
        self.closing.emit()
        event.accept()

    def _remember_order(self) -> None:
        self.ui_state.setValue(_LIST_ORDER, self.sidebar.arrange_menu.order.value)

    def _restore(self) -> None:
        self.sidebar.arrange_menu.set_order(str(self.ui_state.value(_LIST_ORDER, "")))
        self.sidebar.arranged.connect(self._remember_order)
        resize_within_screen(self, current_theme().px(1080), current_theme().px(720))
        has_room = self.minimumSizeHint().width() <= self.screen().availableSize().width()
        geometry, splitter = self.ui_state.value("geometry"), self.ui_state.value("splitter")
        if isinstance(geometry, QByteArray):
            self.restoreGeometry(geometry)
        if isinstance(splitter, QByteArray):
            self.splitter.restoreState(splitter)
        else:
            side = current_theme().px(264)
            self.splitter.setSizes([side, max(1, self.width() - side)])
        wants_sidebar = self.ui_state.value("sidebar", True, type=bool) is not False
        self.show_sidebar(wants_sidebar and has_room)


def _dropped_files(event: QDropEvent) -> list[Path]:
    urls = event.mimeData().urls()
    return [Path(url.toLocalFile()) for url in urls if url.isLocalFile()]
