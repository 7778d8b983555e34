"""A session on a real sound server whose devices come and go: told in time, nothing stuck."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import numpy as np
import pytest
from live_session import LiveSession
from numpy.typing import NDArray
from pulse import MICROPHONE, RATE_HZ, SPEAKER, PulseServer, running_pulse

from granite_live.audio.files import open_audio
from granite_live.cli.listen import input_source
from granite_live.session import events
from granite_live.util.errors import AudioError
from granite_live.util.paths import assets_dir

LOST_S = 2.0
BACK_S = 3.0
STOP_S = 1.0
MICROPHONE_NAME = "Test_Microphone"

Start = Callable[..., LiveSession]


@pytest.fixture
def server() -> Iterator[PulseServer]:
    with running_pulse() as it:
        yield it


@pytest.fixture
def start(server: PulseServer, tmp_path: Path) -> Iterator[Start]:
    """Return a function that starts a session on an input and waits until it listens."""
    with ExitStack() as stack:

        def begin(device: str | None = None, *, system_sound: bool = False) -> LiveSession:
            try:
                source = stack.enter_context(input_source(device, system_sound=system_sound))
            except (AudioError, ImportError) as error:
                pytest.skip(str(error))
            session = LiveSession(source, tmp_path)
            stack.callback(session.leave)
            session.until(events.State, state="listening")
            return session

        yield begin


def noise(seconds: float) -> NDArray[np.float32]:
    generator = np.random.default_rng(11)
    return (0.1 * generator.standard_normal(round(seconds * RATE_HZ))).astype(np.float32)


def lost_and_back(
    session: LiveSession, lose: Callable[[], object], give_back: Callable[[], object]
) -> None:
    """Check that both are told in time, as an event and as the session's state."""
    lost_s = time.monotonic()
    lose()
    lost, told_lost_s = session.until(events.DeviceLost)
    waiting, _ = session.until(events.State)
    assert (waiting.state, waiting.detail) == ("waiting", lost.reason)
    assert told_lost_s - lost_s < LOST_S
    give_back()
    back_s = time.monotonic()
    session.until(events.DeviceBack)
    listening, told_back_s = session.until(events.State)
    assert listening.state == "listening"
    assert told_back_s - back_s < BACK_S
    assert session.stop() < STOP_S
    assert session.end().samples_lost == 0


def test_a_microphone_unplugged_and_plugged_in_again(server: PulseServer, start: Start) -> None:
    server.plug("other_microphone")
    server.play(noise(30.0))
    session = start(MICROPHONE_NAME)
    lost_and_back(session, server.unplug, server.plug)
    assert session.all(events.DeviceLost)[0].reason == f"{MICROPHONE_NAME} is no longer connected"


def test_a_sound_server_killed_and_started_again(server: PulseServer, start: Start) -> None:
    server.play(noise(30.0))
    session = start()

    def start_again() -> None:
        server.start()
        server.plug()
        server.play(noise(30.0))

    lost_and_back(session, server.kill, start_again)


def test_a_microphone_muted_and_unmuted(server: PulseServer, start: Start) -> None:
    server.play(noise(30.0))
    session = start()

    def mute(value: str) -> Callable[[], object]:
        return lambda: server.control("set-source-mute", MICROPHONE, value)

    lost_and_back(session, mute("1"), mute("0"))
    assert "muted" in session.all(events.DeviceLost)[0].reason


@pytest.mark.parametrize("trouble", ["dead", "frozen", "unplugged"])
def test_stop_takes_no_longer_whatever_the_device_does(
    server: PulseServer, start: Start, trouble: str
) -> None:
    server.play(noise(30.0))
    session = start()
    with ExitStack() as stack:
        if trouble == "frozen":
            stack.enter_context(server.frozen())
        elif trouble == "dead":
            server.kill()
        else:
            server.unplug()
        assert session.stop() < STOP_S
        assert session.session.join(30)
    assert isinstance(session.told[-1][0], events.Closed)


def test_the_computers_own_sound_becomes_text(server: PulseServer, start: Start) -> None:
    session = start(system_sound=True)
    session.ready()
    with open_audio(assets_dir() / "samples" / "welcome.flac") as audio:
        speech = np.concatenate(list(audio.blocks(RATE_HZ)))
    server.play(speech[: 5 * RATE_HZ], SPEAKER)
    final, _ = session.until(events.Final)
    assert "window" in final.text
    assert session.end().samples_lost == 0
