"""The session on show: its actions, and what an empty view says."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QObject, Signal

from granite_live.app.session_tasks import can_continue
from granite_live.gui import notices
from granite_live.gui.background import LibraryStore
from granite_live.gui.live_session import LiveSession, SessionActivity
from granite_live.gui.main_window import MainWindow
from granite_live.gui.messages import translate_message
from granite_live.gui.playback import PlaybackController
from granite_live.gui.session_document import TranscriptDocument
from granite_live.gui.sessions import session_list
from granite_live.gui.sessions.actions import SessionActions
from granite_live.gui.transcript.editing import CopyFormat
from granite_live.library import SavedSession, SessionState


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
        self._table = table = window.actions_by_id
        stack, panel = document.editing.stack, window.panel
        acts: dict[str, Callable[[], object]] = {
            "undo": stack.undo,
            "redo": stack.redo,
            "copy_times": partial(panel.copy, CopyFormat.TIMES),
            "copy_markdown": partial(panel.copy, CopyFormat.MARKDOWN),
            "play": panel.play_current,
            "new": self.new,
            "export": self._export,
            "rename": self._rename,
            "retranscribe": self._retranscribe,
            "delete_session": self._delete,
        }
        for name, act in acts.items():
            table.bind(name, act)
        stack.canUndoChanged.connect(table["undo"].setEnabled)
        stack.canRedoChanged.connect(table["redo"].setEnabled)
        window.session_view.continue_requested.connect(self._continue)
        window.sidebar.opened.connect(self.open)
        document.session_changed.connect(self._show)
        document.editing.changed.connect(document.reload_title)
        live.activity_changed.connect(self._handle_activity)
        live.hearing_changed.connect(self._handle_hearing)
        actions.deleted.connect(self._deleted)
        window.speaker_key_pressed.connect(self._name_speaker)
        window.is_space_free = lambda: document.session_id in {0, live.session_id}
        window.control_bar.listening_session_requested.connect(self.show_listening_session)
        # Qt disconnects methods, unlike lambdas, when the window is deleted.
        live.started.connect(self._mark_listening)
        live.ended.connect(self._mark_listening)
        document.opened.connect(self._handle_opened)

    def open(self, session: SavedSession, searched: str = "") -> None:
        """Show a session of the list and find the searched text in it."""
        self._withdraw_notices()
        self._searched = searched.strip()
        self._document.open(session.id)

    def new(self) -> None:
        """Show the running session, else an empty view."""
        self._withdraw_notices()
        if self._live.session_id and self._live.activity is not SessionActivity.STANDBY:
            self._document.open(self._live.session_id)
        else:
            self._document.clear()
        self._window.control_bar.button.setFocus()

    def show_listening_session(self) -> None:
        """Show the running session."""
        if self._live.session_id:
            self._document.open(self._live.session_id)

    def _mark_listening(self, _session_id: int = 0) -> None:
        """Say where the running session is if another one is displayed."""
        running, shown = self._live.session_id, self._document.session_id
        is_recording = self._live.activity is SessionActivity.RUNNING
        self._window.sidebar.mark_running(running, is_recording=is_recording)
        is_elsewhere = running not in {0, shown} and not self._live.is_dictation
        self._window.control_bar.show_elsewhere(is_elsewhere)

    def _handle_opened(self, session: SavedSession) -> None:
        if session.state is not SessionState.RUNNING:
            self._window.panel.verticalScrollBar().setValue(0)

    def _name_speaker(self, key: int) -> None:
        """Name who speaks now in the running session, else who says the selected lines."""
        speakers, panel = self._document.editing.speakers, self._window.panel
        if self._document.session_id == self._live.session_id and self._live.is_active:
            speakers.name_newest(key)
        else:
            speakers.name_lines(panel.selected_rows(), speakers.key_names()[key - 1])

    def _withdraw_notices(self) -> None:
        """Remove what was said about the session shown so far."""
        bar = self._window.session_view.notices
        bar.withdraw_messages()
        if not self._live.is_active:
            bar.withdraw(notices.START, notices.SESSION)

    def _show(self, session: SavedSession | None) -> None:
        self._session = session
        self._mark_listening()
        page = self._window.session_view
        self._play_control.show(session)
        self._enable_actions(session)
        page.continue_button.setVisible(session is not None and can_continue(session))
        is_running = session is None or session.state is SessionState.RUNNING
        self._window.panel.name_end(is_running=is_running)
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
            self._show_running()
        else:
            page.welcome.show_empty(session_list.empty_reason(session), is_running=is_running)

    def _show_running(self) -> None:
        """Invite to speak only when sound arrives."""
        welcome = self._window.session_view.welcome
        if self._live.is_hearing:
            welcome.show_listening()
        else:
            welcome.show_waiting(has_heard=self._live.has_heard)

    def _handle_hearing(self, _is_hearing: bool) -> None:
        if self._document.session_id == self._live.session_id and self._live.is_active:
            self._show_running()

    def _handle_activity(self, activity: SessionActivity) -> None:
        self._name_actions(activity)
        self._mark_listening()
        if self._document.session_id or self._live.is_dictation:
            return
        if activity is SessionActivity.STARTING:
            self._show_running()
        elif activity is SessionActivity.IDLE:
            self._window.session_view.welcome.show_ready()

    # -- actions ------------------------------------------------------------------------------

    def _name_actions(self, activity: SessionActivity) -> None:
        """Name what starting and pausing do now."""
        start_stop, pause = self._table["start_stop"], self._table["pause"]
        is_idle = activity in (SessionActivity.IDLE, SessionActivity.STANDBY)
        is_paused = activity is SessionActivity.PAUSED
        start, stop = self.tr("&Start transcribing"), self.tr("&Stop transcribing")
        start_stop.setText(start if is_idle else stop)
        start_stop.setEnabled(activity is not SessionActivity.STOPPING)
        pause.setText(self.tr("&Resume") if is_paused else self.tr("&Pause"))
        pause.setEnabled(is_paused or activity is SessionActivity.RUNNING)

    def _enable_actions(self, session: SavedSession | None) -> None:
        """Enable the actions that apply to this session, with the reason if one does not."""
        table = self._table
        reason = "" if session is None else session_list.retranscribe_problem(session)
        table["rename"].setEnabled(session is not None)
        table["retranscribe"].setEnabled(session is not None and not reason)
        table["retranscribe"].setToolTip(reason)
        is_over = session is not None and session.state is not SessionState.RUNNING
        table["delete_session"].setEnabled(is_over)

    def _rename(self) -> None:
        if self._session is not None:
            self._window.sidebar.rename(self._session)

    def _retranscribe(self) -> None:
        if self._session is not None:
            self._actions.transcribe_again(self._session)

    def _continue(self) -> None:
        if self._session is not None:
            self._window.session_view.continue_button.hide()
            self._window.control_bar.button.setFocus()
            self._actions.continue_file(self._session)

    def _delete(self) -> None:
        if self._session is not None:
            self._actions.delete([self._session])

    def _export(self) -> None:
        if self._session is not None:
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
