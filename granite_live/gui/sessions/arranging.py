"""Sort the sessions of the list and filter them by date."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import Enum
from typing import Any

from PySide6.QtCore import QCoreApplication, QDate, QLocale, Signal
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu, QWidget

from granite_live.gui.dialogs import show_dialog
from granite_live.gui.sessions.session_list import title
from granite_live.library import SavedSession


@dataclass(frozen=True, slots=True)
class DateRange:
    """The days from `first` to `last`, both included."""

    first: date
    last: date

    @classmethod
    def ending(cls, last: date, days: int) -> DateRange:
        """Return the range of so many days that ends with `last`."""
        return cls(last - timedelta(days=days - 1), last)

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.last


def short_date(day: date) -> str:
    """Return a day as the user's language writes it in short."""
    return QLocale().toString(qt_date(day), QLocale.FormatType.ShortFormat)


def qt_date(day: date) -> QDate:
    """Return a day as a Qt date."""
    return QDate(day.year, day.month, day.day)


class SortOrder(Enum):
    """The order of the sessions in the list."""

    NEWEST = "newest"
    TITLE = "title"
    LENGTH = "length"


class Period(Enum):
    """The days whose sessions are listed; the value is their number, 0 for all, -1 for chosen."""

    ALL = 0
    TODAY = 1
    WEEK = 7
    MONTH = 30
    YEAR = 365
    CHOSEN = -1


def arranged(
    sessions: Sequence[SavedSession], order: SortOrder, days: DateRange | None
) -> list[SavedSession]:
    """Return the sessions of some days in an order.

    Args:
        sessions: The sessions, newest first.
        order: The order; sessions that it does not distinguish stay newest first.
        days: The days in local time, None for all.
    """
    kept = list(sessions)
    if days is not None:
        kept = [one for one in kept if one.started_at.astimezone().date() in days]
    if order is SortOrder.TITLE:
        kept.sort(key=lambda one: _title_key(title(one)))
    elif order is SortOrder.LENGTH:
        kept.sort(key=lambda one: -one.duration_s)
    return kept


def _title_key(text: str) -> list[tuple[int, str]]:
    """Return a key that ignores case and accents and compares numbers by their value."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    letters = "".join(one for one in plain if not unicodedata.combining(one))
    parts = re.split(r"([0-9]+)", letters)
    return [(int(one), "") if n % 2 else (0, one) for n, one in enumerate(parts)]


class ArrangeMenu(QMenu):
    """Lets the user choose an order and a period. Emits `changed` with nothing."""

    changed = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.order, self.period = SortOrder.NEWEST, Period.ALL
        self._chosen: DateRange | None = None
        translate = QCoreApplication.translate
        self._orders = self._add_choices(
            {
                SortOrder.NEWEST: translate("Sessions", "Newest first"),
                SortOrder.TITLE: translate("Sessions", "By title"),
                SortOrder.LENGTH: translate("Sessions", "Longest first"),
            }
        )
        self.addSeparator()
        self._periods = self._add_choices(
            {
                Period.ALL: translate("Sessions", "All days"),
                Period.TODAY: translate("Sessions", "Today only"),
                Period.WEEK: translate("Sessions", "Last 7 days"),
                Period.MONTH: translate("Sessions", "Last 30 days"),
                Period.YEAR: translate("Sessions", "Last 365 days"),
            }
        )
        chosen = self._periods[Period.CHOSEN] = self.addAction(translate("Sessions", "From … to …"))
        chosen.setCheckable(True)
        self._periods[Period.ALL].actionGroup().addAction(chosen)
        chosen.triggered.connect(self.ask_days)
        self._orders[self.order].setChecked(True)
        self._periods[self.period].setChecked(True)

    def _add_choices(self, labels: Mapping[Any, str]) -> dict[Any, QAction]:
        group, made = QActionGroup(self), {}
        for choice, label in labels.items():
            action = self.addAction(label)
            action.setCheckable(True)
            action.toggled.connect(
                lambda is_on, choice=choice: self._choose(choice) if is_on else None
            )
            group.addAction(action)
            made[choice] = action
        return made

    def _choose(self, choice: Enum) -> None:
        before = (self.order, self.period)
        if isinstance(choice, SortOrder):
            self.order = choice
        elif isinstance(choice, Period):
            self.period = choice
        if (self.order, self.period) != before:
            self.changed.emit()

    def days(self, today: date) -> DateRange | None:
        """Return the days whose sessions are listed, None for all; `today` is the local date."""
        if self.period is Period.ALL:
            return None
        if self.period is Period.CHOSEN:
            return self._chosen
        return DateRange.ending(today, self.period.value)

    def ask_days(self) -> None:
        """Ask for a range; begin with the one on show."""
        from granite_live.gui.sessions.date_range_dialog import DateRangeDialog

        today = datetime.now().astimezone().date()
        shown = self.days(today) or self._chosen or DateRange.ending(today, Period.MONTH.value)
        self._periods[self.period].setChecked(True)  # until a range is chosen
        dialog = DateRangeDialog(shown, today, self.parentWidget())
        dialog.chosen.connect(self.choose_days)
        show_dialog(dialog)

    def choose_days(self, days: DateRange) -> None:
        """List the sessions of these days."""
        self._chosen, self.period = days, Period.CHOSEN
        self._periods[Period.CHOSEN].setChecked(True)
        self.changed.emit()

    def set_order(self, name: str) -> None:
        """Choose the order with this name; ignore a name that does not exist."""
        for order, action in self._orders.items():
            if order.value == name:
                action.setChecked(True)

    def show_all_days(self) -> None:
        """Filter no longer by date."""
        self._periods[Period.ALL].setChecked(True)

    def description(self) -> str:
        """Return the order and the period, "" for the usual ones."""
        parts = []
        if self.order is not SortOrder.NEWEST:
            parts.append(self._orders[self.order].text())
        if self.period is Period.CHOSEN and self._chosen is not None:
            text = QCoreApplication.translate("Sessions", "{0} to {1}")
            parts.append(text.format(short_date(self._chosen.first), short_date(self._chosen.last)))
        elif self.period is not Period.ALL:
            parts.append(self._periods[self.period].text())
        return " · ".join(parts)
