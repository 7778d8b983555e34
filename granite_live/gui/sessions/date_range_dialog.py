"""The dialog that asks for a range of days."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import QLocale, Qt, Signal
from PySide6.QtGui import QTextCharFormat
from PySide6.QtWidgets import QDateEdit, QDialog, QFormLayout, QHBoxLayout, QPushButton, QWidget

from granite_live.gui.sessions.arranging import DateRange, qt_date
from granite_live.gui.theme import GRID_PX
from granite_live.gui.widgets import add_side_margins, default_button


class DateRangeDialog(QDialog):
    """Asks for the first and the last day, none later than today. Emits `chosen` with the range."""

    chosen = Signal(object)

    def __init__(self, shown: DateRange, today: date, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Sessions of chosen days"))
        self.first, self.last = self._day(shown.first), self._day(shown.last)
        for edit in (self.first, self.last):
            edit.setMaximumDate(qt_date(today))
        self.last.setMinimumDate(self.first.date())
        # The last day follows: a range cannot end before it begins.
        self.first.dateChanged.connect(self.last.setMinimumDate)
        self.show_button = default_button(self.tr("Show"), self._choose, self)
        self.cancel_button = QPushButton(self.tr("Cancel"), self)
        self.cancel_button.clicked.connect(self.reject)
        form = QFormLayout(self)
        form.setContentsMargins(*[3 * GRID_PX] * 4)
        form.setSpacing(2 * GRID_PX)
        form.addRow(self.tr("&From"), self.first)
        form.addRow(self.tr("&To"), self.last)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(self.cancel_button)
        row.addWidget(self.show_button)
        form.addRow(row)
        self.first.setFocus()

    def _day(self, day: date) -> QDateEdit:
        edit = QDateEdit(qt_date(day), self)
        edit.setCalendarPopup(True)
        # Some languages write two digits of the year, which leave the century open.
        form = QLocale().dateFormat(QLocale.FormatType.ShortFormat)
        edit.setDisplayFormat(form if "yyyy" in form else form.replace("yy", "yyyy"))
        add_side_margins(edit)
        calendar = edit.calendarWidget()
        calendar.setVerticalHeaderFormat(calendar.VerticalHeaderFormat.NoVerticalHeader)
        calendar.setHorizontalHeaderFormat(calendar.HorizontalHeaderFormat.SingleLetterDayNames)
        # Qt's own red for weekends is hard to read in the dark.
        for day_of_week in (Qt.DayOfWeek.Saturday, Qt.DayOfWeek.Sunday):
            calendar.setWeekdayTextFormat(day_of_week, QTextCharFormat())
        return edit

    def _choose(self) -> None:
        self.accept()
        self.chosen.emit(DateRange(_python_date(self.first), _python_date(self.last)))


def _python_date(edit: QDateEdit) -> date:
    chosen = edit.date()
    return date(chosen.year(), chosen.month(), chosen.day())
