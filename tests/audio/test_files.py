"""Files of every common format become the same mono blocks."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from helpers.messages import shows
from helpers.sine_recordings import AMPLITUDE, SINE_HZ, encode, sine, write_wav
from numpy.typing import NDArray

from granite_live.audio.files import open_audio
from granite_live.messages.recording import RecordingMessage
from granite_live.util.errors import AudioError

RATE_HZ = 16_000


def read(path: Path, rate_hz: int = RATE_HZ) -> tuple[NDArray[np.float32], tuple[str, ...]]:
    with open_audio(path) as audio:
        blocks = list(audio.blocks(rate_hz))
        assert all(block.dtype == np.float32 and block.ndim == 1 for block in blocks)
        assert all(0 < len(block) <= rate_hz // 2 for block in blocks)
        assert all(len(block) == rate_hz // 2 for block in blocks[:-1])
        return np.concatenate(blocks) if blocks else np.zeros(0, np.float32), audio.warnings


def amplitude_of_sine(sound: NDArray[np.float32], rate_hz: int = RATE_HZ) -> tuple[float, float]:
    """Return the amplitude of the tests' sine in `sound`, and the level of the rest."""
    middle = sound[len(sound) // 4 : -len(sound) // 4].astype(np.float64)
    angle = 2 * np.pi * SINE_HZ * np.arange(len(middle)) / rate_hz
    basis = np.stack([np.sin(angle), np.cos(angle)], axis=1)
    weights, *_ = np.linalg.lstsq(basis, middle, rcond=None)
    return float(np.hypot(*weights)), float(np.std(middle - basis @ weights))


LOSSLESS = [
    ("u8.wav", "pcm_u8", 8_000, "mono"),
    ("s16.wav", "pcm_s16le", 11_025, "stereo"),
    ("s24.wav", "pcm_s24le", 96_000, "stereo"),
    ("s32.wav", "pcm_s32le", 48_000, "mono"),
    ("s64.wav", "pcm_s64le", 44_100, "mono"),
    ("float.wav", "pcm_f32le", 22_050, "5.1"),
    ("double.wav", "pcm_f64le", 16_000, "stereo"),
    ("phone.wav", "pcm_mulaw", 8_000, "mono"),
    ("big.aiff", "pcm_s16be", 44_100, "stereo"),
    ("apple.caf", "pcm_s16le", 48_000, "mono"),
    ("plain.flac", "flac", 44_100, "stereo"),
    ("surround.flac", "flac", 48_000, "7.1"),
    ("apple.m4a", "alac", 48_000, "stereo"),
]
LOSSY = [
    ("music.mp3", "libmp3lame", 44_100, "stereo"),
    ("low.mp3", "libmp3lame", 8_000, "mono"),
    ("voice.ogg", "libopus", 48_000, "mono"),
    ("voice.opus", "libopus", 16_000, "stereo"),
    ("web.webm", "libopus", 48_000, "stereo"),
    ("phone.m4a", "aac", 44_100, "mono"),
    ("cinema.m4a", "aac", 48_000, "5.1"),
    # Eight planes, the number of pointers in a frame.
    ("cinema8.m4a", "aac", 48_000, "7.1"),
    ("film.mkv", "ac3", 48_000, "5.1"),
    ("stream.ts", "aac", 44_100, "stereo"),
]


@pytest.mark.parametrize(("name", "codec", "rate_hz", "layout"), LOSSLESS + LOSSY)
def test_sine_survives_every_coding(
    tmp_path: Path, name: str, codec: str, rate_hz: int, layout: str
) -> None:
    path = encode(tmp_path / name, codec, rate_hz, layout)
    sound, warnings = read(path)
    amplitude, rest = amplitude_of_sine(sound)
    lossy = (name, codec, rate_hz, layout) in LOSSY
    # AAC's bass channel ends below 440 Hz, so one channel of the mean is silent.
    heard = {"5.1": 5 / 6, "7.1": 7 / 8}.get(layout, 1.0) if codec == "aac" else 1.0
    assert amplitude == pytest.approx(AMPLITUDE * heard, rel=0.06 if lossy else 0.01)
    assert rest < (0.03 if lossy else 0.006)
    assert len(sound) / RATE_HZ == pytest.approx(2.0, abs=0.07 if lossy else 0.002)
    assert warnings == ()


def test_video_gives_its_first_audio_track(tmp_path: Path) -> None:
    path = encode(tmp_path / "clip.mp4", "aac", 44_100, "stereo", video=True)
    sound, warnings = read(path)
    assert amplitude_of_sine(sound)[0] == pytest.approx(AMPLITUDE, rel=0.06)
    assert len(sound) / RATE_HZ == pytest.approx(2.0, abs=0.07)
    assert warnings == ()


def test_fitting_rate_passes_bit_for_bit(tmp_path: Path) -> None:
    rng = np.random.default_rng(7)
    integers = rng.integers(-32_768, 32_768, size=40_001).astype(np.int16)
    sound, _ = read(write_wav(tmp_path / "noise.wav", integers))
    np.testing.assert_array_equal(sound, integers.astype(np.float32) / 32_768)

    floats = rng.standard_normal(40_001).astype(np.float32)
    sound, _ = read(encode(tmp_path / "noise.wav", "pcm_f32le", RATE_HZ, samples=floats))
    np.testing.assert_array_equal(sound, floats)


def test_channels_are_mixed_by_mean(tmp_path: Path) -> None:
    left_right = np.array([[100, 300], [-200, 200], [32_767, 32_767]] * 5_000, dtype=np.int16)
    sound, _ = read(write_wav(tmp_path / "stereo.wav", left_right))
    np.testing.assert_allclose(sound[:3], np.array([200, 0, 32_767]) / 32_768, rtol=0, atol=1e-7)
    assert len(sound) == len(left_right)


@pytest.mark.parametrize("rate_hz", [8_000, 16_000, 44_100])
def test_other_rates_can_be_asked_for(tmp_path: Path, rate_hz: int) -> None:
    path = encode(tmp_path / "a.wav", "pcm_f32le", 48_000)
    sound, _ = read(path, rate_hz)
    assert len(sound) == 2 * rate_hz
    assert amplitude_of_sine(sound, rate_hz)[0] == pytest.approx(AMPLITUDE, rel=0.01)


def test_declared_duration_is_told_and_blocks_are_read_once(tmp_path: Path) -> None:
    path = encode(tmp_path / "a.flac", "flac", 44_100, seconds=1.25)
    with open_audio(path) as audio:
        assert audio.path == path
        assert audio.duration_s == pytest.approx(1.25)
        blocks = audio.blocks(RATE_HZ)
        with pytest.raises(RuntimeError, match="once"):
            audio.blocks(RATE_HZ)
        assert sum(map(len, blocks)) == 20_000
        audio.close()  # idempotent


def test_a_long_file_streams(tmp_path: Path) -> None:
    """Ten minutes: the file is read when blocks are requested, not before."""
    path = write_wav(tmp_path / "long.wav", np.zeros(600 * RATE_HZ, dtype=np.int16))
    with open_audio(path) as audio:
        blocks = audio.blocks(RATE_HZ)
        next(blocks)
        assert audio._file.tell() < 1_000_000
        assert sum(len(block) for block in blocks) == 600 * RATE_HZ - RATE_HZ // 2


def test_rate_and_channels_may_change_within_a_file(tmp_path: Path) -> None:
    """Two concatenated MP3 files, as some recorders write them."""
    first = encode(tmp_path / "1.mp3", "libmp3lame", 44_100, "stereo", seconds=1.0)
    second = encode(tmp_path / "2.mp3", "libmp3lame", 48_000, "mono", seconds=1.0)
    both = tmp_path / "both.mp3"
    both.write_bytes(first.read_bytes() + second.read_bytes())
    sound, _ = read(both)
    assert len(sound) / RATE_HZ == pytest.approx(2.0, abs=0.15)
    for half in (sound[: RATE_HZ - 1_600], sound[RATE_HZ + 1_600 :]):
        assert amplitude_of_sine(half)[0] == pytest.approx(AMPLITUDE, rel=0.06)


def test_pause_in_the_clock_becomes_silence(tmp_path: Path) -> None:
    path = encode(
        tmp_path / "pause.mka", "flac", 48_000, seconds=2.0, pts_jump=(48_128, 5 * 48_000)
    )
    sound, warnings = read(path)
    assert len(sound) / RATE_HZ == pytest.approx(7.0, abs=0.01)
    assert not sound[round(1.2 * RATE_HZ) : round(5.8 * RATE_HZ)].any()
    assert len(warnings) == 1
    assert shows(warnings[0], RecordingMessage.GAP_FILLED, gap_s=5.0, first=re.compile("0:01.*"))


def test_samples_that_are_not_numbers_become_silence(tmp_path: Path) -> None:
    samples = sine(1.0, RATE_HZ)
    samples[[10, 20, 30]] = np.nan, np.inf, -np.inf
    sound, warnings = read(encode(tmp_path / "nan.wav", "pcm_f32le", RATE_HZ, samples=samples))
    assert not sound[[10, 20, 30]].any()
    assert np.isfinite(sound).all()
    assert len(warnings) == 1
    assert shows(warnings[0], RecordingMessage.NOT_NUMBERS, count="3")


def test_zero_samples_are_no_error_but_said(tmp_path: Path) -> None:
    sound, warnings = read(write_wav(tmp_path / "none.wav", np.zeros(0, dtype=np.int16)))
    assert len(sound) == 0
    assert warnings == (RecordingMessage.NO_SOUND(name=f"'{tmp_path / 'none.wav'}'"),)


def test_strange_names_and_metadata_do_no_harm(tmp_path: Path) -> None:
    path = tmp_path / "a \x1b[31m\udcff%d.flac"
    encode(tmp_path / "plain.flac", "flac", RATE_HZ).rename(path)
    sound, _ = read(path)
    assert len(sound) == 2 * RATE_HZ
    path.write_bytes(b"")
    with pytest.raises(AudioError) as error:
        open_audio(path)
    assert str(error.value).isprintable()


def test_ffmpeg_says_nothing_on_the_terminal(tmp_path: Path) -> None:
    path = encode(tmp_path / "a.mp3", "libmp3lame", 44_100)
    damaged = bytearray(path.read_bytes())
    damaged[8_000:9_000] = bytes(range(250)) * 4
    path.write_bytes(damaged[:-100])
    (tmp_path / "junk.mp4").write_bytes(b"\x00\x00\x00\x18ftypmp42" + bytes(range(256)) * 8)
    program = f"""
from granite_live.audio.files import open_audio
from granite_live.util.errors import AudioError
with open_audio({str(path)!r}) as audio:
    print(sum(len(block) for block in audio.blocks(16_000)) > 20_000, len(audio.warnings))
try:
    open_audio({str(tmp_path / "junk.mp4")!r})
except AudioError as error:
    print("refused")
"""
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False
    )
    assert done.stderr == ""
    assert done.stdout.split() == ["True", "1", "refused"]
