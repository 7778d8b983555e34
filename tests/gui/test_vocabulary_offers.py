"""Corrections are offered for the vocabulary; places are searched by sound, played and replaced."""

from __future__ import annotations

from helpers.messages import shows
from helpers.scripted_engine import ScriptedSearch, final
from helpers.window_driver import WindowDriver

from granite_live.app.sound_search import SoundPlace
from granite_live.gui.sound_search_dialog import SoundSearchDialog
from granite_live.library import Library, SavedSession
from granite_live.messages.settings import VocabularyMessage
from granite_live.settings.vocabulary import load_terms


def heard(driver: WindowDriver) -> SavedSession:
    """A finished session of two lines that both have the same misspelled name."""
    session = driver.hear(final(1, 0.0, "We read like run."), final(2, 5.0, "By like run, again."))
    driver.sidebar.opened.emit(session, "")
    driver.until(lambda: all(line.stored is not None for line in driver.model.lines))
    return session


def correct(driver: WindowDriver, row: int, text: str) -> None:
    driver.application.document.editing.edit(row, text)
    driver.until(lambda: driver.texts()[row] == text)


def dialog_of(driver: WindowDriver) -> SoundSearchDialog:
    driver.until(lambda: driver.window.findChildren(SoundSearchDialog))
    return driver.window.findChildren(SoundSearchDialog)[-1]


def search_of(driver: WindowDriver) -> ScriptedSearch:
    driver.until(lambda: driver.engine.searches and driver.engine.searches[-1].began.is_set())
    return driver.engine.searches[-1]


def place(session: SavedSession, row: int, start_s: float, end_s: float) -> SoundPlace:
    with Library.open() as library:
        line = library.utterances(session.id)[row]
    return SoundPlace(0.9, session, line.id, start_s, end_s, "like run,")


def test_a_corrected_name_is_offered_added_and_searched(driver: WindowDriver) -> None:
    session, bar = heard(driver), driver.page.notices
    correct(driver, 0, "We read Lycophron.")
    driver.until(lambda: bar.isVisible() and "Lycophron" in bar.text.text())
    assert load_terms() == ()
    bar.action.click()
    driver.until(lambda: [term.text for term in load_terms()] == ["Lycophron"])
    driver.until(lambda: "elsewhere" in bar.text.text())
    bar.action.click()
    dialog, search = dialog_of(driver), search_of(driver)
    assert (search.term, search.session_id) == ("Lycophron", session.id)
    search.report(0.5)
    driver.until(lambda: dialog.progress.value() == 50)
    with Library.open() as library:
        words = library.utterances(session.id)[1].shown_words
    search.end(place(session, 1, words[1].start_s, words[2].end_s))
    driver.until(lambda: dialog.places.count() == 1)
    assert driver.texts()[1] == "By like run, again."
    dialog.play_button.click()
    driver.until(lambda: driver.engine.played)
    assert driver.engine.played[0][0] == session.id
    dialog.replace_button.click()
    driver.until(lambda: driver.texts()[1] == "By Lycophron, again.")
    assert dialog.places.count() == 0
    driver.application.document.editing.stack.undo()
    driver.until(lambda: driver.texts()[1] == "By like run, again.")
    dialog.reject()


def test_an_offer_is_never_made_twice_and_not_for_common_words(driver: WindowDriver) -> None:
    heard(driver)
    bar = driver.page.notices
    driver.engine.common_words = {"licorice"}
    correct(driver, 0, "We read licorice.")
    correct(driver, 0, "We READ licorice!")
    correct(driver, 1, "By Lycophron, again.")
    driver.until(lambda: "Lycophron" in bar.text.text())
    bar.close_button.click()
    assert not bar.isVisible()
    correct(driver, 1, "By like run, again.")
    correct(driver, 1, "By Lycophron, again.")
    correct(driver, 0, "We read Brion.")
    driver.until(lambda: "Brion" in bar.text.text())
    bar.dismiss()
    assert "Lycophron" not in bar.text.text() or not bar.isVisible()
    assert load_terms() == ()


def test_all_sessions_are_searched_from_the_menu_and_a_search_is_stopped(
    driver: WindowDriver,
) -> None:
    session = heard(driver)
    driver.application.document.clear()
    driver.sidebar.search.setText("Lycophron")
    driver.window.actions_by_id["search_sound"].trigger()
    dialog, search = dialog_of(driver), search_of(driver)
    assert (search.term, search.session_id) == ("Lycophron", None)
    assert not dialog.replace_button.isVisible()
    search.found_so_far = (place(session, 1, 5.0, 6.0),)
    dialog.search_button.click()
    assert search.is_stopped
    driver.until(lambda: not dialog.progress.isVisible())
    assert dialog.places.count() == 1
    assert dialog.status.text() == "Stopped. Places found so far: 1"
    assert dialog.search_button.text() == "Search"
    dialog.search_button.click()
    driver.until(lambda: len(driver.engine.searches) == 2)
    search_of(driver).end(place(session, 1, 5.0, 6.0), problems=("One is gone.",))
    driver.until(lambda: dialog.places.count() == 1)
    assert "One is gone." in dialog.problem.text()
    dialog.play_button.click()
    driver.until(lambda: driver.engine.played)
    assert driver.application.document.session_id == session.id
    dialog.field.setText("x")
    dialog.search_button.click()
    assert shows(dialog.problem.text(), VocabularyMessage.BAD_TERM)
    dialog.field.setText("Brion")
    dialog.search_button.click()
    driver.until(lambda: len(driver.engine.searches) == 3)
    search_of(driver).fail("The model is gone.")
    driver.until(lambda: "The model is gone." in dialog.problem.text())
    dialog.reject()
