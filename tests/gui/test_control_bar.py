"""The control bar shows the true state in any order of events."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from granite_live.gui.control_bar import ControlBar
from granite_live.gui.live_session import SessionActivity
from granite_live.gui.messages import status
from granite_live.gui.theme import GRID_PX, Theme
from granite_live.messages.audio import AudioMessage
from granite_live.messages.session import SessionMessage
from granite_live.session import events
from granite_live.transcript.model import ModelInfo

LISTENING = events.StateChanged(0.1, "listening", "Listening to a script.")


@pytest.fixture
def control_bar(qtbot: QtBot, theme: Theme) -> ControlBar:
    made = ControlBar()
    qtbot.addWidget(made)
    return made


def test_a_session_that_speaks_before_it_is_known_to_run_is_believed(
    control_bar: ControlBar,
) -> None:
    control_bar.set_activity(SessionActivity.STARTING)
    control_bar.apply(LISTENING)
    control_bar.set_activity(SessionActivity.RUNNING)
    assert control_bar.state.text() == "Listening. The model is loading…"


def test_a_session_that_has_said_nothing_yet_waits_for_its_input(control_bar: ControlBar) -> None:
    for _ in range(2):  # states of an earlier session do not count
        control_bar.set_activity(SessionActivity.STARTING)
        control_bar.set_activity(SessionActivity.RUNNING)
        assert control_bar.state.text() == "Waiting for the microphone…"
        control_bar.apply(LISTENING)
        control_bar.set_activity(SessionActivity.IDLE)
        assert control_bar.state.text() == "Ready"


def test_why_an_input_is_silent_is_told_once_and_kept_at_hand(control_bar: ControlBar) -> None:
    reason = AudioMessage.MUTED(name="Headset")
    control_bar.set_activity(SessionActivity.RUNNING)
    control_bar.apply(events.StateChanged(0.1, "waiting", "Waiting for Headset."))
    assert control_bar.state.text() == SessionMessage.WAITING_FOR(source="Headset")
    lost = events.DeviceLost(2.0, "Headset", reason)
    control_bar.apply(lost)
    control_bar.apply(events.StateChanged(2.0, "waiting", reason))
    assert status.problem(lost) == reason
    assert control_bar.state.text() == "Waiting for the microphone…"
    assert control_bar.state.toolTip() == reason
    control_bar.apply(LISTENING)
    assert control_bar.state.toolTip() == ""


@pytest.mark.parametrize("width", [560, 820, 1200])
@pytest.mark.parametrize("side", [Qt.LayoutDirection.LeftToRight, Qt.LayoutDirection.RightToLeft])
def test_the_big_button_stays_in_the_middle_whatever_goes_on(
    control_bar: ControlBar, qtbot: QtBot, width: int, side: Qt.LayoutDirection
) -> None:
    control_bar.setLayoutDirection(side)
    control_bar.resize(width, 160)
    control_bar.show()
    qtbot.waitExposed(control_bar)
    for activity in (
        SessionActivity.IDLE,
        SessionActivity.STARTING,
        SessionActivity.RUNNING,
        SessionActivity.PAUSED,
    ):
        control_bar.set_activity(activity)
        if width > 600:
            qtbot.waitUntil(
                lambda: abs(control_bar.button.geometry().center().x() - width / 2) <= 2
            )
        else:
            # A narrow bar has the button at its leading edge.
            box = control_bar.button.geometry()
            edge_px = box.left() if side is Qt.LayoutDirection.LeftToRight else width - box.right()
            assert edge_px <= 3 * GRID_PX


def test_the_model_says_how_accurate_and_fast_it_is_also_when_it_is_loaded(
    control_bar: ControlBar,
) -> None:
    line = "Accurate (8-bit), 4x faster than speech on this computer"
    control_bar.set_model("Granite, int8", is_demo=False, details=line)
    assert control_bar.model.toolTip() == line
    info = ModelInfo("/models/granite", "int8", {"encoder": "CPUExecutionProvider"}, 0, 1, False)
    control_bar.apply(events.ModelReady(1.0, info, 2, (), 2.5))
    assert control_bar.model.text() == "int8 on CPU, 2 threads"
    assert control_bar.model.toolTip() == line
    control_bar.set_model("int8", is_demo=True, details="")
    assert control_bar.model.toolTip() == "A small model for trying out: expect mistakes"
