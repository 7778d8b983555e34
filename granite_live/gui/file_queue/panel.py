"""The list of queued files in the sidebar."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QProgressBar,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from granite_live.gui.file_queue.jobs import (
    FileJob,
    JobState,
    QueueJob,
    RecoveryJob,
    RetranscribeJob,
    remaining_s,
)
from granite_live.gui.file_queue.queue import JobQueue
from granite_live.gui.style_sheet import current_theme, follow_theme
from granite_live.gui.theme import GRID_PX
from granite_live.gui.widgets import (
    ElidedLabel,
    icon_button,
    link_button,
    name_button,
    set_icon,
    text_label,
)
from granite_live.transcript.export.text_formats import format_clock

_SEVERAL = 2
"""With fewer jobs the row alone shows the remaining time."""


def job_text(job: QueueJob, *, is_paused: bool) -> str:
    """Return the state of a job as one sentence at most."""
    translate = QCoreApplication.translate
    match job.state:
        case JobState.WAITING if is_paused:
            return translate("Work", "Queued (paused)")
        case JobState.WAITING:
            return translate("Work", "Queued")
        case JobState.DONE:
            return job.problem or translate("Work", "Done")
        case JobState.CANCELED:
            return job.problem or _canceled(job)
        case JobState.FAILED:
            return job.problem
    left_s = job.remaining_s
    if left_s is None:
        return _doing(job)
    return translate("Work", "{0}, about {1} left").format(
        f"{round(100 * job.progress)} %", format_clock(left_s)
    )


def _doing(job: QueueJob) -> str:
    translate = QCoreApplication.translate
    if isinstance(job, RetranscribeJob):
        return translate("Work", "Transcribing again…")
    if isinstance(job, RecoveryJob):
        return translate("Work", "Recovering…")
    return translate("Work", "Transcribing…")


def _canceled(job: QueueJob) -> str:
    translate = QCoreApplication.translate
    if isinstance(job, RetranscribeJob):
        return translate("Work", "Canceled; the session is unchanged")
    if isinstance(job, RecoveryJob):
        return translate("Work", "Canceled; offered again at the next start")
    if isinstance(job, FileJob) and not job.session_id:
        return translate("Work", "Canceled")
    return translate("Work", "Canceled (partial transcript kept)")


def summary(queue: JobQueue) -> str:
    """Return the state of the queue: "2 of 5 done, 1 canceled", remaining time, paused."""
    translate = QCoreApplication.translate
    states = Counter(job.state for job in queue.jobs)
    over = sum(job.is_over for job in queue.jobs)
    parts = [translate("Work", "{0} of {1} done").format(states[JobState.DONE], len(queue.jobs))]
    if states[JobState.FAILED]:
        parts.append(translate("Work", "{0} failed").format(states[JobState.FAILED]))
    if states[JobState.CANCELED]:
        parts.append(translate("Work", "{0} canceled").format(states[JobState.CANCELED]))
    count = ", ".join(parts)
    if not queue.is_paused:
        left_s = remaining_s(queue.jobs)
        if left_s is None or len(queue.jobs) - over < _SEVERAL:
            return count
        return translate("Work", "{0}, about {1} left").format(count, format_clock(left_s))
    if queue.running_job is not None:
        return translate("Work", "{0}; pausing after this file").format(count)
    return translate("Work", "{0}; paused").format(count)


_ROWS_HIGH = 3
_ORDER = (JobState.RUNNING, JobState.WAITING)


def display_order(jobs: Sequence[QueueJob]) -> list[QueueJob]:
    """Return the jobs as they are shown: the running one, the waiting ones, the newest ended."""
    going = [job for state in _ORDER for job in jobs if job.state is state]
    ended = sorted((job for job in jobs if job.is_over), key=lambda job: job.ended_s, reverse=True)
    return going + ended


class _JobRow(QWidget):
    """A job. Emits `opened` with the session of an ended job when the user clicks it."""

    opened = Signal(int)

    def __init__(self, job: QueueJob, queue: JobQueue, parent: QWidget) -> None:
        super().__init__(parent)
        self._job, self._queue = job, queue
        self.name = ElidedLabel(self)
        self.name.setText(job.name)
        self.name.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.name.setToolTip(str(getattr(job, "path", job.name)))
        self.name.setMinimumWidth(current_theme().px(40))
        self.bar = QProgressBar(self)
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName(self.tr("Progress of {0}").format(job.name))
        # One line: the reason of a failure would push the running file out of sight.
        self.words = ElidedLabel(self, role="small")
        self.words.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        label = self.tr("Cancel {0}").format(job.name)
        self.cancel = icon_button(self, label, lambda: queue.cancel(job))
        set_icon(self.cancel, "close", 14)
        self.open_button = icon_button(
            self, self.tr("Open {0}").format(job.name), lambda: self.opened.emit(job.session_id)
        )
        set_icon(self.open_button, "open", 14)
        top = QHBoxLayout()
        top.addWidget(self.name, 1)
        top.addWidget(self.open_button)
        top.addWidget(self.cancel)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, GRID_PX)
        column.setSpacing(GRID_PX // 2)
        column.addLayout(top)
        column.addWidget(self.bar)
        column.addWidget(self.words)
        self.show_job()

    def show_job(self) -> None:
        job = self._job
        is_running = job.state is JobState.RUNNING
        self.bar.setVisible(is_running)
        # Without a total the bar shows only that the job runs.
        self.bar.setRange(0, 1000 if job.duration_s else 0)
        self.bar.setValue(round(1000 * job.progress))
        self.cancel.setVisible(not job.is_over)
        self.open_button.setVisible(self._can_open)
        shape = Qt.CursorShape.PointingHandCursor if self._can_open else Qt.CursorShape.ArrowCursor
        self.setCursor(shape)
        told = job_text(job, is_paused=self._queue.is_paused)
        self.words.setText(told)
        self.words.setToolTip(told if job.state is JobState.FAILED else "")

    @property
    def _can_open(self) -> bool:
        return self._job.is_over and bool(self._job.session_id)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Open the session of an ended job."""
        is_inside = self.rect().contains(event.position().toPoint())
        if event.button() is Qt.MouseButton.LeftButton and is_inside and self._can_open:
            self.opened.emit(self._job.session_id)


