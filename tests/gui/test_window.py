"""The whole window: texts of every state, actions of every button."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import WindowDriver
from helpers.messages import shows
from helpers.scripted_engine import DEMO, HEADSET, INFO, MICROPHONE, SPEAKERS, ScriptedEngine, final
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QLineEdit, QWidget

from granite_live.app.sessions import SessionRequest
from granite_live.gui.file_queue.jobs import JobState
from granite_live.gui.live_session import SessionActivity
from granite_live.gui.models.dialog import ModelsDialog
from granite_live.library import Library, SessionState
from granite_live.messages.audio import AudioMessage
from granite_live.messages.settings import SettingsMessage
from granite_live.session import events
from granite_live.settings import Settings, load_settings, save_settings


def press(studio: WindowDriver, key: Qt.Key, modifier: Qt.KeyboardModifier | None = None) -> None:
    focused = QApplication.focusWidget() or studio.window
    studio.qtbot.keyClick(focused, key, modifier or Qt.KeyboardModifier.NoModifier)


# -- first start ---------------------------------------------------------------------------


def test_there_is_one_thing_to_do(studio: WindowDriver) -> None:
    assert studio.page.stack.currentWidget() is studio.page.welcome
    assert "Space" in studio.page.welcome.title.text()
    assert studio.dock.button.text() == "Start"
    assert studio.dock.button.hasFocus()
    hidden = (
        studio.dock.pause_button,
        studio.dock.meter,
        studio.dock.clock,
        studio.window.queue_panel,
    )
    assert not any(widget.isVisible() for widget in hidden)
    assert not studio.page.export_button.isEnabled()


def test_space_starts_wherever_the_focus_is_and_the_words_appear(studio: WindowDriver) -> None:
    studio.panel.setFocus()
    press(studio, Qt.Key.Key_Space)
    studio.until(lambda: studio.engine.sessions)
    session = studio.engine.sessions[0]
    session.tell(
        events.StateChanged(0.1, "listening", "Listening to a script."),
        events.DraftText(1.0, 1, 0.5, "good mor", 1),
    )
    studio.until(lambda: studio.texts() == ["good mor"])
    assert studio.page.stack.currentWidget() is studio.panel
    session.tell(final(1, 0.5, "Good morning."))
    studio.until(lambda: studio.texts() == ["Good morning."])
    press(studio, Qt.Key.Key_Space)
    studio.until(lambda: studio.application.live.activity is SessionActivity.IDLE)
    assert session.asked == ["stop"]


def test_space_in_a_field_is_a_space(studio: WindowDriver) -> None:
    studio.sidebar.search.setFocus()
    studio.qtbot.keyClicks(studio.sidebar.search, "a b")
    assert studio.sidebar.search.text() == "a b"
    assert not studio.engine.wanted


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
    studio: WindowDriver, event: events.StateChanged, words: str
) -> None:
    studio.start().tell(event)
    studio.until(lambda: studio.dock.state.text() == words)


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
    studio: WindowDriver, event: events.SessionEvent, words: str
) -> None:
    studio.start().tell(event)
    studio.until(lambda: words in studio.page.notices.text.text())
    assert studio.page.notices.isVisible()
    studio.page.notices.close_button.click()
    assert not studio.page.notices.isVisible()


def test_lost_sound_is_told_at_the_end(studio: WindowDriver) -> None:
    studio.start().close(samples_lost=32000)
    studio.until(lambda: "2.0 s of sound were lost" in studio.page.notices.text.text())


def test_it_is_told_which_sound_was_lost_and_that_the_session_is_not_finished(
    studio: WindowDriver,
) -> None:
    studio.start().close(
        samples_lost=48_000,
        lost=(
            events.LostStretch(3.0, 4.5, 1.5, "disk"),
            events.LostStretch(9.0, 9.0, 1.5, "overload"),
        ),
        texts_lost=2,
        needs_recovery=True,
    )
    studio.until(
        lambda: (
            studio.page.notices.text.text()
            == "3.0 s of sound were lost; from 3.0 s to 4.5 s, because the disk accepted no more "
            "data; at 9.0 s, because the computer was too busy. 2 texts could not be written to "
            "the disk. The session is unfinished: recover it when the disk has free space."
        )
    )


def test_what_really_runs_is_shown(studio: WindowDriver) -> None:
    session = studio.start()
    session.tell(events.ModelReady(1, INFO, 2, (), 1.0))
    studio.until(lambda: studio.dock.model.text() == "int8 on CPU, 2 threads")
    assert not studio.dock.model_link.isVisible()
    session.tell(events.ModelReady(1, INFO, 1, (), 1.0))
    studio.until(lambda: studio.dock.model.text() == "int8 on CPU, 1 thread")


def test_the_demo_model_says_so_and_leads_to_the_real_one(studio: WindowDriver) -> None:
    studio.start().tell(events.ModelReady(1, DEMO, 2, (), 1.0))
    studio.until(lambda: "Demo model" in studio.dock.model.text())
    studio.dock.model_link.click()
    shown = [one for one in QApplication.topLevelWidgets() if one.isVisible() and one.isModal()]
    assert len(shown) == 1
    assert isinstance(shown[0], ModelsDialog)
    shown[0].close()


def test_delay_and_backlog_are_told(studio: WindowDriver) -> None:
    session = studio.start()
    session.tell(final(1, 0.0, "Good morning.", lag_s=0.7))
    studio.until(lambda: studio.dock.lag.text() == "Delay 0.7 s")
    session.tell(events.BacklogChanged(1.0, 3, 12.4))
    studio.until(lambda: studio.dock.lag.text() == "12 s behind")


def test_a_session_that_cannot_begin_says_why(studio: WindowDriver) -> None:
    studio.engine.refusal = AudioMessage.NO_INPUT()
    studio.dock.button.click()
    studio.until(lambda: shows(studio.page.notices.text.text(), AudioMessage.NO_INPUT))
    assert studio.application.live.activity is SessionActivity.IDLE
    assert studio.dock.button.isEnabled()


def test_stop_while_it_is_still_beginning(studio: WindowDriver) -> None:
    studio.dock.button.click()
    assert studio.application.live.activity is SessionActivity.STARTING
    studio.dock.button.click()
    studio.until(lambda: studio.engine.sessions)
    studio.until(lambda: studio.engine.sessions[0].asked == ["stop"])
    studio.until(lambda: studio.application.live.activity is SessionActivity.IDLE)


def test_space_starts_again_after_it_stopped(studio: WindowDriver) -> None:
    for number in (1, 2):
        press(studio, Qt.Key.Key_Space)
        studio.until(lambda number=number: len(studio.engine.sessions) == number)
        studio.until(lambda: studio.application.live.activity is SessionActivity.RUNNING)
        press(studio, Qt.Key.Key_Space)
        studio.until(lambda: not studio.application.live.is_active)
        assert studio.dock.button.hasFocus()


def test_pause_and_go_on(studio: WindowDriver) -> None:
    session = studio.start()
    studio.dock.pause_button.click()
    studio.until(lambda: studio.application.live.activity is SessionActivity.PAUSED)
    assert studio.dock.pause_button.accessibleName() == "Resume"
    press(studio, Qt.Key.Key_P, Qt.KeyboardModifier.ControlModifier)
    studio.until(lambda: studio.application.live.activity is SessionActivity.RUNNING)
    assert session.asked == ["pause", "resume"]


def test_the_meter_tells_what_is_wrong(studio: WindowDriver) -> None:
    session, meter = studio.start(), studio.dock.meter
    session.tell(events.LevelMeasured(1, -20.0, -6.0, False))
    studio.until(lambda: meter.toolTip() == "-20 dB")
    session.tell(events.LevelMeasured(1, -3.0, 0.0, True))
    studio.until(lambda: meter.warning == "Too loud (clipping)")
    meter._heard_s = meter._clip_s = time.monotonic() - 60
    session.tell(events.LevelMeasured(1, -120.0, -120.0, False))
    studio.until(lambda: meter.warning == "No signal")
    assert meter.accessibleDescription() == "No signal"


# -- inputs --------------------------------------------------------------------------------


def test_inputs_follow_what_is_plugged_in(studio: WindowDriver) -> None:
    picker = studio.dock.picker
    studio.until(lambda: picker.text() == MICROPHONE.name)
    studio.engine.plug(HEADSET)
    studio.until(lambda: picker.text() == HEADSET.name)
    studio.engine.plug()
    studio.until(lambda: picker.text() == "No microphone")
    assert "It will appear here" in picker.menu().actions()[-1].text()


def test_the_chosen_input_is_used_and_remembered(studio: WindowDriver) -> None:
    studio.until(lambda: studio.dock.picker.text() == MICROPHONE.name)
    offered = {action.text(): action for action in studio.dock.picker.menu().actions()}
    sections = ["Microphones", MICROPHONE.name, HEADSET.name, "System audio", SPEAKERS.name]
    assert list(offered) == sections
    offered[SPEAKERS.name].trigger()
    studio.start()
    assert studio.engine.wanted == [SessionRequest(SPEAKERS.id, True)]
    studio.until(lambda: load_settings().input_device == SPEAKERS.id)


def test_without_sound_system_the_picker_says_why(
    make_studio: Callable[[], WindowDriver], engine: ScriptedEngine
) -> None:
    engine.no_inputs = "PortAudio is not installed"
    engine.known = ()
    studio = make_studio()
    studio.until(lambda: studio.dock.picker.toolTip() == engine.no_inputs)


def test_after_a_notice_is_answered_space_starts(studio: WindowDriver) -> None:
    studio.page.notices.offer("Something.", "Do it", lambda: None)
    studio.page.notices.action.setFocus()
    studio.page.notices.action.click()
    assert not studio.page.notices.isVisible()
    assert studio.dock.button.hasFocus()
    studio.sidebar.search.setFocus()
    studio.page.notices.show_message("Something else.")
    studio.page.notices.dismiss()
    assert studio.sidebar.search.hasFocus()


# -- sessions ------------------------------------------------------------------------------


def test_sessions_are_listed_opened_searched_and_renamed(studio: WindowDriver) -> None:
    for text in ("the rain fell on the roof", "bread and butter for tea"):
        studio.hear(final(1, 0.0, text))
    studio.until(lambda: studio.sidebar.model.rowCount() == 2)
    studio.sidebar.search.setText("rain")
    studio.until(lambda: studio.sidebar.model.rowCount() == 1)
    index = studio.sidebar.model.index(0)
    studio.sidebar.view.clicked.emit(index)
    studio.until(lambda: studio.texts() == ["the rain fell on the roof"])
    assert studio.panel.find_bar.isVisible()
    assert studio.panel.find_bar.count.text() == "1 of 1"
    session_id = studio.application.document.session_id
    studio.sidebar.set_title(session_id, "Weather")
    studio.until(lambda: studio.page.title.text() == "Weather")
    studio.sidebar.search.setText("nothing like it")
    studio.until(lambda: studio.sidebar.empty.isVisible())
    assert studio.sidebar.empty.text() == "Nothing found."


def test_a_new_page_while_nothing_runs_and_back_to_the_session_that_runs(
    studio: WindowDriver,
) -> None:
    session = studio.start()
    studio.say(session, final(1, 0.0, "first words"))
    studio.page.new_button.click()
    studio.until(lambda: studio.texts() == ["first words"])
    studio.stop()
    studio.page.new_button.click()
    assert studio.texts() == []
    assert studio.page.title.text() == "New session"


def test_finals_of_a_session_that_is_not_on_show_are_stored_not_shown(studio: WindowDriver) -> None:
    session = studio.start()
    studio.say(session, final(1, 0.0, "first words"))
    with Library.open() as library:
        running = library.sessions()[0]
    studio.application.document.clear()
    session.tell(final(2, 5.0, "second words"))
    studio.sidebar.opened.emit(running, "")
    studio.until(lambda: studio.texts() == ["first words", "second words"])


def test_deleting_asks_what_and_does_it(studio: WindowDriver) -> None:
    studio.sidebar.delete_requested.emit([studio.hear(final(1, 0.0, "to be forgotten"))])
    (dialog,) = [one for one in QApplication.topLevelWidgets() if one.isModal()]
    everything = next(iter(dialog.buttons.values()))
    everything.click()
    studio.until(lambda: studio.sidebar.model.rowCount() == 0)
    studio.until(lambda: studio.texts() == [])


def test_an_interrupted_session_is_offered_and_recovered(
    make_interrupted: Callable[..., WindowDriver], engine: ScriptedEngine
) -> None:
    studio = make_interrupted(duration_s=12.0)
    studio.accept_recovery("audio is safe")
    studio.until(lambda: studio.texts() == ["this was recovered"])
    assert engine.recovered == list(engine.left)


# -- files ---------------------------------------------------------------------------------


def drop(window: QWidget, *paths: Path) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    buttons, keys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    action = Qt.DropAction.CopyAction
    window.dropEvent(QDropEvent(QPointF(QPoint(9, 9)), action, data, buttons, keys))


def test_it_is_shown_that_dragged_files_can_be_dropped(studio: WindowDriver) -> None:
    window, data = studio.window, QMimeData()
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


def test_dropped_files_become_sessions_one_after_the_other(studio: WindowDriver) -> None:
    drop(studio.window, Path("/a/one.mp3"), Path("/a/two.broken"), Path("/a/three.mp4"))
    queue = studio.application.queue
    studio.until(lambda: len(studio.engine.sessions) == 1)
    assert studio.window.queue_panel.isVisible()
    first = studio.engine.sessions[0]
    first.tell(final(1, 28.0, "half of it is done"))
    studio.until(lambda: queue.jobs[0].done_s > 28)
    first.close()
    studio.until(lambda: len(studio.engine.sessions) == 2)
    states = [job.state for job in queue.jobs]
    assert states == [JobState.DONE, JobState.FAILED, JobState.RUNNING]
    assert "is no recording" in queue.jobs[1].problem
    studio.until(lambda: studio.page.title.text() == "three")
    queue.cancel(queue.jobs[2])
    studio.until(lambda: not queue.is_busy)
    assert queue.jobs[2].state is JobState.CANCELED
    studio.window.queue_panel.clear_button.click()
    assert not studio.window.queue_panel.isVisible()


def test_a_waiting_file_can_be_taken_out(studio: WindowDriver) -> None:
    queue = studio.application.queue
    queue.add_files([Path("one.mp3"), Path("two.mp3")])
    queue.cancel(queue.jobs[1])
    studio.until(lambda: studio.engine.sessions)
    studio.engine.sessions[0].close()
    studio.until(lambda: not queue.is_busy)
    assert [job.state for job in queue.jobs] == [JobState.DONE, JobState.CANCELED]
    assert len(studio.engine.sessions) == 1


# -- layout --------------------------------------------------------------------------------


def test_the_look_follows_the_settings_at_once(studio: WindowDriver) -> None:
    studio.application.preferences.change(appearance="dark", font_size_pt=28)
    assert studio.window.theme.is_dark
    assert studio.window.theme.scale == 2.0
    studio.until(lambda: load_settings().appearance == "dark")


def test_damaged_settings_are_told_and_set_aside(make_studio: Callable[[], WindowDriver]) -> None:
    save_settings(Settings())
    from granite_live.settings import settings_path

    settings_path().write_text("{ not json", encoding="utf-8")
    studio = make_studio()
    assert shows(studio.page.notices.text.text(), SettingsMessage.ALL_REPLACED)


def test_one_setting_that_cannot_be_used_costs_no_other(
    make_studio: Callable[[], WindowDriver],
) -> None:
    save_settings(Settings(shortcuts=(("find", "F4"),), replacements=(("jason", "JSON"),)))
    from granite_live.settings import settings_path

    stored = settings_path().read_text(encoding="utf-8")
    settings_path().write_text(stored.replace("{", '{"tier": "int4",', 1), encoding="utf-8")
    studio = make_studio()
    assert shows(
        studio.page.notices.text.text(),
        SettingsMessage.BAD_VALUE_CLAUSE,
        name="tier",
        value="'int4'",
    )
    kept = studio.application.preferences.settings
    assert kept.shortcuts == (("find", "F4"),)
    assert kept.replacements == (("jason", "JSON"),)


def controls(window: QWidget) -> list[QWidget]:
    kinds = (QAbstractButton, QLineEdit)
    return [one for kind in kinds for one in window.findChildren(kind) if not one.isHidden()]


def test_every_control_has_a_name_and_can_be_reached_by_keys(studio: WindowDriver) -> None:
    session = studio.start()
    studio.say(session, final(1, 0.0, "words"))
    studio.window.find_in_session()
    found = [one for one in controls(studio.window) if one.isVisible()]
    assert len(found) > 12
    for one in found:
        name = one.accessibleName() or getattr(one, "text", str)()
        assert name, one
        if one.isEnabled() and one.parent() is not studio.sidebar.search:
            assert one.focusPolicy() & Qt.FocusPolicy.TabFocus, name


@pytest.mark.parametrize("size_pt", [14, 28])
def test_no_text_is_clipped(studio: WindowDriver, size_pt: int) -> None:
    # The model offer has tests of its own and may appear at any time.
    studio.application.preferences.change(font_size_pt=size_pt, offer_model=False)
    studio.engine.is_demo = True
    session = studio.start()
    session.tell(events.ModelReady(1, DEMO, 2, (), 1.0))
    studio.say(session, final(1, 0.0, "Good morning, everybody."))
    session.tell(events.WorkerRestarted(2, "it hung", 1))
    studio.until(lambda: studio.page.notices.isVisible())
    studio.window.resize(1080 if size_pt == 14 else 1500, 900)
    studio.qtbot.wait(50)
    for one in studio.window.findChildren(QLabel) + studio.window.findChildren(QAbstractButton):
        if not one.isVisible() or one is studio.page.title or not one.text():
            continue
        needed = one.sizeHint().boundedTo(one.minimumSizeHint())
        if isinstance(one, QLabel) and one.wordWrap():
            assert one.height() >= one.heightForWidth(one.width()) - 1, one.text()
        else:
            assert one.width() >= needed.width() - 1, one.text()
            # The style's preferred button size is larger than the text needs.
            assert one.height() >= needed.height() - studio.window.theme.px(2), one.text()


# -- closing -------------------------------------------------------------------------------


def test_closing_in_the_middle_of_a_session_ends_within_two_seconds(studio: WindowDriver) -> None:
    session = studio.start()
    studio.say(session, final(1, 0.0, "the last words"))
    session.answers_stop = False
    began_s = time.monotonic()
    studio.window.close()
    assert studio.end()
    assert time.monotonic() - began_s < 2.0
    assert session.asked == ["stop", "abandon"]
    assert studio.engine.is_closed
    with Library.open() as library:
        (stored,) = library.sessions()
        assert [one.text for one in library.utterances(stored.id)] == ["the last words"]
        assert stored.state is SessionState.FINISHED


def test_the_window_comes_back_where_it_was(make_studio: Callable[[], WindowDriver]) -> None:
    first = make_studio()
    first.window.resize(780, 560)
    first.window.toggle_sidebar()
    first.window.close()
    second = make_studio()
    assert (second.window.width(), second.window.height()) == (780, 560)
    assert not second.sidebar.isVisible()
