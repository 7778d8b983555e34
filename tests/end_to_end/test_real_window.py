"""The program as its user has it: a window on a screen, keys, a mouse, a microphone, an end."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import psutil
import pytest
from helpers.program_under_test import program_command
from helpers.pulse_server import RATE_HZ, PulseServer, running_pulse
from helpers.waiting import WAIT_S, changes_in, until
from helpers.word_errors import normalize_words
from helpers.x11_desktop import HEIGHT_PX, X11Desktop, running_desktop, with_me
from numpy.typing import NDArray

from granite_live.audio.files import open_audio
from granite_live.audio.journal import find_unfinished, sessions_dir
from granite_live.gui.auxiliary_windows import FINISH_MS
from granite_live.gui.theme import LIGHT
from granite_live.library import Library, SavedSession, SessionState
from granite_live.settings import Settings, save_settings
from granite_live.settings.vocabulary import Term, TermSet, Vocabulary, save_vocabulary
from granite_live.util import logs, paths
from granite_live.util.paths import assets_dir, demo_bundle_dir

pytestmark = [
    pytest.mark.skipif(sys.platform != "linux", reason="needs an X server"),
    pytest.mark.skipif(
        not (demo_bundle_dir() / "int8").is_dir(), reason="no demo bundle in assets/demo"
    ),
]

SAMPLE = assets_dir() / "samples" / "welcome.flac"
WYNDOW = Vocabulary({"general": TermSet((Term("Wyndow", ("window",)),))})
"""A term that sounds like a word of the first sentence."""
SAID = normalize_words(SAMPLE.with_suffix(".txt").read_text(encoding="utf-8"))
CLOSE_S = 2.0
"""In what time the window promises to be gone; the soak tests measure it."""
BUTTON_PX = 1500
"""Fewer pixels of the accent's colour than this are no button."""


class Program:
    """The running program, and its window on the screen."""

    def __init__(self, desktop: X11Desktop, folder: Path, *arguments: str) -> None:
        self.desktop = desktop
        self._said = folder / f"said-{time.monotonic_ns()}"
        with self._said.open("wb") as said:
            self.process = subprocess.Popen(
                with_me(*program_command("window", *arguments)),
                env=os.environ | desktop.environment,
                stdout=said,
                stderr=said,
                start_new_session=True,
            )
        self.id = ""

    def enter(self) -> None:
        """Wait for the window, and let the keys go there."""
        self.id = self.desktop.find_window("Granite Live")
        self.desktop.do("windowactivate", "--sync", self.id)

    def family(self) -> list[psutil.Process]:
        """Return its processes, also those whose parent is gone."""
        return [one for one in psutil.process_iter() if _session_of(one.pid) == self.process.pid]

    def close(self) -> float:
        """Close it as a user does; say how long it took [s]. Nothing may be said or left."""
        self.desktop.do("windowactivate", "--sync", self.id)
        began_s = time.monotonic()
        self.desktop.press("alt+F4")
        code = self.process.wait(WAIT_S)
        took_s = time.monotonic() - began_s
        assert (code, self.said()) == (0, "")
        assert not psutil.wait_procs(self.family(), WAIT_S)[1]
        assert _warnings() == []
        return took_s

    def said(self) -> str:
        return self._said.read_text(encoding="utf-8", errors="replace")

    def kill(self) -> None:
        for one in self.family():
            one.kill()
        self.process.wait(WAIT_S)


def _session_of(pid: int) -> int:
    try:
        return os.getsid(pid)
    except ProcessLookupError:
        return 0


def _warnings() -> list[str]:
    """Return what Qt and the program complained of in the log."""
    log = paths.log_dir() / "granite-live.log"
    lines = log.read_text(encoding="utf-8").splitlines()
    return [line for line in lines if " WARNING " in line or " ERROR " in line or "Qt:" in line]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., Program]]:
    paths.data_dir().mkdir(parents=True, exist_ok=True)
    logs.open_log().close()
    save_settings(Settings(appearance="light"))
    Library.open().close()
    started: list[Program] = []
    with running_desktop(tmp_path) as desktop:

        def make(*arguments: str) -> Program:
            started.append(Program(desktop, tmp_path, *arguments))
            started[-1].enter()
            return started[-1]

        yield make
        for one in started:
            one.kill()


@pytest.fixture
def speech() -> NDArray[np.float32]:
    with open_audio(SAMPLE) as audio:
        return np.concatenate(list(audio.blocks(RATE_HZ)))


def newest() -> SavedSession | None:
    with Library.open() as library:
        return next(iter(library.sessions()), None)


def written() -> list[str]:
    """Return the words of the newest session that were really said, as the library has them."""
    session = newest()
    if session is None:
        return []
    with Library.open() as library:
        text = " ".join(line.text for line in library.utterances(session.id))
    return [word for word in normalize_words(text) if word in SAID]


def whole_text() -> str:
    """Return the text of the newest session."""
    session = newest()
    assert session is not None
    with Library.open() as library:
        return " ".join(line.text for line in library.utterances(session.id))


def until_written(program: Program, share: float) -> None:
    """Wait until a share of what was said is in the library."""

    def is_there() -> bool:
        return len(written()) >= share * len(SAID)

    with changes_in(paths.data_dir()) as news:
        until(is_there, "the text", news, process=program.process.pid)


def is_over() -> bool:
    session = newest()
    return session is not None and session.state is SessionState.FINISHED


