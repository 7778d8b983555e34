"""The settings page of the vocabulary."""

from __future__ import annotations

from pathlib import Path

import pytest
from helpers.messages import shows
from helpers.window_driver import WindowDriver
from PySide6.QtCore import Qt

from granite_live.gui.settings_dialog import SettingsDialog
from granite_live.messages.settings import VocabularyMessage
from granite_live.settings.vocabulary import (
    MAX_TERMS,
    Term,
    TermSet,
    Vocabulary,
    load_terms,
    read_vocabulary,
    save_vocabulary,
)

STORED = Vocabulary({"work": TermSet((Term("Kirkleatham"), Term("Brion", ("brian",))))})


@pytest.fixture
def dialog(driver: WindowDriver) -> SettingsDialog:
    save_vocabulary(STORED)
    made = SettingsDialog(driver.application.preferences, driver.window, ())
    made.show()
    made.show_page(made.vocabulary)
    driver.qtbot.waitExposed(made)
    driver.until(lambda: made.vocabulary.model.terms)
    return made


def used() -> set[str]:
    return {str(term) for term in load_terms()}


def test_terms_are_shown_added_by_keys_edited_and_removed(
    driver: WindowDriver, dialog: SettingsDialog
) -> None:
    page, model = dialog.vocabulary, dialog.vocabulary.model
    assert page.set_name.currentText() == "work"
    assert [model.index(1, column).data() for column in (0, 1)] == ["Brion", "brian"]
    page.field.setFocus()
    driver.qtbot.keyClicks(page.field, "Lycophron = like off run")
    driver.qtbot.keyClick(page.field, Qt.Key.Key_Return)
    driver.until(lambda: "Lycophron = like off run" in used())
    assert dialog.isVisible()
    assert page.field.text() == ""
    driver.until(lambda: model.rowCount() == 3)
    assert model.setData(model.index(1, 1), "brian, bryan")
    driver.until(lambda: "Brion = brian, bryan" in used())
    page.table.setFocus()
    page.table.selectRow(0)
    assert page.remove.isEnabled()
    driver.qtbot.keyClick(page.table, Qt.Key.Key_Delete)
    driver.until(lambda: used() == {"Brion = brian, bryan", "Lycophron = like off run"})


def test_what_cannot_be_a_term_is_refused_with_the_reason(
    driver: WindowDriver, dialog: SettingsDialog
) -> None:
    page = dialog.vocabulary
    page.field.setText("x")
    page.add.click()
    assert shows(dialog.problem.text(), VocabularyMessage.BAD_TERM)
    assert page.field.text() == "x"
    assert not page.model.setData(page.model.index(0, 0), "🙂")
    assert page.model.index(0, 0).data() == "Kirkleatham"
    full = Vocabulary({"a": TermSet(tuple(Term(f"word{n}") for n in range(MAX_TERMS)))})
    save_vocabulary(full)
    page.field.setText("one more")
    page.add.click()
    driver.until(lambda: shows(dialog.problem.text(), VocabularyMessage.TOO_MANY_TERMS))
    assert read_vocabulary() == full


def test_sets_and_all_are_switched_off_and_on(driver: WindowDriver, dialog: SettingsDialog) -> None:
    page = dialog.vocabulary
    page.set_enabled.click()
    driver.until(lambda: not used())
    page.set_enabled.click()
    driver.until(lambda: used())
    page.enabled.click()
    driver.until(lambda: not read_vocabulary().enabled)
    page.set_name.setEditText("music")
    assert page.model.terms == ()
    page.field.setText("AC/DC")
    page.add.click()
    driver.until(lambda: "music" in read_vocabulary().sets)
    driver.until(lambda: page.set_name.count() == 3)
    assert page.set_name.currentText() == "music"
    assert [term.text for term in page.model.terms] == ["AC/DC"]
    page.set_name.setCurrentIndex(page.set_name.findText("work"))
    assert len(page.model.terms) == 2


def test_terms_are_imported_and_exported(
    driver: WindowDriver, dialog: SettingsDialog, tmp_path: Path
) -> None:
    page, file = dialog.vocabulary, tmp_path / "terms.txt"
    file.write_text("Lycophron\nx\n", encoding="utf-8")
    page.import_file(file)
    driver.until(lambda: "Lycophron" in used())
    driver.until(lambda: shows(dialog.problem.text(), VocabularyMessage.BAD_LINE))
    page.import_file(tmp_path / "nothing.txt")
    driver.until(lambda: shows(dialog.problem.text(), VocabularyMessage.UNREADABLE))
    page.export_file(tmp_path / "out.txt")
    assert (tmp_path / "out.txt").read_text("utf-8").splitlines() == [
        *map(str, STORED.sets["work"].terms),
        "Lycophron",
    ]


def test_a_thousand_terms_are_shown(driver: WindowDriver, dialog: SettingsDialog) -> None:
    many = Vocabulary({"work": TermSet(tuple(Term(f"word{n}") for n in range(MAX_TERMS)))})
    save_vocabulary(many)
    driver.application.preferences.vocabulary.reload()
    driver.until(lambda: dialog.vocabulary.model.rowCount() == MAX_TERMS)
