"""Actions on a whole session: delete, export, transcribe again."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, QSettings, Signal

from granite_live.app.engine import Engine
from granite_live.app.models import ModelChoice
from granite_live.gui.background import Background
from granite_live.gui.deleting import DeleteDialog
from granite_live.gui.export_dialog import ExportDialog
from granite_live.gui.main_window import MainWindow
from granite_live.gui.sessions import titles
from granite_live.gui.sessions.again_dialog import AgainDialog
from granite_live.gui.store import Store
from granite_live.gui.work.jobs import AgainJob
from granite_live.gui.work.queue import WorkQueue
from granite_live.library import Part, Session
from granite_live.transcript.model import RecordingTranscript


class SessionActions(QObject):
    """Emits `deleted` with a session that is deleted in whole or in part, `told`, `failed`.

    `let_go` is called before a deletion, with a callback for when the sound is not in use.
    """

    deleted = Signal(object)
    told = Signal(str)
    failed = Signal(str)

    def __init__(
        self,
        engine: Engine,
        window: MainWindow,
        queue: WorkQueue,
        store: Store,
        background: Background,
        places: QSettings,
        let_go: Callable[[Callable[[], None]], None],
    ) -> None:
        super().__init__(window)
        self._engine, self._window, self._queue = engine, window, queue
        self._store, self._background, self._places = store, background, places
        self._let_go = let_go

    def delete(self, session: Session) -> None:
        """Ask which part to delete, and delete that."""
        dialog = DeleteDialog(session, self._window)
        dialog.chosen.connect(lambda part: self._let_go(lambda: self._delete(session, part)))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _delete(self, session: Session, part: Part) -> None:
        self._background.run(
            lambda: self._engine.delete(session, part),
            lambda _done: self.deleted.emit(session),
            self.failed.emit,
        )

    def export(self, session: Session) -> None:
        """Open the export dialog of the session."""

        def show(recording: RecordingTranscript) -> None:
            dialog = ExportDialog(
                recording,
                titles.title(session),
                self._window.theme,
                self._background,
                self._places,
                self._window,
            )
            dialog.saved.connect(lambda path: self.told.emit(self.tr("Saved as {0}").format(path)))
            dialog.finished.connect(dialog.deleteLater)
            dialog.open()

        self._store.run(lambda library: library.recording(session.id), show, self.failed.emit)

    def transcribe_again(self, session: Session) -> None:
        """Queue the session for transcription; ask for a model if there are several."""
        if reason := titles.reason_against_again(session):
            self.failed.emit(reason)
            return

        def choose(models: Sequence[ModelChoice]) -> None:
            if len(models) == 1:
                self._put(session, models[0])
                return
            dialog = AgainDialog(session, models, self._window)
            dialog.chosen.connect(lambda model: self._put(session, model))
            dialog.finished.connect(dialog.deleteLater)
            dialog.open()

        self._background.run(self._engine.models, choose, self.failed.emit)

    def _put(self, session: Session, model: ModelChoice) -> None:
        title = titles.title(session)
        job = AgainJob(
            self.tr("“{0}” with {1}").format(title, titles.model_name(model.name, model.tier)),
            duration_s=session.duration_s,
            make=lambda: self._engine.transcribing_again(session, model),
            session=session,
            model=model,
        )
        self._queue.put([job])
