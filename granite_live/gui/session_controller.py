"""The session on show: its menu, and what an empty view says."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QAction, QUndoStack

from granite_live.gui.background import LibraryStore
from granite_live.gui.live_session import LiveSession, SessionActivity
from granite_live.gui.main_window import MainWindow
from granite_live.gui.messages import translate_message
from granite_live.gui.playback_control import PlaybackController
from granite_live.gui.session_document import TranscriptDocument
from granite_live.gui.sessions import session_list
from granite_live.gui.sessions.actions import SessionActions
from granite_live.gui.transcript.editing import CopyFormat
from granite_live.library import SavedSession, SessionState


class SessionMenu(QObject):
    """Emits the chosen action; handles undo, redo, copy and play itself."""

    rename_requested = Signal()
    retranscribe_requested = Signal()
    delete_requested = Signal()
    live_text_requested = Signal()
    models_requested = Signal()
    captions_requested = Signal()
    click_through_requested = Signal()
    dictation_requested = Signal()

    def __init__(self, window: MainWindow, stack: QUndoStack) -> None:
        super().__init__(window)
        self._window = window
        self._fill_lines(stack)
        window.session_view.menu.addSeparator()
        self._rename = self._add(self.tr("Rename…"), self.rename_requested.emit, "Shift+F2")
        self._again = self._add(self.tr("Transcribe again…"), self.retranscribe_requested.emit)
        self._delete = self._add(self.tr("Delete…"), self.delete_requested.emit)
        window.session_view.menu.addSeparator()
        self.captions = self._add_switch(
            self.tr("Captions over the screen"), self.captions_requested.emit, "Ctrl+Shift+L"
        )
        self.captions_through = self._add_switch(
            self.tr("Let clicks through the captions"),
            self.click_through_requested.emit,
            "Ctrl+Shift+T",
        )
        self._add(self.tr("Dictation pad"), self.dictation_requested.emit, "Ctrl+D")
        self._add(self.tr("Live text file…"), self.live_text_requested.emit)
        self._add(self.tr("Models…"), self.models_requested.emit)

    def show(self, session: SavedSession | None) -> None:
        """Enable the actions that apply to this session, with the reason if one does not."""
        reason = "" if session is None else session_list.retranscribe_problem(session)
        self._rename.setEnabled(session is not None)
        self._again.setEnabled(session is not None and not reason)
        self._again.setToolTip(reason)
        is_over = session is not None and session.state is not SessionState.RUNNING
        self._delete.setEnabled(is_over)

    def _fill_lines(self, stack: QUndoStack) -> None:
        panel, menu = self._window.panel, self._window.session_view.menu
        menu.setToolTipsVisible(True)
        undo = self._add(self.tr("Undo"), stack.undo, "Ctrl+Z")
        redo = self._add(self.tr("Redo"), stack.redo, "Ctrl+Shift+Z")
        stack.canUndoChanged.connect(undo.setEnabled)
        stack.canRedoChanged.connect(redo.setEnabled)
        undo.setEnabled(False)
        redo.setEnabled(False)
        menu.addSeparator()
        for form, name, keys in (
            (CopyFormat.TIMES, self.tr("Copy with times"), "Ctrl+Shift+C"),
            (CopyFormat.MARKDOWN, self.tr("Copy as Markdown"), "Ctrl+Alt+C"),
        ):
            self._add(name, partial(panel.copy, form), keys)
        self._add(self.tr("Play or stop the line"), panel.play_current, "Ctrl+L")

    def _add_switch(self, name: str, act: Callable[..., object], keys: str) -> QAction:
        """Add a checkable action. The caller sets its state."""
        action = self._add(name, act, keys)
        action.setCheckable(True)
        return action

    def _add(self, name: str, act: Callable[..., object], keys: str = "") -> QAction:
        action = self._window.session_view.add_menu_action(name, keys)
        # Drop the `checked` argument of Qt.
        action.triggered.connect(lambda _checked=False: act())
        self._window.addAction(action)
        return action


class SessionController(QObject):
    """Shows one session at a time, or an empty view. Emits `failed` with a sentence."""

    failed = Signal(str)

    def __init__(
        self,
        window: MainWindow,
        document: TranscriptDocument,
        live: LiveSession,
        store: LibraryStore,
        actions: SessionActions,
        play_control: PlaybackController,
    ) -> None:
        super().__init__(window)
        self._window, self._document, self._live = window, document, live
        self._store, self._actions, self._play_control = store, actions, play_control
        self._session: SavedSession | None = None
        self._searched = ""
        self.menu = SessionMenu(window, document.editing.stack)
        self.menu.rename_requested.connect(self._rename)
        self.menu.retranscribe_requested.connect(self._retranscribe)
        self.menu.delete_requested.connect(self._delete)
        window.session_view.new_session_requested.connect(self.new)
        window.session_view.export_requested.connect(self._export)
        window.sidebar.opened.connect(self.open)
        document.session_changed.connect(self._show)
        document.editing.changed.connect(document.reload_title)
        live.activity_changed.connect(self._handle_activity)
        actions.deleted.connect(self._deleted)

    def open(self, session: SavedSession, searched: str = "") -> None:
        """Show a session of the list and find the searched text in it."""
        self._searched = searched.strip()
        self._document.open(session.id)

    def new(self) -> None:
        """Show the running session, else an empty view."""
        if self._live.session_id:
            self._document.open(self._live.session_id)
        else:
            self._document.clear()
        self._window.control_bar.button.setFocus()

    def _show(self, session: SavedSession | None) -> None:
        self._session = session
        page = self._window.session_view
        self._play_control.show(session)
        self.menu.show(session)
        if session is None:
            page.set_title(self.tr("New session"), "")
            page.welcome.show_ready()
            self._window.sidebar.mark_open(0)
            return
        if self._searched:
            # The lines to search in are loaded only now.
            self._window.panel.find_bar.open_for_hit(self._searched)
            self._searched = ""
        page.set_title(
            session_list.title(session),
            session_list.details(session, with_model=True),
            translate_message(session.notes),
        )
        self._window.sidebar.mark_open(session.id)
        if session.id == self._live.session_id:
            page.welcome.show_listening()
        else:
            page.welcome.show_empty(session_list.empty_reason(session))

    def _handle_activity(self, activity: SessionActivity) -> None:
        welcome = self._window.session_view.welcome
        if activity is SessionActivity.RUNNING:
            welcome.show_listening()
        elif activity is SessionActivity.IDLE and not self._document.session_id:
            welcome.show_ready()

    # -- actions ------------------------------------------------------------------------------

    def _rename(self) -> None:
        if self._session is not None:
            self._window.sidebar.rename(self._session)

    def _retranscribe(self) -> None:
        if self._session is not None:
            self._actions.transcribe_again(self._session)

    def _delete(self) -> None:
        if self._session is not None:
            self._actions.delete(self._session)

    def _export(self) -> None:
        if self._session is not None and self._window.session_view.export_button.isEnabled():
            self._actions.export(self._session)

    def _deleted(self, session: SavedSession) -> None:
        """Show what is left of the displayed session after a deletion."""
        if session.id != self._document.session_id:
            return

        def show(left: Sequence[SavedSession]) -> None:
            if session.id != self._document.session_id:
                return
            if any(one.id == session.id for one in left):
                self._document.open(session.id)
            else:
                self._document.clear()

        self._store.run(lambda library: library.sessions(), show, self.failed.emit)
