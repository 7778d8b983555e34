"""The microphone is held open in the foreground only if the user allows that."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from helpers.scripted_engine import HEADSET
from helpers.window_driver import WindowDriver
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication

from granite_live.gui.settings_dialog import SettingsDialog


@pytest.fixture
def active(driver: WindowDriver) -> WindowDriver:
    driver.window.activateWindow()
    active = Qt.ApplicationState.ApplicationActive
    driver.until(lambda: QGuiApplication.applicationState() is active)
    driver.until(lambda: driver.control_bar.picker.current is not None)
    return driver


def test_by_default_nothing_is_opened_before_a_start(active: WindowDriver) -> None:
    active.start()
    assert not active.engine.monitors


def test_the_microphone_is_open_while_it_is_allowed(active: WindowDriver) -> None:
    dialog = SettingsDialog(active.application.preferences, active.window, active.engine.inputs())
    dialog.listening.early.click()
    active.until(lambda: active.engine.monitors)
    first = active.engine.monitors[0]
    active.application.preferences.change(input_device=HEADSET.id)
    active.until(lambda: first.is_stopped)
    active.until(lambda: len(active.engine.monitors) == 2)
    assert active.engine.monitors[1].input_id == HEADSET.id
    active.start()
    assert not active.engine.monitors[1].is_stopped
    active.stop()
    dialog.listening.early.click()
    active.until(lambda: active.engine.monitors[1].is_stopped)
    dialog.close()


def test_the_end_of_the_program_closes_it(
    make_driver: Callable[..., WindowDriver], active: WindowDriver
) -> None:
    active.application.preferences.change(open_early=True)
    active.until(lambda: active.engine.monitors)
    assert active.end()
    assert all(one.is_stopped for one in active.engine.monitors)
