"""Jobs of the queue, their progress, and sentences with a count of them."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path

from PySide6.QtCore import QCoreApplication

from granite_live.app.file_transcription import FileTracks
from granite_live.app.models import ModelChoice
from granite_live.app.session_tasks import InterruptedSession, SessionTask, TaskResult
from granite_live.library import SavedSession


class JobState(Enum):
    """The state of a job."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    CANCELED = "cancelled"
    FAILED = "failed"


@dataclass(eq=False)
class QueueJob:
    """A job. `done_s` of `duration_s` seconds of sound are transcribed; 0.0 means unknown.

    `kept_s` seconds had their text before the job began. `name` is shown to the user, `problem` is
    a sentence about what went wrong, `session_id` is the resulting session.
    """

    name: str
    state: JobState = JobState.WAITING
    duration_s: float = 0.0
    done_s: float = 0.0
    kept_s: float = 0.0
    session_id: int = 0
    problem: str = ""
    began_s: float = 0.0
    ended_s: float = 0.0

    @property
    def remaining_s(self) -> float | None:
        """The remaining time in seconds at the present speed, None if unknown."""
        pace = self.pace
        if self.state is not JobState.RUNNING or not self.duration_s or pace is None:
            return None
        return max(0.0, pace * (self.duration_s - self.done_s))

    @property
    def pace(self) -> float | None:
        """Seconds of work per second of sound, None until measured."""
        made_s = self.done_s - self.kept_s
        if self.state not in (JobState.RUNNING, JobState.DONE) or made_s < 1.0:
            return None
        until_s = self.ended_s if self.is_over else time.monotonic()
        return (until_s - self.began_s) / made_s

    @property
    def progress(self) -> float:
        """The finished share, 0 to 1."""
        return min(1.0, self.done_s / self.duration_s) if self.duration_s else 0.0

    @property
    def is_over(self) -> bool:
        """Whether the job has ended."""
        return self.state not in (JobState.WAITING, JobState.RUNNING)


@dataclass(eq=False)
class FileJob(QueueJob):
    """An audio or video file that becomes a session.

    `audio_track` is the number of the track, None for the usual one. With `is_anew` an interrupted
    session of the same file is not resumed.
    """

    path: Path = field(default_factory=Path)
    audio_track: int | None = None
    is_unreadable: bool = False
    is_anew: bool = False
    tracks: FileTracks | None = None


@dataclass(eq=False)
class WatchedFileJob(FileJob):
    """A file of a watched folder: it comes by itself, so the user goes on with other things."""


@dataclass(eq=False)
class TaskJob(QueueJob):
    """Work on a stored session. `make` creates the task when the job starts."""

    make: Callable[[], SessionTask] | None = None
    outcome: TaskResult | None = None


@dataclass(eq=False)
class RetranscribeJob(TaskJob):
    """A session to transcribe again."""

    session: SavedSession | None = None
    model: ModelChoice | None = None


@dataclass(eq=False)
class ContinuationJob(TaskJob):
    """A canceled file whose rest is added to its session."""


@dataclass(eq=False)
class RecoveryJob(TaskJob):
    """An interrupted session to recover."""

    interrupted: InterruptedSession | None = None


def remaining_s(jobs: Sequence[QueueJob]) -> float | None:
    """Return the remaining seconds of all jobs at the speed of the files so far.

    None if unknown: a length is missing, no speed is measured, or a waiting job has another speed,
    such as one with another model.
    """
    left = [job for job in jobs if not job.is_over]
    files = [job for job in jobs if isinstance(job, FileJob)]
    known = [job for job in files if job.duration_s or job.is_unreadable]
    pace = next((job.pace for job in reversed(files) if job.pace is not None), None)
    if pace is None or any(job not in known for job in left):
        return None
    return sum(_left_s(job, pace) for job in left)


def _left_s(job: QueueJob, pace: float) -> float:
    left_s = job.remaining_s
    return pace * job.duration_s if left_s is None else left_s


def interrupted_sentence(count: int) -> str:
    """Return the sentence about interrupted sessions."""
    translate = QCoreApplication.translate
    if count == 1:
        return translate("Work", "A session was interrupted. Its audio is safe.")
    return translate("Work", "%n sessions were interrupted. Their audio is safe.", None, count)


def failed_sentence(count: int) -> str:
    """Return the sentence about several files that could not be transcribed."""
    translate = QCoreApplication.translate
    return translate("Work", "%n items failed. The list of files says why.", None, count)


def taken_over_sentence(count: int) -> str:
    """Return the sentence about corrected lines that a new transcript keeps."""
    translate = QCoreApplication.translate
    if count == 1:
        return translate("Work", "One corrected line was kept.")
    return translate("Work", "%n corrected lines were kept.", None, count)


def without_text_sentence(count: int) -> str:
    """Return the sentence about parts that could not be transcribed."""
    translate = QCoreApplication.translate
    if count == 1:
        return translate("Work", "A part has no text; its sound is kept.")
    return translate("Work", "%n parts have no text; their sound is kept.", None, count)
