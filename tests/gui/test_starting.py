"""What the window says between the click on Start and the first sound."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from helpers.scripted_engine import MICROPHONE, final
from helpers.window_driver import WindowDriver

from granite_live.gui.live_session import SessionActivity
from granite_live.messages.session import SessionMessage
from granite_live.session import events


def test_nobody_is_invited_to_speak_before_sound_arrives(driver: WindowDriver) -> None:
    welcome, tray = driver.page.welcome, driver.application.auxiliary.tray
    driver.control_bar.button.click()
    assert welcome.title.text() == "Starting the microphone…"
    driver.until(lambda: driver.application.live.activity is SessionActivity.RUNNING)
    session = driver.engine.sessions[0]
    waiting = SessionMessage.WAITING_FOR(source="Headset")
    session.tell(events.StateChanged(0.1, "waiting", waiting))
    driver.until(lambda: driver.window.sidebar.model.rowCount() == 1)
    driver.until(lambda: driver.control_bar.state.text() == "Starting the microphone…")
    assert welcome.title.text() == "Starting the microphone…"
    assert tray.state.text() != "Listening"
    session.tell(events.StateChanged(0.2, "listening", SessionMessage.LISTENING(source="Headset")))
    driver.until(lambda: welcome.title.text() == "Listening")
    assert tray.state.text() == "Listening"
    assert driver.control_bar.state.text().startswith("Listening")


def test_a_lost_microphone_ends_the_invitation(driver: WindowDriver) -> None:
    session = driver.start()
    driver.until(lambda: driver.page.welcome.title.text() == "Listening")
    session.tell(events.StateChanged(1.0, "waiting", "Headset was unplugged."))
    driver.until(lambda: driver.page.welcome.title.text() == "Waiting for sound…")
    assert driver.control_bar.state.text() == "Headset was unplugged."


def test_the_clock_stands_while_no_sound_arrives(driver: WindowDriver) -> None:
    session, clock = driver.start(), driver.control_bar.clock
    driver.until(lambda: clock.text() == "0:01")
    session.tell(events.StateChanged(1.0, "waiting", "Headset was unplugged."))
    driver.until(lambda: driver.control_bar.state.text() == "Headset was unplugged.")
    driver.qtbot.wait(1200)
    assert clock.text() in {"0:01", "0:02"}
    stood_at = clock.text()
    session.tell(events.StateChanged(9.0, "listening", "Listening."))
    driver.until(lambda: clock.text() > stood_at)


def test_dictation_leaves_the_window_as_it_is(driver: WindowDriver) -> None:
    driver.page.notices.offer("A session was interrupted.", "Recover", lambda: None)
    driver.application.controller.start(is_dictation=True)
    driver.until(lambda: driver.application.live.activity is SessionActivity.STANDBY)
    assert driver.application.document.session_id == 0
    assert driver.page.welcome.title.text() == "Press Space and speak"
    assert driver.page.notices.text.text() == "A session was interrupted."
    assert driver.page.notices.isVisible()


def test_without_a_microphone_a_start_says_why_until_there_is_one(driver: WindowDriver) -> None:
    driver.engine.plug()
    driver.until(lambda: driver.control_bar.picker.missing_reason)
    driver.control_bar.button.click()
    driver.until(lambda: "No microphone is connected" in driver.page.notices.text.text())
    assert not driver.engine.sessions
    assert not driver.application.live.is_active
    driver.engine.plug(MICROPHONE)
    driver.until(lambda: not driver.page.notices.isVisible())
    driver.start()


def test_a_recording_that_could_not_be_packed_is_told(driver: WindowDriver) -> None:
    session = driver.start()
    session.unpacked_reason = "The recording could not be packed: the disk is full."
    driver.say(session, final(1, 0.0, "Good morning."))
    driver.stop()
    driver.until(lambda: "could not be packed" in driver.page.notices.text.text())


def test_the_window_opens_without_what_only_later_work_needs() -> None:
    later = {
        "numpy",
        "http.client",
        "importlib.metadata",
        "multiprocessing",
        "xml.etree",
        "granite_live.app.doctor",
        "granite_live.app.text_alignment",
        "granite_live.gui.alignment.dialog",
        "granite_live.gui.captions.window",
        "granite_live.gui.export_dialog",
        "granite_live.gui.help_dialogs",
        "granite_live.gui.models.dialog",
        "granite_live.gui.service.dialog",
        "granite_live.gui.sessions.date_range_dialog",
        "granite_live.gui.settings_dialog",
        "granite_live.gui.sound_search_dialog",
        "granite_live.gui.watch.dialog",
        "granite_live.models.selection",
    }
    # The benchmark of the start uses the scripted engine, so that must not import them either.
    program = (
        f"import sys; sys.path.append({str(Path(__file__).parents[1])!r}); "
        "import granite_live.gui.app, helpers.scripted_engine; "
        f"print(sorted({later!r} & sys.modules.keys()))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.strip() == "[]"
