"""Actions on a whole session, and their dialogs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QObject, QSettings, Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QDialog,
    QPushButton,
    QRadioButton,
    QWidget,
)

from granite_live.app.engine import Engine
from granite_live.app.models import ModelChoice
from granite_live.gui.background import Background, LibraryStore
from granite_live.gui.dialogs import button_row, dialog_column, show_dialog
from granite_live.gui.file_queue.jobs import ContinuationJob, RetranscribeJob
from granite_live.gui.file_queue.queue import JobQueue
from granite_live.gui.main_window import MainWindow
from granite_live.gui.sessions import session_list
from granite_live.gui.widgets import default_button, push_button, text_label
from granite_live.gui.wrapping import fit_to_text
from granite_live.library import SavedSession, SessionPart
from granite_live.transcript.export.options import SUBTITLE_FORMATS
from granite_live.transcript.model import RecordingTranscript


class RetranscribeDialog(QDialog):
    """Emits `chosen` with the model."""

    chosen = Signal(object)

    def __init__(
        self, session: SavedSession, models: Sequence[ModelChoice], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Transcribe again"))
        self._models = tuple(models)
        question = self.tr("Transcribe “{0}” again with which model?")
        about = self.tr(
            "Creates a new session and keeps your corrections. The original stays unchanged."
        )
        self.choices = QButtonGroup(self)
        column = dialog_column(self)
        column.addWidget(text_label(self, question.format(session_list.title(session))))
        column.addWidget(text_label(self, about, role="soft"))
        for number, model in enumerate(self._models):
            text = session_list.model_name(model.name, model.tier)
            if is_model_of(session, model):
                text = self.tr("{0} (current)").format(text)
            choice = QRadioButton(text.replace("&", "&&"), self)
            choice.setToolTip(str(model.path))
            self.choices.addButton(choice, number)
            column.addWidget(choice)
        others = (n for n, model in enumerate(self._models) if not is_model_of(session, model))
        self.choices.button(next(others, 0)).setChecked(True)
        self.begin_button = default_button(self.tr("Transcribe again"), self._choose, self)
        cancel = QPushButton(self.tr("Cancel"), self)
        cancel.clicked.connect(self.reject)
        column.addLayout(button_row((), (cancel, self.begin_button)))
        fit_to_text(self, 28 * self.fontMetrics().height())

    def _choose(self) -> None:
        self.accept()
        self.chosen.emit(self._models[self.choices.checkedId()])


def is_model_of(session: SavedSession, model: ModelChoice) -> bool:
    """Return whether this model produced the session's text."""
    path = session.model.path if session.model is not None else session.model_path
    tier = session.model.tier if session.model is not None else session.tier
    return (path, tier) == (str(model.path), model.tier)


