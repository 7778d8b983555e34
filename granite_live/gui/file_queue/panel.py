"""The list of queued files in the sidebar."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QSize, Qt
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
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
from granite_live.gui.theme import GRID_PX, Theme
from granite_live.gui.widgets import ElidedLabel, icon, icon_button
from granite_live.transcript.export.text_formats import format_clock

_SEVERAL = 2
"""With fewer jobs the row alone shows the remaining time."""


def job_text(job: QueueJob, *, is_paused: bool) -> str:
    """Return the state of a job as one sentence at most."""
    translate = QCoreApplication.translate
    match job.state:
        case JobState.WAITING if is_paused:
            return translate("Work", "Waits: the queue is paused")
        case JobState.WAITING:
            return translate("Work", "Waits its turn")
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
        return translate("Work", "Being transcribed again…")
    if isinstance(job, RecoveryJob):
        return translate("Work", "Being recovered…")
    return translate("Work", "Being written down…")


def _canceled(job: QueueJob) -> str:
    translate = QCoreApplication.translate
    if isinstance(job, RetranscribeJob):
        return translate("Work", "Cancelled; the session is as it was")
    if isinstance(job, RecoveryJob):
        return translate("Work", "Cancelled; it is offered again at the next start")
    if isinstance(job, FileJob) and not job.session_id:
        return translate("Work", "Cancelled")
    return translate("Work", "Cancelled; the text so far is kept")


def summary(queue: JobQueue) -> str:
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
        left_s = remaining_s(queue.jobs)
        if left_s is None or len(queue.jobs) - over < _SEVERAL:
            return count
        return translate("Work", "{0}, about {1} left").format(count, format_clock(left_s))
    if queue.running_job is not None:
        return translate("Work", "{0}; pauses after this one").format(count)
    return translate("Work", "{0}; paused").format(count)


_ROWS_HIGH = 3


class _JobRow(QWidget):
    def __init__(self, job: QueueJob, queue: JobQueue, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._job, self._queue = job, queue
        self.name = ElidedLabel(job.name, self)
        self.name.setTextFormat(Qt.TextFormat.PlainText)
        self.name.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.name.setToolTip(str(getattr(job, "path", job.name)))
        self.name.setMinimumWidth(theme.px(40))
        self.bar = QProgressBar(self)
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName(self.tr("Progress of {0}").format(job.name))
        self.words = QLabel(self)
        self.words.setProperty("role", "small")
        self.words.setTextFormat(Qt.TextFormat.PlainText)
        self.words.setWordWrap(True)
        label = self.tr("Cancel {0}").format(job.name)
        self.cancel = icon_button(self, label, lambda: queue.cancel(job))
        self.cancel.setIcon(icon("close", theme.colors.soft, theme.px(14)))
        self.cancel.setIconSize(QSize(theme.px(14), theme.px(14)))
        top = QHBoxLayout()
        top.addWidget(self.name, 1)
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
        self.words.setText(job_text(job, is_paused=self._queue.is_paused))


class QueuePanel(QWidget):
    """Shows the queue; hidden while it is empty."""

    def __init__(self, queue: JobQueue, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._queue, self._theme = queue, theme
        self._rows: list[_JobRow] = []
        self._jobs: list[QueueJob] = []
        self.summary = QLabel(self)
        self.summary.setProperty("role", "section")
        self.summary.setWordWrap(True)
        self.pause_button = icon_button(self, act=lambda: queue.set_paused(not queue.is_paused))
        self.cancel_button = icon_button(self, act=queue.cancel_all)
        self.cancel_button.setAccessibleName(self.tr("Cancel all"))
        self.cancel_button.setToolTip(self.tr("Cancel all"))
        self.clear_button = QPushButton(self.tr("Clear"), self)
        self.clear_button.setProperty("role", "link")
        self.clear_button.setAccessibleName(self.tr("Take what is over out of the list"))
        self.clear_button.clicked.connect(queue.clear_finished)
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
        self._show()

    def set_theme(self, theme: Theme) -> None:
        """Apply the theme."""
        self._theme = theme
        self._jobs = []
        self._show()

    def row(self, job: QueueJob) -> QWidget:
        """Return the row of a job."""
        return self._rows[self._jobs.index(job)]

    def _show(self) -> None:
        if self._jobs != self._queue.jobs or len(self._rows) != len(self._queue.jobs):
            self._build()
        for row in self._rows:
            row.show_job()
        self._show_head()
        heights = [row.sizeHint().height() for row in self._rows[:_ROWS_HIGH]]
        self._scroll.setFixedHeight(sum(heights) + GRID_PX)
        self.setVisible(bool(self._jobs))

    def _show_head(self) -> None:
        queue, color, size = self._queue, self._theme.colors.soft, self._theme.px(16)
        self.summary.setText(summary(queue))
        name = self.tr("Go on") if queue.is_paused else self.tr("Pause after this one")
        self.pause_button.setIcon(icon("play" if queue.is_paused else "pause", color, size))
        self.pause_button.setAccessibleName(name)
        self.pause_button.setToolTip(name)
        self.cancel_button.setIcon(icon("stop", color, size))
        for button in (self.pause_button, self.cancel_button):
            button.setIconSize(QSize(size, size))
            button.setVisible(queue.is_busy)
        self.clear_button.setVisible(not queue.is_busy)

    def _build(self) -> None:
        for row in self._rows:
            row.hide()
            row.deleteLater()
        self._jobs = list(self._queue.jobs)
        self._rows = [_JobRow(job, self._queue, self._theme, self._inside) for job in self._jobs]
        for place, row in enumerate(self._rows):
            self._list.insertWidget(place, row)
