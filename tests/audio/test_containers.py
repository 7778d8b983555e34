"""All audio in a file is read, whatever its header says, and only real losses are reported."""

from __future__ import annotations

import os
import struct
import time
from pathlib import Path

import av
import numpy as np
import pytest
from helpers.messages import sentence, shows
from helpers.sine_recordings import AMPLITUDE, SINE_HZ, encode, sine, write_wav
from numpy.typing import NDArray

from granite_live.audio.containers import examine
from granite_live.audio.files import open_audio
from granite_live.messages.recording import RecordingMessage
from granite_live.util.errors import AudioError

RATE_HZ = 16_000
SECOND = 2 * RATE_HZ  # bytes of 16-bit sound


def read(path: Path) -> tuple[NDArray[np.float32], tuple[str, ...], tuple[str, ...]]:
    with open_audio(path) as audio:
        blocks = list(audio.blocks(RATE_HZ))
        sound = np.concatenate([np.zeros(0, np.float32), *blocks])
        return sound, audio.warnings, audio.notes


def noise(seconds: float, seed: int = 1) -> NDArray[np.int16]:
    rng = np.random.default_rng(seed)
    return rng.integers(-9_000, 9_000, round(seconds * RATE_HZ)).astype(np.int16)


def as_float(samples: NDArray[np.int16]) -> NDArray[np.float32]:
    return samples.astype(np.float32) / 32_768


def with_sizes(path: Path, data_bytes: int) -> bytes:
    """Return a WAV file with other sizes in its header."""
    content = bytearray(path.read_bytes())
    content[4:8] = struct.pack("<I", min(0xFFFF_FFFF, data_bytes + 36))
    content[40:44] = struct.pack("<I", data_bytes)
    return bytes(content)


def chunk(name: bytes, content: bytes) -> bytes:
    return name + struct.pack("<I", len(content)) + content + b"\0" * (len(content) % 2)


@pytest.mark.parametrize("told_s", [0.5, 1.0, 2.5])
def test_a_wav_that_tells_of_less_than_it_holds_is_read_whole(
    tmp_path: Path, told_s: float
) -> None:
    samples = noise(3.0)
    path = write_wav(tmp_path / "a.wav", samples)
    path.write_bytes(with_sizes(path, round(told_s * SECOND)))
    sound, warnings, notes = read(path)
    np.testing.assert_array_equal(sound, as_float(samples))
    assert warnings == ()
    assert len(notes) == 1
    assert shows(notes[0], RecordingMessage.HEADER_TOO_SHORT, header=f"0:0{told_s}")


def test_silence_where_a_stale_size_ends_is_sound(tmp_path: Path) -> None:
    samples = noise(3.0)
    samples[RATE_HZ : 2 * RATE_HZ] = 0
    path = write_wav(tmp_path / "a.wav", samples)
    path.write_bytes(with_sizes(path, SECOND))
    sound, _, _ = read(path)
    np.testing.assert_array_equal(sound, as_float(samples))


@pytest.mark.parametrize("more", [-44, -8, -2, 2, 8, 44, 3_000])
def test_a_size_that_is_off_by_less_than_a_frame_is_no_word_worth(
    tmp_path: Path, more: int
) -> None:
    samples = noise(2.0)
    path = write_wav(tmp_path / "a.wav", samples)
    path.write_bytes(with_sizes(path, 2 * SECOND + more))
    sound, warnings, notes = read(path)
    np.testing.assert_array_equal(sound, as_float(samples))
    assert (warnings, notes) == ((), ())


def test_sound_that_is_missing_is_told_in_seconds(tmp_path: Path) -> None:
    path = write_wav(tmp_path / "a.wav", noise(5.0))
    path.write_bytes(path.read_bytes()[: 44 + 2 * SECOND])
    sound, warnings, _ = read(path)
    assert len(sound) == 2 * RATE_HZ
    assert len(warnings) == 1
    assert shows(warnings[0], RecordingMessage.LAST_SECONDS_MISSING, seconds=3.0)
    assert shows(warnings[0], RecordingMessage.CUT_OFF, end="0:02.0")


def test_chunks_behind_the_sound_are_not_sound(tmp_path: Path) -> None:
    samples = noise(1.0)
    path = write_wav(tmp_path / "a.wav", samples)
    rest = chunk(b"LIST", b"INFOISFT" + b"\x05\0\0\0abcd\0") + chunk(b"id3 ", b"ID3" + b"x" * 990)
    rest += chunk(b"Zy1?", b"own chunk of somebody")
    path.write_bytes(path.read_bytes() + rest)
    sound, warnings, notes = read(path)
    np.testing.assert_array_equal(sound, as_float(samples))
    assert (warnings, notes) == ((), ())


