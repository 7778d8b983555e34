"""Closing the window while somebody speaks."""

from __future__ import annotations

from helpers.scripted_engine import final
from helpers.window_driver import WindowDriver
from PySide6.QtTest import QSignalSpy

from granite_live.gui.auxiliary_windows import FINISH_MS
from granite_live.library import Library, SessionState
from granite_live.session import events


def test_the_last_words_get_their_text_before_the_window_closes(driver: WindowDriver) -> None:
    session = driver.start()
    session.answers_stop = False
    session.tell(events.DraftText(1.0, 1, 0.5, "the last wor", 1))
    driver.until(lambda: driver.texts() == ["the last wor"])
    closing = QSignalSpy(driver.window.closing)
    driver.window.close()
    assert driver.window.isVisible()
    assert driver.page.notices.text.text().startswith("Finishing the last text")
    assert closing.count() == 0
    driver.until(lambda: session.asked == ["stop"])
    session.tell(final(1, 0.5, "The last words."))
    session.close()
    driver.until(lambda: closing.count() == 1)
    assert not driver.window.isVisible()
    assert driver.end()
    with Library.open() as library:
        (stored,) = library.sessions()
        assert [line.text for line in library.utterances(stored.id)] == ["The last words."]
    assert stored.state is SessionState.FINISHED


def test_closing_waits_three_seconds_at_most(driver: WindowDriver) -> None:
    session = driver.start()
    session.answers_stop = False
    assert FINISH_MS == 3000
    closing = QSignalSpy(driver.window.closing)
    driver.window.close()
    assert closing.wait(FINISH_MS + 2000)
    assert driver.end()
    assert session.asked == ["stop", "abandon"]


def test_who_closes_twice_does_not_wait(driver: WindowDriver) -> None:
    driver.start().answers_stop = False
    driver.window.close()
    assert driver.window.isVisible()
    driver.window.close()
    assert not driver.window.isVisible()


def test_a_shutdown_of_the_computer_does_not_wait(driver: WindowDriver) -> None:
    driver.start()
    driver.application.auxiliary.allow_end_at_once()
    driver.window.close()
    assert not driver.window.isVisible()
