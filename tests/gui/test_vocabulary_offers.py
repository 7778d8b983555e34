"""Corrections are offered for the vocabulary; places are searched by sound, played and replaced."""

from __future__ import annotations

from conftest import WindowDriver
from helpers.messages import shows
from helpers.scripted_engine import ScriptedSearch, final

from granite_live.app.sound_search import SoundPlace
from granite_live.gui.sound_search_dialog import SoundSearchDialog
from granite_live.library import Library, SavedSession
from granite_live.messages.settings import VocabularyMessage
from granite_live.settings.vocabulary import load_terms


def heard(studio: WindowDriver) -> SavedSession:
    """A finished session of two lines that both have the same misspelled name."""
    session = studio.hear(final(1, 0.0, "We read like run."), final(2, 5.0, "By like run, again."))
    studio.sidebar.opened.emit(session, "")
    studio.until(lambda: all(line.stored is not None for line in studio.model.lines))
    return session


def correct(studio: WindowDriver, row: int, text: str) -> None:
    studio.application.document.editing.edit(row, text)
    studio.until(lambda: studio.texts()[row] == text)


def dialog_of(studio: WindowDriver) -> SoundSearchDialog:
    studio.until(lambda: studio.window.findChildren(SoundSearchDialog))
    return studio.window.findChildren(SoundSearchDialog)[-1]


def search_of(studio: WindowDriver) -> ScriptedSearch:
    studio.until(lambda: studio.engine.searches and studio.engine.searches[-1].began.is_set())
    return studio.engine.searches[-1]


def place(session: SavedSession, row: int, start_s: float, end_s: float) -> SoundPlace:
    with Library.open() as library:
        line = library.utterances(session.id)[row]
    return SoundPlace(0.9, session, line.id, start_s, end_s, "like run,")


def test_a_corrected_name_is_offered_added_and_searched(studio: WindowDriver) -> None:
    session, bar = heard(studio), studio.page.notices
    correct(studio, 0, "We read Lycophron.")
    studio.until(lambda: bar.isVisible() and "Lycophron" in bar.text.text())
    assert load_terms() == ()
    bar.action.click()
    studio.until(lambda: [term.text for term in load_terms()] == ["Lycophron"])
    studio.until(lambda: "elsewhere" in bar.text.text())
    bar.action.click()
    dialog, search = dialog_of(studio), search_of(studio)
    assert (search.term, search.session_id) == ("Lycophron", session.id)
    search.report(0.5)
    studio.until(lambda: dialog.progress.value() == 50)
    with Library.open() as library:
        words = library.utterances(session.id)[1].shown_words
    search.end(place(session, 1, words[1].start_s, words[2].end_s))
    studio.until(lambda: dialog.places.count() == 1)
    assert studio.texts()[1] == "By like run, again."
    dialog.play_button.click()
    studio.until(lambda: studio.engine.played)
    assert studio.engine.played[0][0] == session.id
    dialog.replace_button.click()
    studio.until(lambda: studio.texts()[1] == "By Lycophron, again.")
    assert dialog.places.count() == 0
    studio.application.document.editing.stack.undo()
    studio.until(lambda: studio.texts()[1] == "By like run, again.")
    dialog.reject()


def test_an_offer_is_never_made_twice_and_not_for_common_words(studio: WindowDriver) -> None:
    heard(studio)
    bar = studio.page.notices
    studio.engine.common_words = {"licorice"}
    correct(studio, 0, "We read licorice.")
    correct(studio, 0, "We READ licorice!")
    correct(studio, 1, "By Lycophron, again.")
    studio.until(lambda: "Lycophron" in bar.text.text())
    bar.close_button.click()
    assert not bar.isVisible()
    correct(studio, 1, "By like run, again.")
    correct(studio, 1, "By Lycophron, again.")
    correct(studio, 0, "We read Brion.")
    studio.until(lambda: "Brion" in bar.text.text())
    bar.dismiss()
    assert "Lycophron" not in bar.text.text() or not bar.isVisible()
    assert load_terms() == ()


def test_all_sessions_are_searched_from_the_menu_and_a_search_is_stopped(
    studio: WindowDriver,
) -> None:
    session = heard(studio)
    studio.application.document.clear()
    studio.sidebar.search.setText("Lycophron")
    studio.window.actions_by_id["search_sound"].trigger()
    dialog, search = dialog_of(studio), search_of(studio)
    assert (search.term, search.session_id) == ("Lycophron", None)
    assert not dialog.replace_button.isVisible()
    dialog.search_button.click()
    assert search.is_stopped
    assert not dialog.progress.isVisible()
    dialog.search_button.click()
    studio.until(lambda: len(studio.engine.searches) == 2)
    search_of(studio).end(place(session, 1, 5.0, 6.0), problems=("One is gone.",))
    studio.until(lambda: dialog.places.count() == 1)
    assert "One is gone." in dialog.problem.text()
    dialog.play_button.click()
    studio.until(lambda: studio.engine.played)
    assert studio.application.document.session_id == session.id
    dialog.field.setText("x")
    dialog.search_button.click()
    assert shows(dialog.problem.text(), VocabularyMessage.BAD_TERM)
    dialog.field.setText("Brion")
    dialog.search_button.click()
    studio.until(lambda: len(studio.engine.searches) == 3)
    search_of(studio).fail("The model is gone.")
    studio.until(lambda: "The model is gone." in dialog.problem.text())
    dialog.reject()