def test_two_data_chunks_are_both_read(tmp_path: Path) -> None:
    first, second = noise(1.0), noise(1.5, seed=2)
    path = write_wav(tmp_path / "a.wav", first)
    more = chunk(b"LIST", b"INFO") + chunk(b"data", second.tobytes())
    path.write_bytes(path.read_bytes() + more)
    sound, warnings, _ = read(path)
    np.testing.assert_array_equal(sound, as_float(np.concatenate([first, second])))
    assert warnings == ()


@pytest.mark.parametrize("told", [None, 0, 0xFFFF_FFFF])
@pytest.mark.parametrize("between", [b"", b"\0" * 1_000])
def test_several_recordings_in_one_wav(tmp_path: Path, told: int | None, between: bytes) -> None:
    """Also if a program wrote to a pipe, so that no header states a size."""
    pieces = [noise(1.0), noise(0.5, seed=2), noise(0.7, seed=3)]
    path = tmp_path / "a.wav"
    content = b""
    for piece in pieces:
        write_wav(path, piece)
        content += (path.read_bytes() if told is None else with_sizes(path, told)) + between
    path.write_bytes(content)
    sound, warnings, _ = read(path)
    if told is None or not between:  # without a size, zeros count as audio
        np.testing.assert_array_equal(sound, as_float(np.concatenate(pieces)))
    else:
        assert len(sound) == pytest.approx(2.2 * RATE_HZ, abs=1_600)
    assert warnings == ()


def test_recordings_of_other_rates_and_channels_in_one_wav(tmp_path: Path) -> None:
    first = encode(tmp_path / "1.wav", "pcm_s16le", 48_000, "stereo", seconds=1.0)
    second = encode(tmp_path / "2.wav", "pcm_s24le", 44_100, "mono", seconds=2.0)
    both = tmp_path / "both.wav"
    both.write_bytes(first.read_bytes() + second.read_bytes())
    sound, warnings, _ = read(both)
    assert len(sound) / RATE_HZ == pytest.approx(3.0, abs=0.01)
    assert _is_sine(sound[: RATE_HZ - 800])
    assert _is_sine(sound[RATE_HZ + 800 :])
    assert warnings == ()


@pytest.mark.skipif(os.name == "nt", reason="files are not sparse on Windows unless asked for")
def test_a_size_that_wrapped_at_4_gib(tmp_path: Path) -> None:
    """A sparse file of 4.5 GiB: its layout and its end are found in seconds."""
    path = write_wav(tmp_path / "a.wav", noise(1.0))
    real = (1 << 32) + 300_000_000
    path.write_bytes(with_sizes(path, real % (1 << 32)))
    mark = noise(0.5, seed=5)
    with path.open("r+b") as file:
        file.truncate(44 + real)
        file.seek(44 + real - len(mark) * 2)
        file.write(mark.tobytes())
        file.write(chunk(b"LIST", b"INFO"))
    began_s = time.monotonic()
    with open_audio(path) as audio:
        assert audio.duration_s == pytest.approx(real / SECOND, abs=0.01)
        np.testing.assert_array_equal(next(audio.blocks(RATE_HZ)), as_float(noise(1.0)[:8_000]))
    assert time.monotonic() - began_s < 10.0


@pytest.mark.skipif(os.name == "nt", reason="files are not sparse on Windows unless asked for")
def test_zeros_behind_the_sound_are_not_searched(tmp_path: Path) -> None:
    path = write_wav(tmp_path / "a.wav", noise(1.0))
    with path.open("r+b") as file:
        file.truncate(5 << 30)
    began_s = time.monotonic()
    sound, warnings, notes = read(path)
    assert time.monotonic() - began_s < 10.0
    assert len(sound) == RATE_HZ
    assert (warnings, notes) == ((), ())


def test_a_wav_cut_before_its_first_sound_is_cut(tmp_path: Path) -> None:
    path = write_wav(tmp_path / "a.wav", noise(5.0))
    path.write_bytes(path.read_bytes()[:44])
    with (
        open_audio(path) as audio,
        pytest.raises(AudioError, match=sentence(RecordingMessage.CUT_OFF_BEFORE_SOUND)),
    ):
        list(audio.blocks(RATE_HZ))


JOINED = [
    ("mp3", "libmp3lame", 44_100, 48_000),
    ("flac", "flac", 48_000, 16_000),
    ("m4a", "aac", 48_000, 16_000),
    ("mka", "flac", 48_000, 48_000),
    ("aiff", "pcm_s16be", 48_000, 16_000),
    ("opus", "libopus", 48_000, 48_000),
    ("oga", "flac", 48_000, 16_000),
    ("aac", "aac", 48_000, 16_000),
    ("wav", "pcm_s16le", 48_000, 16_000),
    ("webm", "libopus", 48_000, 48_000),
]


