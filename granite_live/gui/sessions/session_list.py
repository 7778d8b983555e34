"""The list of sessions: title, date, search hits."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from pathlib import PurePath
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QCoreApplication,
    QDate,
    QEvent,
    QLocale,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    Qt,
    QTime,
    QTimer,
    Signal,
)
from PySide6.QtGui import (
    QContextMenuEvent,
    QKeyEvent,
)
from PySide6.QtWidgets import (
    QListView,
    QWidget,
)

from granite_live.gui.sessions.session_delegate import (
    ABOUT_ROLE,
    LISTENING_ROLE,
    SESSION_ROLE,
    SNIPPET_ROLE,
    SessionDelegate,
)
from granite_live.gui.style_sheet import follow_theme
from granite_live.library import SavedSession, SearchHit, SessionState
from granite_live.session import events
from granite_live.transcript.export.text_formats import format_clock

# While an arrow key repeats, no session is opened.
_OPEN_MS = 80


def title(session: SavedSession) -> str:
    """Return the user's title, else the first words, else the session's state."""
    if session.heading:
        return session.heading
    if session.state is SessionState.RUNNING:
        return QCoreApplication.translate("Sessions", "New session")
    if session.text_deleted:
        return QCoreApplication.translate("Sessions", "Audio only")
    if session.state is SessionState.INTERRUPTED:
        return QCoreApplication.translate("Sessions", "Not transcribed yet")
    return QCoreApplication.translate("Sessions", "No speech")


class TitleTracker:
    """Detects events that change a session's default title, which is its first text."""

    def __init__(self) -> None:
        self._first: dict[int, int] = {}

    def is_new(self, session_id: int, event: events.SessionEvent) -> bool:
        """Return whether an event changes the session's first text."""
        if not isinstance(event, events.FinalText | events.ProvisionalText) or not event.text:
            return False
        known = self._first.setdefault(session_id, event.utterance)
        if event.utterance > known:
            return False
        self._first[session_id] = event.utterance
        return True


def model_name(name: str, tier: str) -> str:
    """Return a model's name with its tier."""
    return QCoreApplication.translate("Sessions", "{0}, {1}").format(name, tier)


def model_of(session: SavedSession) -> str:
    """Return the model that produced the session's text, "" if unknown."""
    if session.model is not None and session.model.is_demo:
        demo = QCoreApplication.translate("Sessions", "demo model")
        return model_name(demo, session.model.tier)
    path = session.model.path if session.model is not None else session.model_path
    tier = session.model.tier if session.model is not None else session.tier
    return model_name(PurePath(path).name, tier) if path and tier else ""


def empty_reason(session: SavedSession) -> str:
    """Return why a session has no text."""
    translate = QCoreApplication.translate
    if session.text_deleted:
        return translate("Sessions", "The text of this session was deleted; its sound is kept.")
    if session.state is SessionState.INTERRUPTED:
        return translate("Sessions", "This session was interrupted. Recover it to get its text.")
    if session.state is SessionState.RUNNING:
        return translate("Sessions", "The text appears here line by line.")
    return translate("Sessions", "No speech was detected in this session.")


def retranscribe_problem(session: SavedSession) -> str:
    """Return why a session cannot be transcribed again, "" if it can."""
    translate = QCoreApplication.translate
    if session.state is SessionState.RUNNING:
        return translate("Sessions", "This session is running: stop it first.")
    if session.state is SessionState.INTERRUPTED:
        return translate("Sessions", "This session is unfinished: recover it first.")
    if session.sound_deleted or not session.journal:
        return translate("Sessions", "The sound of this session was deleted.")
    return ""


def relative_time(started: datetime) -> str:
    """Return a time relative to today: "Today 14:05", "3 May 2026 14:05"."""
    local = started.astimezone()
    locale = QLocale()
    at = locale.toString(QTime(local.hour, local.minute), QLocale.FormatType.ShortFormat)
    days = (datetime.now().astimezone().date() - local.date()).days
    if days == 0:
        return QCoreApplication.translate("Sessions", "Today {0}").format(at)
    if days == 1:
        return QCoreApplication.translate("Sessions", "Yesterday {0}").format(at)
    return f"{day(local.date())} {at}"


def day(date_: date) -> str:
    """Return a date such as "3 May 2026"."""
    form = QCoreApplication.translate("Sessions", "d MMM yyyy", "a date, in Qt's letters")
    return QLocale().toString(QDate(date_.year, date_.month, date_.day), form)


def details(session: SavedSession, *, with_model: bool = False) -> str:
    """Return a session's details: start, duration, special states."""
    translate = QCoreApplication.translate
    parts = [relative_time(session.started_at)]
    if session.state is SessionState.RUNNING:
        parts.append(translate("Sessions", "running"))
    elif session.duration_s:
        parts.append(format_clock(session.duration_s))
    if session.state is SessionState.INTERRUPTED:
        parts.append(translate("Sessions", "interrupted"))
    if session.sound_deleted:
        parts.append(translate("Sessions", "text only"))
    if session.text_deleted:
        parts.append(translate("Sessions", "audio only"))
    if with_model and (model := model_of(session)):
        parts.append(model)
    return " · ".join(parts)


_ROOT = QModelIndex()
_Index = QModelIndex | QPersistentModelIndex


