"""Texts about sessions: title, date, details."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import PurePath

from PySide6.QtCore import QCoreApplication, QDate, QLocale, QTime

from granite_live.library import Session, SessionState
from granite_live.session import events
from granite_live.transcript.export.timestamps import clock

_EXCERPT_CHARS = 60


def title(session: Session) -> str:
    """Return the user's title, else the first words, else the session's state."""
    if session.title:
        return session.title
    if session.excerpt:
        text = " ".join(session.excerpt.split())
        if len(text) <= _EXCERPT_CHARS:
            return text
        return text[:_EXCERPT_CHARS].rsplit(" ", 1)[0] + "…"
    if session.state is SessionState.RUNNING:
        return QCoreApplication.translate("Sessions", "New session")
    if session.text_deleted:
        return QCoreApplication.translate("Sessions", "Sound without text")
    if session.state is SessionState.INTERRUPTED:
        return QCoreApplication.translate("Sessions", "No text yet")
    return QCoreApplication.translate("Sessions", "Nothing said")


class Beginnings:
    """Detects events that change a session's default title, which is its first text."""

    def __init__(self) -> None:
        self._first: dict[int, int] = {}

    def is_new(self, session_id: int, event: events.Event) -> bool:
        """Return whether an event changes the session's first text."""
        if not isinstance(event, events.Final | events.Provisional) or not event.text:
            return False
        known = self._first.setdefault(session_id, event.utterance)
        if event.utterance > known:
            return False
        self._first[session_id] = event.utterance
        return True


def model_name(name: str, tier: str) -> str:
    """Return a model's name with its tier."""
    return QCoreApplication.translate("Sessions", "{0}, {1}").format(name, tier)


def model_of(session: Session) -> str:
    """Return the model that produced the session's text, "" if unknown."""
    if session.model is not None and session.model.is_demo:
        demo = QCoreApplication.translate("Sessions", "demo model")
        return model_name(demo, session.model.tier)
    path = session.model.path if session.model is not None else session.model_path
    tier = session.model.tier if session.model is not None else session.tier
    return model_name(PurePath(path).name, tier) if path and tier else ""


def why_empty(session: Session) -> str:
    """Return why a session has no text."""
    translate = QCoreApplication.translate
    if session.text_deleted:
        return translate("Sessions", "The text of this session is deleted; its sound is kept.")
    if session.state is SessionState.INTERRUPTED:
        return translate("Sessions", "It was interrupted before its text came: recover it.")
    if session.state is SessionState.RUNNING:
        return translate("Sessions", "Its text is on its way.")
    return translate("Sessions", "In this session nothing was said.")


def reason_against_again(session: Session) -> str:
    """Return why a session cannot be transcribed again, "" if it can."""
    translate = QCoreApplication.translate
    if session.state is SessionState.RUNNING:
        return translate("Sessions", "This session is running: stop it first.")
    if session.state is SessionState.INTERRUPTED:
        return translate("Sessions", "This session is not finished: recover it first.")
    if session.sound_deleted or not session.journal:
        return translate("Sessions", "The sound of this session is deleted.")
    return ""


def when(started: datetime, today: date | None = None) -> str:
    """Return a time relative to today: "Today 14:05", "3 May 2026 14:05"."""
    local = started.astimezone()
    locale = QLocale()
    at = locale.toString(QTime(local.hour, local.minute), QLocale.FormatType.ShortFormat)
    days = ((today or datetime.now().astimezone().date()) - local.date()).days
    if days == 0:
        return QCoreApplication.translate("Sessions", "Today {0}").format(at)
    if days == 1:
        return QCoreApplication.translate("Sessions", "Yesterday {0}").format(at)
    return f"{day(local.date())} {at}"


def day(date_: date) -> str:
    """Return a date such as "3 May 2026"."""
    form = QCoreApplication.translate("Sessions", "d MMM yyyy", "a date, in Qt's letters")
    return QLocale().toString(QDate(date_.year, date_.month, date_.day), form)


def about(session: Session, *, with_model: bool = False) -> str:
    """Return a session's details: start, duration, special states."""
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
    if with_model and (model := model_of(session)):
        parts.append(model)
    return " · ".join(parts)
