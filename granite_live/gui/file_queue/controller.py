"""Add jobs to the queue and show their results."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QFileDialog, QMenu

from granite_live.app.engine import Engine
from granite_live.app.file_transcription import FileTracks
from granite_live.app.session_tasks import InterruptedSession, TaskResult
from granite_live.app.sessions import SessionRequest
from granite_live.gui import notices
from granite_live.gui.background import Background
from granite_live.gui.dialogs import show_dialog, stored_folder
from granite_live.gui.file_queue.jobs import (
    ContinuationJob,
    FileJob,
    JobState,
    QueueJob,
    RecoveryJob,
    RetranscribeJob,
    WatchedFileJob,
    failed_sentence,
    interrupted_sentence,
    taken_over_sentence,
    without_text_sentence,
)
from granite_live.gui.file_queue.queue import JobQueue
from granite_live.gui.live_session import LiveSession
from granite_live.gui.main_window import MainWindow
from granite_live.gui.messages import translate_message
from granite_live.gui.session_document import TranscriptDocument
from granite_live.gui.sessions import session_list
from granite_live.library import SavedSession
from granite_live.transcript.export.text_formats import format_clock

_FOLDER = "open/folder"
_MEDIA = (
    "*.aac *.aif *.aiff *.amr *.caf *.flac *.m4a *.mka *.mp2 *.mp3 *.oga *.ogg *.opus *.wav *.wma "
    "*.avi *.m4v *.mkv *.mov *.mp4 *.mpeg *.mpg *.ts *.webm *.wmv"
)
"""The usual names of recordings and videos; other files are tried, too."""
_MAX_STARTS = 2
"""So often an interrupted file goes on by itself without getting another text."""


class QueueController(QObject):
    """Adds files and interrupted sessions to the queue and shows the results."""

    def __init__(
        self,
        engine: Engine,
        window: MainWindow,
        document: TranscriptDocument,
        live: LiveSession,
        queue: JobQueue,
        background: Background,
    ) -> None:
        super().__init__(window)
        self._engine, self._window, self._document = engine, window, document
        self._live, self._queue, self._background = live, queue, background
        queue.event_received.connect(document.apply)
        queue.started.connect(self._file_started)
        queue.continued.connect(self._file_continued)
        queue.finished.connect(self._finished)
        window.files_dropped.connect(queue.add_files)
        window.queue_panel.session_opened.connect(lambda session_id: document.open(session_id))
        window.actions_by_id.bind("open_files", self.choose_files)
        window.sidebar.recover_requested.connect(self.recover)

    def choose_files(self) -> None:
        """Ask for recordings and add them to the queue."""
        window = self._window
        folder = stored_folder(window.ui_state, _FOLDER)
        dialog = QFileDialog(window, self.tr("Open recordings and videos"), str(folder))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
        filters = [self.tr("Audio and video ({0})").format(_MEDIA), self.tr("All files (*)")]
        dialog.setNameFilters(filters)
        dialog.filesSelected.connect(self._chosen)
        show_dialog(dialog)

    def _chosen(self, files: Sequence[str]) -> None:
        paths = [Path(file) for file in files]
        if paths:
            self._window.ui_state.setValue(_FOLDER, str(paths[0].parent))
        self._queue.add_files(paths)

    def offer_recovery(self) -> None:
        """Resume interrupted files; offer to recover other sessions. Called at startup."""
        self._background.run(self._find_interrupted, self._offer, self._show_problem)

    def _find_interrupted(self) -> tuple[list[InterruptedSession], list[InterruptedSession]]:
        """Return the sessions that go on with their file by themselves, and the others."""
        found = self._engine.interrupted_sessions()
        files = [one for one in found if self._goes_on(one)]
        return files, [one for one in found if one not in files]

    def _goes_on(self, one: InterruptedSession) -> bool:
        # What ends the program again and again shall not do so at every start.
        if one.file is None or one.idle_starts >= _MAX_STARTS:
            return False
        same = self._engine.interrupted_file(
            SessionRequest(file=one.file, audio_track=one.audio_track)
        )
        return same is not None and same.journal == one.journal

    def _offer(self, found: tuple[list[InterruptedSession], list[InterruptedSession]]) -> None:
        files, others = found
        if others:
            act = partial(self._recover, others)
            text = interrupted_sentence(len(others))
            self._window.session_view.notices.offer(
                text, self.tr("Recover"), act, subject=notices.RECOVERY
            )
        self._continue(files)

    def _continue(self, found: Sequence[InterruptedSession]) -> None:
        """Put the files of interrupted sessions into the queue, where they go on."""
        queued = {job.path.absolute() for job in self._queue.jobs if isinstance(job, FileJob)}
        jobs = [
            FileJob(one.file.name, path=one.file, audio_track=one.audio_track)
            for one in found
            if one.file is not None and one.file not in queued
        ]
        self._queue.add_jobs(jobs)

    def recover(self, session: SavedSession) -> None:
        """Add an interrupted session to the queue."""
        jobs = (one for one in self._queue.jobs if isinstance(one, RecoveryJob))
        busy = {job.interrupted for job in jobs if not job.is_over}

        def begin(found: Sequence[InterruptedSession]) -> None:
            left = [one for one in found if one.journal.name == session.journal]
            if not left:
                self._show_problem(self.tr("Nothing to recover."))
            self._recover([one for one in left if one not in busy])

        self._background.run(self._engine.interrupted_sessions, begin, self._show_problem)

    def _recover(self, found: Sequence[InterruptedSession]) -> None:
        jobs = []
        for one in found:
            when = session_list.relative_time(one.started or datetime.now(UTC))
            name = self.tr("Session of {0}").format(when)
            make = partial(self._engine.recovery_task, one)
            jobs.append(RecoveryJob(name, duration_s=one.duration_s, make=make, interrupted=one))
        self._queue.add_jobs(jobs)

    def _file_started(self, session_id: int) -> None:
        self._window.sidebar.refresh()
        job = self._queue.running_job
        if isinstance(job, WatchedFileJob):
            return
        if not self._live.is_active:
            self._document.begin(session_id)
        if isinstance(job, FileJob) and job.tracks is not None:
            self._offer_tracks(job, job.tracks)

    def _offer_tracks(self, job: FileJob, tracks: FileTracks) -> None:
        """Say which audio track is taken, and offer the others that have sound."""
        text = self.tr("{0}: audio track {1} is transcribed; other tracks also have sound.")
        text = text.format(job.name, translate_message(tracks.taken))
        bar = self._window.session_view.notices
        if len(tracks.others) == 1:
            ((number, name),) = tracks.others.items()
            act = partial(self._queue.begin_anew, job, number)
            bar.offer(text, self.tr("Take track {0}").format(translate_message(name)), act)
            return
        menu = QMenu(self._window)
        menu.aboutToHide.connect(menu.deleteLater)
        for number, name in tracks.others.items():
            act = partial(self._queue.begin_anew, job, number)
            menu.addAction(
                self.tr("Take track {0}").format(translate_message(name))
            ).triggered.connect(lambda _checked, act=act: act())
        where = bar.action
        bar.offer(
            text,
            self.tr("Other tracks…"),
            lambda: menu.popup(where.mapToGlobal(where.rect().bottomLeft())),
        )

    def _file_continued(self, job: FileJob) -> None:
        self._window.sidebar.refresh()
        if not self._live.is_active:
            self._document.open(job.session_id)
        text = self.tr("{0} continues at {1}, where it was interrupted.")
        text = text.format(job.name, format_clock(job.kept_s))
        act = partial(self._queue.begin_anew, job)
        self._window.session_view.notices.offer(text, self.tr("Start over"), act)

    def _finished(self, job: QueueJob) -> None:
        self._window.sidebar.refresh()
        if job.state is JobState.FAILED:
            self._show_failure(job)
            if isinstance(job, ContinuationJob) and job.session_id == self._document.session_id:
                self._document.reload_title()
        elif job.state is JobState.DONE and isinstance(job, RetranscribeJob) and job.outcome:
            self._show_retranscribed(job, job.outcome)
        elif job.state is JobState.DONE and isinstance(job, RecoveryJob | ContinuationJob):
            self._show_recovered(job)
        elif job.session_id and job.session_id == self._document.session_id:
            self._document.reload_title()

    def _show_failure(self, job: QueueJob) -> None:
        """Report why a job failed, or how many failed: the list has the reason of each."""
        if isinstance(job, FileJob):
            # The name stands before the sentence, which repeats the whole path.
            told = translate_message(job.problem)
            job.problem = told.replace(str(job.path), job.path.name)
        failed = sum(one.state is JobState.FAILED for one in self._queue.jobs)
        if failed > 1:
            self._show_problem(failed_sentence(failed))
        else:
            self._show_problem(f"{job.name}: {translate_message(job.problem)}")

    def _show_retranscribed(self, job: RetranscribeJob, outcome: TaskResult) -> None:
        corrected = (
            0 if outcome.copied_corrections is None else len(outcome.copied_corrections.after)
        )
        if not self._live.is_active and outcome.session_id:
            self._document.open(outcome.session_id, outcome.copied_corrections)
        text = self.tr("{0} is done; the earlier text is still in the list.").format(job.name)
        if corrected:
            text += " " + taken_over_sentence(corrected)
        self._window.session_view.notices.show_message(text)

    def _show_recovered(self, job: RecoveryJob | ContinuationJob) -> None:
        if not self._live.is_active:
            self._document.open(job.session_id)
        without = job.outcome.utterances_without_text if job.outcome is not None else 0
        detail = job.outcome.detail if job.outcome is not None else ""
        if detail:
            job.problem = translate_message(detail)
            self._show_problem(f"{job.name}: {job.problem}")
        elif without:
            job.problem = without_text_sentence(without)
            self._show_problem(f"{job.name}: {job.problem}")
        elif isinstance(job, ContinuationJob):
            text = self.tr("{0} is transcribed to its end.").format(job.name)
            self._window.session_view.notices.show_message(text)
        elif not any(isinstance(one, RecoveryJob) and not one.is_over for one in self._queue.jobs):
            self._window.session_view.notices.show_message(self.tr("All sessions recovered."))

    def _show_problem(self, sentence: str) -> None:
        self._window.session_view.notices.show_message(sentence, is_problem=True)