class QueuePanel(QWidget):
    """Shows the queue; hidden while it is empty. Emits `session_opened` with a session's id."""

    session_opened = Signal(int)

    def __init__(self, queue: JobQueue, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._queue = queue
        self._rows: list[_JobRow] = []
        self._jobs: list[QueueJob] = []
        self.summary = text_label(self, role="section")
        self.pause_button = icon_button(self, act=lambda: queue.set_paused(not queue.is_paused))
        self.cancel_button = icon_button(self, self.tr("Cancel all"), queue.cancel_all)
        self.clear_button = link_button(
            self.tr("Clear"), self, queue.clear_finished, name=self.tr("Remove finished items")
        )
        head = QHBoxLayout()
        head.setSpacing(0)
        head.addWidget(self.summary, 1)
        for button in (self.clear_button, self.pause_button, self.cancel_button):
            head.addWidget(button)
        self._inside = QWidget(self)
        self._list = QVBoxLayout(self._inside)
        self._list.setContentsMargins(0, 0, 0, 0)
        self._list.setSpacing(0)
        self._list.addStretch(1)
        self._scroll = QScrollArea(self)
        self._scroll.setWidgetResizable(True)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setWidget(self._inside)
        # The sidebar's background differs from the page's.
        self._scroll.viewport().setAutoFillBackground(False)
        self._inside.setAutoFillBackground(False)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, GRID_PX, 0, 0)
        column.addLayout(head)
        column.addWidget(self._scroll)
        queue.changed.connect(self._show)
        follow_theme(self._build_again)

    def _build_again(self) -> None:
        self._jobs = []
        self._show()

    def row(self, job: QueueJob) -> QWidget:
        """Return the row of a job."""
        return self._rows[self._jobs.index(job)]

    def _show(self) -> None:
        jobs = display_order(self._queue.jobs)
        if self._jobs != jobs:
            self._build(jobs)
            # The running job is the first one.
            self._scroll.verticalScrollBar().setValue(0)
        for row in self._rows:
            row.show_job()
        self._show_head()
        heights = [row.sizeHint().height() for row in self._rows[:_ROWS_HIGH]]
        self._scroll.setFixedHeight(sum(heights) + GRID_PX)
        self.setVisible(bool(self._jobs))

    def _show_head(self) -> None:
        queue = self._queue
        self.summary.setText(summary(queue))
        name = self.tr("Resume") if queue.is_paused else self.tr("Pause after this file")
        set_icon(self.pause_button, "play" if queue.is_paused else "pause", 16)
        name_button(self.pause_button, name)
        set_icon(self.cancel_button, "stop", 16)
        for button in (self.pause_button, self.cancel_button):
            button.setVisible(queue.is_busy)
        self.clear_button.setVisible(not queue.is_busy)

    def _build(self, jobs: list[QueueJob]) -> None:
        for row in self._rows:
            row.hide()
            row.deleteLater()
        self._jobs = jobs
        self._rows = [_JobRow(job, self._queue, self._inside) for job in self._jobs]
        for place, row in enumerate(self._rows):
            row.opened.connect(self.session_opened)
            self._list.insertWidget(place, row)
