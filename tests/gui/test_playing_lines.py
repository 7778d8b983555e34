"""Playback of a line by mouse, keys and menu, and the reasons against it."""

from __future__ import annotations

import threading
from collections.abc import Callable

import numpy as np
import pytest
from conftest import WindowDriver
from helpers.caption_pixels import count, shown
from helpers.messages import shows
from helpers.scripted_engine import ScriptedEngine, final
from helpers.word_positions import word_point
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QHelpEvent
from PySide6.QtWidgets import QApplication, QToolTip

from granite_live.gui.live_session import SessionActivity
from granite_live.gui.playback import RecordingPlayer
from granite_live.gui.playback_bar import PlaybackBar
from granite_live.library import Library, SavedSession, SessionPart
from granite_live.messages.library import LibraryMessage


def stopped(studio: WindowDriver) -> SavedSession:
    """Return a displayed session of two lines that has ended."""
    return studio.hear(final(1, 1.0, "rain on the roof"), final(2, 6.0, "we took a slow walk"))


def time_place(studio: WindowDriver, row: int) -> QPoint:
    panel = studio.panel
    return panel.delegate.time_rect(panel.visualRect(studio.model.index(row))).center()


def click_time(studio: WindowDriver, row: int) -> None:
    left = Qt.MouseButton.LeftButton
    studio.until(studio.page.details.isVisible)  # the displayed session is known
    studio.qtbot.mouseClick(studio.panel.viewport(), left, pos=time_place(studio, row))


def bar(studio: WindowDriver) -> PlaybackBar:
    return studio.page.playback_bar


def player(studio: WindowDriver) -> RecordingPlayer:
    return studio.application.controller.playing


def at(studio: WindowDriver, position_s: float) -> None:
    """Let the output reach a position, and wait until the window shows it."""
    studio.until(lambda: studio.engine.play_position_s is not None)
    studio.engine.play_position_s = position_s
    studio.until(lambda: player(studio).position_s == position_s)


def test_a_click_on_the_time_plays_from_the_line_and_another_one_pauses(
    studio: WindowDriver,
) -> None:
    stored = stopped(studio)
    studio.until(lambda: player(studio).duration_s == stored.duration_s)
    click_time(studio, 1)
    line = studio.model.line(1)
    studio.until(lambda: studio.engine.played)
    ((_, start_s, end_s),) = studio.engine.played
    assert (start_s, end_s) == (line.start_s, stored.duration_s)
    assert studio.panel.delegate.playing_key == line.key
    assert bar(studio).play_button.accessibleName() == "Pause playback"
    click_time(studio, 1)
    assert studio.panel.delegate.playing_key is None
    assert bar(studio).play_button.accessibleName() == "Play the recording"
    studio.until(lambda: studio.engine._finished is None)


def test_playback_goes_on_over_lines_and_marks_the_word_that_sounds(studio: WindowDriver) -> None:
    stopped(studio)
    studio.until(bar(studio).isVisible)
    bar(studio).play_button.click()
    delegate, model = studio.panel.delegate, studio.model
    at(studio, 1.4)
    assert delegate.playing_key == model.line(0).key
    assert delegate.playback_word == (model.line(0).key, len("rain "), len("on"))
    at(studio, 6.0 + 3 * 0.3)
    assert delegate.playing_key == model.line(1).key
    assert delegate.playback_word == (model.line(1).key, len("we took a "), len("slow"))
    assert bar(studio).clock.text().startswith("0:06 / ")
    assert bar(studio).slider.value() == 69
    assert len(studio.engine.played) == 1


def test_the_word_is_painted_in_the_accent_color(studio: WindowDriver) -> None:
    stopped(studio)
    studio.until(bar(studio).isVisible)
    accent = studio.window.theme.colors.accent
    viewport = studio.panel.viewport()
    before = count(shown(viewport), accent)
    bar(studio).play_button.click()
    at(studio, 1.4)
    assert count(shown(viewport), accent) > before + 50


