"""The whole window: texts of every state, actions of every button."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest
from helpers.messages import shows
from helpers.scripted_engine import DEMO, HEADSET, INFO, MICROPHONE, SPEAKERS, ScriptedEngine, final
from helpers.window_driver import WindowDriver
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QLineEdit, QWidget

from granite_live.app.sessions import SessionRequest
from granite_live.gui.file_queue.jobs import JobState
from granite_live.gui.live_session import SessionActivity
from granite_live.gui.models.dialog import ModelsDialog
from granite_live.gui.style_sheet import current_theme
from granite_live.library import Library, SessionState
from granite_live.messages.audio import AudioMessage
from granite_live.messages.settings import SettingsMessage
from granite_live.session import events
from granite_live.settings import Settings, load_settings, save_settings


def press(driver: WindowDriver, key: Qt.Key, modifier: Qt.KeyboardModifier | None = None) -> None:
    focused = QApplication.focusWidget() or driver.window
    driver.qtbot.keyClick(focused, key, modifier or Qt.KeyboardModifier.NoModifier)


# -- first start ---------------------------------------------------------------------------


def test_there_is_one_thing_to_do(driver: WindowDriver) -> None:
    assert driver.page.stack.currentWidget() is driver.page.welcome
    assert "Space" in driver.page.welcome.title.text()
    assert driver.control_bar.button.text() == "Start"
    assert driver.control_bar.button.hasFocus()
    hidden = (
        driver.control_bar.pause_button,
        driver.control_bar.meter,
        driver.control_bar.clock,
        driver.window.queue_panel,
    )
    assert not any(widget.isVisible() for widget in hidden)
    assert not driver.page.export_button.isEnabled()


def test_space_starts_wherever_the_focus_is_and_the_words_appear(driver: WindowDriver) -> None:
    driver.panel.setFocus()
    press(driver, Qt.Key.Key_Space)
    driver.until(lambda: driver.engine.sessions)
    session = driver.engine.sessions[0]
    session.tell(
        events.StateChanged(0.1, "listening", "Listening to a script."),
        events.DraftText(1.0, 1, 0.5, "good mor", 1),
    )
    driver.until(lambda: driver.texts() == ["good mor"])
    assert driver.page.stack.currentWidget() is driver.panel
    session.tell(final(1, 0.5, "Good morning."))
    driver.until(lambda: driver.texts() == ["Good morning."])
    press(driver, Qt.Key.Key_Space)
    driver.until(lambda: driver.application.live.activity is SessionActivity.IDLE)
    assert session.asked == ["stop"]


def test_space_in_a_field_is_a_space(driver: WindowDriver) -> None:
    driver.sidebar.search.setFocus()
    driver.qtbot.keyClicks(driver.sidebar.search, "a b")
    assert driver.sidebar.search.text() == "a b"
    assert not driver.engine.wanted


# -- texts of states -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("event", "words"),
    [
        (
            events.StateChanged(1, "waiting", "Waiting for the microphone."),
            "Waiting for the microphone.",
        ),
        (events.StateChanged(1, "listening", "…"), "Listening. The model is loading…"),
        (events.StateChanged(1, "catching_up", "…"), "Listening (catching up…)"),
        (events.StateChanged(1, "paused", "…"), "Paused, not recording"),
        (events.StateChanged(1, "recording_only", "No model."), "Recording only, not transcribing"),
        (events.StateChanged(1, "stopping", events.STOPPING_SENTENCE), "Finishing up…"),
    ],
)
def test_every_state_has_words(
    driver: WindowDriver, event: events.StateChanged, words: str
) -> None:
    driver.start().tell(event)
    driver.until(lambda: driver.control_bar.state.text() == words)


@pytest.mark.parametrize(
    ("event", "words"),
    [
        (events.DeviceLost(1, "Headset", "Headset was unplugged."), "Headset was unplugged."),
        (events.DeviceLost(1, "Headset", ""), "No sound from Headset."),
        (events.WorkerRestarted(1, "it hung.", 2), "restarted (it hung). No speech was lost."),
        (
            events.DiskChanged(1, "The disk takes no more sound.", 3.0),
            "The disk takes no more sound.",
        ),
        (events.PartFailed(1, "recording", "The recording ended."), "The recording ended."),
        (events.StateChanged(1, "recording_only", "No model fits."), "No model fits."),
        (events.ModelReady(1, INFO, 2, ("CUDA is not there.",), 1.0), "CUDA is not there."),
        (events.DeviceRecovered(1, "Headset"), "Headset is back."),
    ],
)
def test_trouble_is_told_above_the_text(
    driver: WindowDriver, event: events.SessionEvent, words: str
) -> None:
    driver.start().tell(event)
    driver.until(lambda: words in driver.page.notices.text.text())
    assert driver.page.notices.isVisible()
    driver.page.notices.close_button.click()
    assert not driver.page.notices.isVisible()


def test_lost_sound_is_told_at_the_end(driver: WindowDriver) -> None:
    driver.start().close(samples_lost=32000)
    driver.until(lambda: "2.0 s of sound were lost" in driver.page.notices.text.text())


def test_it_is_told_which_sound_was_lost_and_that_the_session_is_not_finished(
    driver: WindowDriver,
) -> None:
    driver.start().close(
        samples_lost=48_000,
        lost=(
            events.LostStretch(3.0, 4.5, 1.5, "disk"),
            events.LostStretch(9.0, 9.0, 1.5, "overload"),
        ),
        texts_lost=2,
        needs_recovery=True,
    )
    driver.until(
        lambda: (
            driver.page.notices.text.text()
            == "3.0 s of sound were lost; from 3.0 s to 4.5 s, because the disk accepted no more "
            "data; at 9.0 s, because the computer was too busy. 2 texts could not be written to "
            "the disk. The session is unfinished: recover it when the disk has free space."
        )
    )


def test_what_really_runs_is_shown(driver: WindowDriver) -> None:
    session = driver.start()
    session.tell(events.ModelReady(1, INFO, 2, (), 1.0))
    driver.until(lambda: driver.control_bar.model.text() == "int8 on CPU, 2 threads")
    assert not driver.control_bar.model_link.isVisible()
    session.tell(events.ModelReady(1, INFO, 1, (), 1.0))
    driver.until(lambda: driver.control_bar.model.text() == "int8 on CPU, 1 thread")


def test_the_demo_model_says_so_and_leads_to_the_real_one(driver: WindowDriver) -> None:
    driver.start().tell(events.ModelReady(1, DEMO, 2, (), 1.0))
    driver.until(lambda: "Demo model" in driver.control_bar.model.text())
    driver.control_bar.model_link.click()
    shown = [one for one in QApplication.topLevelWidgets() if one.isVisible() and one.isModal()]
    assert len(shown) == 1
    assert isinstance(shown[0], ModelsDialog)
    shown[0].close()


def test_delay_and_backlog_are_told(driver: WindowDriver) -> None:
    session = driver.start()
    session.tell(final(1, 0.0, "Good morning.", lag_s=0.7))
    driver.until(lambda: driver.control_bar.lag.text() == "Delay 0.7 s")
    session.tell(events.BacklogChanged(1.0, 3, 12.4))
    driver.until(lambda: driver.control_bar.lag.text() == "12 s behind")


def test_a_session_that_cannot_begin_says_why(driver: WindowDriver) -> None:
    driver.engine.refusal = AudioMessage.NO_INPUT()
    driver.control_bar.button.click()
    driver.until(lambda: shows(driver.page.notices.text.text(), AudioMessage.NO_INPUT))
    assert driver.application.live.activity is SessionActivity.IDLE
    assert driver.control_bar.button.isEnabled()


def test_stop_while_it_is_still_beginning(driver: WindowDriver) -> None:
    driver.control_bar.button.click()
    assert driver.application.live.activity is SessionActivity.STARTING
    driver.control_bar.button.click()
    driver.until(lambda: driver.engine.sessions)
    driver.until(lambda: driver.engine.sessions[0].asked == ["stop"])
    driver.until(lambda: driver.application.live.activity is SessionActivity.IDLE)


def test_space_starts_again_after_it_stopped(driver: WindowDriver) -> None:
    for number in (1, 2):
        press(driver, Qt.Key.Key_Space)
        driver.until(lambda number=number: len(driver.engine.sessions) == number)
        driver.until(lambda: driver.application.live.activity is SessionActivity.RUNNING)
        press(driver, Qt.Key.Key_Space)
        driver.until(lambda: not driver.application.live.is_active)
        assert driver.control_bar.button.hasFocus()


def test_pause_and_go_on(driver: WindowDriver) -> None:
    session = driver.start()
    driver.control_bar.pause_button.click()
    driver.until(lambda: driver.application.live.activity is SessionActivity.PAUSED)
    assert driver.control_bar.pause_button.accessibleName() == "Resume"
    press(driver, Qt.Key.Key_P, Qt.KeyboardModifier.ControlModifier)
    driver.until(lambda: driver.application.live.activity is SessionActivity.RUNNING)
    assert session.asked == ["pause", "resume"]


def test_the_meter_tells_what_is_wrong(driver: WindowDriver) -> None:
    session, meter = driver.start(), driver.control_bar.meter.microphone
    session.tell(events.LevelMeasured(1, -20.0, -6.0, False))
    driver.until(lambda: meter.toolTip() == "-20 dB")
    session.tell(events.LevelMeasured(1, -3.0, 0.0, True))
    driver.until(lambda: meter.warning == "Too loud (clipping)")
    meter._heard_s = meter._clip_s = time.monotonic() - 60
    session.tell(events.LevelMeasured(1, -120.0, -120.0, False))
    driver.until(lambda: meter.warning == "No signal")
    assert meter.accessibleDescription() == "No signal"


# -- inputs --------------------------------------------------------------------------------


def test_inputs_follow_what_is_plugged_in(driver: WindowDriver) -> None:
    picker = driver.control_bar.picker
    driver.until(lambda: picker.text() == MICROPHONE.name)
    driver.engine.plug(HEADSET)
    driver.until(lambda: picker.text() == HEADSET.name)
    driver.engine.plug()
    driver.until(lambda: picker.text() == "No microphone")
    assert "It will appear here" in picker.menu().actions()[-1].text()


def test_the_chosen_input_is_used_and_remembered(driver: WindowDriver) -> None:
    driver.until(lambda: driver.control_bar.picker.text() == MICROPHONE.name)
    offered = {action.text(): action for action in driver.control_bar.picker.menu().actions()}
    sections = ["Microphones", MICROPHONE.name, HEADSET.name, "System audio", SPEAKERS.name]
    both = ["", "Microphone and computer's sound (meeting)"]
    echo = "Remove what the microphone hears of the loudspeakers"
    assert list(offered) == [*sections, *both, echo]
    offered[SPEAKERS.name].trigger()
    driver.start()
    assert driver.engine.wanted == [SessionRequest(SPEAKERS.id, True)]
    driver.until(lambda: load_settings().input_device == SPEAKERS.id)


def test_without_sound_system_the_picker_says_why(
    make_driver: Callable[[], WindowDriver], engine: ScriptedEngine
) -> None:
    engine.no_inputs = "PortAudio is not installed"
    engine.known = ()
    driver = make_driver()
    driver.until(lambda: driver.control_bar.picker.toolTip() == engine.no_inputs)


def test_after_a_notice_is_answered_space_starts(driver: WindowDriver) -> None:
    driver.page.notices.offer("Something.", "Do it", lambda: None)
    driver.page.notices.action.setFocus()
    driver.page.notices.action.click()
    assert not driver.page.notices.isVisible()
    assert driver.control_bar.button.hasFocus()
    driver.sidebar.search.setFocus()
    driver.page.notices.show_message("Something else.")
    driver.page.notices.dismiss()
    assert driver.sidebar.search.hasFocus()


# -- sessions ------------------------------------------------------------------------------


def test_sessions_are_listed_opened_searched_and_renamed(driver: WindowDriver) -> None:
    for text in ("the rain fell on the roof", "bread and butter for tea"):
        driver.hear(final(1, 0.0, text))
    driver.until(lambda: driver.sidebar.model.rowCount() == 2)
    driver.sidebar.search.setText("rain")
    driver.until(lambda: driver.sidebar.model.rowCount() == 1)
    index = driver.sidebar.model.index(0)
    driver.sidebar.view.clicked.emit(index)
    driver.until(lambda: driver.texts() == ["the rain fell on the roof"])
    assert driver.panel.find_bar.isVisible()
    assert driver.panel.find_bar.count.text() == "1 of 1"
    session_id = driver.application.document.session_id
    driver.sidebar.set_title(session_id, "Weather")
    driver.until(lambda: driver.page.title.text() == "Weather")
    driver.sidebar.search.setText("nothing like it")
    driver.until(lambda: driver.sidebar.empty.isVisible())
    assert driver.sidebar.empty.text() == "Nothing found."


def test_a_new_page_while_nothing_runs_and_back_to_the_session_that_runs(
    driver: WindowDriver,
) -> None:
    session = driver.start()
    driver.say(session, final(1, 0.0, "first words"))
    driver.page.new_button.click()
    driver.until(lambda: driver.texts() == ["first words"])
    driver.stop()
    driver.page.new_button.click()
    assert driver.texts() == []
    assert driver.page.title.text() == "New session"


def test_finals_of_a_session_that_is_not_on_show_are_stored_not_shown(driver: WindowDriver) -> None:
    session = driver.start()
    driver.say(session, final(1, 0.0, "first words"))
    with Library.open() as library:
        running = library.sessions()[0]
    driver.application.document.clear()
    session.tell(final(2, 5.0, "second words"))
    driver.sidebar.opened.emit(running, "")
    driver.until(lambda: driver.texts() == ["first words", "second words"])


def test_deleting_asks_what_and_does_it(driver: WindowDriver) -> None:
    driver.sidebar.delete_requested.emit([driver.hear(final(1, 0.0, "to be forgotten"))])
    (dialog,) = [one for one in QApplication.topLevelWidgets() if one.isModal()]
    everything = next(iter(dialog.buttons.values()))
    everything.click()
    driver.until(lambda: driver.sidebar.model.rowCount() == 0)
    driver.until(lambda: driver.texts() == [])


def test_an_interrupted_session_is_offered_and_recovered(
    make_interrupted: Callable[..., WindowDriver], engine: ScriptedEngine
) -> None:
    driver = make_interrupted(duration_s=12.0)
    driver.accept_recovery("audio is safe")
    driver.until(lambda: driver.texts() == ["this was recovered"])
    assert engine.recovered == list(engine.left)


# -- files ---------------------------------------------------------------------------------


def drop(window: QWidget, *paths: Path) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    buttons, keys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    action = Qt.DropAction.CopyAction
    window.dropEvent(QDropEvent(QPointF(QPoint(9, 9)), action, data, buttons, keys))


def test_it_is_shown_that_dragged_files_can_be_dropped(driver: WindowDriver) -> None:
    window, data = driver.window, QMimeData()
    data.setUrls([QUrl.fromLocalFile("/a/one.mp3")])
    buttons, keys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    entry = QDragEnterEvent(QPoint(9, 9), Qt.DropAction.CopyAction, data, buttons, keys)
    window.dragEnterEvent(entry)
    assert entry.isAccepted()
    assert window.drop_hint.isVisible()
    window.dragLeaveEvent(QDragLeaveEvent())
    assert not window.drop_hint.isVisible()
    window.dragEnterEvent(entry)
    drop(window, Path("/a/one.mp3"))
    assert not window.drop_hint.isVisible()


def test_dropped_files_become_sessions_one_after_the_other(driver: WindowDriver) -> None:
    drop(driver.window, Path("/a/one.mp3"), Path("/a/two.broken"), Path("/a/three.mp4"))
    queue = driver.application.queue
    driver.until(lambda: len(driver.engine.sessions) == 1)
    assert driver.window.queue_panel.isVisible()
    first = driver.engine.sessions[0]
    first.tell(final(1, 28.0, "half of it is done"))
    driver.until(lambda: queue.jobs[0].done_s > 28)
    first.close()
    driver.until(lambda: len(driver.engine.sessions) == 2)
    states = [job.state for job in queue.jobs]
    assert states == [JobState.DONE, JobState.FAILED, JobState.RUNNING]
    assert "is no recording" in queue.jobs[1].problem
    driver.until(lambda: driver.page.title.text() == "three")
    queue.cancel(queue.jobs[2])
    driver.until(lambda: not queue.is_busy)
    assert queue.jobs[2].state is JobState.CANCELED
    driver.window.queue_panel.clear_button.click()
    assert not driver.window.queue_panel.isVisible()


def test_a_waiting_file_can_be_taken_out(driver: WindowDriver) -> None:
    queue = driver.application.queue
    queue.add_files([Path("one.mp3"), Path("two.mp3")])
    queue.cancel(queue.jobs[1])
    driver.until(lambda: driver.engine.sessions)
    driver.engine.sessions[0].close()
    driver.until(lambda: not queue.is_busy)
    assert [job.state for job in queue.jobs] == [JobState.DONE, JobState.CANCELED]
    assert len(driver.engine.sessions) == 1


# -- layout --------------------------------------------------------------------------------


def test_the_look_follows_the_settings_at_once(driver: WindowDriver) -> None:
    driver.application.preferences.change(appearance="dark", font_size_pt=28)
    assert current_theme().is_dark
    assert current_theme().scale == 2.0
    driver.until(lambda: load_settings().appearance == "dark")


def test_damaged_settings_are_told_and_set_aside(make_driver: Callable[[], WindowDriver]) -> None:
    save_settings(Settings())
    from granite_live.settings import settings_path

    settings_path().write_text("{ not json", encoding="utf-8")
    driver = make_driver()
    assert shows(driver.page.notices.text.text(), SettingsMessage.ALL_REPLACED)


def test_one_setting_that_cannot_be_used_costs_no_other(
    make_driver: Callable[[], WindowDriver],
) -> None:
    save_settings(Settings(shortcuts=(("find", "F4"),), replacements=(("jason", "JSON"),)))
    from granite_live.settings import settings_path

    stored = settings_path().read_text(encoding="utf-8")
    settings_path().write_text(stored.replace("{", '{"tier": "int4",', 1), encoding="utf-8")
    driver = make_driver()
    assert shows(
        driver.page.notices.text.text(),
        SettingsMessage.BAD_VALUE_CLAUSE,
        name="tier",
        value="'int4'",
    )
    kept = driver.application.preferences.settings
    assert kept.shortcuts == (("find", "F4"),)
    assert kept.replacements == (("jason", "JSON"),)


def controls(window: QWidget) -> list[QWidget]:
    kinds = (QAbstractButton, QLineEdit)
    return [one for kind in kinds for one in window.findChildren(kind) if not one.isHidden()]


def test_every_control_has_a_name_and_can_be_reached_by_keys(driver: WindowDriver) -> None:
    session = driver.start()
    driver.say(session, final(1, 0.0, "words"))
    driver.window.find_in_session()
    found = [one for one in controls(driver.window) if one.isVisible()]
    assert len(found) > 12
    for one in found:
        name = one.accessibleName() or getattr(one, "text", str)()
        assert name, one
        if one.isEnabled() and one.parent() is not driver.sidebar.search:
            assert one.focusPolicy() & Qt.FocusPolicy.TabFocus, name


@pytest.mark.parametrize("size_pt", [14, 28])
def test_no_text_is_clipped(driver: WindowDriver, size_pt: int) -> None:
    # The model offer has tests of its own and may appear at any time.
    driver.application.preferences.change(font_size_pt=size_pt, offer_model=False)
    driver.engine.is_demo = True
    session = driver.start()
    session.tell(events.ModelReady(1, DEMO, 2, (), 1.0))
    driver.say(session, final(1, 0.0, "Good morning, everybody."))
    session.tell(events.WorkerRestarted(2, "it hung", 1))
    driver.until(lambda: driver.page.notices.isVisible())
    driver.window.resize(1080 if size_pt == 14 else 1500, 900)
    driver.qtbot.wait(50)
    for one in driver.window.findChildren(QLabel) + driver.window.findChildren(QAbstractButton):
        if not one.isVisible() or one is driver.page.title or not one.text():
            continue
        needed = one.sizeHint().boundedTo(one.minimumSizeHint())
        if isinstance(one, QLabel) and one.wordWrap():
            assert one.height() >= one.heightForWidth(one.width()) - 1, one.text()
        else:
            assert one.width() >= needed.width() - 1, one.text()
            # The style's preferred button size is larger than the text needs.
            assert one.height() >= needed.height() - current_theme().px(2), one.text()


# -- closing -------------------------------------------------------------------------------


def test_closing_in_the_middle_of_a_session_ends_within_two_seconds(driver: WindowDriver) -> None:
    session = driver.start()
    driver.say(session, final(1, 0.0, "the last words"))
    session.answers_stop = False
    began_s = time.monotonic()
    driver.window.close()
    assert driver.end()
    assert time.monotonic() - began_s < 2.0
    assert session.asked == ["stop", "abandon"]
    assert driver.engine.is_closed
    with Library.open() as library:
        (stored,) = library.sessions()
        assert [one.text for one in library.utterances(stored.id)] == ["the last words"]
        assert stored.state is SessionState.FINISHED


def test_the_window_comes_back_where_it_was(make_driver: Callable[[], WindowDriver]) -> None:
    first = make_driver()
    first.window.resize(780, 560)
    first.window.toggle_sidebar()
    first.window.close()
    second = make_driver()
    assert (second.window.width(), second.window.height()) == (780, 560)
    assert not second.sidebar.isVisible()
