"""The session on show: its menu, its playback, and what an empty view says."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QAction, QUndoStack

from granite_live.gui.background import Store
from granite_live.gui.live_session import Activity, LiveSession
from granite_live.gui.main_window import MainWindow
from granite_live.gui.playback import Playing
from granite_live.gui.session_document import Document
from granite_live.gui.session_view import Page
from granite_live.gui.sessions import session_list
from granite_live.gui.sessions.actions import SessionActions
from granite_live.gui.transcript.editing import CopyAs
from granite_live.gui.transcript.lines import Line
from granite_live.library import SavedSession, SessionState


class PageMenu(QObject):
    """Emits the chosen action; handles undo, redo, copy and play itself."""

    rename_wanted = Signal()
    again_wanted = Signal()
    delete_wanted = Signal()
    live_text_wanted = Signal()
    models_wanted = Signal()
    captions_wanted = Signal()
    captions_through_wanted = Signal()
    dictation_wanted = Signal()

    def __init__(self, window: MainWindow, stack: QUndoStack) -> None:
        super().__init__(window)
        self._window = window
        self._fill_lines(stack)
        window.page.more.addSeparator()
        self._rename = self._add(self.tr("Rename…"), self.rename_wanted.emit, "Shift+F2")
        self._again = self._add(self.tr("Transcribe again…"), self.again_wanted.emit)
        self._delete = self._add(self.tr("Delete…"), self.delete_wanted.emit)
        window.page.more.addSeparator()
        self.captions = self._add_switch(
            self.tr("Captions over the screen"), self.captions_wanted.emit, "Ctrl+Shift+L"
        )
        self.captions_through = self._add_switch(
            self.tr("Let clicks through the captions"),
            self.captions_through_wanted.emit,
            "Ctrl+Shift+T",
        )
        self._add(self.tr("Dictation pad"), self.dictation_wanted.emit, "Ctrl+D")
        self._add(self.tr("Live text file…"), self.live_text_wanted.emit)
        self._add(self.tr("Models…"), self.models_wanted.emit)

    def show(self, session: SavedSession | None) -> None:
        """Enable the actions that apply to this session, with the reason if one does not."""
        reason = "" if session is None else session_list.reason_against_again(session)
        self._rename.setEnabled(session is not None)
        self._again.setEnabled(session is not None and not reason)
        self._again.setToolTip(reason)
        is_over = session is not None and session.state is not SessionState.RUNNING
        self._delete.setEnabled(is_over)

    def _fill_lines(self, stack: QUndoStack) -> None:
        panel, menu = self._window.panel, self._window.page.more
        menu.setToolTipsVisible(True)
        undo = self._add(self.tr("Undo"), stack.undo, "Ctrl+Z")
        redo = self._add(self.tr("Redo"), stack.redo, "Ctrl+Shift+Z")
        stack.canUndoChanged.connect(undo.setEnabled)
        stack.canRedoChanged.connect(redo.setEnabled)
        undo.setEnabled(False)
        redo.setEnabled(False)
        menu.addSeparator()
        for form, name, keys in (
            (CopyAs.TIMES, self.tr("Copy with times"), "Ctrl+Shift+C"),
            (CopyAs.MARKDOWN, self.tr("Copy as Markdown"), "Ctrl+Alt+C"),
        ):
            self._add(name, partial(panel.copy, form), keys)
        self._add(self.tr("Play or stop the line"), panel.play_current, "Ctrl+L")

    def _add_switch(self, name: str, act: Callable[..., object], keys: str) -> QAction:
        """Add a checkable action. The caller sets its state."""
        action = self._add(name, act, keys)
        action.setCheckable(True)
        return action

    def _add(self, name: str, act: Callable[..., object], keys: str = "") -> QAction:
        action = self._window.page.add_more(name, keys)
        # Drop the `checked` argument of Qt.
        action.triggered.connect(lambda _checked=False: act())
        self._window.addAction(action)
        return action


class PlayControl(QObject):
    """Connects the lines' time stamps with the playback."""

    def __init__(
        self, playing: Playing, live: LiveSession, page: Page, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._playing, self._live, self._page = playing, live, page
        self._session: SavedSession | None = None
        self._waiting: Line | None = None
        page.panel.play_wanted.connect(self.play)
        page.panel.stop_wanted.connect(self.stop)
        playing.changed.connect(page.panel.show_playing)
        playing.failed.connect(lambda sentence: page.notices.tell(sentence, is_trouble=True))
        live.activity_changed.connect(self._follow)

    def show(self, session: SavedSession | None) -> None:
        """Set the displayed session; stop the playback of another one."""
        if session is None or self._session is None or session.id != self._session.id:
            self.stop()
        self._session = session
        is_gone = session is not None and (session.sound_deleted or not session.journal)
        gone = self.tr("The sound of this session is deleted: there is nothing to play.")
        self._page.panel.no_sound = gone if is_gone else ""

    def play(self, line: Line) -> None:
        """Play a line of the displayed session, or say why not."""
        if self._session is None:
            return
        match self._live.activity:
            case Activity.RUNNING:
                self._page.notices.offer(
                    self.tr("While it listens, what is played would be recorded too."),
                    self.tr("Pause and play"),
                    lambda: self._pause_and_play(line),
                )
            case Activity.STARTING:
                text = self.tr("It begins to listen: pause it before you play something.")
                self._page.notices.tell(text)
            case _:
                self._playing.play(self._session, line)

    def stop(self) -> None:
        """Stop the playback."""
        self._waiting = None
        if self._playing.line is not None:
            self._playing.stop()

    def _pause_and_play(self, line: Line) -> None:
        self._waiting = line
        if self._live.activity is Activity.RUNNING:
            self._live.pause()
        else:
            self._follow(self._live.activity)

    def _follow(self, activity: Activity) -> None:
        """Play the line that waits for a pause; stop when listening resumes."""
        line, self._waiting = self._waiting, None
        if activity is Activity.PAUSED and line is not None:
            self.play(line)
        elif activity in (Activity.STARTING, Activity.RUNNING, Activity.STOPPING):
            self.stop()


class ShownSession(QObject):
    """Shows one session at a time, or an empty view. Emits `failed` with a sentence."""

    failed = Signal(str)

    def __init__(
        self,
        window: MainWindow,
        document: Document,
        live: LiveSession,
        store: Store,
        actions: SessionActions,
        play_control: PlayControl,
    ) -> None:
        super().__init__(window)
        self._window, self._document, self._live = window, document, live
        self._store, self._actions, self._play_control = store, actions, play_control
        self._session: SavedSession | None = None
        self._searched = ""
        self.menu = PageMenu(window, document.editing.stack)
        self.menu.rename_wanted.connect(self._rename)
        self.menu.again_wanted.connect(self._again)
        self.menu.delete_wanted.connect(self._delete)
        window.page.new_wanted.connect(self.new)
        window.page.export_wanted.connect(self._export)
        window.sidebar.opened.connect(self.open)
        document.shown.connect(self._show)
        document.editing.changed.connect(document.reload_names)
        live.activity_changed.connect(self._follow)
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
        self._window.dock.button.setFocus()

    def _show(self, session: SavedSession | None) -> None:
        self._session = session
        page = self._window.page
        self._play_control.show(session)
        self.menu.show(session)
        if session is None:
            page.set_names(self.tr("New session"), "")
            page.welcome.say_ready()
            self._window.sidebar.show_as_open(0)
            return
        if self._searched:
            # The lines to search in are loaded only now.
            self._window.panel.find_bar.enter(self._searched)
            self._searched = ""
        page.set_names(session_list.title(session), session_list.about(session, with_model=True))
        self._window.sidebar.show_as_open(session.id)
        if session.id == self._live.session_id:
            page.welcome.say_listening()
        else:
            page.welcome.say_empty(session_list.why_empty(session))

    def _follow(self, activity: Activity) -> None:
        welcome = self._window.page.welcome
        if activity is Activity.RUNNING:
            welcome.say_listening()
        elif activity is Activity.IDLE and not self._document.session_id:
            welcome.say_ready()

    # -- actions ------------------------------------------------------------------------------

    def _rename(self) -> None:
        if self._session is not None:
            self._window.sidebar.rename(self._session)

    def _again(self) -> None:
        if self._session is not None:
            self._actions.transcribe_again(self._session)

    def _delete(self) -> None:
        if self._session is not None:
            self._actions.delete(self._session)

    def _export(self) -> None:
        if self._session is not None and self._window.page.export_button.isEnabled():
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
