"""The window on small screens and in a corner of the screen."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from helpers.scripted_engine import DEMO, HEADSET, final
from helpers.window_driver import WindowDriver
from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QWidget

from granite_live.app.input_devices import AudioInput
from granite_live.session import events
from granite_live.settings import Settings, save_settings


def top_of(widget: QWidget) -> int:
    return widget.mapTo(widget.window(), QPoint()).y()


def inside(window: QWidget, widget: QWidget) -> bool:
    place = widget.mapTo(window, QPoint())
    return place.x() >= 0 and place.x() + widget.width() <= window.width()


@pytest.mark.parametrize("language", ["en", "de"])
def test_the_window_fits_a_small_screen_with_large_letters(
    make_driver: Callable[[], WindowDriver], language: str
) -> None:
    save_settings(Settings(font_size_pt=28, language=language))
    driver = make_driver()
    driver.control_bar.button.click()
    driver.until(lambda: driver.engine.sessions)
    session = driver.engine.sessions[0]
    session.tell(events.ModelReady(1.0, DEMO, 2, (), 1.0), final(1, 0.0, "Good morning."))
    driver.until(lambda: driver.model.rowCount() == 1)
    least = driver.window.minimumSizeHint()
    assert (least.width() <= 1024, least.height() <= 700) == (True, True), least
    driver.window.resize(1024, 700)
    driver.qtbot.wait(50)
    for widget in (driver.control_bar.button, driver.control_bar.clock, driver.page.more_button):
        assert widget.isVisible()
        assert inside(driver.window, widget)


def test_nothing_jumps_when_the_input_has_another_name(driver: WindowDriver) -> None:
    driver.until(lambda: driver.control_bar.picker.text())
    driver.window.resize(1080, 720)
    places = set()
    for name in ("A", "Built-in microphone", "Very long name of a microphone from the market " * 3):
        driver.engine.plug(AudioInput("pulse:other", name, False, True), HEADSET)
        driver.until(lambda name=name: driver.control_bar.picker.toolTip() == name)
        driver.qtbot.wait(20)
        button = driver.control_bar.button
        places.add((button.mapTo(driver.window, QPoint()).x(), top_of(button)))
    assert len(places) == 1


def test_the_bar_has_two_rows_in_a_window_of_the_usual_size(driver: WindowDriver) -> None:
    driver.window.resize(1080, 720)
    driver.qtbot.wait(20)
    assert driver.sidebar.isVisible()
    idle = driver.control_bar.height()
    assert idle <= 120
    driver.start().tell(events.ModelReady(1.0, DEMO, 2, (), 1.0), final(1, 0.0, "Good morning."))
    driver.until(lambda: driver.control_bar.lag.text())
    driver.qtbot.wait(20)
    assert driver.control_bar.height() == idle


def test_a_compact_window_shows_text_and_stop(driver: WindowDriver) -> None:
    driver.say(driver.start(), final(1, 0.0, "Good morning, everybody."))
    before = driver.window.size()
    driver.window.actions_by_id["compact"].trigger()
    driver.until(lambda: driver.window.width() <= 420 and driver.window.height() <= 240)
    for widget in (driver.control_bar.button, driver.panel, driver.page.more_button):
        assert widget.isVisible()
        assert inside(driver.window, widget)
    assert driver.panel.viewport().height() >= 48
    assert not driver.sidebar.isVisible()
    assert not driver.window.menuBar().isVisible()
    driver.window.actions_by_id["compact"].trigger()
    driver.until(lambda: driver.window.size() == before)
    assert driver.sidebar.isVisible()
    assert driver.window.menuBar().isVisible()


def test_a_busy_computer_makes_the_window_compact_too(driver: WindowDriver) -> None:
    """Parts that are laid out late still count."""
    window = driver.window
    window._fit_timer.setInterval(0)
    window.actions_by_id["compact"].trigger()
    driver.until(lambda: window.width() <= 420 and window.height() <= 240)


def test_a_compact_window_remembers_its_place(driver: WindowDriver) -> None:
    window, compact = driver.window, driver.window.actions_by_id["compact"]
    compact.trigger()
    driver.until(lambda: window.width() <= 420 and not window._fit_timer.isActive())
    window.move(120, 90)
    driver.until(lambda: window.pos() == QPoint(120, 90))
    compact.trigger()
    driver.until(lambda: window.width() > 420)
    window.move(10, 10)
    compact.trigger()
    driver.until(lambda: window.pos() == QPoint(120, 90))
