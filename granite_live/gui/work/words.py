"""Texts about the queue."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from granite_live.gui.work.jobs import AgainJob, FileJob, Job, JobState, RecoveryJob, left_of_all_s
from granite_live.gui.work.queue import WorkQueue
from granite_live.transcript.export.timestamps import clock

_SEVERAL = 2
"""With fewer jobs the row alone shows the remaining time."""


def words_of(job: Job, *, is_paused: bool) -> str:
    """Return the state of a job as one sentence at most."""
    translate = QCoreApplication.translate
    match job.state:
        case JobState.WAITING if is_paused:
            return translate("Work", "Waits: the queue is paused")
        case JobState.WAITING:
            return translate("Work", "Waits its turn")
        case JobState.DONE:
            return job.problem or translate("Work", "Done")
        case JobState.CANCELLED:
            return job.problem or _cancelled(job)
        case JobState.FAILED:
            return job.problem
    left_s = job.left_s
    if left_s is None:
        return _doing(job)
    return translate("Work", "{0}, about {1} left").format(
        f"{round(100 * job.share)} %", clock(left_s)
    )


def _doing(job: Job) -> str:
    translate = QCoreApplication.translate
    if isinstance(job, AgainJob):
        return translate("Work", "Being transcribed again…")
    if isinstance(job, RecoveryJob):
        return translate("Work", "Being recovered…")
    return translate("Work", "Being written down…")


def _cancelled(job: Job) -> str:
    translate = QCoreApplication.translate
    if isinstance(job, AgainJob):
        return translate("Work", "Cancelled; the session is as it was")
    if isinstance(job, RecoveryJob):
        return translate("Work", "Cancelled; it is offered again at the next start")
    if isinstance(job, FileJob) and not job.session_id:
        return translate("Work", "Cancelled")
    return translate("Work", "Cancelled; the text so far is kept")


def summary(queue: WorkQueue) -> str:
    """Return the state of the queue: "2 of 5 done", remaining time, paused."""
    translate = QCoreApplication.translate
    over = sum(job.is_over for job in queue.jobs)
    count = translate("Work", "{0} of {1} done").format(over, len(queue.jobs))
    failed = sum(job.state is JobState.FAILED for job in queue.jobs)
    if failed:
        count = translate("Work", "{0} of {1} done, {2} failed").format(
            over - failed, len(queue.jobs), failed
        )
    if not queue.is_paused:
        left_s = left_of_all_s(queue.jobs)
        if left_s is None or len(queue.jobs) - over < _SEVERAL:
            return count
        return translate("Work", "{0}, about {1} left").format(count, clock(left_s))
    if queue.current is not None:
        return translate("Work", "{0}; pauses after this one").format(count)
    return translate("Work", "{0}; paused").format(count)
