"""A range of days for the list of sessions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from PySide6.QtCore import QDate, QLocale


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
