"""What the parts of the window do together: who is told when something happens."""

from __future__ import annotations

import time
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog

from granite_live.engine import Engine, Interrupted, ModelChoice, Wanted
from granite_live.gui import words
from granite_live.gui.background import Background
from granite_live.gui.bridge import Bridge
from granite_live.gui.deleting import DeleteDialog
from granite_live.gui.document import Document
from granite_live.gui.export_dialog import ExportDialog
from granite_live.gui.files import FileQueue
from granite_live.gui.live import Activity, LiveSession
from granite_live.gui.main_window import MainWindow
from granite_live.gui.model_dialog import ModelDialog
from granite_live.gui.preferences import Preferences
from granite_live.gui.sessions import titles
from granite_live.gui.settings_dialog import SettingsDialog
from granite_live.gui.store import Store
from granite_live.live import events
from granite_live.transcript.history import Library, Session
from granite_live.transcript.model import RecordingTranscript

CLOSE_S = 2.0
"""How long closing may take, whatever goes on."""


class Conductor(QObject):
    """Connects the window with the engine behind it."""

    inputs_changed = Signal()

    def __init__(
        self,
        engine: Engine,
        window: MainWindow,
        document: Document,
        live: LiveSession,
        queue: FileQueue,
        store: Store,
        background: Background,
        preferences: Preferences,
    ) -> None:
        super().__init__(window)
        self._engine, self._window, self._document = engine, window, document
        self._live, self._queue, self._store = live, queue, store
        self._background, self._preferences = background, preferences
        self._session: Session | None = None
        self._connect_live()
        self._connect_page()
        self._connect_sidebar()
        self.inputs_changed.connect(self._show_inputs)
        engine.inputs_changed = self.inputs_changed.emit
        window.dock.picker.choose(preferences.settings.input_device)
        preferences.failed.connect(self._trouble)
        window.sidebar.settings_wanted.connect(self._settings)
        document.clear()

    def begin(self) -> None:
        """Look for inputs, the model, the sessions, and what a crash left."""
        picker = self._window.dock.picker
        self._background.run(self._engine.watch_inputs, self._show_inputs, picker.set_trouble)
        self._background.run(self._engine.model, self._show_model, self._trouble)
        self._background.run(self._engine.interrupted, self._offer_recovery, self._trouble)
        self._background.run(self._engine.tidy, None, self._trouble)
        self._window.sidebar.refresh()

    # -- who is told of what ----------------------------------------------------------------

    def _connect_live(self) -> None:
        dock, live, queue = self._window.dock, self._live, self._queue
        dock.start_wanted.connect(self.start)
        dock.stop_wanted.connect(live.stop)
        dock.pause_wanted.connect(live.pause)
        dock.resume_wanted.connect(live.resume)
        dock.model_wanted.connect(self._tell_of_models)
        dock.picker.chosen.connect(lambda chosen: self._preferences.change(input_device=chosen))
        dock.picker.opened.connect(
            lambda: self._background.run(self._engine.refresh_inputs, None, self._trouble)
        )
        live.activity_changed.connect(self._show_activity)
        live.began.connect(self._document.begin)
        live.began.connect(lambda _id: self._window.sidebar.refresh())
        live.told.connect(self._hear)
        live.failed.connect(self._trouble)
        live.ended.connect(self._ended)
        queue.told.connect(self._document.apply)
        queue.began.connect(self._file_begun)
        queue.finished.connect(self._ended)

    def _connect_page(self) -> None:
        page, document = self._window.page, self._document
        page.new_wanted.connect(self.new)
        page.export_wanted.connect(self.export)
        document.shown.connect(self._show_session)
        document.failed.connect(self._trouble)
        document.editing.changed.connect(self._window.sidebar.refresh)
        stack = document.editing.stack
        undo = page.add_more(self.tr("Undo"), "Ctrl+Z")
        redo = page.add_more(self.tr("Redo"), "Ctrl+Shift+Z")
        undo.triggered.connect(stack.undo)
        redo.triggered.connect(stack.redo)
        stack.canUndoChanged.connect(undo.setEnabled)
        stack.canRedoChanged.connect(redo.setEnabled)
        undo.setEnabled(False)
        redo.setEnabled(False)
        self._rename_action = page.add_more(self.tr("Rename…"), "Shift+F2")
        self._rename_action.triggered.connect(self._rename)
        self._window.addActions([undo, redo, self._rename_action])

    def _connect_sidebar(self) -> None:
        sidebar = self._window.sidebar
        sidebar.opened.connect(self.open)
        sidebar.renamed.connect(lambda _id: self._document.reload_names())
        sidebar.delete_wanted.connect(self._delete)
        sidebar.export_wanted.connect(lambda session: self._export(session))
        sidebar.files_wanted.connect(self._choose_files)
        sidebar.failed.connect(self._trouble)
        self._window.files_dropped.connect(self._queue.add)

    # -- sessions ---------------------------------------------------------------------------

    def start(self) -> None:
        """Listen to the chosen input."""
        picker = self._window.dock.picker
        current = picker.current
        is_system = current is not None and current.is_system_sound
        wanted_id = picker.wanted_id if current is not None else ""
        self._window.page.notices.clear()
        self._live.start(Wanted(wanted_id or None, is_system))

    def new(self) -> None:
        """Show an empty page, or the session that runs."""
        if self._live.session_id:
            self._document.open(self._live.session_id)
        else:
            self._document.clear()
        self._window.dock.button.setFocus()

    def open(self, session: Session, searched: str = "") -> None:
        """Show a session of the list, and in it what was searched for."""
        self._document.open(session.id)
        if searched.strip():
            self._window.panel.find_bar.enter(searched.strip())

    def _hear(self, event: events.Event) -> None:
        self._window.dock.apply(event)
        self._document.apply(self._live.session_id, event)
        sentence = words.trouble(event)
        if sentence:
            calm = isinstance(event, events.ModelReady | events.Disk) and (
                not isinstance(event, events.Disk) or not event.unwritten_s
            )
            self._window.page.notices.tell(sentence, is_trouble=not calm)
        elif isinstance(event, events.DeviceBack):
            text = self.tr("{0} is back.").format(event.device)
            self._window.page.notices.tell(text)

    def _show_activity(self, activity: Activity) -> None:
        self._window.dock.set_activity(activity)
        welcome = self._window.page.welcome
        if activity is Activity.RUNNING:
            welcome.say_listening()
        elif activity is Activity.IDLE and not self._document.session_id:
            welcome.say_ready()

    def _ended(self, session_id: int) -> None:
        self._window.sidebar.refresh()
        if session_id == self._document.session_id:
            self._document.reload_names()

    def _file_begun(self, session_id: int) -> None:
        self._window.sidebar.refresh()
        if not self._live.is_active:
            self._document.begin(session_id)

    def _show_session(self, session: Session | None) -> None:
        self._session = session
        page = self._window.page
        self._rename_action.setEnabled(session is not None)
        if session is None:
            page.set_names(self.tr("New session"), "")
            page.welcome.say_ready()
            self._window.sidebar.show_as_open(0)
            return
        page.set_names(titles.title(session), titles.about(session))
        self._window.sidebar.show_as_open(session.id)
        if session.id == self._live.session_id:
            page.welcome.say_listening()
        else:
            page.welcome.say_empty(self.tr("In this session nothing was said."))

    def _rename(self) -> None:
        if self._session is not None:
            self._window.sidebar.rename(self._session)

    def _delete(self, session: Session) -> None:
        dialog = DeleteDialog(session, self._window)
        dialog.chosen.connect(
            lambda part: self._background.run(
                lambda: self._engine.delete(session, part),
                lambda _done: self._deleted(session),
                self._trouble,
            )
        )
        dialog.open()

    def _deleted(self, session: Session) -> None:
        self._window.sidebar.refresh()
        if session.id == self._document.session_id:
            self._document.clear()

    # -- files and export -------------------------------------------------------------------

    def _choose_files(self) -> None:
        title = self.tr("Open recordings and videos")
        paths, _ = QFileDialog.getOpenFileNames(self._window, title, str(Path.home()))
        self._queue.add([Path(path) for path in paths])

    def export(self) -> None:
        """Export the session on show."""
        if self._session is not None and self._window.page.export_button.isEnabled():
            self._export(self._session)

    def _export(self, session: Session) -> None:
        def show(recording: RecordingTranscript) -> None:
            dialog = ExportDialog(
                recording, titles.title(session), self._window.theme, self._window
            )
            dialog.saved.connect(
                lambda path: self._window.page.notices.tell(self.tr("Saved as {0}").format(path))
            )
            dialog.finished.connect(dialog.deleteLater)
            dialog.open()

        def read(library: Library) -> RecordingTranscript:
            return library.recording(session.id)

        self._store.run(read, show, self._trouble)

    # -- at the start -----------------------------------------------------------------------

    def _show_inputs(self, _done: object = None) -> None:
        self._window.dock.picker.set_inputs(self._engine.inputs())

    def _show_model(self, model: ModelChoice) -> None:
        if not self._live.is_active:
            text = model.tier if model.is_demo else f"{model.name}, {model.tier}"
            self._window.dock.set_model(text, is_demo=model.is_demo)

    def _settings(self) -> None:
        dialog = SettingsDialog(self._preferences, self._window)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _tell_of_models(self) -> None:
        ModelDialog(self._window).open()

    def _offer_recovery(self, found: Sequence[Interrupted]) -> None:
        if not found:
            return
        text = self.tr(
            "%n session(s) ended without the last text. The sound is safe.", "", len(found)
        )
        act = partial(self._recover, list(found))
        self._window.page.notices.offer(text, self.tr("Recover"), act)

    def _recover(self, left: list[Interrupted]) -> None:
        if not left:
            self._window.page.notices.tell(self.tr("Everything is recovered."))
            return
        one = left.pop(0)
        bridge = Bridge(self)
        self._window.page.notices.tell(self.tr("Recovering…"))

        def done(session_id: int) -> None:
            bridge.deleteLater()
            self._window.sidebar.refresh()
            self._document.open(session_id)
            self._recover(left)

        self._background.run(lambda: self._engine.recover(one, bridge.tell), done, self._trouble)

    # -- at the end -------------------------------------------------------------------------

    def end(self) -> bool:
        """End all that goes on within two seconds; return whether nothing is left running."""
        until_s = time.monotonic() + CLOSE_S
        self._live.stop(keep_unfinished=True)
        self._queue.stop()
        self._background.run(self._engine.close)

        def left_s() -> float:
            return max(0.0, until_s - time.monotonic())

        is_over = self._live.join(left_s())
        is_over &= self._queue.join(left_s())
        is_over &= self._background.join(left_s())
        return self._store.close(left_s()) and is_over

    def _trouble(self, sentence: str) -> None:
        self._window.page.notices.tell(sentence, is_trouble=True)
