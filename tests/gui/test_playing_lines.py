"""Playback of a line by mouse, keys and menu, and the reasons against it."""

from __future__ import annotations

import threading
from collections.abc import Callable

import numpy as np
import pytest
from helpers.caption_pixels import count, shown
from helpers.messages import shows
from helpers.scripted_engine import ScriptedEngine, final
from helpers.window_driver import WindowDriver
from helpers.word_positions import word_point
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QHelpEvent
from PySide6.QtWidgets import QApplication, QToolTip

from granite_live.gui.live_session import SessionActivity
from granite_live.gui.playback import RecordingPlayer
from granite_live.gui.playback_bar import PlaybackBar
from granite_live.gui.style_sheet import current_theme
from granite_live.library import Library, SavedSession, SessionPart
from granite_live.messages.library import LibraryMessage


def stopped(driver: WindowDriver) -> SavedSession:
    """Return a displayed session of two lines that has ended."""
    return driver.hear(final(1, 1.0, "rain on the roof"), final(2, 6.0, "we took a slow walk"))


def time_place(driver: WindowDriver, row: int) -> QPoint:
    panel = driver.panel
    return panel.delegate.time_rect(panel.visualRect(driver.model.index(row))).center()


def click_time(driver: WindowDriver, row: int) -> None:
    left = Qt.MouseButton.LeftButton
    driver.until(driver.page.details.isVisible)  # the displayed session is known
    driver.qtbot.mouseClick(driver.panel.viewport(), left, pos=time_place(driver, row))


def bar(driver: WindowDriver) -> PlaybackBar:
    return driver.page.playback_bar


def player(driver: WindowDriver) -> RecordingPlayer:
    return driver.application.controller.playing


def at(driver: WindowDriver, position_s: float) -> None:
    """Let the output reach a position, and wait until the window shows it."""
    driver.until(lambda: driver.engine.play_position_s is not None)
    driver.engine.play_position_s = position_s
    driver.until(lambda: player(driver).position_s == position_s)


def test_a_click_on_the_time_plays_from_the_line_and_another_one_pauses(
    driver: WindowDriver,
) -> None:
    stored = stopped(driver)
    driver.until(lambda: player(driver).duration_s == stored.duration_s)
    click_time(driver, 1)
    line = driver.model.line(1)
    driver.until(lambda: driver.engine.played)
    ((_, start_s, end_s),) = driver.engine.played
    assert (start_s, end_s) == (line.start_s, stored.duration_s)
    assert driver.panel.delegate.playing_key == line.key
    assert bar(driver).play_button.accessibleName() == "Pause playback"
    click_time(driver, 1)
    assert driver.panel.delegate.playing_key is None
    assert bar(driver).play_button.accessibleName() == "Play the recording"
    driver.until(lambda: driver.engine._finished is None)


def test_playback_goes_on_over_lines_and_marks_the_word_that_sounds(driver: WindowDriver) -> None:
    stopped(driver)
    driver.until(bar(driver).isVisible)
    bar(driver).play_button.click()
    delegate, model = driver.panel.delegate, driver.model
    at(driver, 1.4)
    assert delegate.playing_key == model.line(0).key
    assert delegate.playback_word == (model.line(0).key, len("rain "), len("on"))
    at(driver, 6.0 + 3 * 0.3)
    assert delegate.playing_key == model.line(1).key
    assert delegate.playback_word == (model.line(1).key, len("we took a "), len("slow"))
    assert bar(driver).clock.text().startswith("0:06 / ")
    assert bar(driver).slider.value() == 69
    assert len(driver.engine.played) == 1


def test_the_word_is_painted_in_the_accent_color(driver: WindowDriver) -> None:
    stopped(driver)
    driver.until(bar(driver).isVisible)
    accent = current_theme().colors.accent
    viewport = driver.panel.viewport()
    before = count(shown(viewport), accent)
    bar(driver).play_button.click()
    at(driver, 1.4)
    assert count(shown(viewport), accent) > before + 50