def test_pause_keeps_the_position_and_jumps_move_it(studio: WindowDriver) -> None:
    stopped(studio)
    studio.until(bar(studio).isVisible)
    bar(studio).play_button.click()
    at(studio, 2.0)
    bar(studio).play_button.click()
    assert not player(studio).is_playing
    assert player(studio).position_s == 2.0
    bar(studio).forward_button.click()
    assert player(studio).position_s == 7.0
    bar(studio).back_button.click()
    bar(studio).back_button.click()
    assert player(studio).position_s == 0.0
    bar(studio).slider.setFocus()
    studio.qtbot.keyClick(bar(studio).slider, Qt.Key.Key_Right)
    assert player(studio).position_s == 5.0
    studio.qtbot.keyClick(bar(studio).slider, Qt.Key.Key_Space)
    studio.until(lambda: len(studio.engine.played) == 2)
    assert studio.engine.played[-1][1] == 5.0
    assert not studio.application.live.is_active


def test_the_speed_applies_at_once_and_to_later_playback(studio: WindowDriver) -> None:
    stopped(studio)
    studio.until(bar(studio).isVisible)
    bar(studio).play_button.click()
    at(studio, 2.0)
    bar(studio).speed.setCurrentIndex(bar(studio).speed.findData(1.5))
    studio.until(lambda: studio.engine.speeds == [1.0, 1.5])
    assert studio.engine.played[-1][1] == 2.0


