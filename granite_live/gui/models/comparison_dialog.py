"""A dialog that compares the installed models on recordings whose text is known."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtSvgWidgets import QSvgWidget
from PySide6.QtWidgets import (
    QAbstractItemView,
    QCheckBox,
    QComboBox,
    QHBoxLayout,
    QHeaderView,
    QTableWidget,
    QTableWidgetItem,
    QWidget,
)

from granite_live.app.comparison import Candidate, ComparedModel, ComparisonRequest
from granite_live.app.comparison.chart import draw
from granite_live.app.comparison.results import best_of, conclude
from granite_live.app.engine import Engine
from granite_live.gui.background import Background
from granite_live.gui.dialogs import TaskDialog, ask_for_folder, button_row, dialog_column
from granite_live.gui.messages import translate_message
from granite_live.gui.style_sheet import current_theme
from granite_live.gui.widgets import hint, push_button
from granite_live.gui.wrapping import resize_within_screen
from granite_live.transcript.word_errors import ErrorRate

_SAMPLES, _CORRECTED, _FOLDER = range(3)


class ComparisonDialog(TaskDialog):
    """Emits `use_requested` with the form that sessions shall use."""

    use_requested = Signal(object)

    def __init__(
        self, engine: Engine, background: Background, parent: QWidget | None = None
    ) -> None:
        super().__init__(background, parent)
        self.setWindowTitle(self.tr("Compare models"))
        self._engine = engine
        self._folder: Path | None = None
        self._rows: list[ComparedModel] = []
        self.source = QComboBox(self)
        self.source.setAccessibleName(self.tr("Recordings"))
        self.source.addItem(self.tr("Samples that come with the program"))
        self.source.addItem(self.tr("Lines of my sessions that I corrected"))
        self.source.addItem(self.tr("A folder with recordings and texts…"))
        self.source.activated.connect(self._choose_source)
        self.second_pass = QCheckBox(self.tr("Also with a second editing pass"), self)
        self.compare_button = push_button(self.tr("Compare"), self, self._compare_or_stop)
        self.compare_button.setDefault(True)
        self.table = self._make_table()
        self.chart = QSvgWidget(self)
        self.chart.setAccessibleName(self.tr("Wrong words of each model as bars"))
        self.chart.hide()
        self.use_button = push_button(self.tr("Use this model"), self, self._use)
        self.close_button = push_button(self.tr("Close"), self, self.reject)
        self._lay_out()
        self._enable()
        resize_within_screen(self, current_theme().px(860), current_theme().px(600))

    def _make_table(self) -> QTableWidget:
        titles = [
            self.tr("Model"),
            self.tr("Wrong words"),
            self.tr("Changed"),
            self.tr("In silence"),
            self.tr("Text after"),
            self.tr("Speed"),
            self.tr("Memory"),
        ]
        table = QTableWidget(0, len(titles), self)
        table.setAccessibleName(self.tr("Results"))
        table.setHorizontalHeaderLabels(titles)
        header = table.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        table.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        table.verticalHeader().hide()
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        table.setTabKeyNavigation(False)
        table.itemSelectionChanged.connect(self._enable)
        return table

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.addWidget(self.source, 1)
        top.addWidget(self.compare_button)
        column = dialog_column(self, is_dense=True)
        text = self.tr(
            "Each installed model transcribes recordings whose text is known, and its wrong words "
            "are counted. Nothing leaves this computer. It may take minutes."
        )
        column.addWidget(hint(text))
        column.addLayout(top)
        for widget in (self.second_pass, self.progress, self.problem):
            column.addWidget(widget)
        column.addWidget(self.table, 1)
        column.addWidget(self.chart, 1)
        column.addWidget(self.status)
        column.addLayout(button_row((self.use_button,), (self.close_button,)))

    # -- comparison ---------------------------------------------------------------------------

    def _choose_source(self, index: int) -> None:
        if index != _FOLDER:
            return
        if self._folder is None:
            self.source.setCurrentIndex(_SAMPLES)  # until a folder is chosen
        ask_for_folder(self, self.tr("Folder with recordings and texts"), self.use_folder)

    def use_folder(self, folder: Path) -> None:
        """Compare on the recordings in a folder."""
        self._folder = folder
        self.source.setCurrentIndex(_FOLDER)
        self.source.setItemText(_FOLDER, self.tr("Folder: {0}").format(folder))

    def _compare_or_stop(self) -> None:
        if self.task is not None:
            self.drop_task()
            self.status.setText(self.tr("Stopped"))
            return
        source = self.source.currentIndex()
        passes = (1, 2) if self.second_pass.isChecked() else (1,)
        running = self._engine.comparison(
            ComparisonRequest(
                folder=self._folder if source == _FOLDER else None,
                is_corrected=source == _CORRECTED,
                editing_passes=passes,
            )
        )
        self.table.setRowCount(0)
        self.chart.hide()
        self.status.clear()
        self.run_task(running, self._show_result)

    def show_running(self, is_running: bool) -> None:
        """Let the button stop a comparison, or begin one."""
        self.compare_button.setText(self.tr("Stop") if is_running else self.tr("Compare"))
        self._enable()

    def show_progress(self, *told: Any) -> None:
        """Show the model that is measured, and which share of all is done."""
        candidate, _share = told
        super().show_progress(*told)
        self.status.setText(self._name(candidate))

    # -- results ------------------------------------------------------------------------------

    def _show_result(self, rows: list[ComparedModel]) -> None:
        self._rows = rows
        self.table.setRowCount(len(rows))
        for number, row in enumerate(rows):
            for place, text in enumerate(self._cells(row)):
                item = QTableWidgetItem(text)
                if place:
                    item.setTextAlignment(
                        Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
                    )
                self.table.setItem(number, place, item)
        self.status.setText(self._conclusion())
        problems = [one for row in rows for one in row.problems]
        self.problem.show_problem(problems[0] if problems else "")
        best = best_of(rows)
        if best is not None:
            self.table.selectRow(rows.index(best))
            self._show_chart()
        self._enable()

    def _show_chart(self) -> None:
        self.chart.load(draw(self._rows, translate_message).encode())
        self.chart.renderer().setAspectRatioMode(Qt.AspectRatioMode.KeepAspectRatio)
        self.chart.setVisible(len(self._rows) > 1)

    def _cells(self, row: ComparedModel) -> list[str]:
        rate = row.error_rate
        return [
            self._name(row.candidate),
            "" if rate is None else self._rate(rate),
            "" if row.changed is None else f"{row.changed:.1%}",
            str(row.words_in_silence) if row.silence_s else "",
            self.tr("{0} s").format(f"{row.text_after_s:.2f}"),
            f"{1 / row.real_time_factor:.1f}x" if row.real_time_factor else "",
            f"{row.peak_mb / 1000:.1f} GB",
        ]

    def _rate(self, rate: ErrorRate) -> str:
        text = self.tr("{0} ({1} to {2})")
        return text.format(*(f"{one:.1%}" for one in (rate.rate, rate.low, rate.high)))

    def _name(self, one: Candidate) -> str:
        form = self.tr("prepared") if one.graphs == "prepared" else self.tr("as published")
        name = f"{one.name} {one.tier}, {form}"
        if one.editing_passes == 1:
            return name
        return self.tr("{0}, {1} passes").format(name, one.editing_passes)

    def _conclusion(self) -> str:
        found = conclude(self._rows)
        if found is None:
            return self.tr("Nothing was said in these recordings, so no words can be wrong.")
        best = found.best
        counted = self.tr("{0} words in {1} recordings.")
        said = [counted.format(best.words, len(best.errors))]
        if found.is_small:
            said.append(self.tr("These are few recordings, so the intervals say little."))
        if found.equal:
            text = self.tr("{0} is the fastest of those with the fewest wrong words.")
            said.append(text.format(self._name(best.candidate)))
        elif len(self._rows) > 1:
            text = self.tr("{0} has the fewest wrong words.")
            said.append(text.format(self._name(best.candidate)))
            if found.unclear:
                said.append(self.tr("The difference may be chance."))
        return " ".join(said)

    def _current(self) -> ComparedModel | None:
        number = self.table.currentRow()
        return self._rows[number] if 0 <= number < self.table.rowCount() else None

    def _enable(self) -> None:
        is_running = self.task is not None
        self.source.setEnabled(not is_running)
        self.second_pass.setEnabled(not is_running)
        row = None if is_running else self._current()
        everything = [one.candidate for one in self._rows]
        self.use_button.setEnabled(
            row is not None and row.candidate.is_used_by_sessions(everything)
        )

    def _use(self) -> None:
        if (row := self._current()) is not None:
            self.use_requested.emit(row.candidate)
            self.status.setText(self.tr("New sessions use {0}.").format(self._name(row.candidate)))
