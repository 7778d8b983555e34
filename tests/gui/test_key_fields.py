"""Key fields take shortcuts only: Escape leaves them, and keys of typing are refused there."""

from __future__ import annotations

import pytest
from helpers.window_driver import WindowDriver
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from granite_live.gui.settings_dialog import SettingsDialog
from granite_live.gui.settings_dialog.form import KeySequenceField
from granite_live.settings import Settings

DICTATION_PAGE, KEYS_PAGE = 3, 7
NONE = Qt.KeyboardModifier.NoModifier
CONTROL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
ALT = Qt.KeyboardModifier.AltModifier


@pytest.fixture
def dialog(driver: WindowDriver) -> SettingsDialog:
    made = SettingsDialog(driver.application.preferences, driver.window)
    made.show()
    made.activateWindow()
    driver.qtbot.waitActive(made)
    return made


def key_fields(dialog: SettingsDialog) -> list[tuple[int, KeySequenceField]]:
    """Return every key field of the dialog with the number of its page."""
    shortcuts = [(KEYS_PAGE, one) for one in dialog.keys.fields.values()]
    return [(DICTATION_PAGE, dialog.dictation.key), *shortcuts]


def focus(driver: WindowDriver, dialog: SettingsDialog, page: int, field: QWidget) -> None:
    dialog.tabs.setCurrentIndex(page)
    field.setFocus()
    driver.until(field.hasFocus)


def settings(driver: WindowDriver) -> Settings:
    return driver.application.preferences.settings


def test_escape_is_no_shortcut_in_any_key_field(
    driver: WindowDriver, dialog: SettingsDialog
) -> None:
    assert len(dialog.findChildren(KeySequenceField)) == len(key_fields(dialog)) > 20
    for page, field in key_fields(dialog):
        dialog.show()
        dialog.activateWindow()
        driver.qtbot.waitActive(dialog)
        focus(driver, dialog, page, field)
        before = field.keySequence()
        driver.qtbot.keyClick(field, Qt.Key.Key_Escape)
        assert field.keySequence() == before
        assert not dialog.isVisible()  # Escape closes the dialog, as in every other field
    assert settings(driver) == Settings()


def test_tab_leaves_a_key_field(driver: WindowDriver, dialog: SettingsDialog) -> None:
    focus(driver, dialog, DICTATION_PAGE, dialog.dictation.key)
    driver.qtbot.keyClick(dialog.dictation.key, Qt.Key.Key_Tab)
    assert not dialog.dictation.key.hasFocus()
    assert settings(driver) == Settings()


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
    driver: WindowDriver,
    dialog: SettingsDialog,
    key: Qt.Key,
    modifiers: Qt.KeyboardModifier,
    told: str,
) -> None:
    field = dialog.dictation.key
    focus(driver, dialog, DICTATION_PAGE, field)
    QTest.keyClick(field, key, modifiers)
    assert field.problem.isVisible()
    assert told in field.problem.text()
    assert field.accessibleDescription() == field.problem.text()
    assert field.problem.geometry().top() >= field.geometry().bottom()
    assert field.keySequence().toString() == Settings().dictation_key
    assert settings(driver) == Settings()
    QTest.keyClick(field, Qt.Key.Key_F9)
    assert not field.problem.isVisible()
    assert settings(driver).dictation_key == "F9"


def test_a_modifier_alone_changes_nothing(driver: WindowDriver, dialog: SettingsDialog) -> None:
    for page, field in key_fields(dialog)[:2]:
        focus(driver, dialog, page, field)
        for key in (Qt.Key.Key_Control, Qt.Key.Key_Shift, Qt.Key.Key_Alt):
            QTest.keyPress(field, key)
            QTest.keyRelease(field, key)
    assert settings(driver) == Settings()


def test_a_letter_is_no_shortcut_of_the_window(
    driver: WindowDriver, dialog: SettingsDialog
) -> None:
    field = dialog.keys.fields["pause"]
    focus(driver, dialog, KEYS_PAGE, field)
    for key, modifiers in ((Qt.Key.Key_P, NONE), (Qt.Key.Key_V, CONTROL), (Qt.Key.Key_Home, NONE)):
        QTest.keyClick(field, key, modifiers)
        assert "is needed for typing" in field.problem.text()
        assert field.problem.isVisible()
    assert settings(driver).shortcuts == ()
    QTest.keyClick(field, Qt.Key.Key_Question, CONTROL | SHIFT)
    assert settings(driver).shortcuts != ()
    assert field.problem.isHidden()


def test_backspace_removes_a_shortcut(driver: WindowDriver, dialog: SettingsDialog) -> None:
    field = dialog.dictation.key
    focus(driver, dialog, DICTATION_PAGE, field)
    QTest.keyClick(field, Qt.Key.Key_Backspace)
    assert settings(driver).dictation_key == ""


def test_a_button_brings_the_default_hotkey_back(
    driver: WindowDriver, dialog: SettingsDialog
) -> None:
    field, button = dialog.dictation.key, dialog.dictation.default_key
    focus(driver, dialog, DICTATION_PAGE, field)
    assert not button.isEnabled()
    QTest.keyClick(field, Qt.Key.Key_F9)
    button.click()
    assert field.keySequence().toString() == Settings().dictation_key
    assert settings(driver) == Settings()
    assert QApplication.focusWidget() is field


def test_a_hotkey_from_a_file_that_breaks_typing_is_not_watched(driver: WindowDriver) -> None:
    driver.application.preferences.change(dictation_key="Esc")
    dictation = driver.application.auxiliary.dictation
    dictation.open()
    driver.until(lambda: dictation.hotkey.reason)
    assert dictation.hotkey.keys == ""