def test_pause_keeps_the_position_and_jumps_move_it(driver: WindowDriver) -> None:
    stopped(driver)
    driver.until(bar(driver).isVisible)
    bar(driver).play_button.click()
    at(driver, 2.0)
    bar(driver).play_button.click()
    assert not player(driver).is_playing
    assert player(driver).position_s == 2.0
    bar(driver).forward_button.click()
    assert player(driver).position_s == 7.0
    bar(driver).back_button.click()
    bar(driver).back_button.click()
    assert player(driver).position_s == 0.0
    bar(driver).slider.setFocus()
    driver.qtbot.keyClick(bar(driver).slider, Qt.Key.Key_Right)
    assert player(driver).position_s == 5.0
    driver.qtbot.keyClick(bar(driver).slider, Qt.Key.Key_Space)
    driver.until(lambda: len(driver.engine.played) == 2)
    assert driver.engine.played[-1][1] == 5.0
    assert not driver.application.live.is_active


def test_the_speed_applies_at_once_and_to_later_playback(driver: WindowDriver) -> None:
    stopped(driver)
    driver.until(bar(driver).isVisible)
    bar(driver).play_button.click()
    at(driver, 2.0)
    bar(driver).speed.setCurrentIndex(bar(driver).speed.findData(1.5))
    driver.until(lambda: driver.engine.speeds == [1.0, 1.5])
    assert driver.engine.played[-1][1] == 2.0