class DeleteDialog(QDialog):
    """Emits `chosen` with the part to delete. Enter alone deletes nothing."""

    chosen = Signal(object)

    def __init__(self, sessions: Sequence[SavedSession], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Delete"))
        asked = self.tr("What do you want to delete from {0} sessions?").format(len(sessions))
        if len(sessions) == 1:
            asked = self.tr("What do you want to delete from “{0}”?")
            asked = asked.format(session_list.title(sessions[0]))
        self.buttons: dict[SessionPart, QPushButton] = {}
        labels = {
            SessionPart.BOTH: self.tr("Delete all"),
            SessionPart.SOUND: self.tr("Audio only"),
            SessionPart.TEXT: self.tr("Text only"),
        }
        is_gone = {
            SessionPart.SOUND: all(one.sound_deleted for one in sessions),
            SessionPart.TEXT: all(one.text_deleted for one in sessions),
        }
        for part, label in labels.items():
            button = push_button(label, self, partial(self._choose, part))
            button.setVisible(not is_gone.get(part, False))
            self.buttons[part] = button
        cancel = QPushButton(self.tr("Cancel"), self)
        cancel.setDefault(True)
        cancel.clicked.connect(self.reject)
        column = dialog_column(self)
        column.addWidget(text_label(self, asked))
        column.addWidget(text_label(self, self.tr("This can't be undone."), role="soft"))
        column.addLayout(button_row(tuple(self.buttons.values()), (cancel,)))
        fit_to_text(self, 28 * self.fontMetrics().height())

    def _choose(self, part: SessionPart) -> None:
        self.accept()
        self.chosen.emit(part)


class SessionActions(QObject):
    """Emits `deleted` with a session that is deleted in whole or in part, `message_posted`,
    `failed`.

    `release_sound` is called before a deletion, with a callback for when the sound is not in use.
    """

    deleted = Signal(object)
    message_posted = Signal(str)
    failed = Signal(str)

    def __init__(
        self,
        engine: Engine,
        window: MainWindow,
        queue: JobQueue,
        store: LibraryStore,
        background: Background,
        ui_state: QSettings,
        release_sound: Callable[[Callable[[], None]], None],
    ) -> None:
        super().__init__(window)
        self._engine, self._window, self._queue = engine, window, queue
        self._store, self._background, self._ui_state = store, background, ui_state
        self._release_sound = release_sound

    def delete(self, sessions: Sequence[SavedSession]) -> None:
        """Ask which part of the sessions to delete, and delete that."""
        dialog = DeleteDialog(sessions, self._window)
        dialog.chosen.connect(
            lambda part: self._release_sound(lambda: self._delete(sessions, part))
        )
        show_dialog(dialog)

    def _delete(self, sessions: Sequence[SavedSession], part: SessionPart) -> None:
        """Delete one session after the other; stop at the first that cannot be deleted."""
        session, *others = sessions

        def done(_result: None) -> None:
            self.deleted.emit(session)
            if others:
                self._delete(others, part)

        self._background.run(
            lambda: self._engine.delete_session_part(session, part), done, self.failed.emit
        )

    def export(self, session: SavedSession) -> None:
        """Open the export dialog of the session."""
        self._store.run(
            lambda library: library.recording(session.id),
            lambda recording: self.export_text(recording, session_list.title(session)),
            self.failed.emit,
        )

    def export_text(
        self, recording: RecordingTranscript, name: str, *, as_subtitles: bool = False
    ) -> None:
        """Open the export dialog of a text; `as_subtitles` begins with a format of subtitles."""
        from granite_live.gui.export_dialog import ExportDialog

        window = self._window
        dialog = ExportDialog(recording, name, self._background, self._ui_state, window)
        if as_subtitles and dialog.format_name not in SUBTITLE_FORMATS:
            dialog.choose("srt")
        dialog.saved.connect(
            lambda path: self.message_posted.emit(self.tr("Saved as {0}").format(path))
        )
        show_dialog(dialog)

    def export_several(self, sessions: Sequence[SavedSession]) -> None:
        """Open the dialog that saves several sessions in one folder."""
        from granite_live.gui.sessions.batch_export import BatchExportDialog

        dialog = BatchExportDialog(sessions, self._background, self._ui_state, self._window)
        dialog.saved.connect(self.message_posted)
        show_dialog(dialog)

    def transcribe_again(self, session: SavedSession) -> None:
        """Queue the session for transcription; ask for a model if there are several."""
        if reason := session_list.retranscribe_problem(session):
            self.failed.emit(reason)
            return

        def choose(models: Sequence[ModelChoice]) -> None:
            if len(models) == 1:
                self._put(session, models[0])
                return
            dialog = RetranscribeDialog(session, models, self._window)
            dialog.chosen.connect(lambda model: self._put(session, model))
            show_dialog(dialog)

        self._background.run(self._engine.models, choose, self.failed.emit)

    def continue_file(self, session: SavedSession) -> None:
        """Queue the rest of a canceled file."""
        jobs = (one for one in self._queue.jobs if isinstance(one, ContinuationJob))
        if any(one.session_id == session.id and not one.is_over for one in jobs):
            return
        job = ContinuationJob(
            session_list.title(session),
            session_id=session.id,
            make=lambda: self._engine.continuation_task(session),
        )
        self._queue.add_jobs([job])

    def _put(self, session: SavedSession, model: ModelChoice) -> None:
        title = session_list.title(session)
        job = RetranscribeJob(
            self.tr("“{0}” with {1}").format(
                title, session_list.model_name(model.name, model.tier)
            ),
            duration_s=session.duration_s,
            make=lambda: self._engine.retranscription_task(session, model),
            session=session,
            model=model,
        )
        self._queue.add_jobs([job])
