"""Closing the window while somebody speaks."""

from __future__ import annotations

from conftest import WindowDriver
from helpers.scripted_engine import final
from PySide6.QtTest import QSignalSpy

from granite_live.gui.closing import FINISH_MS
from granite_live.library import Library, SessionState
from granite_live.session import events


def test_the_last_words_get_their_text_before_the_window_closes(studio: WindowDriver) -> None:
    session = studio.start()
    session.answers_stop = False
    session.tell(events.DraftText(1.0, 1, 0.5, "the last wor", 1))
    studio.until(lambda: studio.texts() == ["the last wor"])
    closing = QSignalSpy(studio.window.closing)
    studio.window.close()
    assert studio.window.isVisible()
    assert studio.page.notices.text.text().startswith("Finishing the last text")
    assert closing.count() == 0
    studio.until(lambda: session.asked == ["stop"])
    session.tell(final(1, 0.5, "The last words."))
    session.close()
    studio.until(lambda: closing.count() == 1)
    assert not studio.window.isVisible()
    assert studio.end()
    with Library.open() as library:
        (stored,) = library.sessions()
        assert [line.text for line in library.utterances(stored.id)] == ["The last words."]
    assert stored.state is SessionState.FINISHED


def test_closing_waits_three_seconds_at_most(studio: WindowDriver) -> None:
    session = studio.start()
    session.answers_stop = False
    assert FINISH_MS == 3000
    closing = QSignalSpy(studio.window.closing)
    studio.window.close()
    assert closing.wait(FINISH_MS + 2000)
    assert studio.end()
    assert session.asked == ["stop", "abandon"]


def test_who_closes_twice_does_not_wait(studio: WindowDriver) -> None:
    studio.start().answers_stop = False
    studio.window.close()
    assert studio.window.isVisible()
    studio.window.close()
    assert not studio.window.isVisible()


def test_a_shutdown_of_the_computer_does_not_wait(studio: WindowDriver) -> None:
    studio.start()
    studio.application.auxiliary.allow_end_at_once()
    studio.window.close()
    assert not studio.window.isVisible()
