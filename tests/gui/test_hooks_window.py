"""The hook of the settings gets the texts of the window's sessions."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path

from helpers.messages import shows
from helpers.scripted_engine import final
from helpers.waiting import WAIT_S
from helpers.window_driver import WindowDriver

from granite_live.messages.control import HookMessage

WRITE = (
    "import os, sys;"
    "open(sys.argv[1], 'a').write(os.environ['GRANITE_LIVE_EVENT'] + ' ' + sys.stdin.read())"
)


def test_sessions_are_passed_on_and_a_change_of_the_hook_takes_effect(
    driver: WindowDriver, tmp_path: Path
) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    preferences = driver.application.preferences
    for written in (first, second):
        command = shlex.join([sys.executable, "-c", WRITE, str(written)])
        preferences.change(hook_command=command, hook_texts="session")
        driver.hear(final(1, 0.0, "It rains."), final(2, 5.0, "It rained."))
    driver.application.controller.hooks.end()
    assert driver.application.background.join(WAIT_S)
    assert first.read_text() == second.read_text() == "session It rains.\nIt rained.\n"


def test_a_file_is_passed_on_with_its_path_and_length(driver: WindowDriver, tmp_path: Path) -> None:
    written, engine = tmp_path / "written", driver.engine
    script = (
        "import os, sys;"
        "names = ('EVENT', 'FILE', 'DURATION_S', 'UTTERANCES');"
        "told = [os.environ['GRANITE_LIVE_' + name] for name in names];"
        "open(sys.argv[1], 'a').write('|'.join([*told, sys.stdin.read()]))"
    )
    command = shlex.join([sys.executable, "-c", script, str(written)])
    driver.application.preferences.change(hook_command=command, hook_texts="file")
    engine.file_s = 12.5
    driver.application.queue.add_files([Path("/a/talk.mp3")])
    driver.until(lambda: driver.application.queue.running_job is not None and engine.sessions)
    session = engine.sessions[-1]
    driver.say(session, final(1, 0.0, "It rains."))
    session.close()
    driver.until(lambda: not driver.application.queue.is_busy)
    driver.application.controller.hooks.end()
    assert driver.application.background.join(WAIT_S)
    assert written.read_text() == "file|/a/talk.mp3|12.500|1|It rains.\n"


def test_a_hook_to_another_computer_is_refused_with_a_sentence(driver: WindowDriver) -> None:
    driver.application.preferences.change(hook_url="http://192.0.2.1/")
    driver.until(lambda: driver.page.notices.isVisible())
    shown: list[str] = []
    driver.application.controller.hooks.failed.connect(shown.append)
    driver.application.preferences.change(hook_url="http://192.0.2.2/")
    driver.until(lambda: shown)
    assert shows(shown[0], HookMessage.BAD_URL)
