"""Connect the parts of the program's windows."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from granite_live.app.engine import Engine
from granite_live.app.models import ModelChoice
from granite_live.app.sessions import SessionRequest
from granite_live.gui import notices
from granite_live.gui.alignment.controller import AlignmentController
from granite_live.gui.background import Background, LibraryStore
from granite_live.gui.captions.controller import CaptionController
from granite_live.gui.dialogs import show_dialog
from granite_live.gui.early_opening import EarlyOpening
from granite_live.gui.file_queue.controller import QueueController
from granite_live.gui.file_queue.queue import JobQueue
from granite_live.gui.first_start_controller import FirstStartController
from granite_live.gui.help_controller import HelpController
from granite_live.gui.hooks import HookController
from granite_live.gui.live_session import LiveSession
from granite_live.gui.live_text import LiveTextFile
from granite_live.gui.main_window import MainWindow
from granite_live.gui.messages import translate_message
from granite_live.gui.models.controller import ModelController
from granite_live.gui.notices import SessionNotices
from granite_live.gui.playback import PlaybackController, RecordingPlayer
from granite_live.gui.preferences import Preferences
from granite_live.gui.service.controller import ServiceController
from granite_live.gui.session_controller import SessionController
from granite_live.gui.session_document import TranscriptDocument
from granite_live.gui.sessions import session_list
from granite_live.gui.sessions.actions import SessionActions
from granite_live.gui.vocabulary_controller import VocabularyController
from granite_live.gui.watch.controller import WatchController
from granite_live.session import events

if TYPE_CHECKING:
    from granite_live.gui.settings_dialog import SettingsDialog

CLOSE_S = 2.0
"""The longest time that closing may take."""


class MainController(QObject):
    """Connects the window with the engine."""

    inputs_changed = Signal()

    def __init__(
        self,
        engine: Engine,
        window: MainWindow,
        document: TranscriptDocument,
        live: LiveSession,
        queue: JobQueue,
        store: LibraryStore,
        background: Background,
        preferences: Preferences,
    ) -> None:
        super().__init__(window)
        self._engine, self._window, self._document = engine, window, document
        self._live, self._queue, self._store = live, queue, store
        self._background, self._preferences = background, preferences
        self._titles = session_list.TitleTracker()
        self.playing = RecordingPlayer(engine, self)
        self._play_control = PlaybackController(
            engine, self.playing, live, window.session_view, background, self
        )
        self._queue_controller = QueueController(engine, window, document, live, queue, background)
        self._actions = SessionActions(
            engine, window, queue, store, background, window.ui_state, self.playing.stop
        )
        self._shown_session = SessionController(
            window, document, live, store, self._actions, self._play_control
        )
        self.vocabulary = VocabularyController(
            engine, window, document, preferences, background, self._play_control
        )
        self.alignment = AlignmentController(
            engine, window, document, live, background, self._actions
        )
        self.watch = WatchController(window, queue, store, background)
        self.help = HelpController(window, background)
        self._session_notices = SessionNotices(live, window.session_view.notices, self)
        self._live_text = LiveTextFile(engine, live, preferences, self)
        self.hooks = HookController(live, queue, preferences, background, self)
        self.service = ServiceController(engine, live, preferences, background, self)
        self.captions = CaptionController(live, preferences, window.ui_state, self)
        self.models = ModelController(engine, window, live, preferences, background)
        self.models.changed.connect(self._find_model)
        self.first_start = FirstStartController(
            engine,
            window,
            document,
            live,
            store,
            background,
            preferences,
            self.captions,
            self.models,
        )
        self._early = EarlyOpening(engine, live, preferences, background, self)
        self._connect_live()
        self._connect_page()
        self._connect_sidebar()
        self._connect_captions()
        self.inputs_changed.connect(self._show_inputs)
        engine.on_inputs_changed = self.inputs_changed.emit
        window.control_bar.picker.choose(preferences.settings.input_device)
        window.control_bar.picker.add_system_sound(adds=preferences.settings.with_system_sound)
        window.control_bar.picker.remove_echo(removes=not preferences.settings.keep_echo)
        preferences.failed.connect(self._show_problem)
        preferences.model_saved.connect(self._find_model)
        document.clear()

    def begin(self) -> None:
        """Look for inputs, the model, saved sessions and interrupted recordings."""
        picker = self._window.control_bar.picker
        self._background.run(self._engine.watch_inputs, self._show_inputs, picker.set_problem)
        self._find_model()
        self._background.run(
            self._engine.sync_and_apply_retention,
            lambda _done: self._tidy_done(),
            self._tidy_failed,
        )
        self._window.sidebar.refresh()
        self.first_start.begin()
        self.captions.begin()
        self.service.begin()

    def _tidy_done(self) -> None:
        """Show sessions found in journals and offer to recover interrupted ones.

        Only after tidying, because tidying locks each session and locked ones are not offered.
        """
        self._window.sidebar.refresh()
        self._queue_controller.offer_recovery()
        self.models.refresh()
        self.watch.begin()

    def _tidy_failed(self, sentence: str) -> None:
        self._show_problem(sentence)
        self._tidy_done()

    # -- connections ------------------------------------------------------------------------

    def _connect_live(self) -> None:
        dock, live = self._window.control_bar, self._live
        dock.start_requested.connect(lambda: self.start())
        dock.stop_requested.connect(live.stop)
        dock.pause_requested.connect(live.pause)
        dock.resume_requested.connect(live.resume)
        dock.picker.chosen.connect(lambda chosen: self._preferences.change(input_device=chosen))
        dock.picker.system_sound_added.connect(
            lambda adds: self._preferences.change(with_system_sound=adds)
        )
        dock.picker.echo_removal_chosen.connect(
            lambda removes: self._preferences.change(keep_echo=not removes)
        )
        dock.picker.opened.connect(
            lambda: self._background.run(self._engine.refresh_inputs, None, self._show_problem)
        )
        live.activity_changed.connect(dock.set_activity)
        live.hearing_changed.connect(dock.set_hearing)
        live.started.connect(self._show_started)
        live.started.connect(lambda _id: self._window.sidebar.refresh())
        live.event_received.connect(self._handle_event)
        live.ended.connect(self._ended)
        live.discarded.connect(self._discarded)
        for sessions in (live, self._queue):
            sessions.unpacked.connect(self._show_problem)
        self._engine.on_library_error = self._store.problem_reported.emit
        self._store.problem_reported.connect(self._library_problem)
        self._queue.event_received.connect(self._update_title)
        self._live_text.path_changed.connect(self._window.session_view.show_live_text)
        self._live_text.failed.connect(self._show_problem)
        self.service.failed.connect(self._show_problem)
        self.hooks.failed.connect(self._show_problem)

    def _connect_page(self) -> None:
        document, table = self._document, self._window.actions_by_id
        table.bind("live_text", self._choose_live_text)
        table.bind("service", self._open_service)
        table.bind("models", self.models.open)
        table.bind("settings", self._open_settings)
        self._shown_session.failed.connect(self._show_problem)
        document.failed.connect(self._show_problem)
        document.editing.changed.connect(self._window.sidebar.refresh)

    def _connect_sidebar(self) -> None:
        sidebar, actions = self._window.sidebar, self._actions
        sidebar.renamed.connect(lambda _id: self._document.reload_title())
        sidebar.delete_requested.connect(actions.delete)
        sidebar.export_requested.connect(actions.export)
        sidebar.batch_export_requested.connect(actions.export_several)
        sidebar.retranscribe_requested.connect(actions.transcribe_again)
        sidebar.failed.connect(self._show_problem)
        actions.deleted.connect(lambda _session: sidebar.refresh())
        actions.failed.connect(self._show_problem)
        actions.message_posted.connect(self._window.session_view.notices.show_message)

    def _connect_captions(self) -> None:
        captions, table = self.captions, self._window.actions_by_id
        captions.click_through_keys = lambda: self._window.actions_by_id.keys("captions_through")
        captions.keep_free = self._window.control_bar_on_screen
        table.bind("captions", captions.toggle)
        table.bind("captions_through", captions.toggle_click_through)
        captions.visibility_changed.connect(table["captions"].setChecked)
        table["captions_through"].setChecked(captions.is_click_through)
        captions.click_through_changed.connect(table["captions_through"].setChecked)
        captions.click_through_changed.connect(self._explain_click_through)
        captions.start_stop_requested.connect(self._window.control_bar.toggle)
        captions.settings_requested.connect(self._open_caption_settings)

    def _explain_click_through(self, is_through: bool) -> None:
        bar = self._window.session_view.notices
        bar.withdraw(notices.CLICK_THROUGH)
        if is_through:
            keys = self._window.actions_by_id.keys("captions_through")
            text = self.tr("Captions are click-through. Turn this off in the ⋯ menu.")
            if keys:
                text = self.tr("Captions are click-through. Press {0} to turn this off.")
            bar.show_message(text.format(keys), subject=notices.CLICK_THROUGH)

    # -- the running session ----------------------------------------------------------------

    def start(self, *, is_dictation: bool = False) -> None:
        """Start listening to the chosen input; for dictation only while the user dictates."""
        picker = self._window.control_bar.picker
        if picker.missing_reason:
            self._live.refuse(picker.missing_reason)
            return
        current = picker.current
        is_system = current is not None and current.is_system_sound
        wanted_id = picker.wanted_id if current is not None else ""
        if is_dictation and is_system:
            wanted_id, is_system = "", False  # dictation needs a microphone
        is_meeting = picker.records_both and not is_dictation
        self._live.start(
            SessionRequest(wanted_id or None, is_system, is_meeting, is_dictation=is_dictation)
        )

    def _show_started(self, session_id: int) -> None:
        # Dictation goes on beside what the user reads here.
        if not self._live.is_dictation:
            self._document.begin(session_id)

    def _handle_event(self, event: events.SessionEvent) -> None:
        self._window.control_bar.apply(event)
        self._document.apply(self._live.session_id, event)
        self._update_title(self._live.session_id, event)

    def _update_title(self, session_id: int, event: events.SessionEvent) -> None:
        """Show the first words of a session as its title as soon as they exist."""
        if self._titles.is_new(session_id, event):
            self._window.sidebar.refresh()
            if session_id == self._document.session_id:
                self._document.reload_title()

    def _ended(self, session_id: int) -> None:
        self._window.sidebar.refresh()
        if session_id == self._document.session_id:
            self._document.reload_title()

    def _discarded(self, session_id: int) -> None:
        """Stop showing a session in which nothing was said."""
        self._window.sidebar.refresh()
        if not self._live.is_dictation:
            text = self.tr("No speech was recorded, so the session was not kept.")
            self._window.session_view.notices.show_message(text)
        if session_id == self._document.session_id:
            self._document.clear()

    def _library_problem(self, sentence: str) -> None:
        self._show_problem(sentence)
        self._window.sidebar.refresh()

    def _choose_live_text(self) -> None:
        from granite_live.gui.live_text import LiveTextDialog

        dialog = LiveTextDialog(self._preferences, self._window.ui_state, self._window)
        show_dialog(dialog)

    def _open_service(self) -> None:
        from granite_live.gui.service.dialog import ServiceDialog
        from granite_live.server.network import first_local_address

        dialog = ServiceDialog(self.service, self._preferences, first_local_address, self._window)
        show_dialog(dialog)

    # -- start ------------------------------------------------------------------------------

    def _show_inputs(self, _done: object = None) -> None:
        self._window.control_bar.picker.set_inputs(self._engine.inputs())
        self.first_start.show_inputs()
        self._early.update()
        if not self._window.control_bar.picker.missing_reason:
            self._window.session_view.notices.withdraw(notices.START)

    def _find_model(self) -> None:
        self._background.run(self._engine.default_model, self._show_model, self._show_problem)

    def _show_model(self, model: ModelChoice) -> None:
        if not self._live.is_active:
            text = model.tier if model.is_demo else f"{model.name}, {model.tier}"
            details = translate_message(model.speed)
            self._window.control_bar.set_model(text, is_demo=model.is_demo, details=details)

    def _open_settings(self) -> SettingsDialog:
        from granite_live.gui.settings_dialog import SettingsDialog

        dialog = SettingsDialog(self._preferences, self._window, self._engine.inputs())
        show_dialog(dialog)
        return dialog

    def _open_caption_settings(self) -> None:
        self._window.bring_forward()
        dialog = self._open_settings()
        dialog.show_page(dialog.captions)

    # -- shutdown ---------------------------------------------------------------------------

    def end(self) -> bool:
        """End everything within two seconds; return whether nothing is left running."""
        until_s = time.monotonic() + CLOSE_S
        self._live.stop(keep_unfinished=True)
        self.models.stop()
        self.first_start.end()
        self._early.end()
        self.captions.end()
        self.service.end()
        self.watch.end()
        self.hooks.end()
        self._play_control.end()
        self._queue.stop()
        self._background.run(self._engine.close)

        def left_s() -> float:
            return max(0.0, until_s - time.monotonic())

        is_over = self.playing.close(left_s())
        # A session that was starting is known only after the background jobs have ended.
        is_over &= self._background.join(left_s())
        is_over &= self._live.join(left_s())
        is_over &= self._queue.join(left_s())
        is_over &= self._store.close(left_s())
        for one in (self._background, self._store):
            one.end_answers()
        return is_over

    def _show_problem(self, sentence: str) -> None:
        self._window.session_view.notices.show_message(sentence, is_problem=True)
