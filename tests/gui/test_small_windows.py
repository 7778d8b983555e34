"""The window on small screens and in a corner of the screen."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from conftest import WindowDriver
from helpers.scripted_engine import DEMO, HEADSET, final
from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QWidget

from granite_live.app.engine import AudioInput
from granite_live.session import events
from granite_live.settings import Settings, save_settings


def top_of(widget: QWidget) -> int:
    return widget.mapTo(widget.window(), QPoint()).y()


def inside(window: QWidget, widget: QWidget) -> bool:
    place = widget.mapTo(window, QPoint())
    return place.x() >= 0 and place.x() + widget.width() <= window.width()


@pytest.mark.parametrize("language", ["en", "de"])
def test_the_window_fits_a_small_screen_with_large_letters(
    make_studio: Callable[[], WindowDriver], language: str
) -> None:
    save_settings(Settings(font_size_pt=28, language=language))
    studio = make_studio()
    studio.dock.button.click()
    studio.until(lambda: studio.engine.sessions)
    session = studio.engine.sessions[0]
    session.tell(events.ModelReady(1.0, DEMO, 2, (), 1.0), final(1, 0.0, "Good morning."))
    studio.until(lambda: studio.model.rowCount() == 1)
    least = studio.window.minimumSizeHint()
    assert (least.width() <= 1024, least.height() <= 700) == (True, True), least
    studio.window.resize(1024, 700)
    studio.qtbot.wait(50)
    for widget in (studio.dock.button, studio.dock.clock, studio.page.more_button):
        assert widget.isVisible()
        assert inside(studio.window, widget)


def test_nothing_jumps_when_the_input_has_another_name(studio: WindowDriver) -> None:
    studio.until(lambda: studio.dock.picker.text())
    studio.window.resize(1080, 720)
    places = set()
    for name in ("A", "Built-in microphone", "Very long name of a microphone from the market " * 3):
        studio.engine.plug(AudioInput("pulse:other", name, False, True), HEADSET)
        studio.until(lambda name=name: studio.dock.picker.toolTip() == name)
        studio.qtbot.wait(20)
        button = studio.dock.button
        places.add((button.mapTo(studio.window, QPoint()).x(), top_of(button)))
    assert len(places) == 1


def test_the_bar_has_two_rows_in_a_window_of_the_usual_size(studio: WindowDriver) -> None:
    studio.window.resize(1080, 720)
    studio.qtbot.wait(20)
    assert studio.sidebar.isVisible()
    idle = studio.dock.height()
    assert idle <= 120
    studio.start().tell(events.ModelReady(1.0, DEMO, 2, (), 1.0), final(1, 0.0, "Good morning."))
    studio.until(lambda: studio.dock.lag.text())
    studio.qtbot.wait(20)
    assert studio.dock.height() == idle


def test_a_compact_window_shows_text_and_stop(studio: WindowDriver) -> None:
    studio.say(studio.start(), final(1, 0.0, "Good morning, everybody."))
    before = studio.window.size()
    studio.window.actions_by_id["compact"].trigger()
    studio.until(lambda: studio.window.width() <= 420 and studio.window.height() <= 240)
    for widget in (studio.dock.button, studio.panel, studio.page.more_button):
        assert widget.isVisible()
        assert inside(studio.window, widget)
    assert studio.panel.viewport().height() >= 48
    assert not studio.sidebar.isVisible()
    assert not studio.window.menuBar().isVisible()
    studio.window.actions_by_id["compact"].trigger()
    studio.until(lambda: studio.window.size() == before)
    assert studio.sidebar.isVisible()
    assert studio.window.menuBar().isVisible()


def test_a_compact_window_remembers_its_place(studio: WindowDriver) -> None:
    window, compact = studio.window, studio.window.actions_by_id["compact"]
    compact.trigger()
    studio.until(lambda: window.width() <= 420 and not window._fit_timer.isActive())
    window.move(120, 90)
    studio.until(lambda: window.pos() == QPoint(120, 90))
    compact.trigger()
    studio.until(lambda: window.width() > 420)
    window.move(10, 10)
    compact.trigger()
    studio.until(lambda: window.pos() == QPoint(120, 90))
