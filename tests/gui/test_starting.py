"""What the window says between the click on Start and the first sound."""

from __future__ import annotations

import subprocess
import sys

from conftest import WindowDriver
from helpers.scripted_engine import MICROPHONE, final

from granite_live.gui.live_session import SessionActivity
from granite_live.messages.session import SessionMessage
from granite_live.session import events


def test_nobody_is_invited_to_speak_before_sound_arrives(studio: WindowDriver) -> None:
    welcome, tray = studio.page.welcome, studio.application.auxiliary.tray
    studio.dock.button.click()
    assert welcome.title.text() == "Starting the microphone…"
    studio.until(lambda: studio.application.live.activity is SessionActivity.RUNNING)
    session = studio.engine.sessions[0]
    waiting = SessionMessage.WAITING_FOR(source="Headset")
    session.tell(events.StateChanged(0.1, "waiting", waiting))
    studio.until(lambda: studio.window.sidebar.model.rowCount() == 1)
    studio.until(lambda: studio.dock.state.text() == "Starting the microphone…")
    assert welcome.title.text() == "Starting the microphone…"
    assert tray.state.text() != "Listening"
    session.tell(events.StateChanged(0.2, "listening", SessionMessage.LISTENING(source="Headset")))
    studio.until(lambda: welcome.title.text() == "Listening")
    assert tray.state.text() == "Listening"
    assert studio.dock.state.text().startswith("Listening")


def test_a_lost_microphone_ends_the_invitation(studio: WindowDriver) -> None:
    session = studio.start()
    studio.until(lambda: studio.page.welcome.title.text() == "Listening")
    session.tell(events.StateChanged(1.0, "waiting", "Headset was unplugged."))
    studio.until(lambda: studio.page.welcome.title.text() == "Waiting for sound…")
    assert studio.dock.state.text() == "Headset was unplugged."


def test_the_clock_stands_while_no_sound_arrives(studio: WindowDriver) -> None:
    session, clock = studio.start(), studio.dock.clock
    studio.until(lambda: clock.text() == "0:01")
    session.tell(events.StateChanged(1.0, "waiting", "Headset was unplugged."))
    studio.until(lambda: studio.dock.state.text() == "Headset was unplugged.")
    studio.qtbot.wait(1200)
    assert clock.text() in {"0:01", "0:02"}
    stood_at = clock.text()
    session.tell(events.StateChanged(9.0, "listening", "Listening."))
    studio.until(lambda: clock.text() > stood_at)


def test_dictation_leaves_the_window_as_it_is(studio: WindowDriver) -> None:
    studio.page.notices.offer("A session was interrupted.", "Recover", lambda: None)
    studio.application.controller.start(is_dictation=True)
    studio.until(lambda: studio.application.live.activity is SessionActivity.PAUSED)
    assert studio.application.document.session_id == 0
    assert studio.page.welcome.title.text() == "Press Space and speak"
    assert studio.page.notices.text.text() == "A session was interrupted."
    assert studio.page.notices.isVisible()


def test_without_a_microphone_a_start_says_why_until_there_is_one(studio: WindowDriver) -> None:
    studio.engine.plug()
    studio.until(lambda: studio.dock.picker.missing_reason)
    studio.dock.button.click()
    studio.until(lambda: "No microphone is connected" in studio.page.notices.text.text())
    assert not studio.engine.sessions
    assert not studio.application.live.is_active
    studio.engine.plug(MICROPHONE)
    studio.until(lambda: not studio.page.notices.isVisible())
    studio.start()


def test_a_recording_that_could_not_be_packed_is_told(studio: WindowDriver) -> None:
    session = studio.start()
    session.unpacked_reason = "The recording could not be packed: the disk is full."
    studio.say(session, final(1, 0.0, "Good morning."))
    studio.stop()
    studio.until(lambda: "could not be packed" in studio.page.notices.text.text())


def test_the_window_opens_without_what_only_later_work_needs() -> None:
    later = {"numpy", "granite_live.app.doctor", "granite_live.models.selection"}
    program = f"import sys, granite_live.gui.app; print(sorted({later!r} & sys.modules.keys()))"
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.strip() == "[]"
