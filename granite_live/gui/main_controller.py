"""Connect the parts of the program's windows."""

from __future__ import annotations

import time

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QApplication

from granite_live.app.engine import Engine
from granite_live.app.models import ModelChoice
from granite_live.app.sessions import SessionRequest
from granite_live.gui.background import Background, Store
from granite_live.gui.captions.controller import CaptionDesk
from granite_live.gui.dictation.controller import DictationDesk
from granite_live.gui.dictation.platform import Means, real_means
from granite_live.gui.file_queue.controller import WorkDesk
from granite_live.gui.file_queue.queue import WorkQueue
from granite_live.gui.live_session import LiveSession
from granite_live.gui.live_text import LiveTextDialog, LiveTextFile
from granite_live.gui.main_window import MainWindow
from granite_live.gui.messages import status
from granite_live.gui.models.controller import ModelDesk
from granite_live.gui.playback import Playing
from granite_live.gui.preferences import Preferences
from granite_live.gui.session_controller import PlayControl, ShownSession
from granite_live.gui.session_document import Document
from granite_live.gui.sessions import session_list
from granite_live.gui.sessions.actions import SessionActions
from granite_live.gui.settings_dialog import SettingsDialog
from granite_live.gui.theme import Theme
from granite_live.gui.tray import Presence, Tray
from granite_live.session import events
from granite_live.settings import Settings

CLOSE_S = 2.0
"""The longest time that closing may take."""


