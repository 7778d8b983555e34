"""Deleting a part of a session keeps and shows the rest."""

from __future__ import annotations

from dataclasses import replace

import pytest
from helpers.scripted_engine import final
from helpers.window_driver import WindowDriver
from PySide6.QtWidgets import QApplication

from granite_live.gui.sessions import session_list
from granite_live.gui.sessions.actions import DeleteDialog
from granite_live.library import SavedSession, SessionPart, SessionState


@pytest.fixture
def stored(driver: WindowDriver) -> SavedSession:
    """A session that has ended and is displayed."""
    return driver.hear(final(1, 0.0, "to be kept or not"))


def delete(driver: WindowDriver, part: SessionPart) -> None:
    action = driver.window.actions_by_id["delete_session"]
    driver.until(action.isEnabled)
    action.trigger()
    shown = (one for one in QApplication.topLevelWidgets() if one.isVisible())
    (dialog,) = [one for one in shown if isinstance(one, DeleteDialog)]
    dialog.buttons[part].click()


def test_without_its_sound_the_text_stays(driver: WindowDriver, stored: SavedSession) -> None:
    delete(driver, SessionPart.SOUND)
    driver.until(lambda: driver.panel.no_sound_reason)
    assert driver.texts() == ["to be kept or not"]
    assert "text only" in driver.page.details.text()


def test_without_its_text_it_says_that_the_sound_is_kept(
    driver: WindowDriver, stored: SavedSession
) -> None:
    delete(driver, SessionPart.TEXT)
    driver.until(lambda: driver.texts() == [])
    driver.until(lambda: "its sound is kept" in driver.page.welcome.text.text())
    assert not driver.panel.no_sound_reason
    assert "audio only" in driver.page.details.text()


def test_without_both_the_page_is_empty(driver: WindowDriver, stored: SavedSession) -> None:
    delete(driver, SessionPart.BOTH)
    driver.until(lambda: driver.page.title.text() == "New session")
    driver.until(lambda: driver.sidebar.model.rowCount() == 0)


def test_a_running_session_is_not_deleted(driver: WindowDriver) -> None:
    session = driver.start()
    driver.say(session, final(1, 0.0, "words"))
    action = driver.window.actions_by_id["delete_session"]
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
