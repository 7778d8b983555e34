"""The sidebar: search, sessions, files, settings."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from PySide6.QtCore import QItemSelectionModel, QPoint, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QHBoxLayout,
    QInputDialog,
    QLineEdit,
    QMenu,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from granite_live.gui.background import LibraryStore
from granite_live.gui.dialogs import show_dialog
from granite_live.gui.sessions import session_list
from granite_live.gui.sessions.arranging import ArrangeMenu, Period, arranged
from granite_live.gui.sessions.session_list import SessionsModel, SessionsView
from granite_live.gui.style_sheet import current_theme, follow_theme
from granite_live.gui.theme import GRID_PX
from granite_live.gui.widgets import icon_button, link_button, set_icon, text_label
from granite_live.gui.wrapping import resize_within_screen
from granite_live.library import Library, SavedSession, SearchHit, SessionState

_TYPING_MS = 150
_TITLE_CHARS = 64
"""The width of the dialog that asks for a title, in characters."""


class Sidebar(QWidget):
    """Emits the user's actions.

    `opened` has the session and the searched text, `renamed` the id, `delete_requested` and
    `batch_export_requested` a list of sessions, the others the session. `arranged` follows another
    order or period of the list.
    """

    opened = Signal(object, str)
    renamed = Signal(int)
    delete_requested = Signal(list)
    export_requested = Signal(object)
    batch_export_requested = Signal(list)
    arranged = Signal()
    retranscribe_requested = Signal(object)
    recover_requested = Signal(object)
    failed = Signal(str)

    def __init__(self, store: LibraryStore, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("sidebar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._store = store
        self._shown_id = 0
        self.search = QLineEdit(self)
        self.model = SessionsModel(self)
        self.view = SessionsView(self.model, self)
        self.view.opened.connect(lambda session: self.opened.emit(session, self.search.text()))
        self.view.menu_requested.connect(self._offer)
        self.view.rename_requested.connect(self.rename)
        self.view.delete_requested.connect(self._delete)
        self.search.setPlaceholderText(self.tr("Search"))
        self.search.setAccessibleName(self.tr("Search all sessions"))
        self.search.setClearButtonEnabled(True)
        self.arrange_menu = ArrangeMenu(self)
        self.arrange_menu.changed.connect(self._rearrange)
        self.arrange_button = icon_button(self, self.tr("Sort and filter"))
        self.arrange_button.setMenu(self.arrange_menu)
        self.arrange_button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._found: tuple[Sequence[SavedSession], Sequence[SearchHit]] = ((), ())
        self.arrangement = link_button("", self, self.arrange_menu.show_all_days)
        self.arrangement.setToolTip(self.tr("Show all days"))
        self.arrangement.hide()
        self.empty = text_label(self, role="small")
        self.empty.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self.files_button = QPushButton(self.tr("Open files…"), self)
        self.files_button.setToolTip(self.tr("Transcribe audio and video files"))
        self.settings_button = icon_button(self, self.tr("Settings"))
        self._search_timer = QTimer(self, singleShot=True, interval=_TYPING_MS)
        self._search_timer.timeout.connect(self.refresh)
        self.search.textChanged.connect(lambda _text: self._search_timer.start())
        self.view.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._lay_out()
        set_icon(self.files_button, "open", 18)
        set_icon(self.settings_button, "settings", 18)
        set_icon(self.arrange_button, "filter", 18)
        follow_theme(self._set_least_width)

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 2 * GRID_PX, 0, 2 * GRID_PX)
        column.setSpacing(GRID_PX)
        top = QHBoxLayout()
        top.setContentsMargins(2 * GRID_PX, 0, 2 * GRID_PX, 0)
        top.addWidget(self.search, 1)
        top.addWidget(self.arrange_button)
        column.addLayout(top)
        column.addWidget(self.arrangement, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addWidget(self.empty)
        column.addWidget(self.view, 1)
        self.extra_layout = QVBoxLayout()
        self.extra_layout.setContentsMargins(2 * GRID_PX, 0, 2 * GRID_PX, 0)
        column.addLayout(self.extra_layout)
        bottom = QHBoxLayout()
        bottom.setContentsMargins(2 * GRID_PX, 0, 2 * GRID_PX, 0)
        bottom.addWidget(self.files_button, 1)
        bottom.addWidget(self.settings_button)
        column.addLayout(bottom)

    def _set_least_width(self) -> None:
        self._least_px = current_theme().px(160)
        self.updateGeometry()

    def minimumSizeHint(self) -> QSize:
        """Return the size of the widest row, or that of a readable title."""
        least = super().minimumSizeHint()
        return QSize(max(least.width(), self._least_px), least.height())

    # -- list ---------------------------------------------------------------------------------

    def refresh(self) -> None:
        """Reload the list."""
        text = self.search.text().strip()

        def read(library: Library) -> tuple[Sequence[SavedSession], Sequence[SearchHit]]:
            return library.sessions(text), library.search(text) if text else ()

        def show(found: tuple[Sequence[SavedSession], Sequence[SearchHit]]) -> None:
            if text == self.search.text().strip():
                self._found = found
                self._show(*found)

        self._store.run(read, show, self.failed.emit)

    def mark_open(self, session_id: int) -> None:
        """Mark the displayed session, 0 for none."""
        selected = [one.id for one in self.view.selected_sessions()]
        if session_id == self._shown_id and session_id in selected:
            return  # a selection of several stays
        self._shown_id = session_id
        row = self.model.row_of(session_id)
        if row >= 0:
            self.view.setCurrentIndex(self.model.index(row))
        else:
            self.view.clearSelection()

    def mark_running(self, session_id: int, *, is_recording: bool) -> None:
        """Mark the running session, 0 for none, and say whether it records."""
        self.model.mark_running(session_id, is_recording=is_recording)

    def _show(self, sessions: Sequence[SavedSession], hits: Sequence[SearchHit]) -> None:
        snippets: dict[int, SearchHit] = {}
        for hit in hits:
            snippets.setdefault(hit.session_id, hit)
        selected = self.view.selected_sessions()
        days = self.arrange_menu.days(datetime.now().astimezone().date())
        has_others = bool(sessions)
        sessions = arranged(sessions, self.arrange_menu.order, days)
        self.model.show(sessions, snippets)
        self.mark_open(self._shown_id)
        if len(selected) > 1:
            # While somebody selects several, each text of a running session reloads the list.
            self._select(selected)
        # An empty list should not get the focus.
        policy = Qt.FocusPolicy.StrongFocus if sessions else Qt.FocusPolicy.NoFocus
        self.view.setFocusPolicy(policy)
        if sessions:
            self.empty.hide()
        else:
            text = self.tr("Your sessions will appear here.")
            if has_others:
                text = self.tr("No session of these days.")
            elif self.search.text().strip():
                text = self.tr("Nothing found.")
            self.empty.setText(text)
            self.empty.show()

    def _rearrange(self) -> None:
        """Show the sessions in the chosen order and of the chosen days."""
        told = self.arrange_menu.description()
        label = self.tr("Sort and filter")
        self.arrange_button.setToolTip(f"{label}: {told}" if told else label)
        self.arrange_button.setAccessibleDescription(told)
        is_filtered = self.arrange_menu.period is not Period.ALL
        self.arrangement.setText(told)
        self.arrangement.setVisible(is_filtered)
        self._show(*self._found)
        self.arranged.emit()

    def _select(self, sessions: Sequence[SavedSession]) -> None:
        """Add the sessions that are still in the list to the selection."""
        for row in (self.model.row_of(one.id) for one in sessions):
            if row >= 0:
                index = self.model.index(row)
                self.view.selectionModel().select(index, QItemSelectionModel.SelectionFlag.Select)

    # -- actions ------------------------------------------------------------------------------

    def _offer(self, session: SavedSession, point: QPoint) -> None:
        selected = self.view.selected_sessions()
        is_one = len(selected) <= 1 or session not in selected
        (self.menu(session) if is_one else self.menu_of_several(selected)).popup(point)

    def _delete(self, sessions: Sequence[SavedSession]) -> None:
        ended = [one for one in sessions if one.state is not SessionState.RUNNING]
        if ended:
            self.delete_requested.emit(ended)

    def menu_of_several(self, sessions: Sequence[SavedSession]) -> QMenu:
        """Return the menu of several selected sessions."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        text = self.tr("Export {0} sessions…").format(len(sessions))
        menu.addAction(text, lambda: self.batch_export_requested.emit(list(sessions)))
        menu.addSeparator()
        text = self.tr("Delete {0} sessions…").format(len(sessions))
        menu.addAction(text, lambda: self._delete(sessions))
        return menu

    def menu(self, session: SavedSession) -> QMenu:
        """Return the menu of a session."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.setToolTipsVisible(True)
        menu.addAction(self.tr("Rename…"), lambda: self.rename(session))
        menu.addAction(self.tr("Copy text"), lambda: self._copy(session))
        menu.addAction(self.tr("Export…"), lambda: self.export_requested.emit(session))
        if session.state is SessionState.INTERRUPTED:
            menu.addAction(self.tr("Recover"), lambda: self.recover_requested.emit(session))
        again = menu.addAction(
            self.tr("Transcribe again…"), lambda: self.retranscribe_requested.emit(session)
        )
        if reason := session_list.retranscribe_problem(session):
            again.setEnabled(False)
            again.setToolTip(reason)
        menu.addSeparator()
        delete = menu.addAction(self.tr("Delete…"), lambda: self._delete([session]))
        delete.setEnabled(session.state is not SessionState.RUNNING)
        return menu

    def rename(self, session: SavedSession) -> None:
        """Ask for a title and store it."""
        dialog = QInputDialog(self)
        dialog.setWindowTitle(self.tr("Rename"))
        dialog.setLabelText(self.tr("Title"))
        dialog.setTextValue(session_list.title(session))
        width_px = _TITLE_CHARS * self.fontMetrics().averageCharWidth()
        # Qt's own width shows only the beginning of most titles.
        resize_within_screen(dialog, width_px, dialog.sizeHint().height())
        dialog.textValueSelected.connect(lambda title: self.set_title(session.id, title))
        show_dialog(dialog)

    def set_title(self, session_id: int, title: str) -> None:
        """Store a title."""

        def done(_old: str) -> None:
            self.refresh()
            self.renamed.emit(session_id)

        self._store.run(
            lambda library: library.rename_session(session_id, title), done, self.failed.emit
        )

    def _copy(self, session: SavedSession) -> None:
        def read(library: Library) -> str:
            return "\n".join(one.text for one in library.utterances(session.id) if one.text)

        def copy(text: str) -> None:
            QGuiApplication.clipboard().setText(text)

        self._store.run(read, copy, self.failed.emit)
