"""Sort the sessions of the list and filter them by date."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from enum import Enum
from typing import Any

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu, QWidget

from granite_live.gui.sessions.session_list import title
from granite_live.library import SavedSession


class SortOrder(Enum):
    """The order of the sessions in the list."""

    NEWEST = "newest"
    TITLE = "title"
    LENGTH = "length"


class Period(Enum):
    """The days whose sessions are listed; the value is their number, 0 for all."""

    ALL = 0
    TODAY = 1
    WEEK = 7
    MONTH = 30
    YEAR = 365


def arranged(
    sessions: Sequence[SavedSession], order: SortOrder, period: Period, today: date
) -> list[SavedSession]:
    """Return the sessions of a period in an order.

    Args:
        sessions: The sessions, newest first.
        order: The order; sessions that it does not distinguish stay newest first.
        period: The days that end today, in local time.
        today: The local date.
    """
    kept = list(sessions)
    if period is not Period.ALL:
        first = today - timedelta(days=period.value - 1)
        kept = [one for one in kept if one.started_at.astimezone().date() >= first]
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
        if self.period is not Period.ALL:
            parts.append(self._periods[self.period].text())
        return " · ".join(parts)