def sound_bytes() -> int:
    session = newest()
    assert session is not None
    folder = sessions_dir() / session.journal
    return sum(one.stat().st_size for one in folder.glob("sound.*"))


def is_playing(server: PulseServer) -> bool:
    """Return whether a program plays into the speaker."""
    return bool(server.control("list", "short", "sink-inputs").strip())


def is_recorded(server: PulseServer) -> bool:
    """Return whether a program records: the virtual microphone hears its cable, too."""
    rows = server.control("list", "short", "source-outputs").splitlines()
    return any(row.split("\t")[2] != "-" for row in rows)


class Ears:
    """Knows whether anybody records or plays, from what the sound server tells."""

    def __init__(self, server: PulseServer, news: int) -> None:
        self._server, self._news = server, news

    def wait(self, program: Program, *, is_recording: bool) -> None:
        what = "recording" if is_recording else "the end of recording"
        self.wait_for(program, lambda: is_recorded(self._server) is is_recording, what)

    def wait_for(self, program: Program, condition: Callable[[], bool], what: str) -> None:
        until(condition, what, self._news, process=program.process.pid)


@contextmanager
def listening(server: PulseServer) -> Iterator[Ears]:
    command = with_me("pactl", "subscribe")
    environment = os.environ | server.environment
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        try:
            yield Ears(server, process.stdout.fileno())
        finally:
            process.kill()


@pytest.mark.soak
def test_the_window_closes_in_time(
    start: Callable[..., Program], speech: NDArray[np.float32], say: Callable[[str], None]
) -> None:
    """Idle, and in the middle of speech; on a machine that does nothing else."""
    idle_s = start().close()
    with running_pulse() as server, listening(server) as ears:
        program = start()
        program.desktop.press("space")
        ears.wait(program, is_recording=True)
        server.play(np.tile(speech, 4))
        until_written(program, 0.3)
        speaking_s = program.close()
    say(f"real window: closed in {idle_s:.2f} s when idle, {speaking_s:.2f} s in mid-speech")
    assert idle_s < CLOSE_S
    assert speaking_s < CLOSE_S + FINISH_MS / 1000  # the utterance may end


def test_a_user_speaks_searches_stops_and_closes(
    start: Callable[..., Program], speech: NDArray[np.float32]
) -> None:
    save_vocabulary(WYNDOW)
    with running_pulse() as server, listening(server) as ears:
        program = start()
        desktop = program.desktop
        # The one thing to do has the accent's colour, and stands at the bottom.
        button = desktop.find_color(LIGHT.accent, BUTTON_PX, top_px=2 * HEIGHT_PX // 3)
        desktop.press("space")
        ears.wait(program, is_recording=True)
        server.play(speech)
        until_written(program, 0.6)
        desktop.press("ctrl+f")
        desktop.write("the")
        desktop.find_color(LIGHT.found_current, 100)
        desktop.press("Return", "Escape")
        desktop.click(*button)
        ears.wait(program, is_recording=False)
        with changes_in(paths.data_dir()) as news:
            until(is_over, "the end of the session", news, process=program.process.pid)
        before = written()
        assert "Wyndow" in whole_text()
        program.close()
        assert written() == before
        assert sound_bytes() > 10_000
        assert not find_unfinished()


@pytest.mark.soak
def test_a_line_is_played(start: Callable[..., Program]) -> None:
    """Takes half a minute; tests/audio/test_playback.py plays without a window."""
    with running_pulse() as server, listening(server) as ears:
        program = start(str(SAMPLE))
        until_written(program, 0.6)
        with changes_in(paths.data_dir()) as news:
            until(is_over, "the end of the session", news, process=program.process.pid)
        program.desktop.press("ctrl+f")
        program.desktop.write("the")
        program.desktop.find_color(LIGHT.found_current, 100)
        program.desktop.press("Return", "Escape", "ctrl+l")
        ears.wait_for(program, lambda: is_playing(server), "playing")
        program.close()
        assert not is_playing(server)


@pytest.mark.soak
def test_closing_in_the_middle_of_speech_loses_nothing(
    start: Callable[..., Program], speech: NDArray[np.float32]
) -> None:
    with running_pulse() as server, listening(server) as ears:
        program = start()
        program.desktop.press("space")
        ears.wait(program, is_recording=True)
        server.play(np.tile(speech, 4))
        until_written(program, 0.3)
        before = written()
        program.close()
        assert not is_recorded(server)
        assert written()[: len(before)] == before
        assert sound_bytes() > 10_000


@pytest.mark.soak
def test_a_file_of_the_command_line_is_written_down(start: Callable[..., Program]) -> None:
    program = start(str(SAMPLE))
    until_written(program, 0.6)
    session = newest()
    assert session is not None
    assert session.title == SAMPLE.stem
    program.close()


def test_a_second_start_raises_the_first_and_a_killed_one_is_in_nobodys_way(
    start: Callable[..., Program],
) -> None:
    program = start()
    desktop = program.desktop
    desktop.do("windowminimize", "--sync", program.id)
    second = subprocess.run(
        with_me(*program_command("window", SAMPLE)),
        env=os.environ | desktop.environment,
        capture_output=True,
        text=True,
        timeout=WAIT_S,
        check=False,
    )
    assert (second.returncode, second.stdout, second.stderr) == (0, "", "")
    assert desktop.find_window("Granite Live") == program.id
    until_written(program, 0.6)
    program.kill()
    start().close()
