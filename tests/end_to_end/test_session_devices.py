"""A session on a real sound server whose devices come and go: all is told, nothing is stuck.

How soon it is told is measured by `tests/soak/test_device_times.py`: a busy machine is late.
"""

from __future__ import annotations

import json
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from helpers.device_session import MICROPHONE_NAME, Start, lost_and_back, noise, starting
from helpers.program_under_test import program_command
from helpers.pulse_server import MICROPHONE, RATE_HZ, SPEAKER, PulseServer, running_pulse
from helpers.waiting import WAIT_S

from granite_live.audio.files import open_audio
from granite_live.messages.audio import AudioMessage
from granite_live.session import events
from granite_live.util.paths import assets_dir, demo_bundle_dir


@pytest.fixture
def server() -> Iterator[PulseServer]:
    with running_pulse() as it:
        yield it


@pytest.fixture
def start(server: PulseServer, tmp_path: Path) -> Iterator[Start]:
    with starting(tmp_path) as begin:
        yield begin


def test_a_microphone_unplugged_and_plugged_in_again(server: PulseServer, start: Start) -> None:
    server.plug("other_microphone")
    server.play(noise(30.0))
    session = start(MICROPHONE_NAME)
    lost_and_back(session, server.unplug, server.plug)
    assert session.all(events.DeviceLost)[0].reason == AudioMessage.NO_LONGER_CONNECTED(
        name=MICROPHONE_NAME
    )


def test_the_recording_is_as_long_as_the_clock_says_after_a_device_was_away(
    server: PulseServer, start: Start
) -> None:
    away_s = 4.0
    server.play(noise(60.0))
    session = start(MICROPHONE_NAME)

    def plug_later() -> None:
        time.sleep(away_s)
        server.plug()

    lost_and_back(session, server.unplug, plug_later)
    states = session.all(events.StateChanged)
    began_s = next(one.t for one in states if one.state == "listening")
    stopped_s = next(one.t for one in states if one.state == "stopping")
    recorded_s = session.all(events.SessionClosed)[0].samples_received / 16_000
    assert recorded_s > away_s
    # Opening the device again is part of the time away; its buffers are not.
    assert recorded_s == pytest.approx(stopped_s - began_s, abs=1.0)


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
def test_stop_ends_the_session_whatever_the_device_does(
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
        session.stop()
        assert session.session.join(30)
    assert isinstance(session.told[-1][0], events.SessionClosed)


def test_the_computers_own_sound_becomes_text(server: PulseServer, start: Start) -> None:
    session = start(system_sound=True, hears_words=True)
    session.ready()
    with open_audio(assets_dir() / "samples" / "welcome.flac") as audio:
        speech = np.concatenate(list(audio.blocks(RATE_HZ)))
    server.play(speech[: 5 * RATE_HZ], SPEAKER)
    final, _ = session.until(events.FinalText)
    assert "window" in final.text
    assert session.end().samples_lost == 0


def test_both_sides_of_a_meeting_become_text_and_one_may_fail_alone(
    server: PulseServer, start: Start
) -> None:
    session = start(with_system_sound=True, hears_words=True)
    session.ready()
    with open_audio(assets_dir() / "samples" / "welcome.flac") as audio:
        speech = np.concatenate(list(audio.blocks(RATE_HZ)))[: 5 * RATE_HZ]
    server.play(speech, SPEAKER)
    final, _ = session.until(events.FinalText)
    assert final.track == 1
    assert "window" in final.text
    server.unplug()
    lost, _ = session.until(events.DeviceLost)
    assert lost.device == MICROPHONE_NAME
    server.plug()
    session.until(events.DeviceRecovered)
    server.play(speech)
    # The device of the tests is an output too: it may have become the default one.
    final, _ = session.until(events.FinalText, track=0)
    assert "window" in final.text
    assert session.end().samples_lost == 0
    recordings = [session.journal.path / name for name in ("sound.flac", "system.flac")]
    lengths = []
    for path in recordings:
        with open_audio(path) as audio:
            lengths.append(sum(map(len, audio.blocks(16_000))))
    assert lengths[0] == lengths[1]


@pytest.mark.skipif(not (demo_bundle_dir() / "int8").is_dir(), reason="no demo bundle")
def test_a_killed_meeting_is_recovered_on_both_sides(server: PulseServer, tmp_path: Path) -> None:
    """kill -9 of the program while the microphone's side is speaking."""
    with open_audio(assets_dir() / "samples" / "welcome.flac") as audio:
        speech = np.concatenate(list(audio.blocks(RATE_HZ)))[: 5 * RATE_HZ]
    listen = program_command("listen", "--with-system-sound", "--json", "--save", str(tmp_path))
    with subprocess.Popen(listen, stdout=subprocess.PIPE, text=True) as listening:
        assert listening.stdout is not None
        told = map(json.loads, listening.stdout)
        until_told(told, event="model_ready")
        server.play(speech, SPEAKER)
        said_there = until_told(told, event="final", track=1)
        server.play(speech)
        # A slow machine may have no time for a draft.
        next(one for one in told if one["event"] in {"draft", "final"} and "window" in one["text"])
        listening.kill()
    recover = program_command("recover", "--save", str(tmp_path))
    done = subprocess.run(recover, capture_output=True, text=True, timeout=WAIT_S, check=False)
    assert done.returncode == 0, done.stderr
    (session,) = tmp_path.iterdir()
    lines = (session / "events.jsonl").read_text(encoding="utf-8").splitlines()
    records = [json.loads(line) for line in lines]
    finals = [one for one in records if one["event"] == "final"]
    assert said_there["text"] in [one["text"] for one in finals if one["track"] == 1]
    assert "window" in " ".join(one["text"] for one in finals if one["track"] == 0)
    closed = {one["utterance"] for one in records if one["event"] == "utterance_closed"}
    assert closed == {one["utterance"] for one in finals}
    assert not list(session.glob("*.pcm"))
    lengths = []
    for name in ("sound.flac", "system.flac"):
        with open_audio(session / name) as audio:
            lengths.append(sum(map(len, audio.blocks(16_000))))
    # The kill comes between the writes of one and the other.
    assert lengths[0] == pytest.approx(lengths[1], abs=0.2 * 16_000)


def until_told(told: Iterator[dict[str, Any]], **wanted: object) -> dict[str, Any]:
    """Return the next event that has these values."""
    return next(one for one in told if wanted.items() <= one.items())
