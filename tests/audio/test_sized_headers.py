"""AIFF, AU, CAF, W64 and big-endian WAV whose headers state another size than the file has."""

from __future__ import annotations

import struct
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from helpers.messages import shows
from helpers.sine_recordings import encode, write_wav
from numpy.typing import NDArray

from granite_live.audio.files import open_audio
from granite_live.messages.recording import RecordingMessage

RATE_HZ = 16_000
SECONDS = 3.0
KINDS = {"aiff": "pcm_s16be", "au": "pcm_s16be", "caf": "pcm_s16be", "w64": "pcm_s16le"}

Read = tuple[NDArray[np.float32], tuple[str, ...], tuple[str, ...]]


def read(path: Path) -> Read:
    """Return the audio, the warnings and the notes."""
    with open_audio(path) as audio:
        sound = np.concatenate([np.zeros(0, np.float32), *audio.blocks(RATE_HZ)])
        assert audio.duration_s is None or audio.duration_s >= len(sound) / RATE_HZ - 0.01
        return sound, audio.warnings, audio.notes


def made(folder: Path, kind: str) -> tuple[Path, NDArray[np.float32]]:
    """Return a whole file and its audio."""
    samples = np.random.default_rng(3).integers(-9_000, 9_000, round(SECONDS * RATE_HZ))
    sound = (samples / 32_768).astype(np.float32)
    return encode(folder / f"a.{kind}", KINDS[kind], RATE_HZ, samples=sound), sound


def state_size(path: Path, kind: str, size: int) -> None:
    """Let the header state `size` bytes of audio; 0 as a program leaves it that crashes."""
    content = bytearray(path.read_bytes())
    if kind == "au":
        content[8:12] = struct.pack(">I", size)
    elif kind == "w64":
        at = content.index(b"data\xf3") + 16
        content[at : at + 8] = struct.pack("<Q", size + 24 if size else 0)
    elif kind == "caf":
        at = content.index(b"data\0") + 4
        content[at : at + 8] = struct.pack(">q", size + 4 if size else 0)
    else:
        at = content.index(b"SSND") + 4
        content[at : at + 4] = struct.pack(">I", size + 8 if size else 0)
        content[4:8] = struct.pack(">I", at + size + 4 if size else 0)
    path.write_bytes(content)


@pytest.mark.parametrize("kind", KINDS)
def test_a_whole_file_is_read_without_a_word(tmp_path: Path, kind: str) -> None:
    path, sound = made(tmp_path, kind)
    heard, warnings, notes = read(path)
    np.testing.assert_array_equal(heard, sound)
    assert (warnings, notes) == ((), ())


@pytest.mark.parametrize("kind", KINDS)
def test_a_size_of_zero_is_none(tmp_path: Path, kind: str) -> None:
    path, sound = made(tmp_path, kind)
    state_size(path, kind, 0)
    heard, warnings, notes = read(path)
    np.testing.assert_array_equal(heard, sound)
    assert (warnings, notes) == ((), ())


@pytest.mark.parametrize("kind", KINDS)
def test_an_outdated_size_is_a_hint(tmp_path: Path, kind: str) -> None:
    path, sound = made(tmp_path, kind)
    state_size(path, kind, 2 * RATE_HZ)
    heard, warnings, notes = read(path)
    np.testing.assert_array_equal(heard, sound)
    assert warnings == ()
    assert len(notes) == 1
    assert shows(notes[0], RecordingMessage.HEADER_TOO_SHORT, header="0:01.0")


@pytest.mark.parametrize("kind", KINDS)
def test_an_end_that_is_missing_is_told_in_seconds(tmp_path: Path, kind: str) -> None:
    path, sound = made(tmp_path, kind)
    path.write_bytes(path.read_bytes()[: -2 * RATE_HZ])
    heard, warnings, _ = read(path)
    np.testing.assert_array_equal(heard[: 2 * RATE_HZ - 100], sound[: 2 * RATE_HZ - 100])
    assert len(warnings) == 1
    assert shows(warnings[0], RecordingMessage.LAST_SECONDS_MISSING, seconds=1.0)


@pytest.mark.parametrize("kind", KINDS)
def test_both_of_two_joined_files_are_read(tmp_path: Path, kind: str) -> None:
    path, sound = made(tmp_path, kind)
    path.write_bytes(2 * path.read_bytes())
    heard, warnings, _ = read(path)
    np.testing.assert_array_equal(heard, np.tile(sound, 2))
    assert warnings == ()


CHUNKS: dict[str, Callable[[bytes], bytes]] = {
    "aiff": lambda text: b"NAME" + struct.pack(">I", len(text)) + text,
    "caf": lambda text: b"info" + struct.pack(">q", len(text)) + text,
    "w64": lambda text: (
        b"levl\xf3\xac\xd3\x11\x8c\xd1\0\xc0O\x8e\xdb\x8a"
        + struct.pack("<Q", 24 + len(text))
        + text
    ),
}


@pytest.mark.parametrize("kind", CHUNKS)
def test_a_chunk_behind_the_sound_is_no_sound(tmp_path: Path, kind: str) -> None:
    path, sound = made(tmp_path, kind)
    path.write_bytes(path.read_bytes() + CHUNKS[kind](b"a long text " * 1_000))
    heard, warnings, notes = read(path)
    np.testing.assert_array_equal(heard, sound)
    assert (warnings, notes) == ((), ())


def test_a_big_endian_wav_is_not_read_as_noise(tmp_path: Path) -> None:
    samples = np.random.default_rng(3).integers(-9_000, 9_000, RATE_HZ).astype(np.int16)
    little = write_wav(tmp_path / "a.wav", samples).read_bytes()
    words = struct.unpack("<IHHIIHH", little[16:36])
    content = b"RIFX" + struct.pack(">I", len(little) - 8) + b"WAVEfmt "
    content += struct.pack(">IHHIIHH", *words) + b"data" + struct.pack(">I", 2 * RATE_HZ)
    path = tmp_path / "b.wav"
    path.write_bytes(content + samples.astype(">i2").tobytes())
    heard, warnings, notes = read(path)
    np.testing.assert_array_equal(heard, samples.astype(np.float32) / 32_768)
    assert (warnings, notes) == ((), ())
