"""Session titles: the same in view and list, from the first words on."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from helpers.scripted_engine import INFO, final
from helpers.window_driver import WindowDriver
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtWidgets import QApplication

from granite_live.gui.sessions import session_list
from granite_live.gui.translations import Translation
from granite_live.library import Library, NewSession, SavedSession, SessionState, SourceKind
from granite_live.messages.recording import RecordingMessage
from granite_live.session import events


def listed(driver: WindowDriver) -> str:
    return str(driver.sidebar.model.index(0).data())


def both(driver: WindowDriver, title: str) -> None:
    """Wait until view and list show a title."""
    driver.until(lambda: (driver.page.title.text(), listed(driver)) == (title, title))


def test_the_first_words_are_the_title_at_once_on_page_and_in_list(driver: WindowDriver) -> None:
    session = driver.start()
    both(driver, "New session")
    session.tell(events.DraftText(1.0, 1, 0.5, "good mor", 1))
    driver.until(lambda: driver.texts() == ["good mor"])
    both(driver, "New session")
    session.tell(events.ProvisionalText(2.0, 1, 0.5, 1.5, "good mourning", ()))
    both(driver, "good mourning")
    session.tell(final(1, 0.5, "Good morning."))
    both(driver, "Good morning.")
    driver.say(session, final(2, 6.0, "And the rest."))
    both(driver, "Good morning.")


def test_an_edit_of_the_first_line_is_one_of_the_title(driver: WindowDriver) -> None:
    session = driver.start()
    driver.say(session, final(1, 0.5, "Good mourning."), final(2, 6.0, "And the rest."))
    both(driver, "Good mourning.")
    driver.application.document.editing.edit(0, "Good morning.")
    both(driver, "Good morning.")
    driver.application.document.editing.stack.undo()
    both(driver, "Good mourning.")
    driver.application.document.editing.delete([0])
    both(driver, "And the rest.")


def test_a_file_has_its_name_and_a_silent_session_says_so(driver: WindowDriver) -> None:
    driver.start()
    driver.stop()
    both(driver, "No speech")


def session(**changes: object) -> SavedSession:
    with Library.open() as library:
        new = NewSession(datetime.now(UTC), SourceKind.MICROPHONE, journal="x")
        made = library.session(library.create_session(new))
    return replace(made, **changes)


def test_what_has_no_text_says_why() -> None:
    assert session_list.title(session(state=SessionState.FINISHED)) == "No speech"
    assert session_list.title(session(state=SessionState.INTERRUPTED)) == "Not transcribed yet"
    assert session_list.title(session(text_deleted=True)) != "No speech"
    assert session_list.title(session(state=SessionState.INTERRUPTED, excerpt="rain")) == "rain"


def test_the_model_is_named_where_it_is_known() -> None:
    assert session_list.model_of(session()) == ""
    assert session_list.model_of(session(model=INFO)) == "granite-nar, int8"
    assert session_list.model_of(session(model=replace(INFO, is_demo=True))) == "demo model, int8"
    about = session_list.details(session(model=INFO, state=SessionState.FINISHED), with_model=True)
    assert about.endswith("granite-nar, int8")


def test_only_a_new_first_text_is_a_beginning() -> None:
    beginnings = session_list.TitleTracker()
    assert not beginnings.is_new(1, events.DraftText(0.0, 3, 0.0, "so", 1))
    assert beginnings.is_new(1, final(3, 9.0, "third"))
    assert not beginnings.is_new(1, final(4, 12.0, "fourth"))
    assert beginnings.is_new(1, final(2, 6.0, "second"))
    assert not beginnings.is_new(1, final(3, 9.0, "third"))
    assert not beginnings.is_new(2, final(1, 0.0, ""))
    assert beginnings.is_new(2, final(2, 6.0, "second"))


# -- keys in the list ----------------------------------------------------------------------


def two_sessions(driver: WindowDriver) -> None:
    for text in ("first of them", "second of them"):
        driver.engine.store(text)
    driver.sidebar.refresh()
    driver.until(lambda: driver.sidebar.model.rowCount() == 2)
    driver.sidebar.view.setFocus()
    driver.sidebar.view.setCurrentIndex(driver.sidebar.model.index(1))


def test_keys_rename_delete_and_open_the_menu_of_the_session_in_the_list(
    driver: WindowDriver,
) -> None:
    two_sessions(driver)
    wanted = driver.sidebar.model.index(1).data()
    asked: list[tuple[str, str]] = []
    view = driver.sidebar.view
    view.rename_requested.disconnect()
    view.menu_requested.disconnect()
    view.rename_requested.connect(lambda one: asked.append(("rename", session_list.title(one))))
    view.menu_requested.connect(lambda one, _at: asked.append(("menu", session_list.title(one))))
    driver.qtbot.keyClick(view, Qt.Key.Key_F2)
    keyboard = QContextMenuEvent.Reason.Keyboard
    event = QContextMenuEvent(keyboard, QPoint(0, 0), QPoint(0, 0))
    QApplication.sendEvent(view.viewport(), event)
    assert asked == [("rename", wanted), ("menu", wanted)]
    driver.qtbot.keyClick(view, Qt.Key.Key_Delete)
    (dialog,) = [one for one in QApplication.topLevelWidgets() if one.isModal()]
    dialog.reject()


NOTES = RecordingMessage.CHANNEL_USED(
    name="'talk.mkv'",
    channel=RecordingMessage.CHANNEL(channel=RecordingMessage.LEFT()),
    reason=RecordingMessage.OTHER_CHANNELS_SILENT(),
)


@pytest.mark.parametrize(
    ("language", "told"),
    [
        (
            "en",
            "'talk.mkv': the left channel is used instead of the mix: the other channels are "
            "silent.",
        ),
        (
            "de",
            "'talk.mkv': statt der Mischung aller Kanäle wird verwendet: Kanal links; die anderen "
            "Kanäle sind stumm.",
        ),
    ],
)
def test_what_is_to_say_about_a_recording_is_shown_again(
    driver: WindowDriver, qapp: QApplication, language: str, told: str
) -> None:
    translation = Translation(qapp, language)
    try:
        session_id, other = driver.engine.store("some words"), driver.engine.store("other words")
        with Library.open() as library:
            library.set_notes(session_id, NOTES)
        notes = driver.page.recording_notes
        driver.application.document.open(session_id)
        driver.until(lambda: driver.texts() == ["some words"] and notes.text())
        assert (notes.text(), notes.toolTip()) == (told, told)
        assert notes.isVisible()
        driver.application.document.open(other)
        driver.until(lambda: driver.texts() == ["other words"] and not notes.text())
        assert not notes.isVisible()
    finally:
        translation.remove()
