"""Dictation as its user has it: a key is held while another program has the focus."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
from helpers.pulse_server import MICROPHONE, RATE_HZ, running_pulse
from helpers.waiting import WAIT_S, changes_in, until
from helpers.word_errors import normalize_words
from helpers.x11_desktop import X11Desktop, with_me
from numpy.typing import NDArray
from test_real_window import SAID, WYNDOW, Program, listening, newest, speech, start

from granite_live.library import Library, SessionState
from granite_live.settings import Settings, save_settings
from granite_live.settings.vocabulary import save_vocabulary
from granite_live.util import paths
from granite_live.util.paths import demo_bundle_dir

__all__ = ["speech", "start"]

pytestmark = [
    pytest.mark.skipif(sys.platform != "linux", reason="needs an X server"),
    pytest.mark.skipif(
        not (demo_bundle_dir() / "int8").is_dir(), reason="no demo bundle in assets/demo"
    ),
]

DICTATING = Settings(appearance="light", dictation_at_start=True, dictation_delivery="type")
FIRST_S = 4.2
"""So much of the sample is its first sentence, and a pause."""


@contextmanager
def terminal(desktop: X11Desktop, file: Path) -> Iterator[str]:
    """Open a terminal that writes each key into a file at once; give its window."""
    # Raw: what is typed is there without Return.
    script = f"stty raw -echo; exec cat > '{file}'"
    command = with_me("xterm", "-u8", "-title", "elsewhere", "-e", "sh", "-c", script)
    process = subprocess.Popen(
        command, env=os.environ | desktop.environment | {"LC_ALL": "C.UTF-8"}
    )
    try:
        window = desktop.find_window("elsewhere")
        desktop.do("windowactivate", "--sync", window)
        yield window
    finally:
        process.kill()
        process.wait(WAIT_S)


def lines() -> list[str]:
    session = newest()
    if session is None:
        return []
    with Library.open() as library:
        return [line.text for line in library.utterances(session.id) if line.text]


def recorded_bytes(program: Program) -> int:
    """Return how much sound the unfinished session holds."""
    session = newest()
    assert session is not None
    folder = paths.data_dir() / "sessions" / session.journal
    return sum(one.stat().st_size for one in folder.glob("sound.pcm"))


@contextmanager
def key_held(desktop: X11Desktop) -> Iterator[None]:
    """Hold the key that dictates."""
    desktop.do("keydown", "ctrl", "keydown", "alt", "keydown", "space")
    try:
        yield
    finally:
        desktop.do("keyup", "space", "keyup", "alt", "keyup", "ctrl")


def until_lines(program: Program, count: int) -> list[str]:
    """Wait until so many utterances have their text; return all of them."""
    with changes_in(paths.data_dir()) as news:
        until(lambda: len(lines()) >= count, "the text", news, process=program.process.pid)
    return lines()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Where the terminal writes to, in a folder of its own."""
    made = tmp_path / "typed" / "text"
    made.parent.mkdir()
    made.touch()
    return made


def until_typed(file: Path, text: str) -> None:
    """Wait until this is what the terminal was given."""
    with changes_in(file.parent) as news:
        until(lambda: file.read_text("utf-8") == text, "the typed text", news)


def test_what_is_said_while_the_key_is_held_lands_in_the_program_with_the_focus(
    start: Callable[..., Program], speech: NDArray[np.float32], file: Path
) -> None:
    save_settings(DICTATING)
    save_vocabulary(WYNDOW)
    with running_pulse() as server, listening(server) as ears:
        program = start()
        desktop = program.desktop
        # The pad is there and did not take the keys; the microphone is open, nothing is recorded.
        desktop.find_window("Granite Live: dictation")
        assert desktop.do("getactivewindow") == program.id
        ears.wait(program, is_recording=True)
        before = recorded_bytes(program)
        with terminal(desktop, file) as elsewhere:
            with key_held(desktop):
                player = server.play(speech[: round(FIRST_S * RATE_HZ)])
                assert player.wait(WAIT_S) == 0
            (said,) = until_lines(program, 1)
            until_typed(file, said)
            assert desktop.do("getactivewindow") == elsewhere
            words = normalize_words(said)
            assert sum(word in SAID for word in words) >= 4
            assert "Wyndow" in said  # a word of the user's vocabulary
            # Nobody holds the key: what is said now is not for anybody.
            recorded = recorded_bytes(program)
            assert recorded > before
            player = server.play(speech[: round(FIRST_S * RATE_HZ)])
            assert player.wait(WAIT_S) == 0
            assert recorded_bytes(program) == recorded
        program.close()
        assert lines() == [said]
        session = newest()
        assert session is not None
        assert session.state is SessionState.FINISHED


@pytest.mark.soak
def test_a_key_that_is_held_while_the_microphone_goes_is_released_cleanly(
    start: Callable[..., Program], speech: NDArray[np.float32], file: Path
) -> None:
    save_settings(DICTATING)
    first = speech[: round(FIRST_S * RATE_HZ)]
    with running_pulse() as server, listening(server) as ears:
        program = start()
        ears.wait(program, is_recording=True)
        with terminal(program.desktop, file):
            with key_held(program.desktop):
                assert server.play(first).wait(WAIT_S) == 0
                server.unplug()
                until_lines(program, 1)  # the loss ended the sentence
            (said,) = lines()
            until_typed(file, said)
            server.plug()
            server.control("set-default-source", MICROPHONE)
            ears.wait(program, is_recording=True)
            before = recorded_bytes(program)
            assert server.play(first).wait(WAIT_S) == 0
            assert recorded_bytes(program) == before  # nobody holds the key
            with key_held(program.desktop):
                assert server.play(first).wait(WAIT_S) == 0
            both = until_lines(program, 2)
            until_typed(file, " ".join(both))
        program.close()


@pytest.mark.soak
def test_the_pads_button_is_held_with_the_mouse_and_the_keys_stay_where_they_are(
    start: Callable[..., Program], speech: NDArray[np.float32], file: Path
) -> None:
    save_settings(DICTATING)
    first = speech[: round(FIRST_S * RATE_HZ)]
    with running_pulse() as server, listening(server) as ears:
        program = start()
        desktop = program.desktop
        pad = desktop.find_window("Granite Live: dictation")
        ears.wait(program, is_recording=True)
        with terminal(desktop, file) as elsewhere:
            desktop.do("mousemove", "--window", pad, "90", "70", "mousedown", "1")
            try:
                assert server.play(first).wait(WAIT_S) == 0
                assert desktop.do("getactivewindow") == elsewhere
            finally:
                desktop.do("mouseup", "1")
            (said,) = until_lines(program, 1)
            until_typed(file, said)
            assert desktop.do("getactivewindow") == elsewhere
        program.close()