def test_the_mouse_on_the_waveform_goes_there(driver: WindowDriver) -> None:
    driver.engine.peaks = np.arange(100, dtype=np.uint8)
    stored = stopped(driver)
    driver.until(bar(driver).isVisible)
    slider = bar(driver).slider
    driver.until(lambda: max(slider.column_heights(50)) > 0.5)
    left = Qt.MouseButton.LeftButton
    driver.qtbot.mouseClick(slider, left, pos=QPoint(slider.width() // 2, 10))
    half_s = max(stored.duration_s, driver.model.line(1).end_s) / 2
    assert abs(player(driver).position_s - half_s) < 0.2
    assert driver.engine.played == []


def test_each_session_has_its_own_waveform(driver: WindowDriver) -> None:
    driver.engine.peaks = np.full(100, 255, np.uint8)
    first = stopped(driver)
    slider = bar(driver).slider
    driver.until(lambda: max(slider.column_heights(50)) == 1.0)
    driver.engine.peaks = np.full(100, 64, np.uint8)
    driver.say(driver.start(), final(1, 1.0, "another session"))
    assert not bar(driver).isVisible()
    driver.stop()
    driver.until(lambda: 0.4 < max(slider.column_heights(50)) < 0.6)
    driver.engine.peaks = np.full(100, 255, np.uint8)
    driver.sidebar.opened.emit(first, "")
    driver.until(lambda: max(slider.column_heights(50)) == 1.0)


def test_a_paused_session_shows_the_waveform_so_far(driver: WindowDriver) -> None:
    driver.engine.peaks = np.full(100, 255, np.uint8)
    session = driver.start()
    driver.say(session, final(1, 0.0, "before the pause"))
    slider = bar(driver).slider
    assert not bar(driver).isVisible()
    driver.control_bar.pause_button.click()
    driver.until(bar(driver).isVisible)
    driver.until(lambda: max(slider.column_heights(50)) == 1.0)
    driver.control_bar.pause_button.click()
    driver.until(lambda: not bar(driver).isVisible())
    driver.engine.peaks = np.full(200, 64, np.uint8)
    driver.say(session, final(2, 5.0, "after it"))
    driver.control_bar.pause_button.click()
    driver.until(lambda: 0.4 < max(slider.column_heights(50)) < 0.6)


def test_a_click_on_a_word_plays_from_it(driver: WindowDriver) -> None:
    stopped(driver)
    driver.until(bar(driver).isVisible)
    driver.panel.scrollTo(driver.model.index(1))
    point = word_point(driver, 1, "slow")
    driver.qtbot.mouseClick(driver.panel.viewport(), Qt.MouseButton.LeftButton, pos=point)
    driver.until(lambda: driver.engine.played)
    assert driver.engine.played[0][1] == pytest.approx(6.9)


def test_editing_pauses(driver: WindowDriver) -> None:
    stopped(driver)
    driver.until(bar(driver).isVisible)
    bar(driver).play_button.click()
    at(driver, 2.0)
    driver.panel.setFocus()
    driver.panel.setCurrentIndex(driver.model.index(0))
    driver.qtbot.keyClick(driver.panel, Qt.Key.Key_Return)
    assert not player(driver).is_playing
    assert player(driver).position_s == 2.0


def test_a_double_click_edits_and_plays_nothing(driver: WindowDriver) -> None:
    stopped(driver)
    driver.until(bar(driver).isVisible)
    point = word_point(driver, 0, "roof")
    viewport, left = driver.panel.viewport(), Qt.MouseButton.LeftButton
    driver.qtbot.mouseClick(viewport, left, pos=point)
    driver.qtbot.mouseDClick(viewport, left, pos=point)
    driver.qtbot.wait(QApplication.doubleClickInterval() + 50)  # nothing may follow
    assert driver.engine.played == []


def test_space_in_the_transcript_plays_and_pauses(driver: WindowDriver) -> None:
    stopped(driver)
    driver.until(bar(driver).isVisible)
    driver.panel.setFocus()
    driver.qtbot.keyClick(driver.panel, Qt.Key.Key_Space)
    driver.until(lambda: driver.engine.played)
    driver.qtbot.keyClick(driver.panel, Qt.Key.Key_Space)
    assert not player(driver).is_playing
    assert not driver.application.live.is_active


def test_it_shows_when_the_recording_is_over(driver: WindowDriver) -> None:
    stopped(driver)
    click_time(driver, 0)
    driver.until(lambda: driver.engine._finished is not None)
    thread = threading.Thread(target=driver.engine.end_play)
    thread.start()
    thread.join()
    driver.until(lambda: not player(driver).is_playing)
    assert player(driver).position_s == player(driver).duration_s
    assert not driver.page.notices.isVisible()
    bar(driver).play_button.click()
    driver.until(lambda: len(driver.engine.played) == 2)
    assert driver.engine.played[-1][1] == 0.0


def test_without_sound_or_while_it_listens_there_is_no_bar(driver: WindowDriver) -> None:
    session = driver.start()
    driver.say(session, final(1, 0.0, "rain on the roof"))
    assert not bar(driver).isVisible()
    driver.stop()
    driver.until(bar(driver).isVisible)
    driver.page.new_button.click()
    assert not bar(driver).isVisible()


def test_another_line_takes_over_and_the_end_of_the_first_changes_nothing(
    driver: WindowDriver,
) -> None:
    stopped(driver)
    click_time(driver, 0)
    click_time(driver, 1)
    driver.until(lambda: len(driver.engine.played) == 2)
    driver.qtbot.wait(20)
    assert driver.panel.playing is not None
    assert driver.panel.playing.number == 2


def test_keys_and_menus_play_and_stop(driver: WindowDriver) -> None:
    stopped(driver)
    driver.panel.setFocus()
    driver.until(driver.page.details.isVisible)
    driver.panel.setCurrentIndex(driver.model.index(0))
    driver.qtbot.keyClick(driver.panel, Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)
    driver.until(lambda: len(driver.engine.played) == 1)
    driver.qtbot.keyClick(driver.panel, Qt.Key.Key_Escape)
    assert driver.panel.playing is None
    menu = driver.panel.line_menu(1)
    (play,) = [action for action in menu.actions() if action.text() == "Play"]
    play.trigger()
    driver.until(lambda: len(driver.engine.played) == 2)
    menu = driver.panel.line_menu(1)
    (stop,) = [action for action in menu.actions() if action.text() == "Pause playback"]
    stop.trigger()
    assert driver.panel.playing is None


def test_while_it_listens_it_offers_to_pause_first(driver: WindowDriver) -> None:
    session = driver.start()
    driver.say(session, final(1, 0.0, "rain on the roof"))
    click_time(driver, 0)
    assert "off while listening" in driver.page.notices.text.text()
    assert driver.page.notices.action.text() == "Pause and play"
    driver.page.notices.action.click()
    driver.until(lambda: driver.engine.played)
    assert driver.application.live.activity is SessionActivity.PAUSED
    assert session.asked == ["pause"]
    driver.control_bar.pause_button.click()
    driver.until(lambda: driver.application.live.activity is SessionActivity.RUNNING)
    assert driver.panel.playing is None


def test_what_is_still_spoken_is_not_played(driver: WindowDriver) -> None:
    from granite_live.session import events

    session = driver.start()
    session.tell(events.DraftText(1.0, 1, 0.5, "good mor", 1))
    driver.until(lambda: driver.model.rowCount() == 1)
    driver.control_bar.pause_button.click()
    driver.until(lambda: driver.application.live.activity is SessionActivity.PAUSED)
    click_time(driver, 0)
    driver.until(lambda: "once it's final" in driver.page.notices.text.text())
    assert driver.engine.played == []


def test_trouble_with_the_output_is_told(driver: WindowDriver) -> None:
    stopped(driver)
    driver.engine.play_trouble = "There is no output: connect loudspeakers."
    click_time(driver, 0)
    driver.until(lambda: driver.page.notices.text.text() == driver.engine.play_trouble)
    assert driver.panel.playing is None


def test_sound_that_is_gone_is_told_before_and_after_a_click(driver: WindowDriver) -> None:
    stored = stopped(driver)
    with Library.open() as library:
        library.delete_session(stored.id, SessionPart.SOUND)
    driver.application.document.open(stored.id)
    driver.until(lambda: driver.panel.no_sound_reason)
    point = time_place(driver, 0)
    event = QHelpEvent(QEvent.Type.ToolTip, point, driver.panel.viewport().mapToGlobal(point))
    QApplication.sendEvent(driver.panel.viewport(), event)
    assert shows(QToolTip.text(), LibraryMessage.SOUND_DELETED_NOT_PLAYED)
    (play,) = [one for one in driver.panel.line_menu(0).actions() if one.text() == "Play"]
    assert not play.isEnabled()
    assert shows(play.toolTip(), LibraryMessage.SOUND_DELETED_NOT_PLAYED)
    click_time(driver, 0)
    driver.until(
        lambda: shows(driver.page.notices.text.text(), LibraryMessage.SOUND_DELETED_NOT_PLAYED)
    )


def test_it_falls_silent_when_another_session_is_shown_or_begun(driver: WindowDriver) -> None:
    stored = stopped(driver)
    click_time(driver, 0)
    driver.until(lambda: len(driver.engine.played) == 1)
    driver.page.new_button.click()
    assert driver.panel.playing is None
    driver.sidebar.opened.emit(stored, "")
    driver.until(lambda: driver.model.rowCount() == 2)
    click_time(driver, 0)
    driver.until(lambda: len(driver.engine.played) == 2)
    driver.control_bar.button.click()
    assert driver.panel.playing is None


def test_an_output_that_hangs_does_not_hold_the_window(
    make_driver: Callable[[], WindowDriver], engine: ScriptedEngine
) -> None:
    driver = make_driver()
    stopped(driver)
    release, is_in = threading.Event(), threading.Event()

    def hang(*_: object) -> None:
        is_in.set()
        release.wait(10)

    engine.play = hang  # type: ignore[method-assign]
    click_time(driver, 0)
    driver.until(is_in.is_set)
    assert driver.panel.playing is not None
    bar(driver).play_button.click()
    assert driver.panel.playing is None
    release.set()


def test_closing_while_something_is_played(driver: WindowDriver) -> None:
    stopped(driver)
    click_time(driver, 0)
    driver.until(lambda: driver.engine._finished is not None)
    driver.window.close()
    assert driver.end()
    assert driver.engine._finished is None


def test_deleting_a_session_lets_go_of_its_sound_first(driver: WindowDriver) -> None:
    stored = stopped(driver)
    click_time(driver, 0)
    driver.until(lambda: driver.engine._finished is not None)
    driver.sidebar.delete_requested.emit([stored])
    (dialog,) = [one for one in QApplication.topLevelWidgets() if one.isModal()]
    dialog.buttons[SessionPart.BOTH].click()
    driver.until(lambda: driver.sidebar.model.rowCount() == 0)
    assert driver.engine._finished is None
    assert driver.panel.playing is None
