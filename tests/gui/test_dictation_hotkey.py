"""The dictation hotkey without the dictation window: indicator, delivery, cancel, standby."""

from __future__ import annotations

import threading
from collections.abc import Callable

from helpers.clipped_widgets import clipped
from helpers.scripted_engine import INFO, final
from helpers.scripted_platform import FakeHotkeys, FakePlatform
from helpers.waiting import WAIT_S
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot
from test_dictation import Dictating, make_dictating, platform

from granite_live.desktop.hotkeys import HotkeyError
from granite_live.gui.background import Background
from granite_live.gui.dictation.dictation import DictationState
from granite_live.gui.dictation.platform import Hotkey
from granite_live.gui.live_session import SessionActivity
from granite_live.gui.sessions.session_delegate import LISTENING_ROLE
from granite_live.messages.audio import AudioMessage
from granite_live.session import events

__all__ = ["make_dictating", "platform"]


def press(made: Dictating) -> None:
    """Press the hotkey with the dictation window closed and wait until the session listens."""
    made.until(lambda: made.platform.opened_keys and made.platform.keys.watched)
    made.platform.keys.press()
    made.until(lambda: made.engine.sessions and made.application.live.session_id)
    made.session.tell(events.ModelReady(0.2, INFO, 2, (), 0.1))
    made.session.tell(events.StateChanged(0.3, "listening", "Listening to a script."))
    made.until(lambda: made.stage is DictationState.LISTENING)


def test_the_hotkey_works_with_the_pad_closed(make_dictating: Callable[..., Dictating]) -> None:
    made = make_dictating()
    indicator = made.desk.indicator
    assert not indicator.isVisible()
    press(made)
    made.until(indicator.isVisible)
    assert indicator.state.text() == "Listening"
    assert indicator.hint.isVisible()
    assert not made.pad.isVisible()
    made.say_now("dictated")
    made.platform.keys.release()
    made.until(lambda: made.platform.sender.field == "dictated")
    made.until(lambda: not indicator.isVisible())
    assert made.desk.deliveries.texts.last().target.title == "notes.txt"


def test_the_indicator_never_takes_the_focus_and_is_low_in_the_middle(
    make_dictating: Callable[..., Dictating],
) -> None:
    made = make_dictating()
    made.application.window.hide()
    press(made)
    indicator = made.desk.indicator
    made.until(indicator.isVisible)
    flags = indicator.windowFlags()
    assert flags & Qt.WindowType.WindowDoesNotAcceptFocus
    assert flags & Qt.WindowType.WindowTransparentForInput
    room = QGuiApplication.primaryScreen().availableGeometry()
    assert abs(indicator.geometry().center().x() - room.center().x()) <= 1
    assert room.height() * 3 / 4 < indicator.geometry().bottom() < room.bottom()
    assert not clipped(indicator)
    made.platform.keys.release()
    made.until(lambda: not indicator.isVisible())


def test_the_indicator_leaves_the_control_bar_free(
    make_dictating: Callable[..., Dictating],
) -> None:
    made = make_dictating()
    window = made.application.window
    screen = window.screen().geometry()
    window.resize(screen.width(), screen.height() - 40)
    window.move(0, 20)
    made.until(lambda: window.control_bar_on_screen().bottom() > screen.height() * 0.8)
    press(made)
    made.until(made.desk.indicator.isVisible)
    assert not made.desk.indicator.geometry().intersects(window.control_bar_on_screen())
    assert screen.contains(made.desk.indicator.geometry())


def test_escape_cancels_while_the_key_is_held(make_dictating: Callable[..., Dictating]) -> None:
    made = make_dictating()
    press(made)
    made.say_now("kept back")
    made.platform.keys.release()
    made.until(lambda: made.platform.sender.field == "kept back")
    made.until(lambda: made.stage is DictationState.READY)
    made.platform.keys.press()
    made.until(lambda: made.stage is DictationState.LISTENING)
    made.platform.keys.cancel()
    made.until(lambda: made.stage is not DictationState.LISTENING)
    made.say_now("not meant")
    made.until(lambda: made.stage is DictationState.READY)
    made.platform.keys.release()
    made.hold("after it")
    assert made.platform.sender.field == "kept back after it"


def test_escape_is_watched_only_during_a_dictation_without_a_held_key(
    make_dictating: Callable[..., Dictating],
) -> None:
    made = make_dictating(dictation_mode="toggle")
    press(made)
    made.platform.keys.release()

    def escape() -> list[object]:
        opened = made.platform.opened_keys
        return [one for one in opened if "Esc" in one.watched and not one.is_closed]

    made.until(escape)
    escape()[0].press("Esc")
    made.until(lambda: made.stage is not DictationState.LISTENING)
    made.until(lambda: not escape())


def test_the_microphone_is_released_when_nobody_dictates_any_more(
    make_dictating: Callable[..., Dictating],
) -> None:
    made = make_dictating()
    press(made)
    made.platform.keys.release()
    made.until(lambda: made.stage is DictationState.READY)
    assert made.desk.standby_timer.isActive()
    made.desk.standby_timer.start(0)  # a minute later
    made.until(lambda: not made.application.live.is_active)
    assert made.session.asked[-1] == "stop"


SILENT = events.DeviceLost(1.0, "Microphone", AudioMessage.ONLY_ZEROS(name="Microphone"))


