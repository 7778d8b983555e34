"""Watch a folder: its recordings go through the queue, and their texts are written beside them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Self

from PySide6.QtCore import QObject, QSettings, Qt, Signal

from granite_live.gui import notices
from granite_live.gui.background import Background, LibraryStore
from granite_live.gui.dialogs import show_dialog
from granite_live.gui.file_queue.jobs import FileJob, JobState, QueueJob, WatchedFileJob
from granite_live.gui.file_queue.queue import JobQueue
from granite_live.gui.main_window import MainWindow
from granite_live.gui.messages import translate_message
from granite_live.settings import load_settings
from granite_live.transcript.model import RecordingTranscript

if TYPE_CHECKING:
    from granite_live.app.folder_watch import FolderWatchTask, ResultsBeside
    from granite_live.gui.watch.dialog import WatchDialog


_FOLDER, _FORMAT, _RECURSIVE = "watch/folder", "watch/format", "watch/recursive"
_IS_ON, _AT_START = "watch/is_on", "watch/at_start"


@dataclass(frozen=True, slots=True)
class WatchChoice:
    """A folder to watch.

    Attributes:
        folder: Its path as typed, "" for none.
        format_name: The format of the texts.
        is_recursive: Whether the folders in it are watched, too.
    """

    folder: str = ""
    format_name: str = "txt"
    is_recursive: bool = False

    @classmethod
    def load(cls, ui_state: QSettings) -> Self:
        """Return the last choice."""
        from granite_live.gui.export_dialog import format_labels  # slow: not at the start

        name = str(ui_state.value(_FORMAT, ""))
        return cls(
            str(ui_state.value(_FOLDER, "")),
            name if name in format_labels() else cls().format_name,
            ui_state.value(_RECURSIVE, False, type=bool) is True,
        )

    def store(self, ui_state: QSettings) -> None:
        """Keep the choice."""
        ui_state.setValue(_FOLDER, self.folder)
        ui_state.setValue(_FORMAT, self.format_name)
        ui_state.setValue(_RECURSIVE, self.is_recursive)


def set_on(ui_state: QSettings, *, is_on: bool) -> None:
    """Keep whether the user began the watch and did not stop it since."""
    ui_state.setValue(_IS_ON, is_on)


def is_resumed(ui_state: QSettings) -> bool:
    """Return whether the next start of the program resumes a watch that the user did not stop."""
    return ui_state.value(_AT_START, True, type=bool) is True


def set_resumed(ui_state: QSettings, *, is_resumed: bool) -> None:
    """Keep whether the next start resumes the watch."""
    ui_state.setValue(_AT_START, is_resumed)


def choice_to_resume(ui_state: QSettings) -> WatchChoice | None:
    """Return what the program watches from its start, None for nothing."""
    was_on = ui_state.value(_IS_ON, False, type=bool) is True
    return WatchChoice.load(ui_state) if was_on and is_resumed(ui_state) else None


@dataclass(frozen=True, slots=True)
class WatchState:
    """What is known of the watch.

    Attributes:
        folder: The watched folder, None if none is watched.
        waiting: How many recordings are in the queue, the running one included.
        written: How many texts have been written since the watch began.
        failed: How many recordings have failed.
        problem: The last problem, "" if there was none.
    """

    folder: Path | None = None
    waiting: int = 0
    written: int = 0
    failed: int = 0
    problem: str = ""


class WatchController(QObject):
    """Emits `changed` with the state of the watch."""

    changed = Signal(object)
    _found = Signal(object, object)

    def __init__(
        self, window: MainWindow, queue: JobQueue, store: LibraryStore, background: Background
    ) -> None:
        super().__init__(window)
        self._window, self._queue = window, queue
        self._store, self._background = store, background
        self._task: FolderWatchTask | None = None
        self._results: ResultsBeside | None = None
        self._jobs: set[FileJob] = set()
        self.state = WatchState()
        window.actions_by_id.bind("watch_folder", self.open)
        queue.finished.connect(self._finished)
        self._found.connect(self._add, Qt.ConnectionType.QueuedConnection)

    def open(self) -> WatchDialog:
        """Open the dialog that starts, shows and stops the watch."""
        from granite_live.gui.watch.dialog import WatchDialog

        dialog = WatchDialog(self, self._window.ui_state, self._window)
        show_dialog(dialog)
        return dialog

    def begin(self) -> None:
        """Watch again what was watched when the program ended."""
        if (choice := choice_to_resume(self._window.ui_state)) is not None:
            self._start(choice)

    def start(self, choice: WatchChoice) -> None:
        """Watch a folder until `stop`, also after the next start of the program.

        Recordings that have a text are left alone.
        """
        choice.store(self._window.ui_state)
        set_on(self._window.ui_state, is_on=True)
        self._start(choice)

    def _start(self, choice: WatchChoice) -> None:
        from granite_live.app.folder_watch import FolderWatchTask, ResultsBeside

        self._stop()
        folder = Path(choice.folder).expanduser()
        self._results = ResultsBeside(choice.format_name)
        task = FolderWatchTask(folder, self._results.is_wanted, recursive=choice.is_recursive)
        self._task = task
        self._show(WatchState(folder))
        self._background.run(
            lambda: task.run(lambda path: self._found.emit(task, path)),
            None,
            lambda sentence: self._fail(task, sentence),
        )

    def stop(self) -> None:
        """Watch no longer. The running recording is finished, those that wait are dropped."""
        set_on(self._window.ui_state, is_on=False)
        self._stop()

    def _stop(self) -> None:
        task, self._task = self._task, None
        if task is None:
            return
        task.stop()
        for job in self._jobs:
            if job.state is JobState.WAITING:
                self._queue.cancel(job)
        self._jobs = {job for job in self._jobs if not job.is_over}
        self._show(replace(self.state, folder=None, waiting=len(self._jobs)))

    def end(self) -> None:
        """End the watch with the program; what is not done is found again by the next watch."""
        task, self._task = self._task, None
        if task is not None:
            task.stop()

    # -- results ------------------------------------------------------------------------------

    def _add(self, task: FolderWatchTask, path: Path) -> None:
        if task is not self._task:
            return
        # A file that the last end of the program interrupted may go on already.
        files = (job for job in self._queue.jobs if isinstance(job, FileJob) and not job.is_over)
        queued = next((job for job in files if job.path.absolute() == path.absolute()), None)
        job = WatchedFileJob(path.name, path=path) if queued is None else queued
        self._jobs.add(job)
        self._show(replace(self.state, waiting=len(self._jobs)))
        if queued is None:
            self._queue.add_file_jobs([job])

    def _finished(self, job: QueueJob) -> None:
        if not isinstance(job, FileJob) or job not in self._jobs:
            return
        self._jobs.discard(job)
        state = replace(self.state, waiting=len(self._jobs))
        if job.state is JobState.FAILED:
            told = f"{job.name}: {translate_message(job.problem)}"
            state = replace(state, failed=state.failed + 1, problem=told)
        self._show(state)
        if job.state is JobState.DONE:
            session_id = job.session_id
            self._store.run(
                lambda library: library.recording(session_id),
                lambda recording: self._write(job.path, recording),
                lambda sentence: self._count_failure(job.path, sentence),
            )

    def _write(self, path: Path, recording: RecordingTranscript) -> None:
        results = self._results
        if results is None:
            return

        def work() -> None:
            from granite_live.gui.export_dialog import file_content
            from granite_live.transcript.export.options import PRESETS, ExportOptions
            from granite_live.util.files import write_output

            rules = PRESETS[load_settings().subtitle_rules]
            options = ExportOptions(rules, translate=translate_message)
            content = file_content(recording, results.format_name, options)
            write_output(results.path(path), content)

        def done(_none: None) -> None:
            self._show(replace(self.state, written=self.state.written + 1))

        self._background.run(work, done, lambda sentence: self._count_failure(path, sentence))

    def _count_failure(self, path: Path, sentence: str) -> None:
        told = f"{path.name}: {sentence}"
        self._show(replace(self.state, failed=self.state.failed + 1, problem=told))

    def _fail(self, task: FolderWatchTask, sentence: str) -> None:
        """Say that the folder is watched no longer, also while the dialog is closed."""
        if task is self._task:
            self._task = None
            self._show(replace(self.state, folder=None, problem=sentence))
            self._window.session_view.notices.show_message(
                sentence, is_problem=True, subject=notices.WATCH
            )

    def _show(self, state: WatchState) -> None:
        self.state = state
        link = self._window.watch_link
        link.setVisible(state.folder is not None)
        if state.folder is not None:
            text = self.tr("Watching “{0}” · {1} written").format(state.folder.name, state.written)
            link.setText(text.replace("&", "&&"))
            link.setToolTip(str(state.folder))
        self.changed.emit(state)
