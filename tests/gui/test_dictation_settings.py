"""The settings of dictation and program apply at once, are stored, and report failures."""

from __future__ import annotations

from pathlib import Path

import pytest
from helpers.window_driver import WindowDriver
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QComboBox, QLabel

from granite_live.desktop import autostart
from granite_live.desktop.autostart import AutostartError
from granite_live.gui.settings_dialog import SettingsDialog
from granite_live.settings import Settings, load_settings


@pytest.fixture
def dialog(driver: WindowDriver, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SettingsDialog:
    # Tests must not change the autostart of the user who runs them.
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setattr("sys.platform", "linux")
    made = SettingsDialog(driver.application.preferences, driver.window)
    made.show()
    driver.qtbot.waitExposed(made)
    return made


def choose(box: QComboBox, value: object) -> None:
    box.setCurrentIndex(box.findData(value))
    assert box.currentData() == value


def test_every_setting_of_dictation_is_stored(driver: WindowDriver, dialog: SettingsDialog) -> None:
    page = dialog.dictation
    page.key.setKeySequence(QKeySequence("F8"))
    choose(page.mode, "toggle")
    choose(page.delivery, "type")
    page.silence_ms.setValue(450)
    page.quick.setChecked(False)
    page.commands.setChecked(True)
    page.at_start.setChecked(True)
    wanted = Settings(
        dictation_key="F8",
        dictation_mode="toggle",
        dictation_delivery="type",
        dictation_silence_ms=450,
        dictation_quick=False,
        spoken_editing=True,
        dictation_at_start=True,
    )
    assert driver.application.preferences.settings == wanted
    driver.until(lambda: load_settings() == wanted)
    assert not page.silence_ms.isEnabled()
    page.key.clear()
    assert driver.application.preferences.settings.dictation_key == ""


def test_the_tray_is_a_setting_and_its_absence_is_told(
    driver: WindowDriver, dialog: SettingsDialog
) -> None:
    dialog.program.tray.setChecked(True)
    assert driver.application.preferences.settings.stay_in_tray
    assert not driver.application.auxiliary.tray_mode.is_in_tray
    told = [one.text() for one in dialog.program.findChildren(QLabel)]
    assert any("No system tray" in text for text in told)


def test_starting_at_login_is_what_the_system_does(
    driver: WindowDriver, dialog: SettingsDialog, tmp_path: Path
) -> None:
    box = dialog.program.autostart
    assert not box.isChecked()
    box.setChecked(True)
    assert autostart.is_enabled()
    (entry,) = (tmp_path / "config" / "autostart").iterdir()
    assert autostart.program_command()[-1] in entry.read_text(encoding="utf-8")
    again = SettingsDialog(driver.application.preferences, driver.window)
    assert again.program.autostart.isChecked()
    again.program.autostart.setChecked(False)
    assert not autostart.is_enabled()


def test_what_the_system_refuses_is_told_and_shown(
    dialog: SettingsDialog, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_command: object) -> None:
        raise AutostartError("The folder cannot be written to: check your rights.")

    monkeypatch.setattr(autostart, "enable", refuse)
    dialog.program.autostart.setChecked(True)
    assert dialog.problem.text() == "The folder cannot be written to: check your rights."
    assert dialog.problem.isVisible()
    assert not dialog.program.autostart.isChecked()
