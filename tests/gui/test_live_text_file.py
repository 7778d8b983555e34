"""The live text file: chosen in the dialog, shown while it is written, off at the end."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from helpers.messages import shows
from helpers.scripted_engine import final
from helpers.window_driver import WindowDriver
from PySide6.QtWidgets import QApplication

from granite_live.gui.live_text import LiveTextDialog
from granite_live.messages.session import AppMessage
from granite_live.messages.settings import OutputMessage, SettingsMessage
from granite_live.settings import load_settings


@pytest.fixture
def open_dialog(driver: WindowDriver) -> Callable[[], LiveTextDialog]:
    def make() -> LiveTextDialog:
        action = driver.window.actions_by_id["live_text"]
        action.trigger()
        shown = (one for one in QApplication.topLevelWidgets() if one.isVisible())
        (dialog,) = [one for one in shown if isinstance(one, LiveTextDialog)]
        return dialog

    return make


def turn_on(dialog: LiveTextDialog, path: Path, lines: int) -> None:
    dialog.is_on.setChecked(True)
    dialog.path.setText(str(path))
    (dialog.last_lines if lines else dialog.all_lines).setChecked(True)
    dialog.lines.setValue(lines or 1)
    dialog.save_button.click()


def test_it_follows_the_session_and_is_off_at_its_end(
    driver: WindowDriver, open_dialog: Callable[[], LiveTextDialog], tmp_path: Path
) -> None:
    path = tmp_path / "captions.txt"
    turn_on(open_dialog(), path, 2)
    driver.until(lambda: load_settings().live_export == str(path))
    assert load_settings().live_export_lines == 2
    assert not driver.page.live_text_button.isVisible()
    session = driver.start()
    assert driver.page.live_text_button.isVisible()
    assert driver.page.live_text_button.text() == "Writing captions.txt"
    assert str(path) in driver.page.live_text_button.toolTip()
    driver.say(
        session, *(final(n, 6.0 * n, text) for n, text in enumerate(("one", "two", "three")))
    )
    driver.until(lambda: path.read_text() == "two\nthree\n")
    driver.stop()
    assert not driver.page.live_text_button.isVisible()
    assert path.read_text() == "two\nthree\n"


def test_in_the_middle_of_a_session_it_has_what_was_said_before(
    driver: WindowDriver, open_dialog: Callable[[], LiveTextDialog], tmp_path: Path
) -> None:
    session = driver.start()
    driver.say(session, final(1, 0.0, "said before"))
    path = tmp_path / "all.txt"
    turn_on(open_dialog(), path, 0)
    driver.until(lambda: path.exists() and path.read_text() == "said before\n")
    assert driver.page.live_text_button.isVisible()
    driver.say(session, final(2, 6.0, "and after"))
    driver.until(lambda: path.read_text() == "said before\nand after\n")
    driver.page.live_text_button.click()
    (dialog,) = [one for one in QApplication.topLevelWidgets() if one.isModal()]
    dialog.is_on.setChecked(False)
    dialog.save_button.click()
    assert not driver.page.live_text_button.isVisible()
    driver.until(lambda: load_settings().live_export == "")
    driver.application.background.join(5)
    driver.say(session, final(3, 12.0, "not written any more"))
    assert path.read_text() == "said before\nand after\n"


def test_trouble_with_the_file_is_told(
    driver: WindowDriver, open_dialog: Callable[[], LiveTextDialog], tmp_path: Path
) -> None:
    folder = tmp_path / "stick"
    folder.mkdir()
    turn_on(open_dialog(), folder / "captions.txt", 2)
    driver.until(lambda: load_settings().live_export)
    folder.rmdir()
    driver.start()
    driver.until(lambda: shows(driver.page.notices.text.text(), AppMessage.LIVE_TEXT_NOT_WRITTEN))
    assert shows(driver.page.notices.text.text(), OutputMessage.FOLDER_MISSING)


def test_what_cannot_be_is_told_in_the_dialog(
    driver: WindowDriver, open_dialog: Callable[[], LiveTextDialog], tmp_path: Path
) -> None:
    dialog = open_dialog()
    dialog.is_on.setChecked(True)
    dialog.path.clear()
    dialog.save_button.click()
    assert dialog.problem.text() == "Choose a file first."
    dialog.path.setText(str(tmp_path / "missing" / "captions.txt"))
    dialog.save_button.click()
    assert "does not exist" in dialog.problem.text()
    dialog.path.setText("captions.txt")
    dialog.save_button.click()
    assert shows(dialog.problem.text(), SettingsMessage.MUST_BE_ABSOLUTE)
    assert dialog.isVisible()
    dialog.cancel_button.click()
    assert load_settings().live_export == ""


def test_the_file_is_remembered_while_it_is_off(
    driver: WindowDriver, open_dialog: Callable[[], LiveTextDialog], tmp_path: Path
) -> None:
    path = tmp_path / "captions.txt"
    turn_on(open_dialog(), path, 3)
    dialog = open_dialog()
    dialog.is_on.setChecked(False)
    dialog.save_button.click()
    dialog = open_dialog()
    assert not dialog.is_on.isChecked()
    assert dialog.path.text() == str(path)
    assert not dialog.path.isEnabled()
    assert dialog.lines.value() == 3
    dialog.reject()
