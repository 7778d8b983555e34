"""Key fields take shortcuts only: Escape leaves them, and keys of typing are refused there."""

from __future__ import annotations

import pytest
from conftest import WindowDriver
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from granite_live.gui.settings_dialog import SettingsDialog
from granite_live.gui.settings_dialog.form import KeySequenceField
from granite_live.settings import Settings

DICTATION_PAGE, KEYS_PAGE = 3, 6
NONE = Qt.KeyboardModifier.NoModifier
CONTROL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
ALT = Qt.KeyboardModifier.AltModifier


@pytest.fixture
def dialog(studio: WindowDriver) -> SettingsDialog:
    made = SettingsDialog(studio.application.preferences, studio.window)
    made.show()
    made.activateWindow()
    studio.qtbot.waitActive(made)
    return made


def key_fields(dialog: SettingsDialog) -> list[tuple[int, KeySequenceField]]:
    """Return every key field of the dialog with the number of its page."""
    shortcuts = [(KEYS_PAGE, one) for one in dialog.keys.fields.values()]
    return [(DICTATION_PAGE, dialog.dictation.key), *shortcuts]


def focus(studio: WindowDriver, dialog: SettingsDialog, page: int, field: QWidget) -> None:
    dialog.tabs.setCurrentIndex(page)
    field.setFocus()
    studio.until(field.hasFocus)


def settings(studio: WindowDriver) -> Settings:
    return studio.application.preferences.settings


def test_escape_is_no_shortcut_in_any_key_field(
    studio: WindowDriver, dialog: SettingsDialog
) -> None:
    assert len(dialog.findChildren(KeySequenceField)) == len(key_fields(dialog)) > 20
    for page, field in key_fields(dialog):
        dialog.show()
        dialog.activateWindow()
        studio.qtbot.waitActive(dialog)
        focus(studio, dialog, page, field)
        before = field.keySequence()
        studio.qtbot.keyClick(field, Qt.Key.Key_Escape)
        assert field.keySequence() == before
        assert not dialog.isVisible()  # Escape closes the dialog, as in every other field
    assert settings(studio) == Settings()


def test_tab_leaves_a_key_field(studio: WindowDriver, dialog: SettingsDialog) -> None:
    focus(studio, dialog, DICTATION_PAGE, dialog.dictation.key)
    studio.qtbot.keyClick(dialog.dictation.key, Qt.Key.Key_Tab)
    assert not dialog.dictation.key.hasFocus()
    assert settings(studio) == Settings()


@pytest.mark.parametrize(
    ("key", "modifiers", "told"),
    [
        (Qt.Key.Key_A, NONE, "'A' is needed"),
        (Qt.Key.Key_A, SHIFT, "'Shift+A' is needed"),
        (Qt.Key.Key_C, CONTROL, "'Ctrl+C' is needed"),
        (Qt.Key.Key_Left, NONE, "'Left' is needed"),
        (Qt.Key.Key_Space, NONE, "'Space' is needed"),
        (Qt.Key.Key_F4, ALT, "'Alt+F4' is needed"),
    ],
)
def test_a_hotkey_that_breaks_typing_is_refused_beside_the_field(
    studio: WindowDriver,
    dialog: SettingsDialog,
    key: Qt.Key,
    modifiers: Qt.KeyboardModifier,
    told: str,
) -> None:
    field = dialog.dictation.key
    focus(studio, dialog, DICTATION_PAGE, field)
    QTest.keyClick(field, key, modifiers)
    assert field.problem.isVisible()
    assert told in field.problem.text()
    assert field.accessibleDescription() == field.problem.text()
    assert field.problem.geometry().top() >= field.geometry().bottom()
    assert field.keySequence().toString() == Settings().dictation_key
    assert settings(studio) == Settings()
    QTest.keyClick(field, Qt.Key.Key_F9)
    assert not field.problem.isVisible()
    assert settings(studio).dictation_key == "F9"


def test_a_modifier_alone_changes_nothing(studio: WindowDriver, dialog: SettingsDialog) -> None:
    for page, field in key_fields(dialog)[:2]:
        focus(studio, dialog, page, field)
        for key in (Qt.Key.Key_Control, Qt.Key.Key_Shift, Qt.Key.Key_Alt):
            QTest.keyPress(field, key)
            QTest.keyRelease(field, key)
    assert settings(studio) == Settings()


def test_a_letter_is_no_shortcut_of_the_window(
    studio: WindowDriver, dialog: SettingsDialog
) -> None:
    field = dialog.keys.fields["pause"]
    focus(studio, dialog, KEYS_PAGE, field)
    for key, modifiers in ((Qt.Key.Key_P, NONE), (Qt.Key.Key_V, CONTROL), (Qt.Key.Key_Home, NONE)):
        QTest.keyClick(field, key, modifiers)
        assert "is needed for typing" in field.problem.text()
        assert field.problem.isVisible()
    assert settings(studio).shortcuts == ()
    QTest.keyClick(field, Qt.Key.Key_Question, CONTROL | SHIFT)
    assert settings(studio).shortcuts != ()
    assert field.problem.isHidden()


def test_backspace_removes_a_shortcut(studio: WindowDriver, dialog: SettingsDialog) -> None:
    field = dialog.dictation.key
    focus(studio, dialog, DICTATION_PAGE, field)
    QTest.keyClick(field, Qt.Key.Key_Backspace)
    assert settings(studio).dictation_key == ""


def test_a_button_brings_the_default_hotkey_back(
    studio: WindowDriver, dialog: SettingsDialog
) -> None:
    field, button = dialog.dictation.key, dialog.dictation.default_key
    focus(studio, dialog, DICTATION_PAGE, field)
    assert not button.isEnabled()
    QTest.keyClick(field, Qt.Key.Key_F9)
    button.click()
    assert field.keySequence().toString() == Settings().dictation_key
    assert settings(studio) == Settings()
    assert QApplication.focusWidget() is field


def test_a_hotkey_from_a_file_that_breaks_typing_is_not_watched(studio: WindowDriver) -> None:
    studio.application.preferences.change(dictation_key="Esc")
    dictation = studio.application.auxiliary.dictation
    dictation.open()
    studio.until(lambda: dictation.hotkey.reason)
    assert dictation.hotkey.keys == ""
