"""The queue of files, small, at the bottom of the side."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QScrollArea,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from granite_live.gui.files import FileJob, FileQueue, FileState
from granite_live.gui.icons import icon
from granite_live.gui.theme import GRID_PX, Theme
from granite_live.transcript.export.timestamps import clock

_ROWS_HIGH = 3


class _Row(QWidget):
    def __init__(self, job: FileJob, queue: FileQueue, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._job = job
        self.name = QLabel(job.path.name, self)
        self.name.setTextFormat(Qt.TextFormat.PlainText)
        self.name.setToolTip(str(job.path))
        self.name.setMinimumWidth(theme.px(40))
        self.bar = QProgressBar(self)
        self.bar.setTextVisible(False)
        self.bar.setRange(0, 1000)
        self.bar.setAccessibleName(self.tr("Progress of {0}").format(job.path.name))
        self.words = QLabel(self)
        self.words.setProperty("role", "small")
        self.words.setWordWrap(True)
        self.cancel = QToolButton(self)
        self.cancel.setProperty("role", "icon")
        label = self.tr("Cancel {0}").format(job.path.name)
        self.cancel.setAccessibleName(label)
        self.cancel.setToolTip(label)
        self.cancel.setIcon(icon("close", theme.colors.soft, theme.px(14)))
        self.cancel.setIconSize(QSize(theme.px(14), theme.px(14)))
        self.cancel.clicked.connect(lambda: queue.cancel(job))
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
        is_running = job.state is FileState.RUNNING
        self.bar.setVisible(is_running)
        share = job.done_s / job.duration_s if job.duration_s else 0.0
        self.bar.setValue(round(1000 * min(1.0, share)))
        self.cancel.setVisible(job.state in (FileState.WAITING, FileState.RUNNING))
        self.words.setText(self._words())

    def _words(self) -> str:
        job = self._job
        match job.state:
            case FileState.WAITING:
                return self.tr("Waits its turn")
            case FileState.DONE:
                return job.problem or self.tr("Done")
            case FileState.CANCELLED:
                return self.tr("Cancelled; the text so far is kept")
            case FileState.FAILED:
                return job.problem
        left_s = job.left_s
        if left_s is None:
            return self.tr("Being written down…")
        return self.tr("About {0} left").format(clock(left_s))


class FilesPanel(QWidget):
    """Shows the queue; hidden while nothing was opened."""

    closed = Signal()

    def __init__(self, queue: FileQueue, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._queue, self._theme = queue, theme
        self._rows: list[_Row] = []
        self._jobs: list[FileJob] = []
        heading = QLabel(self.tr("Files"), self)
        heading.setProperty("role", "section")
        self.clear_button = QPushButton(self.tr("Clear"), self)
        self.clear_button.setProperty("role", "link")
        self.clear_button.setAccessibleName(self.tr("Clear finished files"))
        self.clear_button.clicked.connect(queue.forget)
        head = QHBoxLayout()
        head.addWidget(heading, 1)
        head.addWidget(self.clear_button)
        self._inside = QWidget(self)
        self._list = QVBoxLayout(self._inside)
        self._list.setContentsMargins(0, 0, 0, 0)
        self._list.addStretch(1)
        self._scroll = QScrollArea(self)
        self._scroll.setWidgetResizable(True)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setWidget(self._inside)
        # It lies on the side, whose ground is another than the page's.
        self._scroll.viewport().setAutoFillBackground(False)
        self._inside.setAutoFillBackground(False)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, GRID_PX, 0, 0)
        column.addLayout(head)
        column.addWidget(self._scroll)
        queue.changed.connect(self._show)
        self._show()

    def set_theme(self, theme: Theme) -> None:
        """Take another look."""
        self._theme = theme
        self._jobs = []
        self._show()

    def _show(self) -> None:
        if self._jobs != self._queue.jobs or len(self._rows) != len(self._queue.jobs):
            self._build()
        for row in self._rows:
            row.show_job()
        over = (FileState.DONE, FileState.CANCELLED, FileState.FAILED)
        self.clear_button.setVisible(any(job.state in over for job in self._jobs))
        heights = [row.sizeHint().height() for row in self._rows[:_ROWS_HIGH]]
        self._scroll.setFixedHeight(sum(heights) + GRID_PX)
        self.setVisible(bool(self._jobs))

    def _build(self) -> None:
        for row in self._rows:
            row.hide()
            row.deleteLater()
        self._jobs = list(self._queue.jobs)
        self._rows = [_Row(job, self._queue, self._theme, self._inside) for job in self._jobs]
        for place, row in enumerate(self._rows):
            self._list.insertWidget(place, row)
