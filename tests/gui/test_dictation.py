"""Dictation from the user's view: window, hotkey, delivery."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from helpers.clipped_widgets import clipped
from helpers.scripted_engine import INFO, SPEAKERS, ScriptedEngine, ScriptedSession, final
from helpers.scripted_platform import TERMINAL, FakePlatform
from helpers.window_driver import WindowDriver
from PySide6.QtCore import QSettings, Qt
from PySide6.QtGui import QAccessible, QGuiApplication
from PySide6.QtWidgets import QAbstractButton, QApplication
from pytestqt.qtbot import QtBot

from granite_live.desktop.text_input import DeliveryMethod
from granite_live.gui.app import Application
from granite_live.gui.dictation.controller import DictationController
from granite_live.gui.dictation.dictation import MAX_TAIL_MS, TAIL_MS, DictationState
from granite_live.gui.dictation.window import DictationWindow
from granite_live.gui.live_session import SessionActivity
from granite_live.gui.theme import Theme
from granite_live.messages.desktop import DesktopMessage
from granite_live.session import events
from granite_live.settings import Settings, save_settings
from granite_live.util import paths

CONTROL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier


class Dictating(WindowDriver):
    """The window with a fake platform, and the steps of a user who dictates."""

    def __init__(
        self,
        qtbot: QtBot,
        application: Application,
        engine: ScriptedEngine,
        platform: FakePlatform,
    ) -> None:
        super().__init__(qtbot, application, engine)
        self.platform = platform
        self.desk: DictationController = application.auxiliary.dictation
        self.pad = self.desk.window
        self.utterance = 0

    @property
    def session(self) -> ScriptedSession:
        return self.engine.sessions[-1]

    @property
    def stage(self) -> DictationState:
        return self.desk.dictation.state

    def open(self) -> None:
        """Open the dictation window and wait until it is ready."""
        self.desk.open()
        self.until(lambda: self.engine.sessions and self.application.live.session_id)
        self.session.tell(events.ModelReady(0.2, INFO, 2, (), 0.1))
        self.until(lambda: self.stage is DictationState.READY and self.desk.dictation.is_loaded)
        self.until(lambda: self.desk.hotkey.keys or self.desk.hotkey.reason)
        self.until(lambda: self.pad.target.text())

    def hold(self, *texts: str) -> None:
        """Hold the hotkey while speaking, then release it."""
        self.platform.keys.press()
        self.until(lambda: self.stage is DictationState.LISTENING)
        self.say_now(*texts)
        self.platform.keys.release()
        self.end_of_take()

    def say_now(self, *texts: str) -> None:
        for text in texts:
            self.utterance += 1
            self.session.tell(final(self.utterance, self.utterance * 1.0, text))

    def end_of_take(self) -> None:
        """Wait until the session is paused again and everything is delivered."""
        self.until(lambda: self.stage is not DictationState.LISTENING)
        self.until(
            lambda: self.stage is DictationState.READY and not self.desk.deliveries.is_waiting
        )


class NumberingSession(ScriptedSession):
    """Reports the last utterance with each state, as a real session does."""

    last = 0

    def tell(self, *told: events.SessionEvent) -> None:
        for event in told:
            if isinstance(event, events.DraftText | events.FinalText):
                self.last = max(self.last, event.utterance)
            if isinstance(event, events.StateChanged):
                event = events.StateChanged(event.t, event.state, event.detail, self.last)
            super().tell(event)


@pytest.fixture
def platform() -> FakePlatform:
    return FakePlatform()


@pytest.fixture
def make_dictating(
    qtbot: QtBot,
    qapp: QApplication,
    engine: ScriptedEngine,
    platform: FakePlatform,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Callable[..., Dictating]]:
    monkeypatch.setattr("helpers.scripted_engine.ScriptedSession", NumberingSession)
    made: list[Dictating] = []

    def make(**settings: object) -> Dictating:
        save_settings(Settings(**settings))  # type: ignore[arg-type]
        ui_state = QSettings(str(paths.config_dir() / "window.ini"), QSettings.Format.IniFormat)
        ui_state.setValue("first_start/done", True)
        ui_state.sync()
        qapp.setStyle("Fusion")
        application = Application(qapp, engine, platform.services)
        dictating = Dictating(qtbot, application, engine, platform)
        made.append(dictating)
        qtbot.addWidget(application.window, before_close_func=lambda _window: dictating.end())
        application.begin([])
        qtbot.waitExposed(application.window)
        return made[-1]

    yield make
    for one in made:
        assert one.end()
        assert platform.sender.is_closed or not one.engine.sessions
    assert all(keys.is_closed for keys in platform.opened_keys)


@pytest.fixture
def dictating(make_dictating: Callable[..., Dictating]) -> Dictating:
    made = make_dictating()
    made.open()
    return made


# -- window --------------------------------------------------------------------------------


def test_the_pad_is_on_top_and_never_takes_the_keys(dictating: Dictating) -> None:
    pad = dictating.pad
    flags = pad.windowFlags()
    assert flags & Qt.WindowType.WindowStaysOnTopHint
    assert flags & Qt.WindowType.WindowDoesNotAcceptFocus
    assert pad.testAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
    assert pad.isVisible()
    assert all(not one.focusPolicy() for one in (pad.button, pad.close_button))


def test_an_open_pad_is_ready_and_records_nothing(dictating: Dictating) -> None:
    assert [one.is_dictation for one in dictating.engine.wanted] == [True]
    assert dictating.session.asked == []
    assert dictating.application.live.activity is SessionActivity.STANDBY
    assert dictating.pad.state.text() == "Ready (not recording)"
    assert dictating.pad.target.text() == "Into: notes.txt"
    assert "Hold Ctrl+Alt+Space" in dictating.pad.key.text()


def test_until_the_model_is_there_the_pad_says_so(make_dictating: Callable[..., Dictating]) -> None:
    made = make_dictating()
    made.desk.open()
    made.until(lambda: made.stage is DictationState.READY)
    assert made.pad.state.text() == "Ready (loading the model…)"
    made.session.tell(events.ModelReady(0.2, INFO, 2, (), 0.1))
    made.until(lambda: made.pad.state.text() == "Ready (not recording)")


def test_what_is_said_while_the_key_is_held_lands_in_the_other_program(
    dictating: Dictating,
) -> None:
    dictating.control_bar.elsewhere.click()  # show it in the window
    dictating.hold("Good morning.", "It rains.")
    assert dictating.platform.sender.field == "Good morning. It rains."
    assert dictating.session.asked == ["pause", "resume", "pause"]
    dictating.hold("Grüße.")
    assert dictating.platform.sender.field == "Good morning. It rains. Grüße."
    assert dictating.texts() == ["Good morning.", "It rains.", "Grüße."]


def test_drafts_are_grey_until_their_text_is_there(dictating: Dictating) -> None:
    pad = dictating.pad
    dictating.platform.keys.press()
    dictating.until(lambda: dictating.stage is DictationState.LISTENING)
    dictating.session.tell(events.DraftText(1.0, 1, 0.5, "good mor", 1))
    dictating.until(lambda: pad.draft.text() == "good mor" and pad.draft.isVisible())
    assert pad.draft.property("role") == "draft"
    dictating.session.tell(events.LevelMeasured(1.1, -20.0, -9.0, False))
    dictating.platform.keys.release()
    dictating.until(lambda: dictating.stage is DictationState.FINISHING)
    assert pad.state.text() == "Finishing up…"
    dictating.say_now("Good morning.")
    dictating.end_of_take()
    assert not pad.draft.isVisible()
    assert [row.text.text() for row in pad.rows.rows] == ["Good morning."]


def test_a_later_text_that_is_ready_sooner_waits(dictating: Dictating) -> None:
    dictating.control_bar.elsewhere.click()  # show it in the window
    dictating.platform.keys.press()
    dictating.until(lambda: dictating.stage is DictationState.LISTENING)
    session = dictating.session
    session.tell(final(2, 3.0, "second"), final(3, 4.0, "third"))
    dictating.until(lambda: dictating.model.rowCount() == 2)
    assert dictating.platform.sender.asked == []
    session.tell(final(1, 1.0, "first"))
    dictating.platform.keys.release()
    dictating.end_of_take()
    assert dictating.platform.sender.field == "first second third"


def test_what_is_no_speech_keeps_nobody_waiting(dictating: Dictating) -> None:
    dictating.platform.keys.press()
    dictating.until(lambda: dictating.stage is DictationState.LISTENING)
    dictating.session.tell(
        events.DraftText(1.0, 1, 0.5, "hm", 0),
        final(2, 3.0, "words"),
        events.UtteranceDropped(2.0, 1),
    )
    dictating.platform.keys.release()
    dictating.end_of_take()
    assert dictating.platform.sender.field == "words"


def test_what_fails_is_told_and_the_rest_goes_on(dictating: Dictating) -> None:
    dictating.platform.keys.press()
    dictating.until(lambda: dictating.stage is DictationState.LISTENING)
    dictating.session.tell(
        final(2, 3.0, "words"),
        events.TranscriptionFailed(4.0, 1, 0.0, 1.0, 3, "it ended three times."),
    )
    dictating.platform.keys.release()
    dictating.end_of_take()
    assert dictating.platform.sender.field == "words"
    assert "could not be transcribed" in dictating.pad.problem.text()


def test_what_could_not_be_delivered_stays_with_a_button_to_copy_it(dictating: Dictating) -> None:
    dictating.platform.sender.refusal = "The window is gone."
    dictating.hold("not lost")
    (row,) = dictating.pad.rows.rows
    assert (row.text.text(), row.note.text()) == ("not lost", "The window is gone.")
    assert row.copy.isVisible()
    row.copy.click()
    assert QGuiApplication.clipboard().text() == "not lost"
    row.close_button.click()
    dictating.until(lambda: not dictating.pad.rows.rows)


# -- hotkey --------------------------------------------------------------------------------


def test_a_key_that_toggles_is_pressed_twice(make_dictating: Callable[..., Dictating]) -> None:
    made = make_dictating(dictation_mode="toggle")
    made.open()
    assert made.pad.key.text() == "Press Ctrl+Alt+Space to start and stop."
    keys = made.platform.keys
    keys.press()
    keys.release()
    made.until(lambda: made.stage is DictationState.LISTENING)
    assert made.pad.button.text() == "Stop"
    made.say_now("by key")
    keys.press()
    keys.release()
    made.end_of_take()
    assert made.platform.sender.field == "by key"


def test_the_button_does_it_too(dictating: Dictating) -> None:
    button = dictating.pad.button
    assert button.text() == "Hold to talk"
    dictating.qtbot.mousePress(button, Qt.MouseButton.LeftButton)
    dictating.until(lambda: dictating.stage is DictationState.LISTENING)
    dictating.say_now("by button")
    dictating.qtbot.mouseRelease(button, Qt.MouseButton.LeftButton)
    dictating.end_of_take()
    assert dictating.platform.sender.field == "by button"


def test_where_there_are_no_global_keys_the_pad_says_why_and_the_window_has_one(
    make_dictating: Callable[..., Dictating], platform: FakePlatform
) -> None:
    platform.key_reason = "Wayland lets no program watch the keyboard."
    made = make_dictating()
    made.open()
    assert made.pad.key.text() == "Wayland lets no program watch the keyboard."
    assert platform.keys.is_closed
    made.key(Qt.Key.Key_D, CONTROL | SHIFT)
    made.until(lambda: made.stage is DictationState.LISTENING)
    made.say_now("by shortcut")
    made.key(Qt.Key.Key_D, CONTROL | SHIFT)
    made.end_of_take()
    assert platform.sender.field == "by shortcut"


def test_a_key_that_is_taken_is_told_and_another_one_is_in_force_at_once(
    make_dictating: Callable[..., Dictating], platform: FakePlatform
) -> None:
    platform.key_refusal = "Ctrl+Alt+Space is used by another program: choose other keys."
    made = make_dictating()
    made.open()
    assert "used by another program" in made.pad.key.text()
    platform.key_refusal = ""
    made.application.preferences.change(dictation_key="F9")
    made.until(lambda: made.desk.hotkey.keys == "F9")
    assert made.pad.key.text() == "Hold F9 and speak."
    platform.keys.press("F9")
    made.until(lambda: made.stage is DictationState.LISTENING)
    made.application.preferences.change(dictation_key="F8")
    made.until(lambda: made.desk.hotkey.keys == "F8")
    made.until(lambda: made.stage is DictationState.READY)  # an unwatched key counts as released


def test_without_a_key_the_pad_names_its_button(make_dictating: Callable[..., Dictating]) -> None:
    made = make_dictating(dictation_key="")
    made.desk.open()
    made.until(lambda: "No key is set" in made.pad.key.text())
    assert made.platform.opened_keys == []


def level(*, speech: bool) -> events.LevelMeasured:
    return events.LevelMeasured(1.0, -20.0, -10.0, False, speech)


def test_a_word_that_is_being_spoken_at_the_release_is_finished(dictating: Dictating) -> None:
    dictating.platform.keys.press()
    dictating.until(lambda: dictating.stage is DictationState.LISTENING)
    told = dictating.session.asked
    with dictating.qtbot.waitSignal(dictating.application.live.event_received):
        dictating.session.tell(level(speech=True))
    dictating.platform.keys.release()
    dictating.until(lambda: dictating.stage is DictationState.FINISHING)
    pauses = told.count("pause")
    dictating.qtbot.wait(2 * TAIL_MS)
    assert told.count("pause") == pauses  # still recording
    dictating.session.tell(level(speech=False))
    dictating.until(lambda: told.count("pause") > pauses)


def test_a_release_waits_no_longer_than_a_word_takes(dictating: Dictating) -> None:
    dictating.platform.keys.press()
    dictating.until(lambda: dictating.stage is DictationState.LISTENING)
    pauses = dictating.session.asked.count("pause")
    with dictating.qtbot.waitSignal(dictating.application.live.event_received):
        dictating.session.tell(level(speech=True))
    dictating.platform.keys.release()
    dictating.until(lambda: dictating.stage is DictationState.FINISHING)
    began_s = time.monotonic()
    dictating.until(lambda: dictating.session.asked.count("pause") > pauses)
    assert time.monotonic() - began_s >= 0.9 * (MAX_TAIL_MS - TAIL_MS) / 1000


def test_pressing_again_at_once_begins_another_take(dictating: Dictating) -> None:
    keys = dictating.platform.keys
    for text in ("one", "two", "three"):
        keys.press()
        dictating.until(lambda: dictating.stage is DictationState.LISTENING)
        dictating.say_now(text)
        keys.release()
        dictating.until(lambda: not dictating.desk.dictation.is_down)
    dictating.end_of_take()
    assert dictating.platform.sender.field == "one two three"
    assert dictating.session.asked == ["pause", "resume", "pause"] * 3
    assert dictating.application.live.activity is SessionActivity.STANDBY


# -- interruptions -------------------------------------------------------------------------


def test_a_key_held_through_a_lost_device_is_released_cleanly(dictating: Dictating) -> None:
    session, pad = dictating.session, dictating.pad
    dictating.platform.keys.press()
    dictating.until(lambda: dictating.stage is DictationState.LISTENING)
    session.tell(
        events.DraftText(1.0, 1, 0.5, "before the", 1),
        events.DeviceLost(1.0, "Headset", "Headset was unplugged."),
        events.StateChanged(1.0, "waiting", "Headset was unplugged."),
    )
    dictating.say_now("Before the loss.")
    dictating.until(lambda: "unplugged" in pad.problem.text())
    dictating.until(lambda: dictating.platform.sender.field == "Before the loss.")
    assert dictating.stage is DictationState.LISTENING
    dictating.platform.keys.release()
    dictating.end_of_take()
    assert dictating.application.live.activity is SessionActivity.STANDBY
    session.tell(events.DeviceRecovered(2.0, "Headset"))
    dictating.until(lambda: not pad.problem.isVisible())
    dictating.hold("And after it.")
    assert dictating.platform.sender.field == "Before the loss. And after it."


def test_a_session_that_ends_lets_go_of_the_key_and_its_texts_still_come(
    dictating: Dictating,
) -> None:
    session = dictating.session
    session.answers_stop = False
    dictating.platform.keys.press()
    # On standby the button would start a session in place of this one.
    dictating.until(lambda: dictating.application.live.activity is SessionActivity.RUNNING)
    assert dictating.stage is DictationState.LISTENING
    dictating.control_bar.button.click()
    dictating.until(lambda: dictating.stage is DictationState.STOPPING)
    dictating.say_now("the last words")
    session.close()
    dictating.until(lambda: dictating.stage is DictationState.OFF)
    dictating.until(lambda: dictating.platform.sender.field == "the last words")
    dictating.platform.keys.release()
    assert not dictating.desk.dictation.is_down
    assert len(dictating.engine.sessions) == 1


def test_the_next_press_begins_a_session_where_there_is_none(dictating: Dictating) -> None:
    dictating.application.live.stop()
    dictating.until(lambda: dictating.stage is DictationState.OFF)
    dictating.platform.keys.press()
    dictating.until(lambda: len(dictating.engine.sessions) == 2)
    dictating.until(lambda: dictating.session.asked == ["pause", "resume"])
    dictating.until(lambda: dictating.stage is DictationState.LISTENING)
    dictating.say_now("at once")
    dictating.platform.keys.release()
    dictating.end_of_take()
    assert dictating.platform.sender.field == "at once"


def test_a_session_that_cannot_begin_is_told_once(
    make_dictating: Callable[..., Dictating], engine: ScriptedEngine
) -> None:
    engine.refusal = "No microphone is connected."
    made = make_dictating()
    made.desk.open()
    made.until(lambda: made.pad.problem.text() == "No microphone is connected.")
    made.until(lambda: made.desk.hotkey.keys)
    made.platform.keys.press()
    made.until(lambda: len(engine.wanted) == 2)
    made.until(lambda: made.stage is DictationState.OFF)
    assert not made.desk.dictation.is_down
    assert len(engine.wanted) == 2


def test_closing_the_pad_lets_go_of_the_microphone_and_the_key(dictating: Dictating) -> None:
    dictating.pad.close_button.click()
    dictating.until(lambda: not dictating.application.live.is_active)
    assert dictating.session.asked == ["stop"]
    assert not dictating.platform.keys.is_closed  # the hotkey works without the pad
    assert not dictating.pad.isVisible()


def test_the_program_can_be_closed_while_the_key_is_held(dictating: Dictating) -> None:
    dictating.platform.keys.press()
    dictating.until(lambda: dictating.stage is DictationState.LISTENING)
    dictating.window.close()
    assert dictating.end()
    assert dictating.platform.keys.is_closed
    assert dictating.platform.sender.is_closed
    assert dictating.platform.text_input.is_closed


# -- beside the window's own session -------------------------------------------------------


def test_in_the_windows_session_only_what_is_said_with_the_key_down_goes_out(
    make_dictating: Callable[..., Dictating],
) -> None:
    made = make_dictating()
    session = made.start()
    made.desk.open()
    made.until(lambda: made.desk.hotkey.keys and made.pad.target.text())
    assert made.pad.state.text() == "Ready (loading the model…)"
    session.tell(events.ModelReady(0.2, INFO, 2, (), 0.1))
    made.until(lambda: made.pad.state.text() == "Ready (main window is listening)")
    made.say_now("before")
    made.hold("dictated")
    made.say_now("after")
    made.until(lambda: made.texts() == ["before", "dictated", "after"])
    assert made.platform.sender.field == "dictated"
    assert session.asked == ["pause", "resume", "pause", "resume"]
    assert made.application.live.activity is SessionActivity.RUNNING
    made.pad.close_button.click()
    assert made.application.live.is_active
    assert "stop" not in session.asked


def test_what_the_window_records_by_itself_is_not_delivered(dictating: Dictating) -> None:
    dictating.start()
    dictating.say_now("for the window")
    dictating.until(lambda: dictating.texts() == ["for the window"])
    dictating.hold("for the editor")
    assert dictating.platform.sender.field == "for the editor"
    assert dictating.application.live.activity is SessionActivity.RUNNING


# -- delivery and commands -----------------------------------------------------------------


def test_how_texts_are_delivered_is_in_force_at_once(dictating: Dictating) -> None:
    change = dictating.application.preferences.change
    assert dictating.platform.sender.way is DeliveryMethod.PASTE
    change(dictation_delivery="type")
    assert dictating.platform.sender.way is DeliveryMethod.TYPE
    change(dictation_delivery="copy")
    assert "Paste them where you want them" in dictating.pad.key.text()


def test_where_only_copying_is_possible_the_pad_says_why(
    make_dictating: Callable[..., Dictating], platform: FakePlatform
) -> None:
    platform.text_input.methods = frozenset({DeliveryMethod.COPY})
    platform.text_input.unavailable_reason = "This desktop lets no program press keys."
    made = make_dictating()
    made.open()
    assert platform.text_input.unavailable_reason in made.pad.key.text()
    made.hold("copied")
    assert platform.sender.clipboard == "copied"


def test_spoken_commands_are_shown_in_the_pad_and_in_the_window(
    make_dictating: Callable[..., Dictating],
) -> None:
    made = make_dictating(spoken_editing=True)
    made.open()
    made.control_bar.elsewhere.click()  # show it in the window
    made.hold("One.", "New line.")
    assert made.pad.message.text() == "New line"
    assert made.page.notices.text.text() == "New line"
    made.hold("Two.", "Scratch that.")
    assert made.platform.sender.field == "One.\n"
    assert made.pad.message.text() == "Scratched: Two."
    assert made.pad.rows.rows[-1].text.font().strikeOut()
    assert made.texts() == ["One.", "New line.", "Two.", "Scratch that."]


def test_the_window_that_has_the_keys_is_shown_anew_with_each_press(dictating: Dictating) -> None:
    dictating.platform.text_input.place = TERMINAL
    dictating.hold("ls")
    assert dictating.pad.target.text() == "Into: Terminal"


# -- opening -------------------------------------------------------------------------------


def test_the_menu_and_its_key_open_and_close_the_pad(
    make_dictating: Callable[..., Dictating],
) -> None:
    made = make_dictating()
    made.key(Qt.Key.Key_D, CONTROL)
    made.until(lambda: made.pad.isVisible() and made.stage is DictationState.READY)
    assert made.application.auxiliary.tray.dictation.isChecked()
    made.key(Qt.Key.Key_D, CONTROL)
    made.until(lambda: not made.pad.isVisible() and not made.application.live.is_active)


def test_the_pad_can_open_with_the_program_and_stays_where_it_was_put(
    make_dictating: Callable[..., Dictating],
) -> None:
    made = make_dictating(dictation_at_start=True)
    made.until(lambda: made.pad.isVisible() and made.stage is DictationState.READY)
    made.pad.move(120, 40)
    foot = made.pad.geometry().bottom()
    made.desk.close()
    made.until(lambda: not made.application.live.is_active)
    made.desk.open()
    assert made.pad.x() == 120
    assert made.pad.geometry().bottom() == foot


def test_a_pad_that_was_not_opened_keeps_its_place(
    qtbot: QtBot, theme: Theme, tmp_path: Path
) -> None:
    ui_state = QSettings(str(tmp_path / "window.ini"), QSettings.Format.IniFormat)
    pads = [DictationWindow(ui_state) for _start in range(3)]
    for pad in pads:
        qtbot.addWidget(pad)
    pads[0].show_unfocused()
    pads[0].move(120, 500)
    foot = pads[0].geometry().bottom()
    pads[0].close()
    pads[1].close()  # as a program does at its end in which the pad was not opened
    pads[2].show_unfocused()
    assert (pads[2].x(), pads[2].geometry().bottom()) == (120, foot)


def test_an_empty_dictation_does_not_stay_in_the_list(dictating: Dictating) -> None:
    dictating.session.is_discarded = True
    document = dictating.application.document
    dictating.control_bar.elsewhere.click()  # show it in the window
    dictating.until(lambda: document.session_id == dictating.session.session_id)
    dictating.desk.close()
    dictating.until(lambda: document.session_id == 0)


def test_a_text_is_for_the_window_that_had_the_keys_at_the_press(dictating: Dictating) -> None:
    keys, platform = dictating.platform.keys, dictating.platform
    keys.press()
    dictating.until(lambda: dictating.stage is DictationState.LISTENING)
    dictating.until(lambda: dictating.desk.deliveries._targets)
    dictating.session.tell(events.DraftText(1.0, 1, 0.5, "for the", 1))
    dictating.until(lambda: dictating.pad.draft.text() == "for the")
    keys.release()
    dictating.until(lambda: dictating.stage is DictationState.FINISHING)
    platform.text_input.place = TERMINAL
    keys.press()
    dictating.until(lambda: dictating.pad.target.text() == "Into: Terminal")
    dictating.say_now("for the notes", "for the terminal")
    keys.release()
    dictating.end_of_take()
    assert platform.sender.field == "for the terminal"
    first, second = dictating.pad.rows.rows
    assert (first.text.text(), second.text.text()) == ("for the notes", "for the terminal")
    assert "You switched windows" in first.note.text()
    assert first.copy.isVisible()


# -- accessibility -------------------------------------------------------------------------


@pytest.mark.parametrize(
    "settings", [{"language": "de"}, {"language": "de", "font_size_pt": 21}, {"font_size_pt": 28}]
)
def test_the_pad_has_room_for_its_words_and_names_everything(
    make_dictating: Callable[..., Dictating], platform: FakePlatform, settings: dict[str, object]
) -> None:
    made = make_dictating(**settings)
    made.open()
    platform.sender.refusal = DesktopMessage.PASSWORD_FIELD(title="Letter - Writer")
    made.hold("Thank you for the apples, they were still warm from the sun when they came.")
    made.session.tell(events.DeviceLost(9.0, "Headset", "Headset gives no sound any more."))
    made.until(made.pad.problem.isVisible)
    made.qtbot.wait(20)  # pending events lay the widgets out
    assert not clipped(made.pad)
    for one in made.pad.findChildren(QAbstractButton):
        told = QAccessible.queryAccessibleInterface(one)
        assert told.text(QAccessible.Text.Name), one


def test_who_dictates_speaks_into_a_microphone_whatever_the_window_hears(
    make_dictating: Callable[..., Dictating],
) -> None:
    made = make_dictating(input_device=SPEAKERS.id)
    made.until(lambda: made.control_bar.picker.current == SPEAKERS)
    made.open()
    (wanted,) = made.engine.wanted
    assert (wanted.input_id, wanted.system_sound) == (None, False)
