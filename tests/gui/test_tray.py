"""The tray icon: its menu, and running without the window."""

from __future__ import annotations

import subprocess
import sys
import textwrap

import pytest
from helpers.window_driver import WindowDriver
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from granite_live.gui.live_session import SessionActivity
from granite_live.gui.theme import LIGHT
from granite_live.gui.tray import TrayIcon, TrayMode
from granite_live.session import events
from granite_live.settings import Settings


def dot(tray: TrayIcon) -> str:
    """Return the color of the icon's dot."""
    image = tray.icon.icon().pixmap(64, 64).toImage().convertToFormat(QImage.Format.Format_RGB32)
    return image.pixelColor(50, 50).name()


@pytest.fixture
def shown() -> list[bool]:
    """The icon's visibility after each change."""
    return []


@pytest.fixture
def with_tray(driver: WindowDriver, monkeypatch: pytest.MonkeyPatch, shown: list[bool]) -> TrayMode:
    """The window on a simulated desktop with a tray; the offscreen platform has none."""
    beside = driver.application.auxiliary
    beside.tray_mode._is_available = lambda: True
    monkeypatch.setattr(beside.tray, "show", shown.append)
    return beside.tray_mode


def test_the_menu_says_what_goes_on_and_does_it(driver: WindowDriver) -> None:
    tray = driver.application.auxiliary.tray
    assert (tray.state.text(), tray.start_stop.text()) == ("Ready", "Start listening")
    assert not tray.pause.isVisible()
    idle = dot(tray)
    tray.start_stop.trigger()
    driver.until(lambda: driver.application.live.activity is SessionActivity.RUNNING)
    # Nobody is told to speak before sound arrives.
    assert tray.state.text() == "Waiting for the microphone…"
    driver.engine.sessions[0].tell(events.StateChanged(0.2, "listening", "Listening."))
    driver.until(lambda: tray.state.text() == "Listening")
    assert tray.start_stop.text() == "Stop listening"
    assert dot(tray) == LIGHT.danger_fill != idle
    assert tray.icon.toolTip() == "Granite Live: Listening"
    tray.pause.trigger()
    driver.until(lambda: tray.pause.text() == "Resume")
    assert tray.state.text() == "Paused, not recording"
    tray.pause.trigger()
    driver.until(lambda: driver.application.live.activity is SessionActivity.RUNNING)
    tray.start_stop.trigger()
    driver.until(lambda: tray.start_stop.text() == "Start listening")
    assert driver.engine.sessions[0].asked == ["pause", "resume", "stop"]


def test_the_menu_leads_to_the_window_and_its_settings(driver: WindowDriver) -> None:
    tray = driver.application.auxiliary.tray
    driver.window.hide()
    tray.window.trigger()
    assert driver.window.isVisible()
    driver.window.hide()
    tray.icon.activated.emit(tray.icon.ActivationReason.Trigger)
    assert driver.window.isVisible()
    tray.settings.trigger()
    dialogs = QApplication.topLevelWidgets()
    (dialog,) = (one for one in dialogs if type(one).__name__ == "SettingsDialog")
    assert dialog.isVisible()
    dialog.close()


def test_the_menu_shows_and_hides_what_stands_beside_the_window(driver: WindowDriver) -> None:
    tray, captions = driver.application.auxiliary.tray, driver.application.controller.captions
    tray.captions.trigger()
    assert tray.captions.isChecked()
    assert captions.is_shown
    tray.captions.trigger()
    assert not tray.captions.isChecked()
    assert not captions.is_shown


def test_without_the_setting_closing_the_window_ends_the_program(
    driver: WindowDriver, with_tray: TrayMode, qapp: QApplication, shown: list[bool]
) -> None:
    with_tray.apply_settings(Settings())
    assert shown == [False]
    assert qapp.quitOnLastWindowClosed()
    driver.window.close()
    assert not driver.window.isVisible()
    assert not with_tray.is_in_tray


