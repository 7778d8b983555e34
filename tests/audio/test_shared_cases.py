"""Small files that other programs fail on, if their folder is present.

They are not part of the project. `test_containers.py`, `test_tracks.py`, `test_channels.py` and
`test_clocks.py` create files of the same kinds.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from helpers.messages import shows
from numpy.typing import NDArray

from granite_live.audio.files import open_audio, read_audio
from granite_live.messages.recording import RecordingMessage

RATE_HZ = 16_000
CASES = Path(__file__).resolve().parents[3] / "shared" / "cases"
WELCOME = Path(__file__).parents[2] / "assets" / "samples" / "welcome.flac"

pytestmark = pytest.mark.skipif(
    not CASES.is_dir(), reason=f"the folder of cases is not here: {CASES}"
)


def read(name: str) -> tuple[NDArray[np.float32], tuple[str, ...], tuple[str, ...]]:
    with open_audio(CASES / name) as audio:
        sound = np.concatenate(list(audio.blocks(RATE_HZ)))
        return sound, audio.warnings, audio.notes


def likeness(sound: NDArray[np.float32], start_s: float = 0.0) -> float:
    """Return the best correlation of `sound` with the sample over small shifts."""
    welcome = read_audio(WELCOME, RATE_HZ)[: 9 * RATE_HZ]
    piece = sound[round(start_s * RATE_HZ) :][: len(welcome)]
    piece = np.pad(piece, (0, len(welcome) - len(piece)))
    spectrum = np.fft.rfft(piece, 2 * len(welcome)) * np.conj(
        np.fft.rfft(welcome, 2 * len(welcome))
    )
    crossed = np.fft.irfft(spectrum)
    shifts = np.concatenate([crossed[: RATE_HZ // 20], crossed[-RATE_HZ // 20 :]])
    return float(shifts.max() / np.linalg.norm(piece) / np.linalg.norm(welcome))


@pytest.mark.parametrize("name", ["default-track.mkv", "clock-at-10s.ogg", "size-off-by-44.wav"])
def test_the_whole_speech_without_warning(name: str) -> None:
    sound, warnings, _ = read(name)
    assert len(sound) / RATE_HZ == pytest.approx(9.0, abs=0.05)
    assert likeness(sound) > 0.9
    assert warnings == ()


def test_the_track_that_was_taken_is_said() -> None:
    _, _, notes = read("default-track.mkv")
    assert len(notes) == 1
    assert shows(notes[0], RecordingMessage.TRACK_TAKEN, track="2 (default)", count=2)
    assert shows(notes[0], RecordingMessage.TRACK_SILENT, track="track 1")


def test_the_track_that_can_be_decoded() -> None:
    sound, warnings, notes = read("undecodable-first-track.mov")
    assert len(sound) / RATE_HZ == pytest.approx(4.82, abs=0.05)
    assert warnings == ()
    assert len(notes) == 1
    assert shows(notes[0], RecordingMessage.TRACK_TAKEN, track="2", count=2)
    assert shows(notes[0], RecordingMessage.TRACK_UNDECODABLE, track="track 1 (default)")


def test_a_stale_size_is_a_hint() -> None:
    sound, warnings, notes = read("stale-size.wav")
    assert len(sound) == 9 * RATE_HZ
    assert likeness(sound) > 0.99
    assert warnings == ()
    assert len(notes) == 1
    assert shows(notes[0], RecordingMessage.HEADER_TOO_SHORT, header="0:03.0")


def test_both_recordings_are_read() -> None:
    sound, warnings, _ = read("two-recordings-in-one.wav")
    assert len(sound) == 18 * RATE_HZ
    assert min(likeness(sound), likeness(sound, 9.0)) > 0.99
    assert warnings == ()


def test_the_container_s_clock_is_followed() -> None:
    """Its timestamps turn 115.35 s of samples into 113.37 s."""
    sound, warnings, _ = read("clock-faster.mkv")
    assert len(sound) / RATE_HZ == pytest.approx(113.367, abs=0.04)
    assert warnings == ()


def test_channels_that_cancel_are_told_apart() -> None:
    sound, warnings, notes = read("opposite-phase.flac")
    assert likeness(sound) > 0.99
    assert warnings == ()
    assert len(notes) == 1
    assert shows(
        notes[0],
        RecordingMessage.CHANNEL_USED,
        channel=RecordingMessage.CHANNEL(channel=RecordingMessage.LEFT()),
    )