def test_the_mouse_on_the_waveform_goes_there(studio: WindowDriver) -> None:
    studio.engine.peaks = np.arange(100, dtype=np.uint8)
    stored = stopped(studio)
    studio.until(bar(studio).isVisible)
    slider = bar(studio).slider
    studio.until(lambda: max(slider.column_heights(50)) > 0.5)
    left = Qt.MouseButton.LeftButton
    studio.qtbot.mouseClick(slider, left, pos=QPoint(slider.width() // 2, 10))
    half_s = max(stored.duration_s, studio.model.line(1).end_s) / 2
    assert abs(player(studio).position_s - half_s) < 0.2
    assert studio.engine.played == []


def test_each_session_has_its_own_waveform(studio: WindowDriver) -> None:
    studio.engine.peaks = np.full(100, 255, np.uint8)
    first = stopped(studio)
    slider = bar(studio).slider
    studio.until(lambda: max(slider.column_heights(50)) == 1.0)
    studio.engine.peaks = np.full(100, 64, np.uint8)
    studio.say(studio.start(), final(1, 1.0, "another session"))
    assert not bar(studio).isVisible()
    studio.stop()
    studio.until(lambda: 0.4 < max(slider.column_heights(50)) < 0.6)
    studio.engine.peaks = np.full(100, 255, np.uint8)
    studio.sidebar.opened.emit(first, "")
    studio.until(lambda: max(slider.column_heights(50)) == 1.0)


def test_a_click_on_a_word_plays_from_it(studio: WindowDriver) -> None:
    stopped(studio)
    studio.until(bar(studio).isVisible)
    studio.panel.scrollTo(studio.model.index(1))
    point = word_point(studio, 1, "slow")
    studio.qtbot.mouseClick(studio.panel.viewport(), Qt.MouseButton.LeftButton, pos=point)
    studio.until(lambda: studio.engine.played)
    assert studio.engine.played[0][1] == pytest.approx(6.9)


def test_editing_pauses(studio: WindowDriver) -> None:
    stopped(studio)
    studio.until(bar(studio).isVisible)
    bar(studio).play_button.click()
    at(studio, 2.0)
    studio.panel.setFocus()
    studio.panel.setCurrentIndex(studio.model.index(0))
    studio.qtbot.keyClick(studio.panel, Qt.Key.Key_Return)
    assert not player(studio).is_playing
    assert player(studio).position_s == 2.0


def test_a_double_click_edits_and_plays_nothing(studio: WindowDriver) -> None:
    stopped(studio)
    studio.until(bar(studio).isVisible)
    point = word_point(studio, 0, "roof")
    viewport, left = studio.panel.viewport(), Qt.MouseButton.LeftButton
    studio.qtbot.mouseClick(viewport, left, pos=point)
    studio.qtbot.mouseDClick(viewport, left, pos=point)
    studio.qtbot.wait(QApplication.doubleClickInterval() + 50)  # nothing may follow
    assert studio.engine.played == []


def test_space_in_the_transcript_plays_and_pauses(studio: WindowDriver) -> None:
    stopped(studio)
    studio.until(bar(studio).isVisible)
    studio.panel.setFocus()
    studio.qtbot.keyClick(studio.panel, Qt.Key.Key_Space)
    studio.until(lambda: studio.engine.played)
    studio.qtbot.keyClick(studio.panel, Qt.Key.Key_Space)
    assert not player(studio).is_playing
    assert not studio.application.live.is_active


def test_it_shows_when_the_recording_is_over(studio: WindowDriver) -> None:
    stopped(studio)
    click_time(studio, 0)
    studio.until(lambda: studio.engine._finished is not None)
    thread = threading.Thread(target=studio.engine.end_play)
    thread.start()
    thread.join()
    studio.until(lambda: not player(studio).is_playing)
    assert player(studio).position_s == player(studio).duration_s
    assert not studio.page.notices.isVisible()
    bar(studio).play_button.click()
    studio.until(lambda: len(studio.engine.played) == 2)
    assert studio.engine.played[-1][1] == 0.0


def test_without_sound_or_while_it_listens_there_is_no_bar(studio: WindowDriver) -> None:
    session = studio.start()
    studio.say(session, final(1, 0.0, "rain on the roof"))
    assert not bar(studio).isVisible()
    studio.stop()
    studio.until(bar(studio).isVisible)
    studio.page.new_button.click()
    assert not bar(studio).isVisible()


def test_another_line_takes_over_and_the_end_of_the_first_changes_nothing(
    studio: WindowDriver,
) -> None:
    stopped(studio)
    click_time(studio, 0)
    click_time(studio, 1)
    studio.until(lambda: len(studio.engine.played) == 2)
    studio.qtbot.wait(20)
    assert studio.panel.playing is not None
    assert studio.panel.playing.number == 2


def test_keys_and_menus_play_and_stop(studio: WindowDriver) -> None:
    stopped(studio)
    studio.panel.setFocus()
    studio.until(studio.page.details.isVisible)
    studio.panel.setCurrentIndex(studio.model.index(0))
    studio.qtbot.keyClick(studio.panel, Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)
    studio.until(lambda: len(studio.engine.played) == 1)
    studio.qtbot.keyClick(studio.panel, Qt.Key.Key_Escape)
    assert studio.panel.playing is None
    menu = studio.panel.line_menu(1)
    (play,) = [action for action in menu.actions() if action.text() == "Play"]
    play.trigger()
    studio.until(lambda: len(studio.engine.played) == 2)
    menu = studio.panel.line_menu(1)
    (stop,) = [action for action in menu.actions() if action.text() == "Pause playback"]
    stop.trigger()
    assert studio.panel.playing is None


def test_while_it_listens_it_offers_to_pause_first(studio: WindowDriver) -> None:
    session = studio.start()
    studio.say(session, final(1, 0.0, "rain on the roof"))
    click_time(studio, 0)
    assert "off while listening" in studio.page.notices.text.text()
    assert studio.page.notices.action.text() == "Pause and play"
    studio.page.notices.action.click()
    studio.until(lambda: studio.engine.played)
    assert studio.application.live.activity is SessionActivity.PAUSED
    assert session.asked == ["pause"]
    studio.dock.pause_button.click()
    studio.until(lambda: studio.application.live.activity is SessionActivity.RUNNING)
    assert studio.panel.playing is None


def test_what_is_still_spoken_is_not_played(studio: WindowDriver) -> None:
    from granite_live.session import events

    session = studio.start()
    session.tell(events.DraftText(1.0, 1, 0.5, "good mor", 1))
    studio.until(lambda: studio.model.rowCount() == 1)
    studio.dock.pause_button.click()
    studio.until(lambda: studio.application.live.activity is SessionActivity.PAUSED)
    click_time(studio, 0)
    studio.until(lambda: "once it's final" in studio.page.notices.text.text())
    assert studio.engine.played == []


def test_trouble_with_the_output_is_told(studio: WindowDriver) -> None:
    stopped(studio)
    studio.engine.play_trouble = "There is no output: connect loudspeakers."
    click_time(studio, 0)
    studio.until(lambda: studio.page.notices.text.text() == studio.engine.play_trouble)
    assert studio.panel.playing is None


def test_sound_that_is_gone_is_told_before_and_after_a_click(studio: WindowDriver) -> None:
    stored = stopped(studio)
    with Library.open() as library:
        library.delete_session(stored.id, SessionPart.SOUND)
    studio.application.document.open(stored.id)
    studio.until(lambda: studio.panel.no_sound_reason)
    point = time_place(studio, 0)
    event = QHelpEvent(QEvent.Type.ToolTip, point, studio.panel.viewport().mapToGlobal(point))
    QApplication.sendEvent(studio.panel.viewport(), event)
    assert shows(QToolTip.text(), LibraryMessage.SOUND_DELETED_NOT_PLAYED)
    (play,) = [one for one in studio.panel.line_menu(0).actions() if one.text() == "Play"]
    assert not play.isEnabled()
    assert shows(play.toolTip(), LibraryMessage.SOUND_DELETED_NOT_PLAYED)
    click_time(studio, 0)
    studio.until(
        lambda: shows(studio.page.notices.text.text(), LibraryMessage.SOUND_DELETED_NOT_PLAYED)
    )


def test_it_falls_silent_when_another_session_is_shown_or_begun(studio: WindowDriver) -> None:
    stored = stopped(studio)
    click_time(studio, 0)
    studio.until(lambda: len(studio.engine.played) == 1)
    studio.page.new_button.click()
    assert studio.panel.playing is None
    studio.sidebar.opened.emit(stored, "")
    studio.until(lambda: studio.model.rowCount() == 2)
    click_time(studio, 0)
    studio.until(lambda: len(studio.engine.played) == 2)
    studio.dock.button.click()
    assert studio.panel.playing is None


def test_an_output_that_hangs_does_not_hold_the_window(
    make_studio: Callable[[], WindowDriver], engine: ScriptedEngine
) -> None:
    studio = make_studio()
    stopped(studio)
    release, is_in = threading.Event(), threading.Event()

    def hang(*_: object) -> None:
        is_in.set()
        release.wait(10)

    engine.play = hang  # type: ignore[method-assign]
    click_time(studio, 0)
    studio.until(is_in.is_set)
    assert studio.panel.playing is not None
    bar(studio).play_button.click()
    assert studio.panel.playing is None
    release.set()


def test_closing_while_something_is_played(studio: WindowDriver) -> None:
    stopped(studio)
    click_time(studio, 0)
    studio.until(lambda: studio.engine._finished is not None)
    studio.window.close()
    assert studio.end()
    assert studio.engine._finished is None


def test_deleting_a_session_lets_go_of_its_sound_first(studio: WindowDriver) -> None:
    stored = stopped(studio)
    click_time(studio, 0)
    studio.until(lambda: studio.engine._finished is not None)
    studio.sidebar.delete_requested.emit([stored])
    (dialog,) = [one for one in QApplication.topLevelWidgets() if one.isModal()]
    dialog.buttons[SessionPart.BOTH].click()
    studio.until(lambda: studio.sidebar.model.rowCount() == 0)
    assert studio.engine._finished is None
    assert studio.panel.playing is None