class Conductor(QObject):
    """Connects the window with the engine."""

    inputs_changed = Signal()

    def __init__(
        self,
        engine: Engine,
        window: MainWindow,
        document: Document,
        live: LiveSession,
        queue: WorkQueue,
        store: Store,
        background: Background,
        preferences: Preferences,
    ) -> None:
        super().__init__(window)
        self._engine, self._window, self._document = engine, window, document
        self._live, self._queue, self._store = live, queue, store
        self._background, self._preferences = background, preferences
        self._beginnings = session_list.Beginnings()
        self.playing = Playing(engine, self)
        play_control = PlayControl(self.playing, live, window.page, self)
        self._desk = WorkDesk(engine, window, document, live, queue, background)
        self._actions = SessionActions(
            engine, window, queue, store, background, window.places, self.playing.stop
        )
        self._shown = ShownSession(window, document, live, store, self._actions, play_control)
        self.menu = self._shown.menu
        self._live_text = LiveTextFile(engine, live, preferences, self)
        self.captions = CaptionDesk(live, preferences, window.places, self)
        self.models = ModelDesk(engine, window, live, preferences, background)
        self.models.changed.connect(self._look_for_model)
        self._connect_live()
        self._connect_page()
        self._connect_sidebar()
        self._connect_captions()
        self.inputs_changed.connect(self._show_inputs)
        engine.on_inputs_changed = self.inputs_changed.emit
        window.dock.picker.choose(preferences.settings.input_device)
        preferences.failed.connect(self._trouble)
        preferences.model_saved.connect(self._look_for_model)
        window.sidebar.settings_wanted.connect(self._settings)
        document.clear()

    def begin(self) -> None:
        """Look for inputs, the model, saved sessions and interrupted recordings."""
        picker = self._window.dock.picker
        self._background.run(self._engine.watch_inputs, self._show_inputs, picker.set_trouble)
        self._look_for_model()
        self._background.run(
            self._engine.sync_and_apply_retention, lambda _done: self._tidied(), self._not_tidied
        )
        self._window.sidebar.refresh()

    def _tidied(self) -> None:
        """Show sessions found in journals and offer to recover interrupted ones.

        Only after tidying, because tidying locks each session and locked ones are not offered.
        """
        self._window.sidebar.refresh()
        self._desk.offer_recovery()
        self.models.look()

    def _not_tidied(self, sentence: str) -> None:
        self._trouble(sentence)
        self._desk.offer_recovery()
        self.models.look()

    # -- connections ------------------------------------------------------------------------

    def _connect_live(self) -> None:
        dock, live = self._window.dock, self._live
        dock.start_wanted.connect(lambda: self.start())
        dock.stop_wanted.connect(live.stop)
        dock.pause_wanted.connect(live.pause)
        dock.resume_wanted.connect(live.resume)
        dock.model_wanted.connect(self.models.open)
        dock.picker.chosen.connect(lambda chosen: self._preferences.change(input_device=chosen))
        dock.picker.opened.connect(
            lambda: self._background.run(self._engine.refresh_inputs, None, self._trouble)
        )
        live.activity_changed.connect(dock.set_activity)
        live.began.connect(self._document.begin)
        live.began.connect(lambda _id: self._window.sidebar.refresh())
        live.told.connect(self._hear)
        live.failed.connect(self._trouble)
        live.ended.connect(self._ended)
        live.forgotten.connect(self._forgotten)
        self._engine.on_library_error = self._store.trouble.emit
        self._store.trouble.connect(self._library_trouble)
        self._queue.told.connect(self._rename_by)
        self._live_text.shown.connect(self._window.page.show_live_text)
        self._live_text.failed.connect(self._trouble)

    def _connect_page(self) -> None:
        page, document = self._window.page, self._document
        page.live_text_wanted.connect(self._choose_live_text)
        self._shown.menu.live_text_wanted.connect(self._choose_live_text)
        self._shown.menu.models_wanted.connect(self.models.open)
        self._shown.failed.connect(self._trouble)
        document.failed.connect(self._trouble)
        document.editing.changed.connect(self._window.sidebar.refresh)

    def _connect_sidebar(self) -> None:
        sidebar, actions = self._window.sidebar, self._actions
        sidebar.renamed.connect(lambda _id: self._document.reload_names())
        sidebar.delete_wanted.connect(actions.delete)
        sidebar.export_wanted.connect(actions.export)
        sidebar.again_wanted.connect(actions.transcribe_again)
        sidebar.failed.connect(self._trouble)
        actions.deleted.connect(lambda _session: sidebar.refresh())
        actions.failed.connect(self._trouble)
        actions.told.connect(self._window.page.notices.tell)

    def _connect_captions(self) -> None:
        captions, menu = self.captions, self._shown.menu
        captions.through_keys = lambda: self._window.shortcuts.keys("captions_through")
        menu.captions_wanted.connect(captions.toggle)
        menu.captions_through_wanted.connect(captions.toggle_click_through)
        captions.shown_changed.connect(menu.captions.setChecked)
        menu.captions_through.setChecked(captions.is_click_through)
        captions.through_changed.connect(menu.captions_through.setChecked)
        captions.through_changed.connect(self._tell_way_back)

    def _tell_way_back(self, is_through: bool) -> None:
        if is_through:
            keys = self._window.shortcuts.keys("captions_through")
            text = self.tr("Clicks go through the captions. The menu at the top right ends that.")
            if keys:
                text = self.tr("Clicks go through the captions. {0} or the menu ends that.")
            self._window.page.notices.tell(text.format(keys))

    # -- the running session ----------------------------------------------------------------

    def start(self, *, is_dictation: bool = False) -> None:
        """Start listening to the chosen input; for dictation only while the user dictates."""
        picker = self._window.dock.picker
        current = picker.current
        is_system = current is not None and current.is_system_sound
        wanted_id = picker.wanted_id if current is not None else ""
        if is_dictation and is_system:
            wanted_id, is_system = "", False  # dictation needs a microphone
        self._window.page.notices.clear()
        self._live.start(SessionRequest(wanted_id or None, is_system, is_dictation=is_dictation))

    def _hear(self, event: events.SessionEvent) -> None:
        self._window.dock.apply(event)
        self._document.apply(self._live.session_id, event)
        self._rename_by(self._live.session_id, event)
        sentence = status.trouble(event)
        if sentence:
            calm = isinstance(event, events.ModelReady | events.DiskChanged) and (
                not isinstance(event, events.DiskChanged) or not event.unwritten_s
            )
            self._window.page.notices.tell(sentence, is_trouble=not calm)
        elif isinstance(event, events.DeviceRecovered):
            text = self.tr("{0} is back.").format(event.device)
            self._window.page.notices.tell(text)

    def _rename_by(self, session_id: int, event: events.SessionEvent) -> None:
        """Show the first words of a session as its title as soon as they exist."""
        if self._beginnings.is_new(session_id, event):
            self._window.sidebar.refresh()
            if session_id == self._document.session_id:
                self._document.reload_names()

    def _ended(self, session_id: int) -> None:
        self._window.sidebar.refresh()
        if session_id == self._document.session_id:
            self._document.reload_names()

    def _forgotten(self, session_id: int) -> None:
        """Stop showing a session in which nothing was recorded."""
        self._window.sidebar.refresh()
        if session_id == self._document.session_id:
            self._document.clear()

    def _library_trouble(self, sentence: str) -> None:
        self._trouble(sentence)
        self._window.sidebar.refresh()

    def _choose_live_text(self) -> None:
        dialog = LiveTextDialog(self._preferences, self._window.places, self._window)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    # -- start ------------------------------------------------------------------------------

    def _show_inputs(self, _done: object = None) -> None:
        self._window.dock.picker.set_inputs(self._engine.inputs())

    def _look_for_model(self) -> None:
        self._background.run(self._engine.default_model, self._show_model, self._trouble)

    def _show_model(self, model: ModelChoice) -> None:
        if not self._live.is_active:
            text = model.tier if model.is_demo else f"{model.name}, {model.tier}"
            self._window.dock.set_model(text, is_demo=model.is_demo)

    def _settings(self) -> None:
        dialog = SettingsDialog(self._preferences, self._window, self._engine.inputs())
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    # -- shutdown ---------------------------------------------------------------------------

    def end(self) -> bool:
        """End everything within two seconds; return whether nothing is left running."""
        until_s = time.monotonic() + CLOSE_S
        self._live.stop(keep_unfinished=True)
        self.models.stop()
        self.captions.close()
        self._queue.stop()
        self._background.run(self._engine.close)

        def left_s() -> float:
            return max(0.0, until_s - time.monotonic())

        is_over = self.playing.close(left_s())
        # A session that was starting is known only after the background jobs have ended.
        is_over &= self._background.join(left_s())
        is_over &= self._live.join(left_s())
        is_over &= self._queue.join(left_s())
        return self._store.close(left_s()) and is_over

    def _trouble(self, sentence: str) -> None:
        self._window.page.notices.tell(sentence, is_trouble=True)


