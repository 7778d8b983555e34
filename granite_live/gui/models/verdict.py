"""The result of a model check, as a table."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QLabel,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from granite_live.app.shelf_tiers import ShelfTier
from granite_live.app.verifying import Checked, Verdict
from granite_live.gui.models import words
from granite_live.gui.theme import GRID_PX
from granite_live.gui.told import in_words

_ROWS_HIGH = 5


class VerdictTable(QWidget):
    """A sentence with a table of all checked items below."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.sentence = QLabel(self)
        self.sentence.setWordWrap(True)
        self.sentence.setTextFormat(Qt.TextFormat.PlainText)
        self.table = QTableWidget(0, 3, self)
        self.table.setAccessibleName(self.tr("What was checked"))
        self.table.setHorizontalHeaderLabels(
            [self.tr("Checked"), self.tr("Result"), self.tr("Detail")]
        )
        self.table.verticalHeader().hide()
        self.table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.table.setTabKeyNavigation(False)
        self.table.setWordWrap(False)
        # The row height is set below; keep the side padding of all tables.
        self.table.setStyleSheet("QTableWidget::item { padding-top: 0; padding-bottom: 0; }")
        header = self.table.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setStretchLastSection(True)
        header.setHighlightSections(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignVCenter)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GRID_PX)
        column.addWidget(self.sentence)
        column.addWidget(self.table)
        self.hide()

    def show_verdict(self, tier: ShelfTier, verdict: Verdict) -> None:
        """Show the result, or nothing if the user stopped the check."""
        if verdict.was_stopped:
            self.hide()
            return
        self.sentence.setText(verdict_sentence(words.name(tier), verdict))
        self.sentence.setProperty("role", "danger" if verdict.failed else "")
        self.sentence.style().unpolish(self.sentence)
        self.sentence.style().polish(self.sentence)
        row_px = self.table.fontMetrics().height() + 2 * GRID_PX
        self.table.verticalHeader().setDefaultSectionSize(row_px)
        self.table.setRowCount(len(verdict.checks))
        for row, one in enumerate(verdict.checks):
            texts = (self._item(one), self._result(one), in_words(one.detail))
            for place, text in enumerate(texts):
                item = QTableWidgetItem(text)
                item.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable)
                item.setToolTip(text)
                self.table.setItem(row, place, item)
        rows = min(_ROWS_HIGH, len(verdict.checks))
        height = self.table.horizontalHeader().sizeHint().height() + 2 * GRID_PX
        self.table.setFixedHeight(height + rows * row_px)
        self.show()

    def _item(self, one: Checked) -> str:
        names = {"files": self.tr("files"), "transcript": self.tr("text")}
        return names.get(one.item) or in_words(one.item)

    def _result(self, one: Checked) -> str:
        if one.is_good is None:
            return self.tr("noted")
        return self.tr("right") if one.is_good else self.tr("WRONG")


def verdict_sentence(name: str, verdict: Verdict) -> str:
    """Return the result of a check as a sentence, with advice."""
    translate = QCoreApplication.translate
    if verdict.failed:
        text = translate(
            "Models", "{0}: {1} of {2} checks failed. Remove this model and download it again."
        )
        return text.format(name, verdict.failed, len(verdict.checks))
    return translate("Models", "{0}: nothing is wrong.").format(name)
