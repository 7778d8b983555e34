"""The window is killed in the middle of a file; the next start goes on, and the text is whole."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import time
import wave
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import psutil
import pytest
from helpers.real_session import demo_model
from helpers.word_errors import normalize_words

from granite_live.audio.files import read_audio
from granite_live.audio.journal import sessions_dir
from granite_live.library import Library, SavedSession, SessionState
from granite_live.util.pcm import to_int16

RATE = 16_000
PAUSE_S = 450
"""Between two copies of the speech: so long that a kill comes while it is read."""
WAIT_S = 120

pytestmark = pytest.mark.skipif(os.name == "nt", reason="Windows kills otherwise")


@pytest.fixture
def talk(tmp_path: Path, two_sentences: Path) -> Path:
    demo_model()
    speech = to_int16(read_audio(two_sentences, RATE))
    with wave.open(str(tmp_path / "talk.wav"), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        for part in (speech, np.zeros(PAUSE_S * RATE, np.int16), speech):
            file.writeframes(part.tobytes())
    return tmp_path / "talk.wav"


@pytest.fixture
def windows() -> Iterator[Callable[..., subprocess.Popen[bytes]]]:
    """Start windows; whatever they started ends with the test, however that ends."""
    started: list[subprocess.Popen[bytes]] = []

    def start(*files: Path) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "granite_live", "window", *map(str, files)]
        environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
        started.append(
            subprocess.Popen(
                command, env=environment, start_new_session=True, preexec_fn=_end_with_the_test
            )
        )
        return started[-1]

    yield start
    for process in started:
        process.kill()
        process.wait(WAIT_S)
    groups = {process.pid for process in started}

    def left() -> list[int]:
        return [one for one in psutil.pids() if _group(one) in groups]

    until(lambda: not left())


def _end_with_the_test() -> None:
    """Have the kernel kill the window if the test itself is killed."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG


def _group(pid: int) -> int:
    try:
        return os.getpgid(pid)
    except OSError:
        return 0


def until(condition: Callable[[], object]) -> None:
    give_up_s = time.monotonic() + WAIT_S
    while not condition():
        assert time.monotonic() < give_up_s
        time.sleep(0.02)


def texts() -> int:
    files = list(sessions_dir().glob("*/events.jsonl"))
    return sum(file.read_bytes().count(b'"event":"final"') for file in files)


def sessions() -> list[SavedSession]:
    with Library.open() as library:
        return list(library.sessions())


def lines(session: SavedSession) -> list[str]:
    with Library.open() as library:
        return [normalize_words(line.text) and line.text for line in library.utterances(session.id)]


@pytest.mark.soak
@pytest.mark.parametrize("opens_it_again", [False, True])
def test_a_killed_window_goes_on_with_its_file(
    talk: Path, windows: Callable[..., subprocess.Popen[bytes]], opens_it_again: bool
) -> None:
    first = windows(talk)
    until(texts)
    first.send_signal(signal.SIGKILL)
    first.wait(WAIT_S)
    (folder,) = sessions_dir().iterdir()
    read_s = (folder / "sound.pcm").stat().st_size / 2 / RATE
    assert read_s < PAUSE_S, "the file was read before the window was killed"
    second = windows(*([talk] if opens_it_again else []))
    until(lambda: [one.state for one in sessions()] == [SessionState.FINISHED])
    (session,) = sessions()
    found = lines(session)
    assert len(found) == 4
    assert found[:2] == found[2:]
    assert session.duration_s > PAUSE_S
    second.terminate()
    assert second.wait(WAIT_S) == 0
    assert len(list(sessions_dir().iterdir())) == 1