_END_S = 1.0


class Beside(QObject):
    """Connects the dictation window and the tray icon with the main window and its session."""

    def __init__(
        self,
        app: QApplication,
        window: MainWindow,
        live: LiveSession,
        conductor: Conductor,
        preferences: Preferences,
        background: Background,
        means: Means | None = None,
    ) -> None:
        super().__init__(window)
        self._window, self._preferences = window, preferences
        self.dictation = DictationDesk(
            live,
            lambda: conductor.start(is_dictation=True),
            preferences,
            background,
            window.places,
            means or real_means(),
            self,
        )
        self.tray = Tray(window.theme, self)
        self.presence = Presence(app, window, self.tray)
        self._connect_dictation(conductor)
        self._connect_tray(live, conductor)
        self.take_over(preferences.settings)

    def begin(self, *, in_tray: bool = False) -> None:
        """Show the main window or only the tray icon, and the dictation window if configured."""
        self.presence.begin(in_tray=in_tray)
        if self._preferences.settings.dictation_at_start:
            self.dictation.open()

    def take_over(self, settings: Settings) -> None:
        """Apply the settings."""
        self.presence.take_over(settings)

    def set_theme(self, theme: Theme) -> None:
        """Apply the theme."""
        self.dictation.set_theme(theme)
        self.tray.set_theme(theme)

    def end(self) -> bool:
        """End everything; return whether nothing is left running."""
        self.presence.end()
        return self.dictation.end(_END_S)

    def _connect_dictation(self, conductor: Conductor) -> None:
        dictation, window = self.dictation, self._window
        window.dictate_wanted.connect(dictation.speak)
        window.closing.connect(dictation.close)
        conductor.menu.dictation_wanted.connect(dictation.toggle)
        dictation.told.connect(window.page.notices.tell)
        dictation.opened.connect(self.tray.set_dictating)

    def _connect_tray(self, live: LiveSession, conductor: Conductor) -> None:
        tray, window = self.tray, self._window
        tray.captions_wanted.connect(conductor.captions.toggle)
        conductor.captions.shown_changed.connect(tray.set_captioning)
        live.activity_changed.connect(tray.set_activity)
        live.failed.connect(self._tell_without_window)
        live.told.connect(self._hear)
        tray.window_wanted.connect(window.bring_forward)
        tray.start_stop_wanted.connect(window.dock.toggle)
        tray.pause_wanted.connect(window.dock.toggle_pause)
        tray.dictation_wanted.connect(self.dictation.toggle)
        tray.settings_wanted.connect(window.bring_forward)
        tray.settings_wanted.connect(window.sidebar.settings_wanted)
        tray.quit_wanted.connect(self.presence.leave)

    def _hear(self, event: events.SessionEvent) -> None:
        # Notes on the model are not problems; the main window shows them.
        if not isinstance(event, events.ModelReady):
            self._tell_without_window(status.trouble(event))

    def _tell_without_window(self, sentence: str) -> None:
        """Show a problem in the tray if the main window is hidden."""
        if sentence and self.presence.is_in_tray and not self._window.isVisible():
            self.tray.tell(sentence)