class SessionsModel(QAbstractListModel):
    """Sessions, newest first, with their search snippets."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._sessions: tuple[SavedSession, ...] = ()
        self._snippets: Mapping[int, SearchHit] = {}
        self._journals: Counter[str] = Counter()
        self._running_id, self._is_recording = 0, False

    def show(self, sessions: Sequence[SavedSession], snippets: Mapping[int, SearchHit]) -> None:
        """Show these sessions; `snippets` by session id."""
        self.beginResetModel()
        self._sessions, self._snippets = tuple(sessions), snippets
        self._journals = Counter(one.journal for one in self._sessions if one.journal)
        self.endResetModel()

    def mark_running(self, session_id: int, *, is_recording: bool) -> None:
        """Mark the running session, 0 for none, and say whether it records."""
        if (session_id, is_recording) == (self._running_id, self._is_recording):
            return
        changed = {self._running_id, session_id}
        self._running_id, self._is_recording = session_id, is_recording
        for row in map(self.row_of, changed):
            if row >= 0:
                self.dataChanged.emit(self.index(row), self.index(row))

    def rowCount(self, parent: _Index = _ROOT) -> int:
        """Return the number of sessions."""
        return 0 if parent.isValid() else len(self._sessions)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return the title, the session, or its text for screen readers."""
        if not index.isValid():
            return None
        session = self._sessions[index.row()]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return title(session)
            case Qt.ItemDataRole.AccessibleTextRole:
                return f"{title(session)}, {self._about(session)}"
            case _ if role == SESSION_ROLE:
                return session
            case _ if role == SNIPPET_ROLE:
                return self._snippets.get(session.id)
            case _ if role == ABOUT_ROLE:
                return self._about(session)
            case _ if role == LISTENING_ROLE:
                return session.id == self._running_id and self._is_recording
        return None

    def _about(self, session: SavedSession) -> str:
        if session.id == self._running_id:
            translate = QCoreApplication.translate
            listening, waiting = (
                translate("Sessions", "● Listening"),
                translate("Sessions", "Paused"),
            )
            state = listening if self._is_recording else waiting
            return f"{state} · {relative_time(session.started_at)}"
        # The model distinguishes transcripts of the same sound.
        return details(session, with_model=self._journals[session.journal] > 1)

    def row_of(self, session_id: int) -> int:
        """Return the row of a session, -1 if it is not in the list."""
        rows = (row for row, one in enumerate(self._sessions) if one.id == session_id)
        return next(rows, -1)


class SessionsView(QListView):
    """The list view.

    Emits `opened` with a session, and the user's actions; `delete_requested` with all selected
    sessions, `menu_requested` with the global position.
    """

    opened = Signal(object)
    rename_requested = Signal(object)
    delete_requested = Signal(list)
    menu_requested = Signal(object, QPoint)

    def __init__(self, model: SessionsModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("sessions")
        self.setAccessibleName(self.tr("Sessions"))
        self.setModel(model)
        self.setItemDelegate(SessionDelegate(self))
        self.setMouseTracking(True)
        self.setUniformItemSizes(False)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSelectionMode(QListView.SelectionMode.ExtendedSelection)
        follow_theme(self.scheduleDelayedItemsLayout)
        self.clicked.connect(self._handle_click)
        self.activated.connect(self._open)
        self._open_timer = QTimer(self, singleShot=True, interval=_OPEN_MS)
        self._open_timer.timeout.connect(lambda: self.opened.emit(self._session_to_open))
        self._session_to_open: SavedSession | None = None

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Open the session that a key leads to, or that Space or Enter choose."""
        if event.key() == Qt.Key.Key_Space and not event.modifiers():
            self._open(self.currentIndex())
            return
        before = self.currentIndex()
        session = self.currentIndex().data(SESSION_ROLE)
        if session is not None and event.key() == Qt.Key.Key_F2:
            self.rename_requested.emit(session)
        elif session is not None and event.key() == Qt.Key.Key_Delete:
            self.delete_requested.emit(self.selected_sessions() or [session])
        else:
            super().keyPressEvent(event)
            if self.currentIndex() != before and not event.modifiers():
                # The list may be loaded again before the session is opened.
                self._session_to_open = self.currentIndex().data(SESSION_ROLE)
                self._open_timer.start()

    def event(self, event: QEvent) -> bool:
        """Keep F2 for the selected session: elsewhere it renames the displayed one."""
        is_override = event.type() is QEvent.Type.ShortcutOverride
        if is_override and isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_F2:
            event.accept()
            return True
        return super().event(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Request the menu of the session under the mouse, or of the current one."""
        is_key = event.reason() is event.Reason.Keyboard
        index = self.currentIndex() if is_key else self.indexAt(event.pos())
        session = index.data(SESSION_ROLE)
        if session is None:
            return
        place = self.visualRect(index).center() if is_key else event.pos()
        self.menu_requested.emit(session, self.viewport().mapToGlobal(place))

    def selected_sessions(self) -> list[SavedSession]:
        """Return the selected sessions, in the order of the list."""
        return [one.data(SESSION_ROLE) for one in sorted(self.selectedIndexes())]

    def _handle_click(self, index: QModelIndex) -> None:
        # A click that selects several, with Ctrl or Shift, opens none.
        if len(self.selectedIndexes()) <= 1:
            self._open(index)

    def _open(self, index: QModelIndex) -> None:
        self._open_timer.stop()
        session = index.data(SESSION_ROLE)
        if session is not None:
            self.opened.emit(session)