@pytest.mark.parametrize("change", [False, True])
@pytest.mark.parametrize(("ending", "codec", "rate_hz", "other_hz"), JOINED)
def test_files_joined_by_cat_are_whole(
    tmp_path: Path, ending: str, codec: str, rate_hz: int, other_hz: int, change: bool
) -> None:
    """The second recording may have another rate and number of channels."""
    first = encode(tmp_path / f"1.{ending}", codec, rate_hz, "stereo", seconds=2.0)
    second = first
    if change:
        second = encode(tmp_path / f"2.{ending}", codec, other_hz, "mono", seconds=2.0)
    both = tmp_path / f"both.{ending}"
    both.write_bytes(first.read_bytes() + second.read_bytes())
    sound, warnings, _ = read(both)
    assert len(sound) / RATE_HZ == pytest.approx(4.0, abs=0.2)
    assert _is_sine(sound[: 2 * RATE_HZ - 3_200])
    assert _is_sine(sound[2 * RATE_HZ + 3_200 : -1_600])
    assert warnings == ()


def _is_sine(sound: NDArray[np.float32]) -> bool:
    """Return whether `sound` is the tests' sine, with the right pitch and loudness."""
    angle = 2 * np.pi * SINE_HZ * np.arange(len(sound)) / RATE_HZ
    basis = np.stack([np.sin(angle), np.cos(angle)], axis=1)
    weights, *_ = np.linalg.lstsq(basis, sound, rcond=None)
    return bool(abs(np.hypot(*weights) - AMPLITUDE) < 0.06)


@pytest.mark.parametrize("keep", [0.3, 0.6, 0.9])
def test_a_cut_ogg_page_is_told(tmp_path: Path, keep: float) -> None:
    path = encode(tmp_path / "a.opus", "libopus", 48_000, seconds=6.0)
    whole = path.read_bytes()
    path.write_bytes(whole[: int(len(whole) * keep)])
    _, warnings, _ = read(path)
    assert any(shows(warning, RecordingMessage.CUT_OFF) for warning in warnings)


def test_an_ogg_that_ends_with_a_whole_page_is_whole(tmp_path: Path) -> None:
    """Internet radio does not mark a last page."""
    path = encode(tmp_path / "a.opus", "libopus", 48_000, seconds=6.0)
    content = path.read_bytes()
    path.write_bytes(content[: content.rindex(b"OggS")])
    sound, warnings, _ = read(path)
    assert len(sound) > 2 * RATE_HZ
    assert warnings == ()


def encode_mp4(path: Path, **options: str) -> Path:
    """Write three seconds of sine as AAC with options of FFmpeg's MP4 writer."""
    samples = sine(3.0, 48_000)
    with av.open(path, "w", container_options=options) as container:
        stream = container.add_stream("aac", rate=48_000, layout="mono")
        for start in range(0, len(samples), 1024):
            piece = np.ascontiguousarray(samples[start : start + 1024][np.newaxis])
            frame = av.AudioFrame.from_ndarray(piece, format="fltp", layout="mono")
            frame.sample_rate, frame.pts = 48_000, start
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path


FRAGMENTED = {"movflags": "frag_keyframe+empty_moov+default_base_moof", "frag_duration": "500000"}


def test_a_fragmented_mp4_is_read_and_its_cut_is_told(tmp_path: Path) -> None:
    path = encode_mp4(tmp_path / "a.mp4", **FRAGMENTED)
    sound, warnings, _ = read(path)
    assert len(sound) / RATE_HZ == pytest.approx(3.0, abs=0.05)
    assert warnings == ()
    whole = path.read_bytes()
    path.write_bytes(whole[: whole.rindex(b"moof") + 400])
    sound, warnings, _ = read(path)
    assert 1.0 < len(sound) / RATE_HZ < 3.0
    assert any(
        shows(warning, RecordingMessage.CUT_OFF) or "beyond" in warning for warning in warnings
    )


@pytest.mark.parametrize("beyond", [-4, 4, 40])
def test_a_fragmented_mp4_cut_before_its_first_sound(tmp_path: Path, beyond: int) -> None:
    path = encode_mp4(tmp_path / "a.mp4", **FRAGMENTED)
    whole = path.read_bytes()
    path.write_bytes(whole[: whole.index(b"moof") + beyond])
    with pytest.raises(AudioError, match=sentence(RecordingMessage.CUT_OFF_BEFORE_SOUND)):
        read(path)


def test_an_encrypted_mp4_is_called_encrypted(tmp_path: Path) -> None:
    path = encode_mp4(
        tmp_path / "a.mp4",
        encryption_scheme="cenc-aes-ctr",
        encryption_key="76a6c65c5ea762046bd749a2e632ccbb",
        encryption_kid="a7e61c373e219033c21091fa607bf3b8",
    )
    with pytest.raises(AudioError, match=sentence(RecordingMessage.ENCRYPTED)):
        open_audio(path)


def test_looking_at_a_file_leaves_it_at_its_start(tmp_path: Path) -> None:
    path = write_wav(tmp_path / "a.wav", noise(0.5))
    with path.open("rb", buffering=0) as file:
        assert examine(file).parts == ()
        assert file.tell() == 0
