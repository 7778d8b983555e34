"""Deleting a part of a session keeps and shows the rest."""

from __future__ import annotations

from dataclasses import replace

import pytest
from conftest import WindowDriver
from helpers.scripted_engine import final
from PySide6.QtWidgets import QApplication

from granite_live.gui.sessions import session_list
from granite_live.gui.sessions.actions import DeleteDialog
from granite_live.library import SavedSession, SessionPart, SessionState


@pytest.fixture
def stored(studio: WindowDriver) -> SavedSession:
    """A session that has ended and is displayed."""
    return studio.hear(final(1, 0.0, "to be kept or not"))


def delete(studio: WindowDriver, part: SessionPart) -> None:
    action = studio.window.actions_by_id["delete_session"]
    studio.until(action.isEnabled)
    action.trigger()
    shown = (one for one in QApplication.topLevelWidgets() if one.isVisible())
    (dialog,) = [one for one in shown if isinstance(one, DeleteDialog)]
    dialog.buttons[part].click()


def test_without_its_sound_the_text_stays(studio: WindowDriver, stored: SavedSession) -> None:
    delete(studio, SessionPart.SOUND)
    studio.until(lambda: studio.panel.no_sound_reason)
    assert studio.texts() == ["to be kept or not"]
    assert "text only" in studio.page.details.text()


def test_without_its_text_it_says_that_the_sound_is_kept(
    studio: WindowDriver, stored: SavedSession
) -> None:
    delete(studio, SessionPart.TEXT)
    studio.until(lambda: studio.texts() == [])
    studio.until(lambda: "its sound is kept" in studio.page.welcome.text.text())
    assert not studio.panel.no_sound_reason
    assert "audio only" in studio.page.details.text()


def test_without_both_the_page_is_empty(studio: WindowDriver, stored: SavedSession) -> None:
    delete(studio, SessionPart.BOTH)
    studio.until(lambda: studio.page.title.text() == "New session")
    studio.until(lambda: studio.sidebar.model.rowCount() == 0)


def test_a_running_session_is_not_deleted(studio: WindowDriver) -> None:
    session = studio.start()
    studio.say(session, final(1, 0.0, "words"))
    action = studio.window.actions_by_id["delete_session"]
    assert not action.isEnabled()


def test_why_a_session_is_empty(stored: SavedSession) -> None:
    reasons = {
        "No speech was detected": stored,
        "its sound is kept": replace(stored, text_deleted=True),
        "Recover it": replace(stored, state=SessionState.INTERRUPTED),
        "line by line": replace(stored, state=SessionState.RUNNING),
    }
    for reason, session in reasons.items():
        assert reason in session_list.empty_reason(session)
