"""What dialogs share: opening, layout, questions for files, and a task with its progress."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any, Protocol

from PySide6.QtCore import QSettings, Qt, Signal
from PySide6.QtWidgets import (
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QMessageBox,
    QProgressBar,
    QVBoxLayout,
    QWidget,
)

from granite_live.gui.background import Background
from granite_live.gui.theme import GRID_PX
from granite_live.gui.widgets import ProblemLabel, text_label


def show_dialog(dialog: QDialog) -> None:
    """Open a dialog over its window, and delete it when it closes."""
    dialog.finished.connect(dialog.deleteLater)
    dialog.open()


def dialog_column(dialog: QDialog, *, is_dense: bool = False) -> QVBoxLayout:
    """Return the layout of a dialog: a column with its margins, narrower ones around a list."""
    margin_px, spacing_px = (2 * GRID_PX, GRID_PX) if is_dense else (3 * GRID_PX, 2 * GRID_PX)
    column = QVBoxLayout(dialog)
    column.setContentsMargins(margin_px, margin_px, margin_px, margin_px)
    column.setSpacing(spacing_px)
    return column


def button_row(left: Sequence[QWidget], right: Sequence[QWidget]) -> QHBoxLayout:
    """Return a row with buttons at its left and at its right."""
    row = QHBoxLayout()
    for button in left:
        row.addWidget(button)
    row.addStretch(1)
    for button in right:
        row.addWidget(button)
    return row


def question_box(
    parent: QWidget, text: str, *, yes: str, no: str, act: Callable[[], object]
) -> QMessageBox:
    """Return a question; `act` is called if its answer is `yes`. Enter alone says no."""
    box = QMessageBox(parent)
    box.setText(text)
    box.addButton(yes, QMessageBox.ButtonRole.AcceptRole).clicked.connect(lambda: act())
    box.setDefaultButton(box.addButton(no, QMessageBox.ButtonRole.RejectRole))
    return box


def stored_folder(ui_state: QSettings, key: str) -> Path:
    """Return the folder that the window's state has for this key if it exists, else the home."""
    folder = Path(str(ui_state.value(key, "")))
    return folder if folder.is_absolute() and folder.is_dir() else Path.home()


def ask_for_file(
    parent: QWidget,
    title: str,
    chosen: Callable[[Path], object],
    *,
    folder: Path | str = "",
    filters: Sequence[str] = (),
) -> None:
    """Ask for a file that exists, and call `chosen` with it."""
    dialog = QFileDialog(parent, title, str(folder))
    dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
    if filters:
        dialog.setNameFilters(filters)
    _show(dialog, chosen)


def ask_for_folder(
    parent: QWidget, title: str, chosen: Callable[[Path], object], *, folder: Path | str = ""
) -> None:
    """Ask for a folder, and call `chosen` with it."""
    dialog = QFileDialog(parent, title, str(folder))
    dialog.setFileMode(QFileDialog.FileMode.Directory)
    dialog.setOption(QFileDialog.Option.ShowDirsOnly)
    _show(dialog, chosen)


def ask_where_to_save(
    parent: QWidget,
    title: str,
    chosen: Callable[[Path], object],
    *,
    name: str,
    suffix: str,
    folder: Path | str = "",
    name_filter: str = "",
) -> None:
    """Ask for a file to write, and call `chosen` with it.

    Args:
        parent: The parent of the dialog.
        title: The title of the dialog.
        chosen: Receives the path.
        name: The proposed name or path.
        suffix: The ending of a name that is typed without one.
        folder: The folder to begin with.
        name_filter: The filter of the listed files, "" for all.
    """
    dialog = QFileDialog(parent, title, str(folder))
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    if name_filter:
        dialog.setNameFilter(name_filter)
    dialog.setDefaultSuffix(suffix)
    dialog.selectFile(name)
    _show(dialog, chosen)


def _show(dialog: QFileDialog, chosen: Callable[[Path], object]) -> None:
    dialog.fileSelected.connect(lambda path: chosen(Path(path)))
    show_dialog(dialog)


class StoppableTask(Protocol):
    """Long work. `run` blocks and belongs in a thread; `stop` is for any."""

    def run(self, on_progress: Callable[..., None]) -> Any:
        """Do the work and return its result."""

    def stop(self) -> None:
        """End the work. Returns at once."""


class TaskDialog(QDialog):
    """Runs one task at a time in the background, and shows its progress, its state and its problem.

    A task that was dropped may still answer, after the dialog was closed or has begun another one:
    its answer reaches nobody. A subclass lays the widgets out, and enables its own ones in
    `show_running`.
    """

    _progressed = Signal(object, object)

    def __init__(self, background: Background, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._background = background
        self.task: StoppableTask | None = None
        """The task that runs."""
        self.progress = QProgressBar(self)
        self.progress.setRange(0, 100)
        self.progress.setTextVisible(False)
        self.progress.setAccessibleName(self.tr("Progress"))
        self.progress.hide()
        self.status = text_label(self)
        self.problem = ProblemLabel(self)
        self._progressed.connect(self._pass_on, Qt.ConnectionType.QueuedConnection)
        self.finished.connect(self.drop_task)

    def run_task(self, task: StoppableTask, done: Callable[[Any], None]) -> None:
        """Run a task; then call `done` with its result, or show why there is none."""
        self.task = task
        self.problem.show_problem("")
        self.progress.setValue(0)
        self.progress.show()
        self._background.run(
            partial(task.run, partial(self._tell, task)),
            partial(self._answer, task, done),
            partial(self._answer, task, self._show_failure),
        )
        self.show_running(True)

    def drop_task(self) -> None:
        """Stop the task if one runs. It gets no answer."""
        if self.task is not None:
            self.task.stop()
            self._end()

    def show_running(self, is_running: bool) -> None:
        """Enable what can be used while a task runs, or while none does."""

    def show_progress(self, *told: Any) -> None:
        """Show what the task tells: last the share that is done, 0 to 1."""
        self.progress.setValue(round(100 * told[-1]))

    def _tell(self, task: StoppableTask, *progress: object) -> None:
        self._progressed.emit(task, progress)

    def _pass_on(self, task: StoppableTask, progress: tuple[object, ...]) -> None:
        if task is self.task:
            self.show_progress(*progress)

    def _answer(self, task: StoppableTask, call: Callable[[Any], None], value: Any) -> None:
        if task is self.task:
            self._end()
            call(value)

    def _show_failure(self, sentence: str) -> None:
        self.status.clear()
        self.problem.show_problem(sentence)

    def _end(self) -> None:
        self.task = None
        self.progress.hide()
        self.show_running(False)