def test_with_it_closing_hides_the_window_and_the_session_goes_on(
    driver: WindowDriver, with_tray: TrayMode, qapp: QApplication, shown: list[bool]
) -> None:
    session = driver.start()
    driver.application.preferences.change(stay_in_tray=True)
    assert with_tray.is_in_tray
    assert shown == [True]
    assert not qapp.quitOnLastWindowClosed()
    closed: list[bool] = []
    driver.window.closing.connect(lambda: closed.append(True))
    assert not driver.window.close()
    assert not driver.window.isVisible()
    assert closed == []
    assert session.asked == []
    driver.application.auxiliary.tray.window.trigger()
    assert driver.window.isVisible()


def test_where_there_is_no_tray_closing_ends_the_program_all_the_same(
    driver: WindowDriver, with_tray: TrayMode
) -> None:
    with_tray._is_available = lambda: False
    driver.application.preferences.change(stay_in_tray=True)
    assert not with_tray.is_in_tray
    assert driver.window.close()


def test_a_window_in_the_tray_comes_back_when_it_may_not_stay_there(
    driver: WindowDriver, with_tray: TrayMode
) -> None:
    driver.application.preferences.change(stay_in_tray=True)
    driver.window.close()
    driver.application.preferences.change(stay_in_tray=False)
    assert driver.window.isVisible()


def test_quit_ends_it_from_the_tray(driver: WindowDriver, with_tray: TrayMode) -> None:
    driver.application.preferences.change(stay_in_tray=True)
    closed: list[bool] = []
    driver.window.closing.connect(lambda: closed.append(True))
    driver.application.auxiliary.tray.quit.trigger()
    assert closed == [True]
    assert not driver.window.isVisible()


@pytest.mark.parametrize(("stays", "is_shown"), [(True, False), (False, True)])
def test_it_can_start_in_the_tray_where_it_may_stay_there(
    driver: WindowDriver, with_tray: TrayMode, stays: bool, is_shown: bool
) -> None:
    driver.window.hide()
    with_tray._has_begun = False
    with_tray.apply_settings(Settings(stay_in_tray=stays))
    with_tray.begin(in_tray=True)
    assert driver.window.isVisible() is is_shown


def test_trouble_is_told_beside_the_icon_while_there_is_no_window(
    driver: WindowDriver, with_tray: TrayMode, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []
    tray = driver.application.auxiliary.tray
    monkeypatch.setattr(tray, "show_message", told.append)
    driver.application.preferences.change(stay_in_tray=True)
    lost = events.DeviceLost(1, "Headset", "Headset was unplugged.")
    session = driver.start()
    session.tell(lost)
    driver.until(lambda: "unplugged" in driver.page.notices.text.text())
    assert told == []
    driver.window.close()
    session.tell(lost, events.LevelMeasured(1.0, -20.0, -9.0, False))
    driver.until(lambda: told == ["Headset was unplugged."])
    tray.start_stop.trigger()
    driver.until(lambda: not driver.application.live.is_active)
    driver.engine.refusal = "No microphone is connected."
    tray.start_stop.trigger()
    driver.until(lambda: told[1:] == ["No microphone is connected."])


QUIT_BY_THE_SYSTEM = """
    from PySide6.QtCore import QSettings, QTimer
    from PySide6.QtWidgets import QWidget
    from granite_live.gui.tray import DesktopApplication

    class Stubborn(QWidget):
        stays = True
        def closeEvent(self, event):
            event.setAccepted(not self.stays)

    app = DesktopApplication(["test"])
    window = Stubborn()
    window.show()
    app.quit_requested.connect(lambda: setattr(window, "stays", False))
    QTimer.singleShot(0, app.quit)
    print("ended", app.exec(), window.stays)
"""


def test_the_system_can_end_it_in_the_tray() -> None:
    script = textwrap.dedent(QUIT_BY_THE_SYSTEM)
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, timeout=120, check=False
    )
    assert done.stdout == "ended 0 False\n", done.stderr
