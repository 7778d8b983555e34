"""The settings page for text: sentence case and replacements."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractItemView,
    QCheckBox,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QPushButton,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from granite_live.gui.settings_dialog.form import Change, hint
from granite_live.gui.theme import GRID_PX
from granite_live.settings import Settings


class TextPage(QWidget):
    """Changes apply from the next session on."""

    def __init__(self, settings: Settings, change: Change) -> None:
        super().__init__()
        self._change = change
        self.sentence_case = QCheckBox(self.tr("Begin sentences with a capital"), self)
        self.sentence_case.setToolTip(self.tr("Where the model writes lower case"))
        self.sentence_case.setChecked(settings.sentence_case)
        self.sentence_case.toggled.connect(lambda is_on: change(sentence_case=is_on))
        self.table = QTableWidget(0, 2, self)
        self.table.setAccessibleName(self.tr("Replacements"))
        self.table.setHorizontalHeaderLabels([self.tr("Heard"), self.tr("Written")])
        header = self.table.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        header.setHighlightSections(False)
        side = Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignVCenter
        header.setDefaultAlignment(side)
        rows = self.table.verticalHeader()
        rows.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        rows.hide()
        self.table.setShowGrid(False)
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.table.setTabKeyNavigation(False)
        for pair in settings.replacements:
            self._add_row(*pair)
        self.table.itemChanged.connect(lambda _item: self._changed())
        self.table.itemSelectionChanged.connect(self._enable)
        self.add = QPushButton(self.tr("Add"), self)
        self.add.setAccessibleName(self.tr("Add a replacement"))
        self.add.clicked.connect(self._add)
        self.remove = QPushButton(self.tr("Remove"), self)
        self.remove.setAccessibleName(self.tr("Remove the selected replacements"))
        self.remove.clicked.connect(self._remove)
        for button in (self.add, self.remove):
            button.setAutoDefault(False)
        self._lay_out()
        self._enable()

    def _lay_out(self) -> None:
        heading = QLabel(self.tr("Replacements"), self)
        heading.setProperty("role", "section")
        explained = hint(
            self.tr(
                "What is heard, and what to write for it; write nothing to leave it out. Both "
                "apply to the next session."
            )
        )
        buttons = QHBoxLayout()
        buttons.setSpacing(GRID_PX)
        buttons.addWidget(self.add)
        buttons.addWidget(self.remove)
        buttons.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * GRID_PX, 2 * GRID_PX, 2 * GRID_PX, 2 * GRID_PX)
        column.setSpacing(GRID_PX)
        column.addWidget(self.sentence_case)
        column.addSpacing(GRID_PX)
        column.addWidget(heading)
        column.addWidget(explained)
        column.addWidget(self.table, 1)
        column.addLayout(buttons)

    def _add_row(self, heard: str, written: str) -> None:
        row = self.table.rowCount()
        self.table.insertRow(row)
        self.table.setItem(row, 0, QTableWidgetItem(heard))
        self.table.setItem(row, 1, QTableWidgetItem(written))

    def _add(self) -> None:
        self._add_row("", "")
        self.table.setCurrentCell(self.table.rowCount() - 1, 0)
        self.table.editItem(self.table.currentItem())

    def _remove(self) -> None:
        rows = {index.row() for index in self.table.selectedIndexes()}
        for row in sorted(rows, reverse=True):
            self.table.removeRow(row)
        self._changed()

    def _enable(self) -> None:
        self.remove.setEnabled(bool(self.table.selectedIndexes()))

    def _changed(self) -> None:
        pairs = []
        for row in range(self.table.rowCount()):
            items = [self.table.item(row, column) for column in (0, 1)]
            heard, written = (item.text().strip() if item else "" for item in items)
            if heard:
                pairs.append((heard, written))
        self._change(replacements=tuple(pairs))
