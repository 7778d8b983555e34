"""What a session is called, and when it was, in words."""

from __future__ import annotations

from datetime import date, datetime

from PySide6.QtCore import QCoreApplication, QDate, QLocale, QTime

from granite_live.transcript.export.timestamps import clock
from granite_live.transcript.history import Session, SessionState

_EXCERPT_CHARS = 60


def title(session: Session) -> str:
    """Return the user's title, else how the session begins, else that it is empty."""
    if session.title:
        return session.title
    if session.excerpt:
        text = " ".join(session.excerpt.split())
        if len(text) <= _EXCERPT_CHARS:
            return text
        return text[:_EXCERPT_CHARS].rsplit(" ", 1)[0] + "…"
    return QCoreApplication.translate("Sessions", "Nothing said yet")


def when(started: datetime, today: date | None = None) -> str:
    """Return a time as people say it: "Today 14:05", "3 May 14:05"."""
    local = started.astimezone()
    locale = QLocale()
    at = locale.toString(QTime(local.hour, local.minute), QLocale.FormatType.ShortFormat)
    days = ((today or datetime.now().astimezone().date()) - local.date()).days
    if days == 0:
        return QCoreApplication.translate("Sessions", "Today {0}").format(at)
    if days == 1:
        return QCoreApplication.translate("Sessions", "Yesterday {0}").format(at)
    day = locale.toString(QDate(local.year, local.month, local.day), "d MMM yyyy")
    return f"{day} {at}"


def about(session: Session) -> str:
    """Return when it was, how long, and what is special about it."""
    translate = QCoreApplication.translate
    parts = [when(session.started_at)]
    if session.state is SessionState.RUNNING:
        parts.append(translate("Sessions", "running"))
    elif session.duration_s:
        parts.append(clock(session.duration_s))
    if session.state is SessionState.INTERRUPTED:
        parts.append(translate("Sessions", "interrupted"))
    if session.sound_deleted:
        parts.append(translate("Sessions", "text only"))
    if session.text_deleted:
        parts.append(translate("Sessions", "sound only"))
    return " · ".join(parts)