def test_a_silent_microphone_is_a_problem_only_while_the_key_is_held(
    make_dictating: Callable[..., Dictating],
) -> None:
    made = make_dictating()
    press(made)
    indicator = made.desk.indicator
    made.session.tell(SILENT)
    made.until(indicator.problem.isVisible)
    made.platform.keys.release()
    made.until(lambda: not indicator.problem.isVisible())
    made.until(lambda: made.stage is DictationState.READY)
    told: list[str] = []
    made.desk.dictation.problem_changed.connect(told.append)
    made.session.tell(SILENT, events.BacklogChanged(3.0, 0, 0.0))
    made.session.tell(events.DeviceLost(4.0, "Microphone", "It was unplugged."))
    made.until(lambda: told)
    assert "unplugged" in told[0]


def test_one_click_starts_a_session_while_dictation_is_on_standby(
    make_dictating: Callable[..., Dictating],
) -> None:
    made = make_dictating()
    press(made)
    made.say_now("dictated")
    made.platform.keys.release()
    live, window = made.application.live, made.application.window
    made.until(lambda: live.activity is SessionActivity.STANDBY)
    bar, dictated = window.control_bar, made.session
    assert bar.button.text() == "Start"
    assert not bar.pause_button.isVisible()
    assert bar.state.text() == "Ready"
    assert "microphone stays open" in bar.state.toolTip()
    assert window.actions_by_id["start_stop"].text() == "&Start transcribing"
    assert made.application.auxiliary.tray.start_stop.text() == "Start listening"
    bar.button.click()
    made.until(lambda: dictated.asked[-1] == "stop")
    made.until(lambda: len(made.engine.sessions) == 2)
    made.until(lambda: live.activity is SessionActivity.RUNNING)
    assert [one.is_dictation for one in made.engine.wanted] == [True, False]
    made.until(lambda: made.application.document.session_id == live.session_id)
    assert bar.button.text() == "Stop"


def test_a_start_that_takes_the_place_of_a_dictation_can_be_taken_back(
    make_dictating: Callable[..., Dictating],
) -> None:
    made = make_dictating()
    press(made)
    made.platform.keys.release()
    live, bar = made.application.live, made.application.window.control_bar
    made.until(lambda: live.activity is SessionActivity.STANDBY)
    bar.button.click()
    assert live.is_followed
    live.stop()
    made.until(lambda: not live.is_active)
    assert not live.is_followed
    assert len(made.engine.sessions) == 1


def test_the_list_says_listening_only_while_something_is_recorded(
    make_dictating: Callable[..., Dictating],
) -> None:
    made = make_dictating()
    press(made)
    view = made.application.window.sidebar.view

    def row() -> str:
        text = view.model().index(0, 0).data(Qt.ItemDataRole.AccessibleTextRole)
        return str(text)

    made.until(lambda: "● Listening" in row())
    made.platform.keys.release()
    made.until(lambda: "Paused" in row())
    assert "Listening" not in row()
    assert not view.model().index(0, 0).data(LISTENING_ROLE)


def test_a_text_that_cannot_be_delivered_opens_the_pad_once(
    make_dictating: Callable[..., Dictating],
) -> None:
    made = make_dictating()
    made.platform.sender.refusal = "The program does not take it."
    press(made)
    made.session.tell(final(1, 1.0, "lost?"))
    made.platform.keys.release()
    made.until(made.pad.isVisible)
    made.until(lambda: not made.desk.indicator.isVisible())
    assert made.pad.rows.rows[0].copy.isVisible()
    made.desk.close()
    made.desk.deliveries.changed.emit()
    assert not made.pad.isVisible()


def test_after_ones_own_return_a_text_begins_without_a_space(
    make_dictating: Callable[..., Dictating],
) -> None:
    made = make_dictating()
    press(made)
    made.say_now("one")
    made.until(lambda: made.platform.sender.field == "one")
    made.platform.keys.line_ended()
    made.say_now("two")
    made.until(lambda: made.platform.sender.field == "onetwo")
    made.say_now("three")
    made.until(lambda: made.platform.sender.field == "onetwo three")


def test_the_desktop_may_ask_for_the_key_only_when_dictation_is_opened(
    make_dictating: Callable[..., Dictating], platform: FakePlatform
) -> None:
    platform.unasked_reason = "The desktop was not asked yet."
    made = make_dictating()
    hotkey = made.desk.hotkey
    made.until(lambda: hotkey.reason == platform.unasked_reason)
    assert not platform.keys.watched
    made.desk.open()
    made.until(lambda: hotkey.keys)
    assert platform.keys.watched


def test_another_key_ends_the_question_for_the_one_before(qtbot: QtBot) -> None:
    class AskingHotkeys(FakeHotkeys):
        """A desktop whose question nobody answers until the keys are closed."""

        def __init__(self) -> None:
            super().__init__()
            self.asks, self.closed = threading.Event(), threading.Event()

        def watch(self, keys: str, *_callbacks: object) -> None:
            self.asks.set()
            assert self.closed.wait(WAIT_S)
            raise HotkeyError("The desktop's question was not answered.")

        def close(self) -> None:
            super().close()
            self.closed.set()

    background, asking = Background(), AskingHotkeys()
    hotkey = Hotkey(lambda: asking, background)
    hotkey.watch("Ctrl+Alt+A")
    assert asking.asks.wait(WAIT_S)
    hotkey.watch("")
    assert background.join(WAIT_S)
    assert asking.is_closed
