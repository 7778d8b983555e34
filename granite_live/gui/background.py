"""Run work off the GUI thread: a serial executor, and the library through one."""

from __future__ import annotations

import logging
import queue
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from PySide6.QtCore import QCoreApplication, QObject, Qt, Signal

from granite_live.app.library_sync import open_library
from granite_live.gui.messages import translate_message
from granite_live.library import DamagedHistoryError, Library
from granite_live.library.library import FILE_NAME
from granite_live.util.errors import GraniteError
from granite_live.util.lifecycle import ReportingThread
from granite_live.util.paths import data_dir

_log = logging.getLogger(__name__)
# More requests than a user can make during one reply. A full queue means that the disk hangs.
_QUEUE_LENGTH = 10_000

T = TypeVar("T")
Done = Callable[[Any], None]
Failed = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class _Job:
    work: Callable[[], Any]
    done: Done | None
    failed: Failed | None


class _ResultDispatcher(QObject):
    """Call functions from other threads in the GUI thread."""

    _result_ready = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._has_ended = False
        self._result_ready.connect(self._call, Qt.ConnectionType.QueuedConnection)

    def end_answers(self) -> None:
        """Give no answer any more, also none that is on its way: its window may be deleted."""
        self._has_ended = True

    def _call(self, answer: Callable[[], None]) -> None:
        if not self._has_ended:
            answer()

    def _run_job(self, job: _Job) -> None:
        try:
            result = job.work()
        except GraniteError as error:
            self._dispatch(job.failed, translate_message(str(error)))
        except Exception:
            # Last handler of this thread: a programming error.
            _log.exception("A background task of the window failed.")
            self._dispatch(job.failed, _defect())
        else:
            self._dispatch(job.done, result)

    def _dispatch(self, call: Callable[[Any], None] | None, value: Any) -> None:
        if call is not None:
            self._result_ready.emit(lambda: call(value))


class Background(_ResultDispatcher):
    """Run each job in a thread of its own, for work that waits on devices and processes."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._running: dict[ReportingThread, None] = {}

    def run(
        self,
        work: Callable[[], T],
        done: Callable[[T], None] | None = None,
        failed: Failed | None = None,
    ) -> None:
        """Call `work` in a thread, then `done`, or `failed` with a sentence, in the GUI thread."""
        self._running = {one: None for one in self._running if one.is_alive()}
        job = _Job(work, done, failed)
        thread = ReportingThread(lambda: self._run_job(job), name="window: work")
        self._running[thread] = None
        thread.start()

    def join(self, timeout_s: float) -> bool:
        """Wait for all jobs for at most `timeout_s`; return whether all have ended."""
        until_s = time.monotonic() + timeout_s
        for thread in tuple(self._running):
            thread.join(max(0.0, until_s - time.monotonic()))
        return not any(thread.is_alive() for thread in self._running)


class SerialExecutor(_ResultDispatcher):
    """One thread that runs jobs in order, for the library."""

    def __init__(self, name: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._jobs: queue.Queue[_Job | None] = queue.Queue(_QUEUE_LENGTH)
        self._thread = ReportingThread(self._run, name=name)
        self._thread.start()

    def run(
        self,
        work: Callable[[], T],
        done: Callable[[T], None] | None = None,
        failed: Failed | None = None,
    ) -> None:
        """Run `work` after all earlier jobs, then `done` or `failed` in the GUI thread."""
        try:
            self._jobs.put_nowait(_Job(work, done, failed))
        except queue.Full:
            self._dispatch(failed, self.tr("The disk does not respond: this could not be saved."))

    def close(self, timeout_s: float) -> bool:
        """Finish the queued jobs and end the thread; return whether that was done in time."""
        if self._thread.is_alive():
            self._jobs.put(None)
            self._thread.join(timeout_s)
        return not self._thread.is_alive()

    def _run(self) -> None:
        while (job := self._jobs.get()) is not None:
            self._run_job(job)


def _defect() -> str:
    return QCoreApplication.translate(
        "Background",
        "This failed because of an internal error in Granite Live; the log file has the details.",
    )


class LibraryStore(QObject):
    """Opens the library on the first request and closes it at the end.

    Emits `problem_reported`, from other threads, if the library was damaged and replaced, or is not
    used.
    """

    problem_reported = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.is_new = not (data_dir() / FILE_NAME).exists()
        """Whether there was no library yet when the program started."""
        self._library: Library | None = None
        self._executor = SerialExecutor("library", self)

    def run(
        self,
        work: Callable[[Library], T],
        done: Callable[[T], None] | None = None,
        failed: Failed | None = None,
    ) -> None:
        """Run `work` with the library after all earlier requests; deliver in the GUI thread."""

        def worked() -> T:
            try:
                return work(self._opened())
            except DamagedHistoryError:
                # Damage may be detected long after opening the file.
                self._close()
                return work(self._opened(checks=True))

        self._executor.run(worked, done, failed)

    def close(self, timeout_s: float = 1.0) -> bool:
        """Finish the queued requests and close; return whether that was done in time."""
        self._executor.run(self._close)
        return self._executor.close(timeout_s)

    def end_answers(self) -> None:
        """Deliver nothing any more, also nothing that is on its way."""
        self._executor.end_answers()

    def _opened(self, *, checks: bool = False) -> Library:
        if self._library is None:
            self._library, sentence = open_library(check_integrity=checks)
            if sentence:
                self.problem_reported.emit(sentence)
        return self._library

    def _close(self) -> None:
        if self._library is not None:
            self._library.close()
            self._library = None
